// SPDX-License-Identifier: Apache-2.0

// Package rest is what the clients of Placement and Nova have in common: one GET at a fixed microversion, decoded by package
// strict into a type of our own. An answer of status 200 that lacks what it has to contain is an error, not an empty list.
package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

// ErrIncomplete says that an answer was valid JSON, but lacked something, or was not what the service documents.
var ErrIncomplete = errors.New("the answer is not what this service sends")

// Get reads the path below the client's endpoint. The answer is decoded into a W, a type with tags of package strict, and
// take makes of that what is returned. op says in an error what was wanted, as in "list servers". Errors are *cloud.Error.
func Get[W, T any](ctx context.Context, sc *gophercloud.ServiceClient, op, path string, take func(*W) (T, error)) (T, error) {
	resp, err := sc.Get(ctx, below(sc, path), nil, &gophercloud.RequestOpts{KeepResponseBody: true})
	defer drain(resp)
	return taken(ctx, op, resp, err, take)
}

// GetDated reads as Get does, and returns when what the answer holds was last changed, as its header Last-Modified says: to
// the second, and zero where it does not say.
func GetDated[W, T any](ctx context.Context, sc *gophercloud.ServiceClient, op, path string, take func(*W) (T, error),
) (T, time.Time, error) {
	resp, err := sc.Get(ctx, below(sc, path), nil, &gophercloud.RequestOpts{KeepResponseBody: true})
	defer drain(resp)
	out, err := taken(ctx, op, resp, err, take)
	if err != nil {
		return out, time.Time{}, err
	}
	changed, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	if err != nil {
		return out, time.Time{}, nil
	}
	return out, changed, nil
}

// Write is one writing request.
type Write struct {
	Op   string // what is wanted, as in "write inventories"
	Path string // below the endpoint
	Body any    // nil for none
	OK   []int  // the statuses that are success
}

// Put sends a write with PUT, whose answer take reads as that of Get does.
func Put[W, T any](ctx context.Context, sc *gophercloud.ServiceClient, w Write, take func(*W) (T, error)) (T, error) {
	resp, err := sc.Put(ctx, below(sc, w.Path), w.Body, nil, &gophercloud.RequestOpts{OkCodes: w.OK, KeepResponseBody: true})
	defer drain(resp)
	return taken(ctx, w.Op, resp, err, take)
}

// PutOnly sends a write with PUT whose answer does not matter.
func PutOnly(ctx context.Context, sc *gophercloud.ServiceClient, w Write) error {
	resp, err := sc.Put(ctx, below(sc, w.Path), w.Body, nil, &gophercloud.RequestOpts{OkCodes: w.OK})
	drain(resp)
	return cloud.AsError(w.Op, err)
}

// Post sends a write with POST, whose answer take reads as that of Get does.
func Post[W, T any](ctx context.Context, sc *gophercloud.ServiceClient, w Write, take func(*W) (T, error)) (T, error) {
	resp, err := sc.Post(ctx, below(sc, w.Path), w.Body, nil, &gophercloud.RequestOpts{OkCodes: w.OK, KeepResponseBody: true})
	defer drain(resp)
	return taken(ctx, w.Op, resp, err, take)
}

// PostOnly sends a write with POST whose answer does not matter.
func PostOnly(ctx context.Context, sc *gophercloud.ServiceClient, w Write) error {
	resp, err := sc.Post(ctx, below(sc, w.Path), w.Body, nil, &gophercloud.RequestOpts{OkCodes: w.OK})
	drain(resp)
	return cloud.AsError(w.Op, err)
}

// Delete deletes what is at the path.
func Delete(ctx context.Context, sc *gophercloud.ServiceClient, w Write) error {
	resp, err := sc.Delete(ctx, below(sc, w.Path), &gophercloud.RequestOpts{OkCodes: w.OK})
	drain(resp)
	return cloud.AsError(w.Op, err)
}

// taken decodes an answer that has come, and lets take have it.
func taken[W, T any](ctx context.Context, op string, resp *http.Response, err error, take func(*W) (T, error)) (out T, _ error) {
	if err != nil {
		return out, cloud.AsError(op, err)
	}
	answer := new(W)
	if err := cloud.Decode(ctx, resp.Body, answer); err != nil {
		return out, undecoded(op, err)
	}
	out, err = take(answer)
	return out, cloud.AsError(op, err)
}

// Part decodes a part of an answer that was kept raw, into a pointer to a type with tags of package strict.
func Part(raw strict.Raw, into any) error {
	if err := strict.Decode(raw, into, nil); err != nil {
		return fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	return nil
}

// undecoded is the error for what is no answer.
func undecoded(op string, err error) error {
	var answer *strict.Error
	if errors.As(err, &answer) && !answer.Syntax {
		err = fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	return cloud.AsError(op, err)
}

func below(sc *gophercloud.ServiceClient, path string) string {
	return strings.TrimSuffix(sc.ResourceBaseURL(), "/") + "/" + strings.TrimPrefix(path, "/")
}

// drain reads a body to its end: only then is the connection used again.
func drain(resp *http.Response) {
	if resp != nil && resp.Body != nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

// OwnNotFound returns err unless it is a 404 without the mark that is in each of the service's own: then an error that is no
// cloud.ErrNotFound, for a proxy that has lost its way has not deleted anything.
func OwnNotFound(op, service, mark string, err error) error {
	var answer gophercloud.ErrUnexpectedResponseCode
	if errors.As(err, &answer) && answer.Actual == http.StatusNotFound && !bytes.Contains(answer.Body, []byte(mark)) {
		return fmt.Errorf("%s: 404 Not Found, but not from %s itself: check the proxy in front of it", op, service)
	}
	return err
}

// Missing is the error for an answer that lacks something which only another part of it makes necessary.
func Missing(what string) error { return fmt.Errorf("%w: no %s", ErrIncomplete, what) }

// At returns a copy of the client that sends the microversion. The copy shares the login and the connections.
func At(sc *gophercloud.ServiceClient, microversion string) *gophercloud.ServiceClient {
	c := *sc
	c.Microversion = microversion
	return &c
}

// Versions is the range of microversions that a service offers, such as 1.0 to 1.39.
type Versions struct {
	Min, Max string
}

// Offers reports whether the range reaches up to v.
func (r Versions) Offers(v string) bool { return Compare(r.Max, v) >= 0 }

// Compare orders two microversions of the same major version.
func Compare(a, b string) int {
	return minor(a) - minor(b)
}

func minor(v string) int {
	_, text, _ := strings.Cut(v, ".")
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

var uuidForm = regexp.MustCompile(`^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$`)

// IsUUID reports whether the text may go into a path as a UUID.
func IsUUID(text string) bool { return uuidForm.MatchString(text) }

// CanonicalUUID writes a UUID with lower-case digits and dashes. The text has to be one.
func CanonicalUUID(text string) string {
	digits := strings.ToLower(strings.ReplaceAll(text, "-", ""))
	return strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-")
}
