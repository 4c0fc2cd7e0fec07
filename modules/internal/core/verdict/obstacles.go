// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// obstacle is what stands in the way of a removal, or of calling it done.
type obstacle struct {
	what, text, todo string
	command          string
	host             *string // where the command runs, as in Reason
}

func (o obstacle) reason() Reason {
	return Reason{
		Severity: check.High, What: o.what, Text: o.text, Todo: strings.ToUpper(o.todo[:1]) + o.todo[1:], Command: o.command, Host: o.host,
	}
}

// obstacles returns all that stands in the way, the first of which is the one to tell.
func (r *Removal) obstacles() []obstacle {
	var all []obstacle
	steps := []func() []obstacle{r.held, r.inhabited, r.moved, r.unseen, r.contradicted, r.unnamed, r.unserved}
	if r.Removed {
		steps = []func() []obstacle{r.serviceLeft, r.nodesLeft, r.inhabited, r.moved, r.providersLeft, r.contradicted}
	}
	for _, step := range steps {
		all = append(all, step()...)
	}
	return all
}

// yet begins what stands in the way of a removal.
func (r *Removal) yet() string {
	if r.Removed {
		return r.Host + " is not removed as a whole: "
	}
	return r.Host + " can't be removed yet: "
}

// held is that somebody holds the host who is not known to be a leftover.
func (r *Removal) held() []obstacle {
	n := consumers(slices.DeleteFunc(r.holders(), r.leftOver))
	if n == 0 {
		return nil
	}
	return []obstacle{{
		what: "resource provider", text: r.yet() + r.words() + " " + isOrAre(len(r.providers())) + " held by " + number(n, "consumer"),
		todo: "migrate or delete what holds it",
	}}
}

// inhabited is that Nova has servers on the host. Before the removal those that hold it are told by that.
func (r *Removal) inhabited() []obstacle {
	n, there := len(r.silent()), "without an allocation there"
	if r.Removed {
		n, there = len(r.Nova.On.Servers), "in Nova"
	}
	if n == 0 {
		return nil
	}
	o := obstacle{what: "server", text: r.yet() + counted(n, "server") + " on it " + there, todo: "migrate or delete " + itOrThem(n)}
	if r.Removed {
		o.todo = "evacuate or delete " + itOrThem(n)
	}
	return []obstacle{o}
}

// silent are the servers on the host that hold nothing of its providers.
func (r *Removal) silent() []openstack.Resident {
	return slices.DeleteFunc(slices.Clone(r.Nova.On.Servers), func(s openstack.Resident) bool {
		return slices.ContainsFunc(r.holders(), func(h Holding) bool { return h.ConsumerUUID == s.UUID })
	})
}

func (r *Removal) moved() []obstacle {
	n := len(r.Nova.On.Moves)
	if n == 0 {
		return nil
	}
	return []obstacle{{
		what: "migration", text: r.yet() + number(n, "move") + " from or to it " + isOrAre(n) + " in progress",
		todo: "wait until " + itOrThem(n) + " ended, or confirm, revert or abort " + itOrThem(n),
	}}
}

// unseen is that more is in use than the allocations show. It is told where nobody is in the way who can be seen.
func (r *Removal) unseen() []obstacle {
	if len(r.held()) > 0 || !slices.ContainsFunc(r.Trees, Held.unseen) {
		return nil
	}
	return []obstacle{{
		what: "resource provider", text: r.yet() + r.words() + " " + isOrAre(len(r.providers())) + " in use by allocations that can't be seen",
		todo: "see PLC109 of the audit",
	}}
}

// contradicted is that two answers exclude each other.
func (r *Removal) contradicted() []obstacle {
	var all []obstacle
	seen, anyAPI := map[string]bool{}, ""
	add := func(server, contradiction string) {
		if contradiction == "" || seen[server] {
			return
		}
		seen[server] = true
		all = append(all, obstacle{
			what: "server", text: r.yet() + contradiction, todo: "find out which answer of Nova is right",
			command: foreign.Command("nova-manage cell_v2 verify_instance --uuid %s", server), host: &anyAPI,
		})
	}
	for _, s := range r.Nova.On.Servers {
		add(s.UUID, s.Contradiction)
	}
	for _, h := range r.Nova.Holders {
		add(h.UUID, h.Contradiction)
	}
	return all
}

func (r *Removal) unnamed() []obstacle {
	if len(r.providers()) > 0 {
		return nil
	}
	return []obstacle{{
		what: "resource provider", text: "no resource provider is named " + r.wanted(), todo: "give its name or UUID as decommission_check_provider",
	}}
}

// unserved is that Nova knows no compute of that name: then it was asked about another host, or about one that is gone.
func (r *Removal) unserved() []obstacle {
	if _, there := r.Nova.service(r.Host); there || r.unread() != "" {
		return nil
	}
	return []obstacle{{
		what: "compute service", text: "Nova has no compute service on " + r.Host,
		todo: "give its service host as decommission_check_host, or decommission_check_phase=after if its service is deleted",
	}}
}

func (r *Removal) serviceLeft() []obstacle {
	s, there := r.Nova.service(r.Host)
	if !there {
		return nil
	}
	o := obstacle{
		what: "compute service", text: fmt.Sprintf("the compute service of %s is left (%s, %s)", r.Host, s.State, s.Status), todo: "delete it",
		command: foreign.Command("openstack compute service delete %s", s.UUID),
	}
	if s.State == "up" {
		o.text, o.todo = "nova-compute on "+r.Host+" still reports", "stop it, then delete its compute service"
	}
	return []obstacle{o}
}

// nodesLeft are compute nodes of the host, unless they go with its service.
func (r *Removal) nodesLeft() []obstacle {
	var all []obstacle
	_, served := r.Nova.service(r.Host)
	for _, n := range r.Nova.On.Nodes {
		if served && openstack.SameHost(n.ServiceHost, r.Host) {
			continue
		}
		all = append(all, obstacle{
			what: "compute node", text: fmt.Sprintf("Nova still has compute node %s (%s) on service host %s", n.Name, n.UUID, n.ServiceHost),
			todo: "if that is the removed host, stop its nova-compute and delete its compute service",
		})
	}
	return all
}

func (r *Removal) providersLeft() []obstacle {
	n := len(r.providers())
	if n == 0 {
		return nil
	}
	o := obstacle{what: "resource provider", text: r.words() + " " + isOrAre(n) + " left of " + r.Host, todo: "clear what it holds, then delete it"}
	if _, served := r.Nova.service(r.Host); served {
		o.todo = "delete the compute service first: Nova deletes its resource provider with it"
	}
	return []obstacle{o}
}

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
