// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// AsError makes an *[Error] of what gophercloud or the network returned. An *[Error] or a *[ConfigError] stays what
// it is, and nil stays nil.
func AsError(op string, err error) error {
	if err == nil {
		return nil
	}
	var done *Error
	var config *config.Error
	if errors.As(err, &done) || errors.As(err, &config) {
		return err
	}
	return newError(op, err)
}

func newError(op string, err error) *Error {
	var expired *gophercloud.ErrUnableToReauthenticate // does not unwrap
	if errors.As(err, &expired) {
		e := newError(op, expired.ErrReauth)
		e.Detail = "the token is no longer accepted, and a new login failed: " + e.Detail
		return e
	}
	var answer gophercloud.ErrUnexpectedResponseCode // returned by value
	if errors.As(err, &answer) {
		return fromAnswer(op, answer)
	}
	e := &Error{Op: op, Err: err}
	var sent *url.Error
	if errors.As(err, &sent) {
		e.Method, e.URL = strings.ToUpper(sent.Op), pathOf(sent.URL)
		e.Detail, e.Hint = explain(sent.Err, hostOf(sent.URL))
		return e
	}
	if notJSON(err) {
		e.Detail = "the answer is not what the API documents: " + oneLine(err.Error())
		e.Hint = "check that the URL is that of the service, not of a web page"
		return e
	}
	e.Detail, e.Hint = explain(err, "")
	return e
}

// fromAnswer reads what a service said.
func fromAnswer(op string, answer gophercloud.ErrUnexpectedResponseCode) *Error {
	e := &Error{Op: op, Method: answer.Method, URL: pathOf(answer.URL), Status: answer.Actual, Err: answer}
	said := parseAnswer(answer.Body, answer.ResponseHeader.Get("Content-Type"))
	e.Code, e.Detail, e.RequestID = said.code, said.detail, said.requestID
	if id := answer.ResponseHeader.Get("X-Openstack-Request-Id"); id != "" {
		e.RequestID = foreign.Line(id)
	}
	e.Hint = hintFor(e, hostOf(answer.URL))
	if to := answer.ResponseHeader.Get("Location"); to != "" && e.Status/100 == 3 {
		e.Detail = "redirects to " + withoutQuery(to)
		e.Hint = "redirects are not followed, because they would carry the token along; give the final URL in auth_url, placement_endpoint or compute_endpoint"
	}
	return e
}

func hintFor(e *Error, host string) string {
	switch e.Status {
	case http.StatusUnauthorized:
		return "the service does not accept the token; check that the endpoint belongs to the cloud that was logged in to, that the service reaches Keystone, " +
			"and, of an application credential, that its access rules allow the request (docs/privileges.md)"
	case http.StatusForbidden:
		return Allow(deniedRule(e.Detail))
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return "look at the service behind " + host
	}
	return ""
}

// Allow is the advice to allow a rule of a service's policy to a login; the page in the collection has them all. The rule may be
// empty, for one that is not known.
func Allow(rule string) string {
	if rule == "" {
		return "the policy requires more of this login; docs/privileges.md of the collection says which rules it needs"
	}
	return "let the service's policy.yaml allow " + rule + " to a role of this login, as docs/privileges.md of the collection says"
}

var denial = regexp.MustCompile(`Policy (?:doesn't|does not) allow (\S+) to be performed`)

// deniedRule returns the rule that a service names when it refuses, empty if it names none.
func deniedRule(detail string) string {
	if found := denial.FindStringSubmatch(detail); found != nil {
		return found[1]
	}
	return ""
}

// explain says in one line why there is no answer, and what to do.
func explain(err error, host string) (detail, hint string) {
	var late *timeoutError
	var cut *cutError
	var dns *net.DNSError
	var dial *net.OpError
	switch {
	case errors.As(err, &late):
		return at(host, late.Error()), "raise api_timeout, or check the service"
	case errors.Is(err, context.DeadlineExceeded):
		return at(host, "the timeout of the whole task has passed"), "raise timeout"
	case errors.Is(err, context.Canceled):
		return "cancelled", ""
	case errors.As(err, &cut):
		return at(host, cut.Error()), "the answer is not used; try again, or check the proxy in front of the service"
	case errors.Is(err, http.ErrSchemeMismatch):
		return at(host, "the service speaks plain HTTP"), "use http:// in its URL"
	case tlsProblem(err):
		return at(host, tlsDetail(err)), tlsHint(err)
	case errors.As(err, &dial) && dial.Op == "proxyconnect":
		return at(host, fmt.Sprintf("cannot reach the proxy: %s", innermost(dial))), "check http_proxy, https_proxy and no_proxy"
	case errors.As(err, &dns):
		return fmt.Sprintf("cannot find host %s: %s", dns.Name, dns.Err), "check the URL, and the name service of this host"
	case errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Sprintf("cannot reach %s: %s", host, innermost(dial)), "check the URL and the network; interface, placement_endpoint and compute_endpoint choose other addresses"
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return at(host, "the connection was closed before there was an answer"), "check the service, and the proxy in front of it"
	}
	return at(host, oneLine(err.Error())), ""
}

func at(host, text string) string {
	if host == "" {
		return text
	}
	return host + ": " + text
}

func innermost(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}

// notJSON tells what JSON decoders say; a connection that ends says the same within a *url.Error.
func notJSON(err error) bool {
	var sent *url.Error
	if errors.As(err, &sent) {
		return false
	}
	var answer *strict.Error
	if errors.As(err, &answer) {
		return answer.Syntax
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// pathOf keeps what tells requests apart and drops the host and any credentials.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func withoutQuery(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return oneLine(before)
}
