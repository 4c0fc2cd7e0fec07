// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// absent plans to delete the provider and everything below it, leaf first.
func (t *task) absent(ctx context.Context) error {
	if t.have == nil {
		return nil
	}
	tree, err := t.client.Providers(ctx, url.Values{"in_tree": {t.have.UUID}})
	if err != nil {
		return err
	}
	if tree = openstack.LeafFirst(t.have.UUID, tree); len(tree) == 0 {
		return fmt.Errorf("placement lists resource provider %s (%s) by itself, but not in its own tree", t.have.Name, t.have.UUID)
	}
	var compute *nova.Client
	if t.clients.Session.HasCompute() {
		if compute, err = t.clients.Compute(ctx); err != nil {
			return err
		}
	}
	if err := t.live(ctx, compute, tree); err != nil {
		return err
	}
	holders, err := t.holders(ctx, compute, tree)
	if err != nil {
		return err
	}
	if len(holders) > 0 {
		return &heldError{t.have, holders}
	}
	err = t.deletions(ctx, tree)
	if len(t.changes) == 0 {
		t.have = nil // somebody else has deleted it meanwhile
	}
	return err
}

// live refuses the provider of a compute node that Nova has.
func (t *task) live(ctx context.Context, compute *nova.Client, tree []openstack.Provider) error {
	if compute == nil || t.o.Force {
		return nil
	}
	nodes, err := compute.Hypervisors(ctx)
	if err != nil {
		return fmt.Errorf("could not read whether Nova has a compute node of it: %w", err)
	}
	for _, p := range tree {
		if i := slices.IndexFunc(nodes, func(h openstack.Hypervisor) bool { return h.UUID == p.UUID }); i >= 0 {
			return &ansible.OptionError{Option: "provider", Value: t.o.Provider, Reason: fmt.Sprintf(
				"must not be the resource provider of a compute node: Nova has %s on host %s, and its nova-compute makes the provider again. "+
					"Delete the compute service first, or give the UUID with force", nodes[i].Name, nodes[i].ServiceHost)}
		}
	}
	return nil
}

// deletions plans one deletion a provider, with all that is needed to make it again.
func (t *task) deletions(ctx context.Context, tree []openstack.Provider) error {
	for _, p := range tree {
		was, err := edge.ReadWhole(ctx, t.client, p.UUID)
		if err != nil {
			return err
		}
		if !was.Absent {
			t.changes = append(t.changes, repair.Deletion(was))
		}
	}
	return nil
}

// holders lists who holds something of the providers, with what Nova knows of each.
func (t *task) holders(ctx context.Context, compute *nova.Client, tree []openstack.Provider) ([]Holder, error) {
	var out []Holder
	var uuids []string
	for _, p := range tree {
		held, err := t.client.Allocations(ctx, p.UUID)
		if err != nil {
			return nil, err
		}
		for _, a := range held.Allocations {
			out = append(out, Holder{Consumer: a.ConsumerUUID, Kind: openstack.KindUnknown, Provider: p.UUID, Resources: a.Resources})
			uuids = append(uuids, a.ConsumerUUID)
		}
	}
	if compute != nil && len(uuids) > 0 {
		known, err := collect.Identify(ctx, collect.Source{Compute: compute, Concurrency: t.clients.Session.Concurrency()}, uuids)
		if err != nil {
			return nil, fmt.Errorf("could not read who holds resource provider %s (%s): %w", t.have.Name, t.have.UUID, err)
		}
		for i := range out {
			out[i].name(known[out[i].Consumer])
		}
	}
	slices.SortFunc(out, func(a, b Holder) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Consumer, b.Consumer))
	})
	return out, nil
}

// name adds what Nova knows of a holder; it knows nothing of those that are neither servers nor migrations.
func (h *Holder) name(known openstack.Holder) {
	if known.Kind != "" {
		h.Kind, h.Name, h.Status, h.Host = known.Kind, known.Name, known.Status, known.Host
	}
}

// heldError says that a provider can't be deleted, and who is in the way.
type heldError struct {
	provider *openstack.Provider
	holders  []Holder
}

// Error names the first of them.
func (e *heldError) Error() string {
	words := make([]string, len(e.holders))
	for i, h := range e.holders {
		words[i] = h.String()
	}
	return fmt.Sprintf("resource provider %s (%s) can't be deleted: it is held by %s. Move or delete these servers; take away what "+
		"consumers hold that are gone with placement_allocation", e.provider.Name, e.provider.UUID, foreign.Some(words, 5))
}

// String names a holder for a person.
func (h Holder) String() string {
	switch h.Kind {
	case openstack.KindServer:
		return fmt.Sprintf("server %s (%s), %s on host %s", h.Name, h.Consumer, h.Status, h.Host)
	case openstack.KindMigration:
		return fmt.Sprintf("migration %s of server %s, which is %s", h.Consumer, h.Name, h.Status)
	}
	return "consumer " + h.Consumer + ", which is neither a server nor a migration of this Nova"
}
