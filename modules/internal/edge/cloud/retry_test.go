// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gophercloud/gophercloud/v2"
)

type outcome struct {
	Requests map[string]int
	Failed   bool
}

type retryCase struct {
	name    string
	answers []func(http.ResponseWriter) // the last one is repeated
	call    func(*testing.T, *gophercloud.ServiceClient) error
	want    outcome
}

func TestRetries(t *testing.T) {
	ok := func(w http.ResponseWriter) { fmt.Fprint(w, `{"things": []}`) }
	status := func(code int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { w.WriteHeader(code) }
	}
	drop := func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
	retries(t, []retryCase{
		{"read, 503 twice", []func(http.ResponseWriter){status(503), status(503), ok}, read, outcome{map[string]int{"GET": 3}, false}},
		{"read, 502 429 504", []func(http.ResponseWriter){status(502), status(429), status(504), ok}, read, outcome{map[string]int{"GET": 4}, false}},
		{"read, 503 for good", []func(http.ResponseWriter){status(503)}, read, outcome{map[string]int{"GET": maxTries}, true}},
		{"read, connection lost", []func(http.ResponseWriter){drop, ok}, read, outcome{map[string]int{"GET": 2}, false}},
		{"read, 500", []func(http.ResponseWriter){status(500), ok}, read, outcome{map[string]int{"GET": 1}, true}},
		{"read, 404", []func(http.ResponseWriter){status(404), ok}, read, outcome{map[string]int{"GET": 1}, true}},
		{"read, 409", []func(http.ResponseWriter){status(409), ok}, read, outcome{map[string]int{"GET": 1}, true}},
		{"write, 503", []func(http.ResponseWriter){status(503), ok}, write, outcome{map[string]int{"PUT": 1}, true}},
		{"write, 429", []func(http.ResponseWriter){status(429), ok}, write, outcome{map[string]int{"PUT": 1}, true}},
		{"write, answer lost", []func(http.ResponseWriter){drop, ok}, write, outcome{map[string]int{"PUT": 1}, true}},
	})
}

func retries(t *testing.T, cases []retryCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			var n atomic.Int32
			c, s := client(t, func(w http.ResponseWriter, _ *http.Request) {
				tt.answers[min(int(n.Add(1)), len(tt.answers))-1](w)
			})
			err := tt.call(t, c)
			if diff := cmp.Diff(tt.want, outcome{s.Requests(), err != nil}); diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
			if tt.want.Failed && err != nil && strings.Contains(tt.name, "write") && strings.Contains(tt.name, "lost") && !errors.Is(err, ErrUnavailable) {
				t.Errorf("a write whose answer was lost is %v", err)
			}
		})
	}
}

// TestLostAnswerOnWarmConnection: net/http itself repeats requests on a connection that turns out dead, reads only.
func TestLostAnswerOnWarmConnection(t *testing.T) {
	var writes atomic.Int32
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			writes.Add(1)
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, `{"things": []}`)
	})
	if err := read(t, c); err != nil {
		t.Fatal(err)
	}
	wantError(t, write(t, c), "write things")
	if n := writes.Load(); n != 1 {
		t.Errorf("the write was sent %d times", n)
	}
}

func TestPauses(t *testing.T) {
	answer := func(after string) *http.Response { return &http.Response{Header: http.Header{"Retry-After": {after}}} }
	for try := 1; try < maxTries; try++ {
		for range 100 {
			if d := pause(try, nil); d < 0 || d > firstWait<<(try-1) {
				t.Fatalf("try %d waits %s", try, d)
			}
		}
	}
	later := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	for after, want := range map[string]time.Duration{"3": 3 * time.Second, "0": 0, "100000000000": maxWait, "99999": maxWait, later: maxWait} {
		if got := pause(1, answer(after)); got != want {
			t.Errorf("Retry-After %s: got %s, want %s", after, got, want)
		}
	}
	if got := pause(1, answer("soon")); got > firstWait {
		t.Errorf("nonsense in Retry-After: %s", got)
	}
}
