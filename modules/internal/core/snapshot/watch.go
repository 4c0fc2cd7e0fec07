// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Watch is what was seen of the generations of all providers over some time.
type Watch struct {
	Begun   time.Time         `json:"begun"`
	Ended   time.Time         `json:"ended"`   // when the last sample was read
	Samples int               `json:"samples"` // how often the generations of all providers were read
	Grown   map[string]Growth `json:"grown"`   // provider UUID -> what changed; a provider that stood still is not in it
}

// Growth is how one provider changed while it was watched.
type Growth struct {
	First   int     `json:"first"`   // its generation at the first sample
	Last    int     `json:"last"`    // and at the last that showed another
	Changes int     `json:"changes"` // how many samples showed another than the one before
	Deleted bool    `json:"deleted"` // a sample lacked it, or its generation fell, as it does if it is deleted and made again
	Points  []Point `json:"points"`  // in the order of time, the first after the first change; none if too many changed
}

// Point is what was on a provider when a sample had shown that it was written. Consumers were read between two readings of
// its generation, and Inventories and Traits after them: what was written from the After of one point to the Before of the
// next is in the consumers of the next, and not in those of the one.
type Point struct {
	At          time.Time                      `json:"at"`
	Before      int                            `json:"generation_before"` // no newer than Consumers
	After       int                            `json:"generation_after"`  // no older than Consumers
	Consumers   map[string]int                 `json:"consumers"`         // UUID -> its generation, which each write of its allocations raises by 1
	Inventories map[string]openstack.Inventory `json:"inventories"`
	Written     time.Time                      `json:"inventories_written,omitzero"` // to the second; zero if Placement does not tell
	Traits      []string                       `json:"traits"`
}

// Watched returns how the generations changed. Needs Generations.
func (s *Snapshot) Watched() Watch {
	s.need(Generations)
	if s.Watch == nil {
		return Watch{}
	}
	return *s.Watch
}
