// SPDX-License-Identifier: Apache-2.0

package database

import (
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/once"
)

// A part that no statement reads is never taken for one that was read and is empty.
func TestPartsWithoutStatement(t *testing.T) {
	s := &snapshot.Snapshot{}
	newStock(nil, "placement", once.NewIDs()).fill(s, append(snapshot.AllParts(), "weather"))
	if st := s.Parts["weather"]; st.Read || st.Reason == "" {
		t.Errorf("a part that no statement reads: %+v", st)
	}
	for part, st := range s.Parts {
		if _, known := tables()[part]; st.Read != known {
			t.Errorf("%s: %+v", part, st)
		}
	}
	for _, part := range snapshot.AllParts() {
		if read := slices.Contains(slices.Concat(ofStock(), ofNova()), part); read != (part != snapshot.Generations) {
			t.Errorf("%s: read %v", part, read)
		}
	}
}
