// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"errors"
	"net/http"
	"slices"
)

// loginError says who could not log in where, and what to look at.
func (s *Session) loginError(err error) error {
	e := newError(s.config.Who(), err)
	switch {
	case e.Status == http.StatusUnauthorized:
		e.Detail = "the credentials are not accepted"
		e.Hint = s.config.CredentialHint()
	case slices.Contains(notKeystones(), e.Status), e.Status == 0 && notJSON(err), errors.Is(err, errNoToken):
		e.Detail = "no Keystone answers there"
		e.Hint = "check auth_url"
	case e.Status == 0 && e.Hint != "" && !tlsProblem(err):
		e.Hint = "check auth_url, " + e.Hint
	}
	return e
}

// notKeystones are answers to a login that Keystone does not give: Nova's choice of versions, and those of web servers.
func notKeystones() []int {
	return []int{http.StatusMultipleChoices, http.StatusNotFound, http.StatusMethodNotAllowed}
}

// checkLogin refuses an answer with the right status and no token in it.
func (s *Session) checkLogin() error {
	if s.provider.Token() != "" {
		return nil
	}
	return &Error{Op: s.config.Who(), Detail: "no Keystone answers there: the answer has no token", Hint: "check auth_url"}
}
