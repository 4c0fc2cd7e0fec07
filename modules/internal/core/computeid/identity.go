// SPDX-License-Identifier: Apache-2.0

// Package computeid tells what Kolla-Ansible does to the identity of a compute node: pure functions.
//
// Since Nova 27 (2023.1) a nova-compute keeps the UUID of its compute node, which is that of its resource provider, in the
// file compute_id. Kolla-Ansible writes that file since 20.5.0, 21.2.0 and 22.1.0, on every deploy, upgrade and
// reconfigure (roles/nova-cell/tasks/config.yml): the UUID of the hypervisor that is named as the host names itself
// (uname -n), and if there is none, one that it makes of that name. A hypervisor is named by libvirt, often with a domain.
// Where the two differ, a good identity is replaced.
package computeid

import (
	"strings"

	"github.com/gofrs/uuid/v5"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Host is what was read on a compute host.
type Host struct {
	Host      string `json:"host"`
	Nodename  string `json:"nodename"`
	ComputeID string `json:"compute_id"` // empty if there is no such file
	Unread    string `json:"unread"`     // why it could not be read; empty if it was
}

// Effect is what the step does to a host.
type Effect string

// The effects.
const (
	Keep    Effect = "keep"    // the identity stays as it is
	Write   Effect = "write"   // the right one is written where there is none, or one that Nova does not know
	Create  Effect = "create"  // a host that Nova does not know gets its first one
	Replace Effect = "replace" // another node's takes the place of its own
	Second  Effect = "second"  // a made-up one takes the place of its own: a second compute node, or none that starts
	Shared  Effect = "shared"  // another host would get the same
	Stop    Effect = "stop"    // Kolla-Ansible ends there
	Unknown Effect = "unknown" // what happens is unknown
)

// Named is a compute node or a resource provider.
type Named struct {
	UUID        string `json:"uuid"`
	Name        string `json:"name"`
	ServiceHost string `json:"service_host,omitempty"`
}

// Identity is what is said of one host.
type Identity struct {
	Host      string `json:"host"`
	Nodename  string `json:"nodename"`
	ComputeID string `json:"compute_id"`
	// Node is the compute node that the host has now, Provider the resource provider of that UUID, nil if there is none.
	Node     *Named `json:"node,omitempty"`
	Provider *Named `json:"provider,omitempty"`
	// Written is the UUID that the step writes; empty if it writes none.
	Written string `json:"written,omitempty"`
	Effect  Effect `json:"effect"`
	Safe    bool   `json:"safe"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
}

// Made returns the UUID that Kolla-Ansible makes of a name: Ansible's filter to_uuid with its namespace.
func Made(nodename string) string {
	namespace := uuid.FromStringOrNil("361e6d51-faec-444a-9079-341386da8e2e")
	return uuid.NewV5(namespace, nodename).String()
}

// Judge tells for each host what the step does to it, in the order of the hosts. It needs all compute nodes and resource
// providers; unread says why they are not all there, and nothing is known then.
func Judge(hosts []Host, nodes []openstack.Hypervisor, providers []openstack.Provider, unread string) []Identity {
	out := make([]Identity, 0, len(hosts))
	for _, h := range hosts {
		h.clean()
		if h.Unread == "" {
			h.Unread = unread
		}
		c := &compute{Host: h, nodes: nodes, providers: providers}
		out = append(out, c.judge())
	}
	share(out)
	return out
}

// longest is how much is kept of what a host says, in characters.
const longest = 200

// clean puts what was read on the host on one line. A name that can't be written as it is makes another identity.
func (h *Host) clean() {
	h.Host, h.Nodename, h.Unread = foreign.Short(h.Host, longest), foreign.Short(h.Nodename, longest), foreign.Short(h.Unread, longest)
	h.ComputeID = strings.ToLower(foreign.Short(h.ComputeID, longest))
	if foreign.Altered(h.Nodename) && h.Unread == "" {
		h.Unread = "its node name has characters that can't be shown"
	}
}

// compute is one host beside all that there is.
type compute struct {
	Host
	nodes     []openstack.Hypervisor
	providers []openstack.Provider
}

func (c *compute) judge() Identity {
	if c.Unread != "" || c.Nodename == "" {
		return c.unknown()
	}
	namesakes := c.namesakes()
	switch len(namesakes) {
	case 0:
		return c.unnamed()
	case 1:
		return c.named(namesakes[0])
	}
	return c.stops(namesakes)
}

// namesakes lists the nodes that Kolla-Ansible takes for the host: those named exactly as it names itself.
func (c *compute) namesakes() []openstack.Hypervisor {
	var found []openstack.Hypervisor
	for _, n := range c.nodes {
		if n.Name == c.Nodename {
			found = append(found, n)
		}
	}
	return found
}

// node returns the compute node that the host has now: that of its identity, else the only one of its service host, by the
// name that the host gives itself or the one that others call it, if need be without the domain. Several that it may be are
// returned apart. Bare-metal nodes are not a host's.
func (c *compute) node() (found *openstack.Hypervisor, several []*openstack.Hypervisor) {
	same := []func(n *openstack.Hypervisor) bool{
		func(n *openstack.Hypervisor) bool { return c.ComputeID != "" && n.UUID == c.ComputeID },
		func(n *openstack.Hypervisor) bool { return strings.EqualFold(n.ServiceHost, c.Nodename) },
		func(n *openstack.Hypervisor) bool {
			return openstack.ShortName(n.ServiceHost) == openstack.ShortName(c.Nodename)
		},
		func(n *openstack.Hypervisor) bool {
			return openstack.ShortName(n.ServiceHost) == openstack.ShortName(c.Host.Host)
		},
	}
	for _, is := range same {
		switch all := c.those(is); len(all) {
		case 0:
		case 1:
			return all[0], nil
		default:
			return nil, all
		}
	}
	return nil, nil
}

func (c *compute) those(are func(*openstack.Hypervisor) bool) []*openstack.Hypervisor {
	var found []*openstack.Hypervisor
	for i := range c.nodes {
		if n := &c.nodes[i]; !n.ManyNodes() && are(n) {
			found = append(found, n)
		}
	}
	return found
}

// own returns the node whose UUID the host has written down; nil if Nova does not know it.
func (c *compute) own() *openstack.Hypervisor {
	return c.of(c.ComputeID)
}

// of returns the node of that UUID.
func (c *compute) of(uuid string) *openstack.Hypervisor {
	for i := range c.nodes {
		if uuid != "" && c.nodes[i].UUID == uuid {
			return &c.nodes[i]
		}
	}
	return nil
}

// fits reports whether a service host may be this host.
func (c *compute) fits(service string) bool {
	return openstack.ShortName(service) == openstack.ShortName(c.Nodename) || openstack.ShortName(service) == openstack.ShortName(c.Host.Host)
}

// provider returns the resource provider of that UUID.
func (c *compute) provider(uuid string) *Named {
	for i := range c.providers {
		if p := &c.providers[i]; p.UUID == uuid {
			return &Named{UUID: p.UUID, Name: p.Name}
		}
	}
	return nil
}

// rival returns another root that has the name.
func (c *compute) rival(name, uuid string) *Named {
	for i := range c.providers {
		if p := &c.providers[i]; p.IsRoot() && p.UUID != uuid && strings.EqualFold(p.Name, name) {
			return &Named{UUID: p.UUID, Name: p.Name}
		}
	}
	return nil
}

func named(n *openstack.Hypervisor) *Named {
	return &Named{UUID: n.UUID, Name: n.Name, ServiceHost: n.ServiceHost}
}
