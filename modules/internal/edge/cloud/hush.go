// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// hushing masks secrets in what a service says of a request that failed, before any of it is shortened or put on one line:
// half a password, or one that lost a blank, would not be found later.
type hushing struct {
	next   http.RoundTripper
	masked func(string) string
}

func (t *hushing) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, t.hushed(err)
	}
	if resp.StatusCode < http.StatusMultipleChoices {
		return resp, nil
	}
	for _, values := range resp.Header {
		for i, value := range values {
			values[i] = t.masked(value)
		}
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(t.body(body)))
	return resp, err
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] through.
func (t *hushing) CloseIdleConnections() { closeIdle(t.next) }

// body masks each text of a JSON value, however it is escaped there, or else the whole.
func (t *hushing) body(body []byte) []byte {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return []byte(t.masked(string(body)))
	}
	text, err := json.Marshal(foreign.Tree(value, t.masked))
	if err != nil {
		return nil // never: what was read as JSON can be written as such
	}
	return text
}

// hushedError says what it is made of, without secrets.
type hushedError struct {
	error
	text string
}

func (e *hushedError) Error() string { return e.text }
func (e *hushedError) Unwrap() error { return e.error }

// quotation is what net/http quotes of an answer that is no HTTP. It takes such lines apart first, so a secret in one may
// have been cut already.
var quotation = regexp.MustCompile(`(?s)"(?:\\.|[^"\\])*"|(malformed MIME header[a-z ]*):.*`)

// hushed masks secrets in an error of the network, and leaves out what that quotes of an answer.
func (t *hushing) hushed(err error) error {
	text := t.masked(err.Error())
	if !tlsProblem(err) { // which quotes names of certificates
		text = quotation.ReplaceAllString(text, "$1")
	}
	if text == err.Error() {
		return err
	}
	return &hushedError{err, text}
}
