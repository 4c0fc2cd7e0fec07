// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Removal returns the first safe step towards a cloud without the provider. It is the deletion only of a provider that was
// seen to hold nothing, in a tree that holds nothing, with nothing below it. condition says when the provider may go.
// Needs Providers; wants Usages and Allocations.
func (p *Pass) Removal(provider openstack.Provider, condition string) Remedy {
	if !p.Read(snapshot.HeldParts()...) {
		return see(provider, "See what is held on "+called(provider)+": it was not read. Keep it while anything is held")
	}
	holders, children := p.Snapshot.HoldersIn(provider.RootUUID), p.Snapshot.ChildrenOf(provider)
	for _, holder := range holders {
		if holder.UUID == provider.UUID {
			return p.seeHolders(provider)
		}
	}
	switch {
	case len(holders) > 0:
		return see(holders[0], fmt.Sprintf("Keep %s while anything is held in its tree. See who holds resources of %s",
			called(provider), called(holders[0])))
	case len(children) > 0:
		return Remedy{
			Text: fmt.Sprintf("Remove what is below %s first, from the leaves up: %s", called(provider), names(children)),
			Command: foreign.Command("openstack --os-placement-api-version 1.14 resource provider list --in-tree=%s",
				provider.UUID),
		}
	}
	if n := p.Unproven(provider.UUID); n > 0 {
		return see(provider, fmt.Sprintf("Find out whose %s is: %d roots have no compute node, and nothing in Nova identifies them "+
			"as its former hosts. Keep %s until then: another Nova may use this Placement. Name what belongs to this Nova in the option "+
			"owned of placement_audit, and audit again", called(provider), n, p.withParent(provider)))
	}
	return Remedy{
		Text:    fmt.Sprintf("Delete %s %s", called(provider), condition),
		Command: foreign.Command("openstack resource provider delete %s", provider.UUID),
	}
}

// seeHolders is the remedy for a provider that is held. Nothing can be moved to the new one of its host while this one keeps its name.
func (p *Pass) seeHolders(provider openstack.Provider) Remedy {
	text := "See who holds resources of " + called(provider) + ". Keep it while anything is held: live servers among the holders mean that the " +
		"host was renamed, not removed"
	if p.Read(snapshot.Hypervisors) && blocks(p.Snapshot, provider) {
		return see(provider, text+", and that their allocations belong on its new provider")
	}
	return see(provider, text+". Move what they hold to its new provider first (PLC103, PLC104)")
}

// withParent is the provider in the sentence about it, with its parent, which can't go before it.
func (p *Pass) withParent(provider openstack.Provider) string {
	if provider.IsRoot() {
		return "it"
	}
	parent, _ := p.Snapshot.Provider(provider.ParentUUID)
	return "it and its parent " + Named(parent.Name, provider.ParentUUID)
}

func see(provider openstack.Provider, text string) Remedy {
	return Remedy{Text: text, Command: foreign.Command("openstack resource provider show --allocations %s", provider.UUID)}
}

func called(provider openstack.Provider) string {
	return "resource provider " + Named(provider.Name, provider.UUID)
}

func names(all []openstack.Provider) string {
	words := make([]string, len(all))
	for i, provider := range all {
		words[i] = Named(provider.Name, provider.UUID)
	}
	return strings.Join(words, ", ")
}
