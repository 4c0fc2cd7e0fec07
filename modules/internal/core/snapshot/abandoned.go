// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Unmapped are the nova-computes that are up and have no hypervisor.
type Unmapped struct {
	Services []openstack.ComputeService
	kind     map[string]kind // by host
	metal    bool            // the cloud has bare-metal nodes
}

// kind is what a nova-compute may have: servers on itself, bare-metal nodes, or either.
type kind struct{ servers, metal bool }

// UnmappedHosts returns the nova-computes that are up and have no hypervisor. os-hypervisors leaves out compute nodes whose host
// is not mapped to a cell (nova/api/openstack/compute/hypervisors.py), and their names need not be like the host's: VMware,
// `host` in nova.conf. So each provider without a hypervisor may be theirs, if it is of their kind. Needs Services and
// Hypervisors.
func (s *Snapshot) UnmappedHosts() Unmapped {
	u := Unmapped{kind: map[string]kind{}}
	for _, service := range s.Services() {
		if service.Binary != "nova-compute" || service.State != "up" || len(s.NodesOf(service.Host)) > 0 {
			continue
		}
		u.Services = append(u.Services, service)
	}
	if len(u.Services) == 0 {
		return u
	}
	kinds := s.kinds()
	for _, service := range u.Services {
		u.kind[service.Host] = kindOf(service.Host, kinds)
	}
	for _, k := range kinds {
		u.metal = u.metal || k.metal
	}
	return u
}

// kinds tells of each form of a host's name what the nova-computes of such names have.
func (s *Snapshot) kinds() map[string]kind {
	kinds := map[string]kind{}
	for _, h := range s.Hypervisors() {
		k := kinds[form(h.ServiceHost)]
		if h.Type == "ironic" {
			k.metal = true
		} else {
			k.servers = true
		}
		kinds[form(h.ServiceHost)] = k
	}
	return kinds
}

// kindOf tells the kind of a nova-compute without nodes by its name: by what those have whose names differ in digits alone, else
// by the word that Kolla-Ansible puts in (nova-compute-ironic runs as HOST-ironic).
func kindOf(host string, kinds map[string]kind) kind {
	if k, known := kinds[form(host)]; known {
		return k
	}
	metal := strings.Contains(strings.ToLower(host), "ironic")
	return kind{servers: !metal, metal: true}
}

// form is a name without its digits.
func form(host string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, strings.ToLower(host))
}

// bareMetalOnly reports whether the nova-compute of a host has, by its name, bare-metal nodes or none.
func (u Unmapped) bareMetalOnly(host string) bool { return u.kind[host].metal && !u.kind[host].servers }

// MaybeBareMetal reports whether the nova-compute of a host may have no node because others have all the bare-metal nodes.
func (u Unmapped) MaybeBareMetal(host string) bool {
	return u.bareMetalOnly(host) || u.metal && u.kind[host].metal
}

// waiting returns the hosts that a root may belong to, at most five.
func (s *Snapshot) waiting(root string, u Unmapped) []string {
	const most = 5
	servers, metal := s.offersHosting(root), s.offersMetal(root)
	var hosts []string
	for _, service := range u.Services {
		k := u.kind[service.Host]
		if !k.metal && s.hasAnother(root, service.Host) {
			continue
		}
		if len(hosts) < most && (k.servers && !metal || k.metal && !servers) {
			hosts = append(hosts, service.Host)
		}
	}
	return hosts
}

// hasAnother reports whether a root other than this one, of no compute node that Nova shows, has the name of a host: it is the
// host's, which has one. A root of that name too may be the host's as well.
func (s *Snapshot) hasAnother(root, host string) bool {
	named := func(p openstack.Provider) bool { return openstack.ShortName(p.Name) == openstack.ShortName(host) }
	if one, _ := s.Provider(root); named(one) {
		return false
	}
	return slices.ContainsFunc(s.Providers(), func(p openstack.Provider) bool {
		_, live := s.Hypervisor(p.UUID)
		return !live && s.ComputeRoot(p.UUID) && named(p)
	})
}

// offersMetal reports whether all that a provider offers are custom classes, as a bare-metal node does.
func (s *Snapshot) offersMetal(uuid string) bool {
	offered := s.Capacity(uuid)
	for class := range offered {
		if !strings.HasPrefix(class, "CUSTOM_") {
			return false
		}
	}
	return len(offered) > 0
}

// Abandoned reports whether a root is a compute service's and has no compute node any more. Where that is unknown, doubt
// says why. unmapped is what UnmappedHosts returns. Needs what ComputeRoot needs.
func (s *Snapshot) Abandoned(root string, unmapped Unmapped) (abandoned bool, doubt string) {
	_, live := s.Hypervisor(root)
	switch {
	case live:
		return false, ""
	case s.UnclaimedHost(root):
		return false, "it lacks the trait " + TraitComputeNode + ", which every nova-compute since Train sets: it may belong to " +
			"another service"
	case !s.ComputeRoot(root):
		return false, ""
	}
	hosts := s.waiting(root, unmapped)
	switch {
	case len(hosts) == 0:
		return true, ""
	case !slices.ContainsFunc(hosts, func(host string) bool { return !unmapped.bareMetalOnly(host) }):
		return false, "nova-compute on " + strings.Join(hosts, ", ") + " is up and has no node: this bare-metal node may be on its way to it"
	}
	return false, "nova-compute on " + strings.Join(hosts, ", ") + " is up, but nova shows no compute node of it; map new " +
		"hosts first: " + foreign.Command("nova-manage cell_v2 discover_hosts")
}

// NamesakeDown names the host of a nova-compute that is not up, has the name of the root, and of which Nova shows no compute node: a host
// that is mapped to no cell may have one all the same. Empty if there is none. Needs Services and Hypervisors.
func (s *Snapshot) NamesakeDown(root openstack.Provider) string {
	for _, service := range s.Services() {
		same := openstack.ShortName(service.Host) == openstack.ShortName(root.Name)
		if same && service.Binary == "nova-compute" && service.State != "up" && len(s.NodesOf(service.Host)) == 0 {
			return service.Host
		}
	}
	return ""
}
