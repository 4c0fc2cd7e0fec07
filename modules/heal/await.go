// SPDX-License-Identifier: Apache-2.0

package heal

import (
	"context"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
)

// pollEvery is how often is looked for a provider that is to appear.
const pollEvery = 2 * time.Second

// await waits for the providers that guards want, for as long as the task may wait in all, and says what is missing then.
func (a *applier) await(ctx context.Context, guards []repair.Guard) (string, error) {
	for _, g := range guards {
		if g.Provider == "" {
			continue
		}
		if missing, err := a.awaitOne(ctx, g); missing != "" || err != nil {
			return missing, err
		}
		a.touched[g.Provider] = true
	}
	return "", nil
}

func (a *applier) awaitOne(ctx context.Context, g repair.Guard) (string, error) {
	for {
		missing, err := a.missing(ctx, g)
		switch {
		case err != nil || missing == "":
			return "", err
		case a.wait <= 0:
			return fmt.Sprintf("%s, after %d seconds: restart nova-compute, and heal again", missing, a.o.Wait), nil
		}
		a.call.Progress("waiting for nova-compute to create its resource provider", 0, 0)
		if err := a.call.Sleep(ctx, pollEvery); err != nil {
			return "", err
		}
		a.wait -= pollEvery
	}
}

// missing says what a provider lacks that a nova-compute is to make.
func (a *applier) missing(ctx context.Context, g repair.Guard) (string, error) {
	have, err := edge.ReadProvider(ctx, a.writer.Placement, repair.Provider{UUID: g.Provider})
	if err != nil {
		return "", err
	}
	if have.Absent {
		return "nova-compute has not made resource provider " + g.Provider, nil
	}
	if len(g.Classes) == 0 {
		return "", nil
	}
	offered, err := a.clients.Placement.Offered(ctx, g.Provider)
	if err != nil {
		return "", err
	}
	for _, class := range g.Classes {
		if _, there := offered[class]; !there {
			return fmt.Sprintf("resource provider %s offers no %s yet", g.Provider, class), nil
		}
	}
	return "", nil
}
