// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"context"
	"slices"

	known "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// started settles what nova-computes said when they refused to start, if they run now. No log says that one has started.
func (t *task) started(ctx context.Context, clients *connection.Clients) {
	waiting := slices.ContainsFunc(t.result.Conflicts, func(c explained.Conflict) bool { return c.RefusesToStart() })
	if !waiting || !clients.Session.HasCompute() {
		return
	}
	services, err := computeServices(ctx, clients)
	if err != nil {
		t.call.Warn("it is unknown whether a nova-compute that refused to start runs now: %v", err)
		return
	}
	gaps := t.book.Clocks()
	for i := range t.result.Conflicts {
		if c := &t.result.Conflicts[i]; c.RefusesToStart() && !astray(gaps, c.Clients) {
			c.Started(services)
		}
	}
	slices.SortFunc(t.result.Conflicts, explained.WorseFirst)
}

// astray reports whether the clock of one of the clients is known to differ from Placement's.
func astray(gaps []known.ClockGap, clients []explained.Pace) bool {
	return slices.ContainsFunc(gaps, func(g known.ClockGap) bool {
		return slices.ContainsFunc(clients, func(c explained.Pace) bool { return c.Host == g.Host && c.Service == g.Service })
	})
}

func computeServices(ctx context.Context, clients *connection.Clients) ([]openstack.ComputeService, error) {
	compute, err := clients.Compute(ctx)
	if err != nil {
		return nil, err
	}
	return compute.Services(ctx)
}
