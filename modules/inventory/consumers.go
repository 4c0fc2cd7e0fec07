// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
)

// naming is how long a refusal waits for Nova, which it can do without.
const naming = 30 * time.Second

// name adds who the consumers are. Where Nova can't be read, they stay UUIDs: the refusal is right without it.
func (t *task) name(ctx context.Context, refused []Refused) {
	var uuids []string
	for _, r := range refused {
		for _, c := range r.Consumers {
			uuids = append(uuids, c.UUID)
		}
	}
	if len(uuids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, naming)
	defer cancel()
	compute, err := t.clients.Compute(ctx)
	if err != nil {
		return
	}
	// On an error these are those that were found before.
	known, _ := collect.Identify(ctx, collect.Source{Compute: compute, Concurrency: t.clients.Session.Concurrency()}, uuids)
	for _, r := range refused {
		for i := range r.Consumers {
			c := &r.Consumers[i]
			h := known[c.UUID]
			c.Kind, c.Name, c.Status, c.Host = h.Kind, h.Name, h.Status, h.Host
		}
	}
}

// who is the consumer for a person; empty if that is not known.
func (c Consumer) who() string {
	where := cmp.Or(c.Host, "no host")
	switch c.Kind {
	case openstack.KindServer:
		return fmt.Sprintf(" (server %s, %s on %s)", c.Name, c.Status, where)
	case openstack.KindMigration:
		return fmt.Sprintf(" (migration of server %s, %s; the server is on %s)", c.Name, c.Status, where)
	}
	return ""
}
