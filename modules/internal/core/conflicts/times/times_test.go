// SPDX-License-Identifier: Apache-2.0

package times

import (
	"encoding/json"
	"testing"
	"time"
)

// What lies far from now is no time: it could not be told.
func TestWildTimes(t *testing.T) {
	zone := time.FixedZone("", -3600)
	for _, value := range []any{
		"9999-12-31T23:59:59-01:00", "9999-12-31 23:59:59", "0000-01-01T00:00:00+01:00", "1999-01-01T00:00:00Z", "NaN", "Inf", "-Inf", "31/Dec/9999:23:59:59 -0100",
		"Dec 31, 9999 @ 23:59:59.000", "99999999999999999999", 1e20, 1e8, "1e19",
	} {
		if at, ok := Moment(value, zone); ok {
			text, err := json.Marshal(at.UTC())
			t.Errorf("%v is %s %v", value, text, err)
		}
	}
	if at := Microseconds("9000000000000000000"); !at.IsZero() {
		t.Error(at)
	}
	if at, ok := As("2006-01-02 15:04:05.000", "9999-12-31 23:59:59.000", zone); ok {
		t.Error(at)
	}
	for _, value := range []any{"2026-11-22T10:56:44-01:00", 1763809004.5, "1763809004519000", "22/Nov/2026:10:56:44 +0000"} {
		if _, ok := Moment(value, zone); !ok {
			t.Errorf("%v is no time", value)
		}
	}
}
