// SPDX-License-Identifier: Apache-2.0

package heal_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const (
	gone   = "60000000-0000-4000-8000-000000000001"
	move   = "70000000-0000-4000-8000-000000000001"
	second = "c0000000-0000-4000-8000-000000000002"
	child  = "c0000000-0000-4000-8000-000000000003"
	stale  = "c0000000-0000-4000-8000-000000000009"
)

// planned makes the steps for what is found in a cloud.
func planned(t *testing.T, changes ...func(*snapshot.Snapshot)) []heal.Step {
	t.Helper()
	return heal.Steps(facts(t, changes...))
}

// facts audits a cloud twice, and reads what a plan needs.
func facts(t *testing.T, changes ...func(*snapshot.Snapshot)) *heal.Facts {
	t.Helper()
	s := checktest.Cloud()
	for _, change := range changes {
		change(s)
	}
	all := slices.DeleteFunc(checks.All(), func(c *check.Check) bool {
		return !slices.Contains(append(heal.Checks(), heal.Witnesses()...), c.ID)
	})
	checktest.LookTwice(s, all...)
	f := &heal.Facts{
		Snapshot: s.View(), Findings: check.Run(s, all, check.Defaults()).Findings,
		Providers: map[string]repair.Provider{}, Consumers: map[string]repair.Consumer{},
	}
	providers, consumers := heal.Wanted(f.Snapshot, f.Findings)
	for _, uuid := range providers {
		if p, ok := s.Provider(uuid); ok {
			f.Providers[uuid] = repair.Provider{
				UUID: uuid, Name: p.Name, Parent: p.ParentUUID, Generation: p.Generation,
				Inventories: s.InventoryMap[uuid], Traits: traits(s, uuid), Aggregates: append([]string{}, s.MembershipMap[uuid]...),
			}
		}
	}
	for _, uuid := range consumers {
		f.Consumers[uuid] = consumer(s, uuid)
	}
	return f
}

func traits(s *snapshot.Snapshot, uuid string) []string {
	all := []string{}
	for trait, holders := range s.TraitHolders {
		if slices.Contains(holders, uuid) {
			all = append(all, trait)
		}
	}
	slices.Sort(all)
	return all
}

func consumer(s *snapshot.Snapshot, uuid string) repair.Consumer {
	held := s.Held(uuid)
	c := repair.Consumer{UUID: uuid, ProjectID: checktest.Project, UserID: "u", Held: repair.Of(held)}
	if len(held) > 0 {
		c.Generation = &held[0].ConsumerGeneration
	}
	return c
}

// told writes steps in short: state, finding, requests, and the steps that each needs.
func told(steps []heal.Step) string {
	var lines []string
	for _, s := range steps {
		words := []string{string(s.State), s.Finding}
		for _, c := range s.Changes {
			method, path := c.Request()
			words = append(words, method, path)
		}
		for _, n := range s.Needs {
			words = append(words, "after "+steps[n-1].Finding)
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

func host(uuid, name, state string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: uuid, Name: name, Generation: 5}, "VCPU", 10)
		checktest.Offer(s, uuid, "MEMORY_MB", 8192)
		s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], uuid)
		s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: uuid, Name: name, ServiceHost: name, Type: "QEMU", State: state, Status: "enabled"})
		s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: name, State: state, Status: "enabled"})
	}
}

func abandoned(name string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		checktest.AddProvider(s, openstack.Provider{UUID: stale, Name: name, Generation: 7}, "VCPU", 10)
		s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], stale)
	}
}

func holds(consumer, provider string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { checktest.Hold(s, consumer, provider, "VCPU", 1) }
}

func released(s *snapshot.Snapshot) { checktest.Release(s, checktest.Server) }

// local gives the host a disk of its own, so that all that the server holds is of its own provider.
func local(s *snapshot.Snapshot) {
	checktest.Offer(s, checktest.Compute, "DISK_GB", 1000)
	checktest.Release(s, checktest.Server)
	for class, n := range map[string]int{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20} {
		checktest.Hold(s, checktest.Server, checktest.Compute, class, n)
	}
}

func ended(server string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.MigrationList = []openstack.Migration{{
			UUID: move, ServerUUID: server, Type: "migration", Status: "error",
			SourceHost: "cn1", SourceNode: "cn1", DestHost: "cn2", DestNode: "cn2",
		}}
		checktest.Hold(s, move, checktest.Compute, "VCPU", 1)
	}
}

// Each step by hand says why, and what to do.
func TestByHand(t *testing.T) {
	for _, s := range planned(t, released) {
		if s.State == heal.ByHand && (s.Reason == "" || s.What == "" || len(s.Changes) > 0) {
			t.Errorf("%+v", s)
		}
	}
}

func TestBudget(t *testing.T) {
	p := &heal.Plan{Consumers: 40, Providers: 7, Steps: planned(t, abandoned("old"), holds(gone, stale))}
	for _, tc := range []struct {
		b    heal.Budget
		want string
	}{
		{heal.Budget{Changes: 20, Share: 0.1}, ""},
		{heal.Budget{Changes: 1, Share: 1}, "the plan has 2 changes, and max_changes allows 1"},
		{heal.Budget{Changes: 20, Share: 0.001}, ""}, // one is always allowed
	} {
		if got := p.Exceeded(tc.b); !strings.Contains(got, tc.want) || (got == "") != (tc.want == "") {
			t.Errorf("%+v: %q", tc.b, got)
		}
	}
	if got := (&heal.Plan{Consumers: 10, Providers: 7, Steps: planned(t, holds(gone, checktest.Compute), holds(move, checktest.Compute))}).Exceeded(heal.Budget{Changes: 20, Share: 0.1}); !strings.Contains(got, "2 of 10 consumers") {
		t.Errorf("%q", got)
	}
}

// The words tell what is spent beside what may be.
func TestBudgetInWords(t *testing.T) {
	p := &heal.Plan{Consumers: 40, Providers: 7, Steps: planned(t, abandoned("old"), holds(gone, stale))}
	want := "2 of 20 changes, 1 of 40 consumers (at most 4), 1 of 7 resource providers (at most 1)"
	if got := (heal.Budget{Changes: 20, Share: 0.1}).Words(p); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Without a whole audit nothing is taken away, and what needs that is left too.
func TestRefuse(t *testing.T) {
	p := &heal.Plan{Steps: planned(t, abandoned("old"), holds(gone, stale), func(s *snapshot.Snapshot) { s.ServiceList[0].Status = "disabled" })}
	p.Refuse("a cell is down")
	for _, s := range p.Steps {
		want := heal.Skipped
		if strings.HasPrefix(s.Finding, "PLC208") {
			want = heal.Planned
		}
		if s.State != want {
			t.Errorf("%s is %s", s.Finding, s.State)
		}
	}
}

// Only what was judged and is not found is gone. What could not be read, was left alone, or was not asked for is not.
func TestUnfound(t *testing.T) {
	s := checktest.Cloud()
	checktest.Release(s, checktest.Server)
	s.ServerList[0].TaskState = "migrating"
	s.MarkFailed(snapshot.Aggregates, "503")
	all := checks.All()
	checktest.LookTwice(s, all...)
	v := check.Run(s, all, check.Defaults())
	asked := func(id string) bool { return id != "PLC301" }
	for fingerprint, want := range map[string]struct {
		state  heal.State
		reason string
	}{
		"PLC101:consumer:" + gone:              {heal.Unchanged, ""},
		"PLC105:server:" + checktest.Server:    {heal.Skipped, "does not judge it now"},
		"PLC401:provider:" + checktest.Compute: {heal.Skipped, "its check did not run to its end: aggregates could not be read: 503"},
		"PLC301:provider:" + checktest.Compute: {heal.Skipped, "leave its check out"},
	} {
		got := heal.Unfound([]string{fingerprint}, v, asked)
		if len(got) != 1 || got[0].State != want.state || !strings.Contains(got[0].Reason, want.reason) || (got[0].Reason == "") != (want.reason == "") {
			t.Errorf("%s: %+v", fingerprint, got)
		}
	}
}

// A name that another provider keeps is not given: somebody whom Nova does not know holds something there.
func TestNameThatStays(t *testing.T) {
	steps := planned(t, func(s *snapshot.Snapshot) { s.ProviderList[0].Name = "other" }, abandoned("cn1"), holds("60000000-0000-4000-8000-000000000001", stale))
	if got := told(steps); strings.Contains(got, "planned PLC203") || !strings.Contains(got, "by hand PLC204:provider:"+checktest.Compute) {
		t.Error(got)
	}
}

// A name that its bearer gives up for its own is given after that, whichever of the two is found first. One that two hypervisors have is
// given to neither.
func TestNamesInTurn(t *testing.T) {
	one, two := "PLC204:provider:"+checktest.Compute, "PLC204:provider:"+second
	for what, tc := range map[string]struct {
		first, second, other string // the names of both providers, and of the second one's hypervisor
		want                 []string
	}{
		"the first waits":  {"zz", "cn1", "cn2", []string{"planned " + two, "planned " + one + " PUT /resource_providers/" + checktest.Compute + " after " + two}},
		"the second waits": {"cn2", "zz", "cn2", []string{"planned " + one, "planned " + two + " PUT /resource_providers/" + second + " after " + one}},
		"one name of two":  {"zz", "yy", "cn1", []string{"by hand " + one, "by hand " + two}},
	} {
		got := told(planned(t, func(s *snapshot.Snapshot) { s.ProviderList[0].Name = tc.first }, host(second, tc.other, "up"), func(s *snapshot.Snapshot) {
			s.ProviderList[len(s.ProviderList)-1].Name = tc.second
		}))
		for _, want := range tc.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s is not in\n%s", what, want, got)
			}
		}
	}
}

// What a server holds is not moved to a provider that nobody makes: its nova-compute is down.
func TestHostWithoutProvider(t *testing.T) {
	down := func(s *snapshot.Snapshot) {
		s.ProviderList = slices.DeleteFunc(s.ProviderList, func(p openstack.Provider) bool { return p.UUID == checktest.Compute })
		s.HypervisorList[0].State = "down"
		checktest.Release(s, checktest.Server)
	}
	steps := planned(t, down, abandoned("cn1"), holds(checktest.Server, stale))
	if got := told(steps); !strings.Contains(got, "by hand PLC104:server:"+checktest.Server) || strings.Contains(got, "planned") {
		t.Error(got)
	}
}

// Nova cannot migrate a server whose record names a node that is gone: the step that heals it says so.
func TestOutdatedNode(t *testing.T) {
	const says = "names node cn1.before, which Nova no longer has: shelve and unshelve the server"
	renamed := func(s *snapshot.Snapshot) { s.ServerList[0].Node = "cn1.before" }
	otherCase := func(s *snapshot.Snapshot) { s.ServerList[0].Node = "CN1" } // Nova finds it: MariaDB does not tell cases apart
	for _, one := range []struct {
		changes []func(*snapshot.Snapshot)
		told    bool
	}{
		{[]func(*snapshot.Snapshot){local, released}, false},
		{[]func(*snapshot.Snapshot){local, released, renamed}, true},
		{[]func(*snapshot.Snapshot){local, released, otherCase}, false},
	} {
		steps := planned(t, one.changes...)
		if len(steps) != 1 || steps[0].State != heal.Planned || strings.Contains(steps[0].What, says) != one.told {
			t.Errorf("%+v", steps)
		}
	}
}

// Placement gives nothing back of which a provider has no inventory: the plan says that the step cannot be undone.
func TestUndoWithoutInventory(t *testing.T) {
	lost := func(s *snapshot.Snapshot) { s.InventoryMap[checktest.Compute] = map[string]openstack.Inventory{} }
	for _, one := range []struct {
		changes []func(*snapshot.Snapshot)
		undo    bool
	}{
		{[]func(*snapshot.Snapshot){holds(gone, checktest.Compute)}, true},
		{[]func(*snapshot.Snapshot){holds(gone, checktest.Compute), lost}, false},
	} {
		steps := planned(t, one.changes...)
		i := slices.IndexFunc(steps, func(s heal.Step) bool { return s.Finding == "PLC101:consumer:"+gone })
		if i < 0 || steps[i].State != heal.Planned || steps[i].Undo != one.undo {
			t.Errorf("%+v", steps)
		}
	}
}
