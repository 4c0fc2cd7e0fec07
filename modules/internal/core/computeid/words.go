// SPDX-License-Identifier: Apache-2.0

package computeid

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// File is where Kolla-Ansible puts the identity for the container of nova-compute to start with.
const File = "/etc/kolla/nova-compute/compute_id"

// say begins what is said of the host, with the node that it has now.
func (c *compute) say(effect Effect, written string, node *openstack.Hypervisor) Identity {
	i := Identity{Host: c.Host.Host, Nodename: c.Nodename, ComputeID: c.ComputeID, Effect: effect, Written: written}
	if node != nil {
		i.Node, i.Provider = named(node), c.provider(node.UUID)
	}
	return i
}

func (c *compute) unknown() Identity {
	why := c.Unread
	if why == "" {
		why = "the name that it gives itself (uname -n) was not read"
	}
	i := c.say(Unknown, "", nil)
	i.Message = fmt.Sprintf("it is unknown what happens to %s: %s", c.Host.Host, why)
	i.Remedy = "Make the host readable, then run this again"
	return i
}

func (c *compute) stops(namesakes []openstack.Hypervisor) Identity {
	uuids := make([]string, len(namesakes))
	for i, n := range namesakes {
		uuids[i] = n.UUID
	}
	i := c.say(Stop, "", c.own())
	i.Message = fmt.Sprintf("Kolla-Ansible stops at %s: %d hypervisors are named %s (%s)", c.Host.Host, len(namesakes), c.Nodename, strings.Join(uuids, ", "))
	i.Remedy = "Find out which of these hypervisors is in use (" + foreign.Command("openstack hypervisor show UUID") + "), and delete the compute service of the other one"
	return i
}

// named is for a host of which Nova has a node of the same name: its UUID is written.
func (c *compute) named(n openstack.Hypervisor) Identity {
	own := c.own()
	switch {
	case c.ComputeID == n.UUID:
		return c.safe(Keep, &n, fmt.Sprintf("%s keeps its identity %s", c.Host.Host, n.UUID))
	case own != nil:
		return c.replaced(n, own, fmt.Sprintf("%s is hypervisor %s (%s)", c.Host.Host, own.Name, own.UUID))
	case !c.fits(n.ServiceHost):
		return c.replaced(n, nil, fmt.Sprintf("%s is not the service host %s", c.Host.Host, n.ServiceHost))
	case c.ComputeID == "":
		return c.safe(Write, &n, fmt.Sprintf("%s gets a file compute_id with the identity %s of its hypervisor %s", c.Host.Host, n.UUID, n.Name))
	}
	return c.safe(Write, &n, fmt.Sprintf("%s has the identity %s, which Nova does not know, and gets %s of its hypervisor %s",
		c.Host.Host, c.ComputeID, n.UUID, n.Name))
}

// safe is for a host that has the right identity afterwards.
func (c *compute) safe(effect Effect, n *openstack.Hypervisor, message string) Identity {
	i := c.say(effect, n.UUID, n)
	i.Safe, i.Message = true, message
	return i
}

func (c *compute) replaced(n openstack.Hypervisor, own *openstack.Hypervisor, who string) Identity {
	i := c.say(Replace, n.UUID, own)
	i.Message = fmt.Sprintf("%s, but has the name of hypervisor %s (service host %s): it would get that one's identity %s", who, n.Name, n.ServiceHost, n.UUID)
	i.Remedy = "Find out which of the two is in use, and delete the compute service of the other one before the upgrade"
	return i
}

// unnamed is for a host as whose name Nova has no node: an identity is made of that name.
func (c *compute) unnamed() Identity {
	made := Made(c.Nodename)
	if n := c.of(made); n != nil {
		return c.safe(Keep, n, fmt.Sprintf("%s keeps its identity %s, which Kolla-Ansible made of its name", c.Host.Host, made))
	}
	node, several := c.node()
	switch {
	case len(several) > 0:
		return c.ambiguous(several)
	case node != nil:
		return c.second(made, node)
	}
	return c.first(made)
}

func (c *compute) ambiguous(several []*openstack.Hypervisor) Identity {
	names := make([]string, len(several))
	for i, n := range several {
		names[i] = n.Name + " (" + n.UUID + ")"
	}
	c.Unread = "each of these hypervisors may be its own: " + strings.Join(names, ", ")
	i := c.unknown()
	i.Remedy = "Find out which of them it is, and write its UUID into the file compute_id of the host, where nova-compute keeps it"
	return i
}

func (c *compute) second(made string, node *openstack.Hypervisor) Identity {
	i := c.say(Second, made, node)
	gets := "Kolla-Ansible would give it the new identity " + made
	if c.ComputeID == made {
		gets = "Kolla-Ansible has given it the new identity " + made + " already"
	}
	i.Message = fmt.Sprintf("%s names itself %s, but its hypervisor is %s (%s): %s. "+
		"nova-compute then refuses to start (Duplicate compute node record found), or makes a second compute node and a second resource provider%s",
		c.Host.Host, c.Nodename, node.Name, node.UUID, gets, c.adopts(made))
	i.Remedy = fmt.Sprintf("Before the upgrade, make the names equal, or use a Kolla-Ansible without this step for this host (it came with 20.5.0, 21.2.0 and 22.1.0). "+
		"Otherwise write %s into %s after the upgrade, before nova-compute registers, and restart its container. Repeat that after each deploy, "+
		"reconfigure and upgrade", node.UUID, File)
	return i
}

// first is for a host of which Nova has no node at all.
func (c *compute) first(made string) Identity {
	i := c.say(Create, made, nil)
	i.Provider = c.provider(made)
	rival := c.rival(c.Nodename, made)
	switch {
	case i.Provider != nil:
		i.Message = fmt.Sprintf("%s is new to Nova and would get the identity %s%s", c.Host.Host, made, c.adopts(made))
		i.Remedy = "See what is held on that resource provider (" + foreign.Command("openstack resource provider show --allocations %s", made) + "), clear it, and delete the provider"
	case rival != nil:
		i.Provider = rival
		i.Message = fmt.Sprintf("%s is new to Nova and would get the identity %s, but the name belongs to resource provider %s: "+
			"nova-compute could never register (Conflicting resource provider name)", c.Host.Host, made, rival.UUID)
		i.Remedy = "See what is held on that resource provider (" + foreign.Command("openstack resource provider show --allocations %s", rival.UUID) + "), clear it, and delete the provider"
	case c.ComputeID != "" && c.ComputeID != made:
		i.Message = fmt.Sprintf("%s has the identity %s, which Nova does not know, and would get %s", c.Host.Host, c.ComputeID, made)
		i.Remedy = "Find out whether its compute service was deleted while nova-compute still ran. If so, let the host register as a new one"
	default:
		i.Safe, i.Message = true, fmt.Sprintf("%s is new to Nova and gets the identity %s", c.Host.Host, made)
	}
	return i
}

// adopts warns of a provider that is there already under an identity that is made.
func (c *compute) adopts(made string) string {
	left := c.provider(made)
	if left == nil {
		return ""
	}
	return fmt.Sprintf(", and takes over the resource provider %s (%s) that is left there, with what it holds", left.UUID, left.Name)
}

// share marks the hosts that would get one identity.
func share(all []Identity) {
	hosts := map[string][]string{}
	for _, i := range all {
		if i.Written != "" {
			hosts[i.Written] = append(hosts[i.Written], i.Host)
		}
	}
	for k := range all {
		i := &all[k]
		if same := hosts[i.Written]; len(same) > 1 {
			i.Effect, i.Safe = Shared, false
			i.Message = fmt.Sprintf("%s all get the identity %s, since all of them name themselves %s: nova-computes can't share an identity",
				strings.Join(same, ", "), i.Written, i.Nodename)
			i.Remedy = "Give each host a name of its own (hostnamectl), or find out why the inventory has one host twice"
		}
	}
}
