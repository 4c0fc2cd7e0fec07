// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// wished makes the providers as they would be.
func (t *task) wished() (after []candidates.Provider, wished bool, err error) {
	after = t.providers
	var faults []error
	for i, w := range t.o.WhatIf {
		wish := capacity.Wish{Provider: w.Provider, Class: w.Class, Total: w.Total, Reserved: w.Reserved, Ratio: w.AllocationRatio}
		changed := 0
		if after, changed = wish.Apply(after); changed == 0 {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("what_if[%d]", i), Value: strings.TrimSpace(w.Provider + " " + w.Class), Reason: "must name an inventory that exists",
			})
		}
		if name, why := wish.Refused(after); why != "" && (w.Total != nil || w.Reserved != nil) {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("what_if[%d]", i), Value: foreign.Line(name) + ": " + why + " " + w.Class, Reason: "must not reserve more than the total",
			})
		}
	}
	if m := t.o.MoreHosts; m != nil {
		var found bool
		if after, found = capacity.More(after, m.Like, m.Count); !found {
			faults = append(faults, &ansible.OptionError{Option: "more_hosts.like", Value: m.Like, Reason: "must be the name or UUID of a root provider"})
		}
	}
	gone, err := t.gone()
	after = capacity.Without(after, gone)
	return after, len(t.o.WhatIf)+len(gone) > 0 || t.o.MoreHosts != nil, several.Join(append(faults, err)...)
}

// gone are the roots of the hosts that are assumed to be gone.
func (t *task) gone() (map[string]bool, error) {
	out := map[string]bool{}
	var faults []error
	for i, name := range t.o.WithoutHosts {
		roots := t.rootsOf(name)
		if len(roots) == 0 {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("without_hosts[%d]", i), Value: name, Reason: "must be the name of a service host, or the name or UUID of a root provider",
			})
		}
		for _, root := range roots {
			out[root] = true
		}
	}
	return out, several.Join(faults...)
}

// rootsOf lists the root providers of a host: one, or with bare metal several.
func (t *task) rootsOf(host string) []string {
	var out []string
	for i := range t.providers {
		p := &t.providers[i]
		if p.IsRoot() && (p.Name == host || openstack.SameUUID(p.UUID, host) || t.serves(host, p.UUID)) {
			out = append(out, p.UUID)
		}
	}
	return out
}

// serves reports whether a compute node is of a service host, as far as Nova's compute nodes were read.
func (t *task) serves(host, node string) bool {
	if !t.s.Has(snapshot.Hypervisors) {
		return false
	}
	h, is := t.s.Hypervisor(node)
	return is && openstack.SameHost(h.ServiceHost, host)
}
