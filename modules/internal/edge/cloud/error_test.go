// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/hashicorp/go-multierror"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

type answering struct {
	status int
	kind   string
	body   string
	want   string
	is     error
}

// TestAnswersOfPlacement has bodies recorded from Placement 8.0.0 behind keystonemiddleware, Nova and Apache.
func TestAnswersOfPlacement(t *testing.T) {
	told(t, map[string]answering{
		"placement, policy": {
			403, "application/json", `{"errors": [{"status": 403, "title": "Forbidden", "detail": "Access was denied to this resource.\n\n Policy does not allow placement:resource_providers:list to be performed.  ", "code": "placement.undefined_code", "request_id": "req-a"}]}`,
			"list things: 403 Forbidden: Access was denied to this resource. Policy does not allow placement:resource_providers:list to be performed (request req-h); hint: let the service's policy.yaml allow placement:resource_providers:list to a role of this login, as docs/privileges.md of the collection says", ErrForbidden,
		},
		"placement, generation": {
			409, "application/json", `{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n resource provider generation conflict  ", "code": "placement.concurrent_update", "request_id": "req-a"}]}`,
			"list things: 409 Conflict: There was a conflict when trying to complete your request. resource provider generation conflict (request req-h)", ErrConflict,
		},
	})
}

func TestAnswersOfMiddleware(t *testing.T) {
	told(t, map[string]answering{
		"middleware, token": {
			401, "application/json", `{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`,
			"list things: 401 Unauthorized: The request you have made requires authentication (request req-h); hint: the service does not accept the token", ErrUnauthorized,
		},
		"middleware, keystone down": {
			503, "application/json", `{"message": "The server is currently unavailable. Please try again at a later time.<br /><br />\nThe Keystone service is temporarily unavailable.\n\n", "code": "503 Service Unavailable", "title": "Service Unavailable"}`,
			"list things: 503 Service Unavailable: The server is currently unavailable. Please try again at a later time. The Keystone service is temporarily unavailable (request req-h); hint: look at the service behind http://p:8778", ErrUnavailable,
		},
	})
}

func TestAnswersOfNova(t *testing.T) {
	told(t, map[string]answering{
		"nova": {
			404, "application/json", `{"itemNotFound": {"code": 404, "message": "Instance 42 could not be found."}}`,
			"list things: 404 Not Found: Instance 42 could not be found (request req-h)", ErrNotFound,
		},
	})
}

func TestAnswersOfNoAPI(t *testing.T) {
	told(t, map[string]answering{
		"a web page": {
			502, "text/html", "<!DOCTYPE HTML>\n<html><head>\n<title>502 Proxy\n Error</title></head><body>" + strings.Repeat("x", 5000),
			"list things: 502 Bad Gateway: a web page, 502 Proxy Error (request req-h); hint: ", ErrUnavailable,
		},
		"a page that is no UTF-8": {
			502, "text/html", "<TITLE>\xdb\xdb\xdb\xdb\xdb</Title>", "list things: 502 Bad Gateway: a web page, \ufffd\ufffd\ufffd\ufffd\ufffd (request req-h); hint: ", ErrUnavailable,
		},
		"a schema": {400, "text/plain", strings.Repeat("é", 5000), "éé... (request req-h)", nil},
		"nothing":  {500, "", "", "list things: 500 Internal Server Error (request req-h)", nil},
	})
}

func told(t *testing.T, cases map[string]answering) {
	t.Helper()
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			from := gophercloud.ErrUnexpectedResponseCode{
				URL: "http://p:8778/things?name=a", Method: "GET", Actual: tt.status, Body: []byte(tt.body),
				ResponseHeader: http.Header{"Content-Type": {tt.kind}, "X-Openstack-Request-Id": {"req-h"}},
			}
			err := AsError("list things", fmt.Errorf("wrapped: %w", from))
			e := wantError(t, err, tt.want)
			if e.URL != "/things?name=a" || e.Method != "GET" || len(e.Error()) > 1000 {
				t.Errorf("got %+v", e)
			}
			for _, kind := range []error{ErrNotFound, ErrConflict, ErrUnauthorized, ErrForbidden, ErrUnavailable, ErrNoEndpoint} {
				if errors.Is(multierror.Append(nil, err), kind) != errors.Is(kind, tt.is) {
					t.Errorf("errors.Is(%v) is wrong", kind)
				}
			}
		})
	}
}

func TestCodeOfPlacement(t *testing.T) {
	err := AsError("x", gophercloud.ErrUnexpectedResponseCode{Actual: 409, Body: []byte(`{"errors": [{"code": "placement.concurrent_update", "request_id": "req-b"}]}`)})
	if e := wantError(t, err); e.Code != "placement.concurrent_update" || e.RequestID != "req-b" {
		t.Errorf("got %+v", e)
	}
}

func TestAsErrorKeepsWhatIsDone(t *testing.T) {
	if AsError("x", nil) != nil {
		t.Error("nil became an error")
	}
	for _, err := range []error{&Error{Op: "first"}, &config.Error{}} {
		if AsError("second", err) != err { //nolint:errorlint // the very same
			t.Errorf("%v was wrapped", err)
		}
	}
	if err := AsError("x", fmt.Errorf("%w: it has no %q", http.ErrMissingFile, "things")); err.Error() != `x: http: no such file: it has no "things"` {
		t.Errorf("got %v", err)
	}
	if err := AsError("x", context.Canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// What is no token is none, and nobody is called anything but what a token says in the right place.
func TestNoTokens(t *testing.T) {
	entry := `{"type": "placement", "endpoints": [{"interface": "public", "url": "http://p", "region": null, "region_id": null}]}`
	refusesTokens(t, map[string]string{
		`{"token": {"catalog": [` + entry + `]}} trailing`:                                   "no Keystone answers there",
		`{"token": {"catalog": [` + entry + `]}, "token": {}}`:                               "no Keystone answers there",
		`{"token": {"roles": [{"name": "admin"}], "roles": []}}`:                             "no Keystone answers there",
		`{"token": {"catalog": [` + entry + `]}`:                                             "no Keystone answers there",
		`{"Token": {"catalog": [` + entry + `]}}`:                                            `expected response key "token" not found`,
		`{"token": {"catalog": [{"endpoints": []}]}}`:                                        "the answer is not Keystone's: no type at /token/catalog/0",
		`{"token": {"catalog": [{"type": "compute", "endpoints": null}]}}`:                   "the answer is not Keystone's: null at /token/catalog/0/endpoints",
		`{"token": {"catalog": [{"type": "compute", "endpoints": [{"interface": "x"}]}]}}`:   "the answer is not Keystone's: no url at /token/catalog/0/endpoints/0",
		`{"token": {"catalog": [` + entry + `], "roles": [{"id": "r"}]}}`:                    "the answer is not Keystone's: no name at /token/roles/0",
		`{"token": {"catalog": [` + entry + `], "roles": [{"name": "admin", "name": "x"}]}}`: "no Keystone answers there",
		`{"token": {"catalog": [` + entry + `], "roles": null, "more": {"a": null}}}`:        "",
	})
}

func refusesTokens(t *testing.T, cases map[string]string) {
	t.Helper()
	for body, want := range cases {
		k := newKeystone(t)
		k.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Subject-Token", "t0ken")
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, body)
		}
		s, err := connect(t.Context(), k.options("http://p"), nil, nowhere(t))
		if err == nil {
			s.Close()
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}

func TestLoginErrors(t *testing.T) {
	page := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			fmt.Fprint(w, "<html><title>Welcome</title></html>")
		}
	}
	tests := map[string]struct {
		answer http.HandlerFunc
		want   []string
	}{
		"wrong password": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, []string{` as user "u" (option auth): 401 Unauthorized: the credentials are not accepted; hint: check username, password and domain`}},
		"a web page":     {page(200), []string{"a web page, Welcome"}},
		"created a page": {page(201), []string{"no Keystone answers there", "hint: check auth_url"}},
		"not found":      {page(404), []string{"404 Not Found: no Keystone answers there", "hint: check auth_url"}},
		"no token":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); fmt.Fprint(w, `{"token": {}}`) }, []string{"the answer has no token"}},
		"down":           {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, []string{"503 Service Unavailable", "hint: look at the service behind http://127.0.0.1"}},
		"redirect":       {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "https://k.example/v3", 301) }, []string{"redirects to https://k.example/v3"}},
		"cut":            {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, []string{"the connection was closed before there was an answer"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			k := newKeystone(t)
			k.answer = tt.answer
			_, err := connect(t.Context(), k.options("http://p"), nil, nowhere(t))
			e := wantError(t, err, append(tt.want, "log in to "+k.URL)...)
			if strings.Contains(e.Error(), "hunter2") {
				t.Errorf("the password is in %v", e)
			}
		})
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	k := &fakeKeystone{Server: closed}
	_, err := connect(t.Context(), k.options("http://p"), nil, nowhere(t))
	wantError(t, err, "cannot reach "+closed.URL+": connection refused", "hint: check auth_url")
	o := k.options("http://p")
	o.Auth["auth_url"] = "http://keystone.invalid:5000"
	_, err = connect(t.Context(), o, nil, nowhere(t))
	wantError(t, err, "cannot find host keystone.invalid", "hint: check auth_url")
}
