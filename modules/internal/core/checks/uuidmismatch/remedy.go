// SPDX-License-Identifier: Apache-2.0

package uuidmismatch

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// remedy frees the name. Nothing can be moved to a provider that does not exist, so one that is held has to make way first.
func remedy(p *check.Pass, provider openstack.Provider, named []openstack.Hypervisor) check.Remedy {
	h := named[0]
	if own, live := p.Snapshot.Hypervisor(provider.UUID); live {
		return ofAnother(p.Snapshot, provider, own, h)
	}
	_, there := p.Snapshot.Provider(h.UUID)
	who, then := check.Named(provider.Name, provider.UUID), heir(p.Snapshot, h)
	removal := p.Removal(provider, "so that "+then)
	switch under := below(p.Snapshot, provider); {
	case !held(p, provider):
		return removal
	case len(named) > 1:
		return check.OneName(named, fmt.Sprintf(". Keep resource provider %s, which has that name too", who))
	case len(under) > 0:
		return check.Remedy{Text: fmt.Sprintf("%s. Do not rename it alone: names are unique in Placement, and what is to be made below the "+
			"new one needs those of %s", removal.Text, strings.Join(under, ", ")), Command: removal.Command}
	case !p.Proven(provider):
		return removal
	case !there && h.State != "up":
		return check.Remedy{
			Text: fmt.Sprintf("Start nova-compute on %s if that host still exists, and audit again: only then can it make its own resource "+
				"provider (%s). If it is gone for good, delete its compute service, and audit again. Keep resource provider %s until then",
				h.ServiceHost, h.UUID, who),
			Command: foreign.Command("openstack compute service list --service=nova-compute --host=%s", h.ServiceHost),
		}
	}
	return check.Remedy{
		Text: fmt.Sprintf("Give resource provider %s another name, so that %s. Then audit again: PLC104 tells how to move what servers hold "+
			"there, and PLC201 how to delete it", who, then),
		Command: rename(provider, "stale"),
	}
}

// heir says who takes the name: the compute node's own provider, which nova-compute makes if it is not there.
func heir(s *snapshot.Snapshot, h openstack.Hypervisor) string {
	if own, there := s.Provider(h.UUID); there {
		return fmt.Sprintf("resource provider %s can take its name (PLC204)", check.Named(own.Name, own.UUID))
	}
	return fmt.Sprintf("nova-compute on %s can create its own (%s), which takes a few minutes", h.ServiceHost, h.UUID)
}

// ofAnother is the remedy for the provider of another live compute node.
func ofAnother(s *snapshot.Snapshot, provider openstack.Provider, own, h openstack.Hypervisor) check.Remedy {
	if !swapped(s, provider) {
		return check.Remedy{Text: fmt.Sprintf("First give resource provider %s the name of its own hypervisor, %s (PLC204). That frees the name "+
			"for nova-compute on %s, which creates its own resource provider (%s)", check.Named(provider.Name, provider.UUID), own.Name, h.ServiceHost, h.UUID)}
	}
	return check.Remedy{
		Text: fmt.Sprintf("Give resource provider %s a temporary name: its own, %s, is taken by one that can't give it up before. Then "+
			"audit again: PLC204 gives each its own name", check.Named(provider.Name, provider.UUID), own.Name),
		Command: rename(provider, "swapped"),
	}
}

func rename(provider openstack.Provider, as string) string {
	return foreign.Command("openstack resource provider set --name=%s %s", provider.NameAside(as), provider.UUID)
}

// keeps says why a provider that is held must not make way by another name; empty if it may.
func keeps(p *check.Pass, provider openstack.Provider, named []openstack.Hypervisor) string {
	if _, live := p.Snapshot.Hypervisor(provider.UUID); live {
		if swapped(p.Snapshot, provider) {
			return "it has the name of a compute node whose resource provider waits for its own name: give one of them a temporary name first"
		}
		return ""
	}
	switch under := below(p.Snapshot, provider); {
	case !held(p, provider):
		return ""
	case len(named) > 1:
		return fmt.Sprintf("Nova has %d hypervisors of its name", len(named))
	case len(under) > 0:
		return "what is below it has names that are needed too: " + strings.Join(under, ", ")
	case !p.Proven(provider):
		return "this Nova knows nobody who holds something there: another Nova may have made it"
	}
	return ""
}

func held(p *check.Pass, provider openstack.Provider) bool {
	return p.Read(snapshot.HeldParts()...) && len(p.Snapshot.HoldersIn(provider.RootUUID)) > 0
}

// swapped reports whether a compute node's provider waits for its name, through others of which each has the name of the next, for
// itself.
func swapped(s *snapshot.Snapshot, provider openstack.Provider) bool {
	at := provider
	for range s.Providers() {
		node, live := s.Hypervisor(at.UUID)
		next, taken := s.ProviderNamed(node.Name)
		if !live || !taken || next.UUID == at.UUID {
			return false
		}
		if at = next; at.UUID == provider.UUID {
			return true
		}
	}
	return false
}

// below names what is below a root.
func below(s *snapshot.Snapshot, root openstack.Provider) []string {
	var names []string
	for _, p := range s.Tree(root.UUID) {
		if p.UUID != root.UUID {
			names = append(names, p.Name)
		}
	}
	return names
}
