// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// readIncomplete finds the consumers that belong to nobody. Placement counts them in one answer; only if there are any,
// consumers are read until all are found, those first that nobody has written since Placement made them up: their
// generation is 0.
func (r *reader) readIncomplete(ctx context.Context) error {
	r.s.IncompleteList = []openstack.Owner{}
	n, err := r.Placement.ConsumersOf(ctx, openstack.IncompleteOwner)
	if err != nil || n == 0 {
		return err
	}
	if !r.usable(snapshot.Allocations) {
		return errors.New(cmp.Or(r.s.Parts[snapshot.Allocations].Reason, "the allocations were not read"))
	}
	const chunk = 200
	for uuids := range slices.Chunk(r.byGeneration(), chunk) {
		found, err := r.consumers(ctx, uuids)
		if err != nil {
			return err
		}
		for _, uuid := range uuids {
			c := found[uuid]
			if c.ProjectID == openstack.IncompleteOwner {
				r.s.IncompleteList = append(r.s.IncompleteList, openstack.Owner{
					ConsumerUUID: uuid, ProjectID: c.ProjectID, UserID: c.UserID,
				})
			}
		}
		if len(r.s.IncompleteList) == n {
			return nil
		}
	}
	return r.allIncomplete(ctx)
}

// allIncomplete counts once more, for some may have gone meanwhile, and fails if there are more than were found; before 1.38,
// where they are not counted, if there are some and none was found. A quick look does not know every consumer.
func (r *reader) allIncomplete(ctx context.Context) error {
	n, err := r.Placement.ConsumersOf(ctx, openstack.IncompleteOwner)
	found := len(r.s.IncompleteList)
	switch {
	case err != nil || r.Quick:
		return err
	case n > found:
		return fmt.Errorf("placement counts %d consumers of project %s, but only %d could be found", n, openstack.IncompleteOwner, found)
	case n < 0 && found == 0:
		return fmt.Errorf("placement has consumers of project %s, but none could be found", openstack.IncompleteOwner)
	}
	return nil
}

// byGeneration lists all consumers, those with the lowest generation first.
func (r *reader) byGeneration() []string {
	list := slices.SortedFunc(slices.Values(r.s.AllocationList), func(a, b openstack.Allocation) int {
		return cmp.Or(cmp.Compare(a.ConsumerGeneration, b.ConsumerGeneration), cmp.Compare(a.ConsumerUUID, b.ConsumerUUID))
	})
	out := make([]string, 0, len(list))
	for _, a := range list {
		out = append(out, a.ConsumerUUID)
	}
	return slices.Compact(out)
}
