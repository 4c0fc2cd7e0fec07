// SPDX-License-Identifier: Apache-2.0

package allocationdrift

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func (c comparison) report(p *check.Pass, drift []difference) {
	var words []string
	var classes []map[string]any
	for _, d := range drift {
		words = append(words, fmt.Sprintf("%s %d instead of %d", d.class, d.held, d.expected))
		classes = append(classes, map[string]any{
			"class": d.class, "expected": d.expected, "held": d.held, "difference": d.held - d.expected,
		})
	}
	evidence := check.ServerEvidence(map[string]any{
		"flavor": c.server.Flavor.Name, "expected": c.expected.Amounts, "held": c.total, "classes": classes,
		"consumer_generation": check.Generation(c.held), "allocations": check.HeldEvidence(p.Snapshot, c.held),
		"from_volume": c.server.FromVolume,
	}, c.server)
	message := fmt.Sprintf("server %s (%s) of flavor %s holds %s",
		c.server.Name, c.server.UUID, c.server.Flavor.Name, strings.Join(words, ", "))
	if resize, ok := lastResize(p.Snapshot, c.server.UUID); ok {
		evidence["last_resize"] = map[string]any{"uuid": resize.UUID, "status": resize.Status, "updated": resize.Updated}
		message += fmt.Sprintf("; its last resize (%s) ended as %s", resize.UUID, resize.Status)
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: c.server.UUID, Name: c.server.Name}, Message: message, Evidence: evidence,
		Remedy:  p.Afterwards(c.server, c.remedyOf(p.Snapshot)),
		Stamp:   check.Still(c.server, c.held) + fmt.Sprint(c.expected.Amounts),
		Because: append(p.Before(c.server), check.Fingerprint("PLC104", check.OfServer, c.server.UUID)),
	})
}

// lastResize is the server's newest resize, which has ended: nothing is reported of a server in a move. One that failed, or
// whose revert did, leaves the amounts of the other flavor.
func lastResize(s *snapshot.Snapshot, server string) (openstack.Migration, bool) {
	var last openstack.Migration
	for _, m := range s.MigrationsOf(server) {
		if m.Type == "resize" && (last.UUID == "" || m.Created.After(last.Created)) {
			last = m
		}
	}
	return last, last.UUID != ""
}

// remedyOf puts first what is another finding's: a server that holds nothing of its own host is moved there with what it holds, or
// gets back what its migration has.
func (c comparison) remedyOf(s *snapshot.Snapshot) check.Remedy {
	node, known := s.NodeOf(c.server)
	shares := check.SharesOf(s, c.server.UUID, node.UUID)
	if known && len(shares.Own) == 0 && len(shares.Elsewhere) > 0 {
		return check.Remedy{Text: fmt.Sprintf("First put the allocation of server %s on its own host (PLC104). Then audit again: its amounts may "+
			"be correct", check.Named(c.server.Name, c.server.UUID))}
	}
	return c.remedy(s)
}

func (c comparison) remedy(s *snapshot.Snapshot) check.Remedy {
	if c.healable(s) {
		return check.Remedy{
			Text: fmt.Sprintf("Rewrite the allocation of server %s from its flavor. The server holds resources only on its own host, so nothing "+
				"else is lost", check.Named(c.server.Name, c.server.UUID)),
			Command: foreign.Command("nova-manage placement heal_allocations --force --instance %s", c.server.UUID),
		}
	}
	why := check.Unhealable(s, c.server)
	if why == "" {
		why = "heal_allocations --force would put everything on the provider of its host and drop the rest"
	}
	return check.Anew(s, c.server, why)
}

// healable reports whether what heal_allocations --force writes is whole: all that the flavor asks for on the compute node's
// own provider, and nothing else.
func (c comparison) healable(s *snapshot.Snapshot) bool {
	node, ok := s.NodeOf(c.server)
	if !ok || check.Unhealable(s, c.server) != "" || len(c.held) != 1 || c.held[0].ProviderUUID != node.UUID || len(c.expected.Unknown) > 0 {
		return false
	}
	for class := range c.total {
		if _, asked := c.expected.Amounts[class]; !asked && class != "DISK_GB" {
			return false
		}
	}
	return true
}
