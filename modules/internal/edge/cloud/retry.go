// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	maxTries  = 4
	firstWait = 500 * time.Millisecond
	maxWait   = 10 * time.Second // bounds Retry-After too: a service that wants more than this is down for this task
)

// retrier repeats reads that failed for a passing reason. Never a write: whether a lost write was applied is settled
// by reading, by the caller.
type retrier struct {
	next http.RoundTripper
	wait func(context.Context, time.Duration) error
}

func (t *retrier) RoundTrip(r *http.Request) (*http.Response, error) {
	for try := 1; ; try++ {
		resp, err := t.next.RoundTrip(r)
		if try >= allowed(err) || !repeatable(r, resp, err) {
			return resp, err
		}
		if t.wait(r.Context(), pause(try, resp)) != nil {
			return resp, err // the task is over; what failed says more than that
		}
	}
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] through.
func (t *retrier) CloseIdleConnections() { closeIdle(t.next) }

// allowed is less after a time-out, which has cost a whole api_timeout already.
func allowed(err error) int {
	var late *timeoutError
	if errors.As(err, &late) {
		return 2
	}
	return maxTries
}

func repeatable(r *http.Request, resp *http.Response, err error) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if err != nil {
		return r.Context().Err() == nil && !permanent(err)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// pause is a random part of an interval that doubles, so that the workers of many tasks do not come back together;
// or what the service asked for.
func pause(try int, resp *http.Response) time.Duration {
	if resp != nil {
		if after, ok := retryAfter(resp.Header.Get("Retry-After")); ok {
			return min(after, maxWait)
		}
	}
	return rand.N(min(firstWait<<(try-1), maxWait)) //nolint:gosec // no secret depends on it
}

// retryAfter reads both forms of the header, seconds and a date.
func retryAfter(v string) (time.Duration, bool) {
	if s, err := strconv.Atoi(v); err == nil && s >= 0 {
		return time.Duration(min(s, 3600)) * time.Second, true
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(time.Until(t), 0), true
	}
	return 0, false
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
