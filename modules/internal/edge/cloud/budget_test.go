// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/semaphore"
)

// answerOf is an answer of that length, of which the service may not have said how long it is.
func answerOf(length int, told bool) *http.Response {
	resp := &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: io.NopCloser(io.LimitReader(blanks{}, int64(length)))}
	if told {
		resp.ContentLength = int64(length)
	}
	return resp
}

type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func request(ctx context.Context, t *testing.T, method, path string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, "http://h"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLargestAnswers(t *testing.T) {
	for _, k := range []answerKind{
		{http.MethodGet, "/things", 200, largestAnswer, false},
		{http.MethodGet, "/things", 206, largestToken, false},
		{http.MethodPut, "/things", 200, largestToken, false},
		{http.MethodPost, "/v3/auth/tokens", 201, largestToken, false},
		{http.MethodGet, "/v3/auth/tokens", 200, largestToken, false},
		{http.MethodGet, "/things", 500, largestRefusal, true},
		{http.MethodPut, "/things", 302, largestRefusal, true},
	} {
		for _, length := range []int{0, 1, firstRoom - 1, firstRoom, firstRoom + 1, someRoom, k.limit - 1, k.limit, k.limit + 1} {
			k.fits(t, length, true)
			k.fits(t, length, false)
		}
	}
}

// answerKind is a kind of answer, and how long one may be.
type answerKind struct {
	method, path string
	status       int
	limit        int
	cut          bool
}

// fits wants an answer of a length to be read if it may be that long, and the budget to be whole afterwards.
func (k answerKind) fits(t *testing.T, length int, told bool) {
	t.Helper()
	resp := answerOf(length, told)
	resp.StatusCode = k.status
	b := newBudget()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	read, err := b.read(request(ctx, t, k.method, k.path), resp)
	cancel()
	if fits := length <= k.limit || k.cut; (err == nil) != fits || err == nil && !k.cut && len(read.text) != length {
		t.Errorf("%+v, %d bytes, told %v: %v", k, length, told, err)
	}
	if err == nil {
		_ = read.Close()
		_ = read.Close() // as often as one likes
	}
	if !b.bodies.TryAcquire(largestAnswer) {
		t.Errorf("%+v, %d bytes, told %v: a part of the budget is lost", k, length, told)
	}
}

// patience is how long a test waits for what has to wait, by a clock that stands while anything runs.
const patience = time.Minute

// Large answers wait for each other until they are closed; small ones never wait.
func TestAnswersWaitForTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget()
		get := func(length int, told bool) (*body, error) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			return b.read(request(ctx, t, http.MethodGet, "/things"), answerOf(length, told))
		}
		large, err := get(2*largeRoom, false) // its length is unknown: it takes all
		if err != nil {
			t.Fatal(err)
		}
		for _, told := range []bool{true, false} {
			if _, err := get(ofEach+1, told); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("told %v: %v", told, err)
			}
			if _, err := get(ofEach-1, told); err != nil {
				t.Errorf("a small one, told %v: %v", told, err)
			}
		}
		_ = large.Close()
		var several []*body
		for range 4 {
			one, err := get(largestAnswer/4-1, true)
			if err != nil {
				t.Fatal(err)
			}
			several = append(several, one)
		}
		if _, err := get(largestAnswer/4-1, true); err == nil {
			t.Error("five quarters of the budget were taken")
		}
		for _, one := range several {
			_ = one.Close()
		}
	})
}

// What answers make when they are decoded is kept below a bound together.
func TestContentWaitsForTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const some = 3000
		b := newBudget()
		b.content = semaphore.NewWeighted(some)
		decode := func() (*body, error) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			text := `{"things": ["` + strings.Repeat("x", some/2) + `"]}`
			one := &body{budget: b, text: []byte(text)}
			var into struct {
				Things []string `json:"things" strict:"required"`
			}
			return one, Decode(ctx, one, &into)
		}
		first, err := decode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decode(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("twice as much as there may be: %v", err)
		}
		_ = first.Close()
		if _, err := decode(); err != nil {
			t.Error(err)
		}
	})
}
