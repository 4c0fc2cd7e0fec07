// SPDX-License-Identifier: Apache-2.0

// Package flappingprovider finds providers that are written more often than one service has cause to (PLC210).
package flappingprovider

import (
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// fewest is between how many samples a provider must have been written. nova-compute writes up to four times when it starts
// (inventories, traits, aggregates), but at once.
const fewest = 3

// Check returns PLC210.
func Check() *check.Check {
	return &check.Check{
		ID: "PLC210", Name: "flapping-provider", Severity: check.High, Subject: check.OfProvider,
		Title: "A provider's generation grows faster than one writer explains. Only with the option watch.",
		Doc: check.Doc{
			Meaning: "Two services keep overwriting each other on one resource provider. Part of the time the scheduler sees the wrong inventory, " +
				"and each write makes the other's fail with a generation conflict. The option watch sets how long the generations " +
				"of all providers are sampled; 0 skips the check. A provider is reported if it was written between at least " +
				"three pairs of samples, by more than its allocations explain. The second look only makes sure that the provider is still there.",
			Causes: "Two nova-computes for one host: a container beside a package, an old control plane that still runs, a cloned machine " +
				"with the same compute_id. A job that sets inventories or traits which nova-compute owns. Two services that write with " +
				"the same identity. A nova-compute overwrites what another client wrote after about six minutes, because it caches what it has read for five " +
				"([compute]resource_provider_association_refresh). Watch " +
				"for 20 minutes to see it do that repeatedly.",
			ByHand: "openstack resource provider show -c generation PROVIDER           # again and again: it grows\n" +
				"openstack resource provider inventory list PROVIDER               # which value comes and goes\n" +
				"openstack resource provider trait list PROVIDER\n" +
				"openstack resource provider show --allocations PROVIDER           # each new allocation explains one step\n" +
				"grep -E '\"(PUT|POST|DELETE) .*/resource_providers/UUID/' placement-api.log",
			Remedy: "Find the second writer. Placement's log has each PUT of the provider's inventories and traits with its " +
				"address, its user and its request id, and each conflict with status 409; nova-compute logs the request id of a " +
				"write that was refused. Look for a second nova-compute with the same host or compute_id, and for a job that " +
				"sets inventories. Then stop one of the two: nova-compute owns the totals of its provider. What a job wants to " +
				"set belongs in nova.conf or in a provider configuration file of nova-compute.",
			Never: "Providers that were deleted, or deleted and created again, while they were watched; growth that allocations " +
				"explain, and growth between two samples that show no write of inventories or traits: consumers may have come " +
				"and gone in between (aggregates may be written too); what one nova-compute may write, once a minute and once " +
				"for each allocation, unless a value comes back twice; DISK_GB up to 1 % apart, as the size of a Ceph pool " +
				"changes from one reading to the next; the trait COMPUTE_STATUS_DISABLED, which follows the service; bare metal, " +
				"whose reservation follows the node; if more than 100 providers change, those that changed later.",
		},
		Needs:    []snapshot.Part{snapshot.Providers, snapshot.Generations},
		OnDemand: true,
		Run:      run,
	}
}

func run(p *check.Pass) {
	watch := p.Snapshot.Watched()
	for _, provider := range p.Snapshot.Providers() {
		grown := watch.Grown[provider.UUID]
		if grown.Changes < fewest {
			continue
		}
		if why := judge(p, provider, grown); why != "" {
			p.NotJudged(provider.UUID, why)
		}
	}
}

// judge reports the provider if two write it, or says why that is unknown.
func judge(p *check.Pass, provider openstack.Provider, grown snapshot.Growth) string {
	switch {
	case grown.Deleted:
		return "it was deleted, or deleted and made again, while it was watched"
	case len(grown.Points) == 0:
		return "more providers changed while they were watched than are read one by one"
	}
	s := tell(grown.Points)
	switch {
	case s.written >= fewest && snapshot.BareMetal(grown.Points[0].Inventories):
		return "its inventory is that of a bare-metal node, whose reservation follows the state of the node"
	case s.written >= fewest && (s.unexplained > s.oneWriter() || s.comebacks() > 1):
		report(p, provider, grown, s)
	case s.unseen >= fewest:
		return "its generation grew by more than its allocations explain, but no sample shows a write of inventories or traits: " +
			"consumers may have come and gone in between"
	}
	return ""
}

func report(p *check.Pass, provider openstack.Provider, grown snapshot.Growth, s story) {
	first, last := grown.Points[0], grown.Points[len(grown.Points)-1]
	samples := make([]map[string]any, len(grown.Points))
	for i, point := range grown.Points {
		samples[i] = map[string]any{"at": point.At.Format(time.RFC3339), "generation": point.Before}
	}
	p.Report(check.Suspect{
		Subject: check.Subject{UUID: provider.UUID, Name: provider.Name},
		Message: fmt.Sprintf("the generation of resource provider %s (%s) grew from %d to %d within %s, %d more than its allocations explain: %s",
			provider.Name, provider.UUID, first.After, last.Before, s.span.Round(time.Second), s.unexplained, s.words()),
		Evidence: map[string]any{
			"samples": samples, "fields": s.fields, "explained": s.explained, "unexplained": s.unexplained,
			"one_writer": s.oneWriter(), "per_minute": s.perMinute(), "written_between_samples": s.written,
		},
		Remedy: check.Remedy{
			Text: "Look in Placement's log for who writes /resource_providers/" + provider.UUID + ", by address and request id: " +
				"a second nova-compute for the host, or a job that sets inventories or traits. Stop one of them",
			Command: foreign.Command("openstack resource provider show %s", provider.UUID),
		},
		Stamp: fmt.Sprint(s.unexplained, last.Before),
	})
}
