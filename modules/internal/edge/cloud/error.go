// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// What callers test for with [errors.Is] on an [*Error].
var (
	ErrNotFound     = errors.New("not found")
	ErrConflict     = errors.New("conflict")
	ErrUnauthorized = errors.New("unauthorized")
	ErrForbidden    = errors.New("forbidden")
	ErrUnavailable  = errors.New("unavailable") // no complete answer, or 502, 503, 504: for a write, it is unknown whether it was applied
	ErrNoEndpoint   = errors.New("no endpoint") // the catalogue has no such service
)

// Error is the world's fault: a service that refused, failed, or did not answer.
type Error struct {
	Op        string // what was attempted, "list resource providers"
	Method    string
	URL       string // the path only, with its query
	Status    int    // 0 if there was no answer
	Code      string // Placement's error code, from microversion 1.23 on: placement.concurrent_update and so on
	Detail    string // what the service said, one line
	RequestID string // the service logs the same id
	Hint      string // what to do about it, where we know
	Err       error  // the cause, or the answer as it came
}

// Error is one line: "list resource providers: 403 Forbidden: <detail> (request req-...); hint: ...".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": %d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", e.RequestID)
	}
	if e.Hint != "" {
		b.WriteString("; hint: " + e.Hint)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is matches the sentinels above by status.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.Status == http.StatusNotFound
	case ErrConflict:
		return e.Status == http.StatusConflict
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized
	case ErrForbidden:
		return e.Status == http.StatusForbidden
	case ErrUnavailable:
		return e.unavailable()
	}
	return false
}

func (e *Error) unavailable() bool {
	switch e.Status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case 0:
		return !errors.Is(e.Err, ErrNoEndpoint)
	}
	return false
}
