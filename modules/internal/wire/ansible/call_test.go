// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A pause takes its time, and ends early with what ended the task.
func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		call, begun := &Call{}, time.Now()
		if err := call.Sleep(t.Context(), time.Hour); err != nil || time.Since(begun) != time.Hour {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		why := errors.New("enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, why)
		defer cancel()
		begun = time.Now()
		if err := call.Sleep(ctx, time.Hour); !errors.Is(err, why) || time.Since(begun) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
	})
}
