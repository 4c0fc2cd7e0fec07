// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// File is where Kolla-Ansible puts the identity for the container of nova-compute to start with.
const File = "/etc/kolla/nova-compute/compute_id"

// say begins what is said of the host, with the node that it has now.
func (c *compute) say(effect Effect, written string, node *snapshot.Hypervisor) Identity {
	i := Identity{Host: c.Host.Host, Nodename: c.Nodename, ComputeID: c.ComputeID, Effect: effect, Written: written}
	if node != nil {
		i.Node, i.Provider = named(node), c.provider(node.UUID)
	}
	return i
}

func (c *compute) unknown() Identity {
	why := c.Unread
	if why == "" {
		why = "its node name is not known"
	}
	i := c.say(Unknown, "", nil)
	i.Message = fmt.Sprintf("nobody knows what happens to %s: %s", c.Host.Host, why)
	i.Remedy = "Make it readable, then run this again"
	return i
}

func (c *compute) stops(namesakes []snapshot.Hypervisor) Identity {
	uuids := make([]string, len(namesakes))
	for i, n := range namesakes {
		uuids[i] = n.UUID
	}
	i := c.say(Stop, "", c.node())
	i.Message = fmt.Sprintf("Kolla-Ansible stops at %s: %d hypervisors are named %s (%s)", c.Host.Host, len(namesakes), c.Nodename, strings.Join(uuids, ", "))
	i.Remedy = "Find out which one is in use (openstack hypervisor show UUID), and delete the compute service of the other one"
	return i
}

// named is for a host of which Nova has a node of the same name: its UUID is written.
func (c *compute) named(n snapshot.Hypervisor) Identity {
	own := c.only(func(o *snapshot.Hypervisor) bool { return c.ComputeID != "" && o.UUID == c.ComputeID })
	i := c.say(Keep, n.UUID, &n)
	i.Safe = true
	switch {
	case c.ComputeID == n.UUID:
		i.Message = fmt.Sprintf("%s keeps its identity %s", c.Host.Host, n.UUID)
	case own != nil:
		i = c.say(Replace, n.UUID, own)
		i.Message = fmt.Sprintf("%s is hypervisor %s (%s), but bears the name of hypervisor %s: it would get that one's identity %s",
			c.Host.Host, own.Name, own.UUID, n.Name, n.UUID)
		i.Remedy = "Find out which of the two is in use, and delete the compute service of the other one before the upgrade"
	case c.ComputeID == "":
		i.Effect, i.Message = Write, fmt.Sprintf("%s gets the identity %s of its hypervisor %s written down", c.Host.Host, n.UUID, n.Name)
	default:
		i.Effect = Write
		i.Message = fmt.Sprintf("%s has the identity %s, which Nova does not know, and gets %s of its hypervisor %s", c.Host.Host, c.ComputeID, n.UUID, n.Name)
	}
	return i
}

// unnamed is for a host as whose name Nova has no node: an identity is made of that name.
func (c *compute) unnamed() Identity {
	made, node := Made(c.Nodename), c.node()
	switch {
	case c.ComputeID == made, node != nil && node.UUID == made:
		i := c.say(Keep, made, node)
		i.Safe, i.Message = true, fmt.Sprintf("%s keeps its identity %s, which Kolla-Ansible made of its name", c.Host.Host, made)
		return i
	case node != nil:
		return c.second(made, node)
	}
	return c.first(made)
}

func (c *compute) second(made string, node *snapshot.Hypervisor) Identity {
	i := c.say(Second, made, node)
	i.Message = fmt.Sprintf("%s names itself %s, but its hypervisor is %s (%s): Kolla-Ansible would give it the new identity %s. "+
		"nova-compute then refuses to start (Duplicate compute node record found), or makes a second compute node and a second resource provider%s",
		c.Host.Host, c.Nodename, node.Name, node.UUID, made, c.adopts(made))
	i.Remedy = fmt.Sprintf("Before the upgrade, make the names equal, or use a Kolla-Ansible without this step for this host. Otherwise write %s into %s "+
		"after the upgrade, before nova-compute registers, restart its container, and do so again after each deploy, reconfigure and upgrade", node.UUID, File)
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
		i.Remedy = "See what it holds (openstack resource provider show --allocations " + made + "), clear that and delete it"
	case rival != nil:
		i.Provider = rival
		i.Message = fmt.Sprintf("%s is new to Nova and would get the identity %s, but the name belongs to resource provider %s: "+
			"nova-compute could never register (Conflicting resource provider name)", c.Host.Host, made, rival.UUID)
		i.Remedy = "See what it holds (openstack resource provider show --allocations " + rival.UUID + "), clear that and delete it"
	case c.ComputeID != "":
		i.Message = fmt.Sprintf("%s has the identity %s, which Nova does not know, and would get %s", c.Host.Host, c.ComputeID, made)
		i.Remedy = "Find out whether its compute service was deleted while it still ran; the host then has to register anew"
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
