// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
)

// The types here are how Keystone writes what it says of a token. Package strict has what their tags mean.

type tokenAnswer struct {
	Token token `json:"token" strict:"required"`
}

// token is without catalogue and roles if it has no scope.
type token struct {
	Catalogue []entry `json:"catalog" strict:"optional"`
	Roles     []role  `json:"roles" strict:"optional"`
}

type entry struct {
	Type      string     `json:"type" strict:"required"`
	Endpoints []endpoint `json:"endpoints" strict:"required"`
}

type endpoint struct {
	Interface string `json:"interface" strict:"required"`
	URL       string `json:"url" strict:"required"`
	Region    string `json:"region" strict:"optional"`
	RegionID  string `json:"region_id" strict:"optional"`
}

type role struct {
	Name string `json:"name" strict:"required"`
}

// readToken keeps what came with the token.
func (s *Session) readToken() error {
	var content any
	switch answer := s.provider.GetAuthResult().(type) {
	case tokens.CreateResult:
		content = answer.Body
	case tokens.GetResult:
		content = answer.Body
	}
	text, err := json.Marshal(content)
	if err != nil {
		return AsError(s.config.Who(), err)
	}
	var answer tokenAnswer
	if err := strict.Decode(text, &answer, s.caller.Masked); err != nil {
		return &Error{Op: s.config.Who(), Detail: "the answer is not Keystone's: " + err.Error(), Hint: "check auth_url", Err: err}
	}
	s.token = answer.Token
	return nil
}

// errNoToken says that a login was answered with something that is no JSON, or has a name twice.
var errNoToken = errors.New("the service that answered the login is not Keystone")

// checkToken looks at the answer to a login as a whole, because gophercloud decodes it leniently.
func checkToken(r *http.Request, resp *http.Response, text []byte) error {
	if isLogin(r) && slices.Contains(loginStatuses(r.Method), resp.StatusCode) && !strict.Valid(text) {
		return errNoToken
	}
	return nil
}

// loginStatuses are those with which Keystone gives a token, or tells of one.
func loginStatuses(method string) []int {
	if method == http.MethodPost {
		return []int{http.StatusCreated}
	}
	return []int{http.StatusOK, http.StatusNonAuthoritativeInfo}
}

func isLogin(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/auth/tokens") }
