// SPDX-License-Identifier: Apache-2.0

// Package unitviolation finds allocations that the inventory they are of would not give any more (PLC110).
package unitviolation

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Check returns PLC110.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC110", Name: "unit-violation", Severity: check.Low, Subject: check.OfConsumer,
		Title: "A consumer holds an amount that its provider's inventory does not allow.",
		Doc: check.Doc{
			Meaning: "Placement checks min_unit, max_unit and step_size only when an allocation is written. The consumer keeps its " +
				"allocation, but the allocation can't be written again on that provider, not even unchanged: a move that keeps anything there, a heal " +
				"and the return of a failed migration end in 409, \"would violate inventory constraints\" or \"Inventory … invalid\".",
			Causes: "max_unit lowered with the total of a host that lost memory or disks; units written by hand; an inventory " +
				"that was removed while allocations of its class existed, as in a repair of the database.",
			ByHand: "openstack resource provider allocation show CONSUMER\n" +
				"openstack resource provider inventory list PROVIDER      # min_unit, max_unit, step_size",
			Remedy: "Make the units fit what is held, or move the consumer to another provider:\n" +
				"openstack resource provider inventory set --amend --resource CLASS:step_size=1 PROVIDER\n" +
				"nova-compute writes the units of its own provider back within about six minutes, with a max_unit as large as the total.",
			Never: "Amounts above what is free: that is PLC301. Inventories without allocations: PLC303 has their faults.",
		},
		Needs:  []snapshot.Part{snapshot.Providers, snapshot.Inventories, snapshot.Allocations},
		Wants:  []snapshot.Part{snapshot.Servers, snapshot.Migrations, snapshot.Hypervisors},
		Partly: true,
		Run:    run,
	}
}

// A violation is an amount that an inventory does not allow. It has no inventory where its provider has none of the class.
type violation struct {
	provider, class string
	amount          int
	inventory       *openstack.Inventory
}

func run(p *check.Pass) {
	for _, consumer := range p.Snapshot.Consumers() {
		held := p.Snapshot.Held(consumer)
		if found := violations(p.Snapshot, held); len(found) > 0 {
			report(p, consumer, held, found)
		}
	}
}

func violations(s *snapshot.Snapshot, held []openstack.Allocation) []violation {
	var found []violation
	for _, a := range held {
		inventories := s.Inventory(a.ProviderUUID)
		for _, class := range slices.Sorted(maps.Keys(a.Resources)) {
			amount := a.Resources[class]
			i, there := inventories[class]
			switch {
			case !there:
				found = append(found, violation{a.ProviderUUID, class, amount, nil})
			case !allows(i, amount):
				found = append(found, violation{a.ProviderUUID, class, amount, &i})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b violation) int { return cmp.Compare(a.provider, b.provider) })
	return found
}

// allows does what Placement does at a write (placement/objects/allocation.py, _check_capacity_exceeded).
func allows(i openstack.Inventory, amount int) bool {
	return i.MinUnit <= amount && amount <= i.MaxUnit && amount%max(i.StepSize, 1) == 0
}

func (v violation) words(s *snapshot.Snapshot) string {
	provider, _ := s.Provider(v.provider)
	where := fmt.Sprintf("%s %d on %s (%s)", v.class, v.amount, provider.Name, v.provider)
	if v.inventory == nil {
		return where + ", which has no inventory of that class"
	}
	return fmt.Sprintf("%s, which grants %d to %d in steps of %d",
		where, v.inventory.MinUnit, v.inventory.MaxUnit, v.inventory.StepSize)
}

func (v violation) evidence(s *snapshot.Snapshot) map[string]any {
	provider, _ := s.Provider(v.provider)
	e := map[string]any{
		"provider_uuid": v.provider, "provider_name": provider.Name, "class": v.class, "amount": v.amount,
		"inventory": v.inventory != nil,
	}
	if i := v.inventory; i != nil {
		e["min_unit"], e["max_unit"], e["step_size"] = i.MinUnit, i.MaxUnit, i.StepSize
	}
	return e
}

func report(p *check.Pass, consumer string, held []openstack.Allocation, found []violation) {
	var words []string
	var evidence []map[string]any
	for _, v := range found {
		words, evidence = append(words, v.words(p.Snapshot)), append(evidence, v.evidence(p.Snapshot))
	}
	server, known := serverOf(p.Snapshot, consumer)
	subject, who := check.Subject{UUID: consumer}, "consumer "+consumer
	if known {
		subject.Name, who = server.Name, fmt.Sprintf("server %s (%s)", server.Name, consumer)
	}
	p.Report(check.Suspect{
		Subject: subject,
		Message: fmt.Sprintf("%s can't be written again: it holds %s", who, strings.Join(words, "; ")),
		Evidence: check.HolderEvidence(map[string]any{
			"consumer_generation": check.Generation(held), "violations": evidence,
		}, p.Snapshot, consumer),
		Remedy:  remedy(p.Snapshot, consumer, found, known && !check.BareMetal(p.Snapshot, server)),
		Stamp:   fmt.Sprint(check.Generation(held)),
		Because: because(consumer, found),
	})
}

// because names the faults that this may follow from: nobody's consumer, or an inventory that is gone as a whole or shrunk.
func because(consumer string, found []violation) []string {
	of := []string{check.Fingerprint("PLC101", check.OfConsumer, consumer), check.Fingerprint("PLC102", check.OfConsumer, consumer)}
	for _, v := range found {
		id := "PLC207"
		if v.inventory != nil {
			id = "PLC301"
		}
		if cause := check.Fingerprint(id, check.OfProvider, v.provider); !slices.Contains(of, cause) {
			of = append(of, cause)
		}
	}
	return of
}
