// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"strings"
	"testing"
)

// Of a very long message the beginning and the end are read. One that tells nothing there is not known to be of no interest.
func TestLongMessages(t *testing.T) {
	start := "2026-11-22 10:56:44.522 7 ERROR nova.scheduler.client.report [-] Failed to update inventory to ["
	fill := strings.Repeat("{'VCPU': 409 }, ", 60000)
	end := "] for resource provider with UUID " + anUUID + `. Got 409: {"errors": [{"status": 409, "detail": "There was a conflict when trying to complete your request.\n\n resource provider generation conflict  ", "code": "placement.concurrent_update"}]}.`
	if e, outcome := testParser().Parse([]byte(start + fill + end)); outcome != Found || e.Code != "placement.concurrent_update" || e.Place.ID != "" && e.Place.ID != anUUID {
		t.Errorf("%v %+v", outcome, e)
	}
	if e, outcome := testParser().Parse([]byte("2026-11-22 10:56:44.522 7 INFO other.service [-] " + fill)); outcome != Unread {
		t.Errorf("%v %+v", outcome, e)
	}
	if !Doubtful([]byte(`{"message": "` + fill)) {
		t.Error("a long line with a status is no doubt")
	}
}

// What containerd and CRI-O cut into pieces has a mark.
func TestPieces(t *testing.T) {
	for line, want := range map[string]string{
		"2026-11-27T10:00:01.123456789Z stdout P abc":      "P abc",
		"2026-11-27T10:00:01.123456789+01:00 stderr F abc": "F abc",
		"2026-11-27T10:00:01Z stdout abc and more of it":   "",
		"2026-11-27 10:00:01.100 7 INFO stdout F abc":      "",
		"": "",
	} {
		mark, errors, body := Piece([]byte(line))
		got := ""
		if mark != 0 {
			got = string(mark) + " " + string(body)
		}
		if want := strings.Contains(line, "stderr"); errors != want {
			t.Errorf("%q: of standard error: %t", line, errors)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
