// SPDX-License-Identifier: Apache-2.0

// Package orphanedallocation finds allocations whose consumer no longer exists (PLC101).
package orphanedallocation

import (
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC101.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC101", Name: "orphaned-allocation", Severity: check.High, Subject: check.OfConsumer, Healable: true,
		Title: "A consumer that is neither a server nor a migration holds resources of a compute provider.",
		Doc: check.Doc{
			Meaning: "The provider looks fuller than it is: the scheduler may pass over it. It cannot " +
				"be deleted while the allocation exists.",
			Causes: "A server deleted while its nova-compute was down, a failed unshelve or resize, a build that died " +
				"after the scheduler's claim, before it reached a cell, a database restored from a backup older than the server. A server deleted " +
				"during a move: the allocation of its migration stays, and Nova no longer shows that migration.",
			ByHand: "openstack resource provider show --allocations PROVIDER\n" +
				"openstack server show CONSUMER        # No server with a name or ID of ...\n" +
				"nova-manage placement audit --verbose",
			Remedy: "Make sure that no other service owns the consumer (Zun and Blazar write to the same providers), " +
				"then remove its allocations with a request that carries its generation:\n" +
				"openstack --os-placement-api-version 1.28 resource provider allocation unset CONSUMER\n" +
				"If the inventory of a class that it holds is gone, Placement refuses to empty the consumer. Delete its allocations instead. This request carries no generation:\n" +
				"openstack resource provider allocation delete CONSUMER",
			Never: "Consumers that the options owned and others of the audit assign to another service; consumers on many roots " +
				"that Nova does not know (PLC506); consumers of a known type other than INSTANCE and MIGRATION; consumers that " +
				"hold nothing on a compute root and, below one, no VCPU, PCPU or MEMORY_MB and no device that is known to be Nova's: they may hold sharing providers, bandwidth of Neutron, accelerators of Cyborg or reservations; allocations of " +
				"servers deleted within the last few minutes, which nova-compute's next periodic task may still remove; anything " +
				"at all while a cell does not answer.",
		},
		Needs:  snapshot.ForComputeRoots(snapshot.Allocations, snapshot.Servers, snapshot.Migrations),
		Wants:  snapshot.ForStrange(),
		Partly: true,
		Run:    run,
	}
}

func run(p *check.Pass) {
	for _, consumer := range p.Snapshot.Consumers() {
		if known(p.Snapshot, consumer) {
			continue
		}
		if reason := notNovas(p.Snapshot, consumer); reason != "" {
			p.NotJudged(consumer, reason)
			continue
		}
		report(p, consumer)
	}
}

func known(s *snapshot.Snapshot, consumer string) bool {
	_, server := s.Server(consumer)
	_, migration := s.Migration(consumer)
	return server || migration
}

// notNovas says why a consumer may belong to a service other than Nova, or to Nova and be in order; empty if neither.
func notNovas(s *snapshot.Snapshot, consumer string) string {
	switch kind := s.ConsumerType(consumer); kind {
	case "", "unknown", "INSTANCE", "MIGRATION":
	default:
		return fmt.Sprintf("its consumer type is %s: it belongs to another service", kind)
	}
	if s.DeletedLately(consumer) {
		return "its server was deleted a few minutes ago at most: nova-compute may still take back what it holds"
	}
	hosted := func(a openstack.Allocation) bool { return hosting(s, a) }
	if !slices.ContainsFunc(s.Held(consumer), hosted) {
		return "it holds nothing that only a compute service gives: it may belong to another service"
	}
	return ""
}

// hosting reports whether an allocation is of a kind that Nova makes for a server: of a compute node's own provider, or
// below it of a hosting class (NUMA nodes) or of a device of Nova's.
func hosting(s *snapshot.Snapshot, a openstack.Allocation) bool {
	compute, ok := s.ComputeOf(a.ProviderUUID)
	if !ok || compute.UUID == a.ProviderUUID {
		return ok
	}
	for _, class := range snapshot.Hosting() {
		if a.Resources[class] > 0 {
			return true
		}
	}
	return novasDevice(s, compute, a)
}

func report(p *check.Pass, consumer string) {
	held := p.Snapshot.Held(consumer)
	owner, _ := p.Snapshot.OwnerOf(consumer)
	evidence := map[string]any{
		"consumer_generation": check.Generation(held),
		"consumer_type":       p.Snapshot.ConsumerType(consumer),
		"project_id":          owner.ProjectID,
		"user_id":             owner.UserID,
		"allocations":         check.HeldEvidence(p.Snapshot, held),
	}
	advice := remedy(p.Snapshot, consumer, held)
	if n := unproven(p, held); n > 0 {
		evidence["unproven_roots"], advice = n, whose(consumer, n)
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: consumer},
		Message: fmt.Sprintf("consumer %s holds %s, but is neither a server nor a migration",
			consumer, check.Holdings(p.Snapshot, held)),
		Evidence: evidence,
		Remedy:   advice,
		Stamp:    fmt.Sprint(check.Generation(held)),
	})
}

// remedy empties the consumer. Placement does not empty one that holds something of which there is no inventory any more; to
// delete what it holds takes no generation.
func remedy(s *snapshot.Snapshot, consumer string, held []openstack.Allocation) check.Remedy {
	for _, a := range held {
		offered := s.Capacity(a.ProviderUUID)
		for class := range a.Resources {
			if _, there := offered[class]; !there {
				return check.Remedy{
					Text:    "Make sure that no other service owns consumer " + consumer + ", then delete what it holds: Placement refuses to empty a consumer of " + class + " whose inventory is gone",
					Command: foreign.Command("openstack resource provider allocation delete %s", consumer),
				}
			}
		}
	}
	return check.Remedy{
		Text:    "Make sure that no other service owns consumer " + consumer + ", then empty it",
		Command: check.Unset(consumer),
	}
}

// unproven counts the roots of which nothing shows that they are this Nova's, if all that a consumer holds is on such.
func unproven(p *check.Pass, held []openstack.Allocation) int {
	n := 0
	for _, a := range held {
		if n = p.Unproven(a.ProviderUUID); n == 0 {
			return 0
		}
	}
	return n
}

func whose(consumer string, n int) check.Remedy {
	return check.Remedy{
		Text: fmt.Sprintf("Find out whose consumer %s is, by its project and user. Keep it until then: it holds nothing of a compute node. "+
			"%d roots have no compute node, and nothing in Nova identifies them as its former hosts. Name what belongs to this Nova "+
			"in the option owned of placement_audit, and audit again", consumer, n),
		Command: foreign.Command("openstack --os-placement-api-version 1.12 resource provider allocation show %s", consumer),
	}
}
