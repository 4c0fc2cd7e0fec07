// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// shared keeps each set of amounts once: the servers of a cloud have few flavors, and 100,000 maps of their own would
// take 30 MB.
type shared struct {
	mu   sync.Mutex
	sets map[string]map[string]int
}

func newShared() *shared { return &shared{sets: map[string]map[string]int{}} }

// once returns the one copy of a set of amounts.
func (s *shared) once(amounts map[string]int) map[string]int {
	var key []byte
	for _, class := range slices.Sorted(maps.Keys(amounts)) {
		key = strconv.AppendInt(append(append(key, class...), ' '), int64(amounts[class]), 10)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept, known := s.sets[string(key)]; known {
		return kept
	}
	s.sets[string(key)] = amounts
	return amounts
}

// allocations returns a function that reads the allocations of a provider and shares their amounts.
func (r *reader) allocations() func(context.Context, string) (placement.Held, error) {
	s := newShared()
	return func(ctx context.Context, uuid string) (placement.Held, error) {
		held, err := r.Placement.Allocations(ctx, uuid)
		for i := range held.Allocations {
			a := &held.Allocations[i]
			a.Resources = s.once(a.Resources)
		}
		return held, err
	}
}
