// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// A host with the trait of a disabled one is said to be disabled by whom Nova knows, and to be enabled where only the trait is left.
func TestDisabledByWhom(t *testing.T) {
	s := healthy()
	s.request.RootForbidden = []string{candidates.Disabled}
	s.on(root).Traits = append(s.on(root).Traits, candidates.Disabled)
	for name, c := range map[string]struct {
		services   map[string]openstack.ComputeService
		text, help string
	}{
		"not read": {nil, "cn1 is disabled (it has the trait COMPUTE_STATUS_DISABLED)", "Enable the compute service of cn1"},
		"a person": {
			map[string]openstack.ComputeService{root: {Host: "cn1", Status: "disabled", DisabledReason: "new disks"}},
			"cn1 is disabled (nova-compute on cn1 is disabled: new disks)",
			"Enable the compute service of cn1. Nova does not keep who disabled it and since when: look for PUT /os-services in the log of nova-api",
		},
		"itself": {
			map[string]openstack.ComputeService{root: {Host: "cn1", Status: "disabled", DisabledReason: "AUTO: Connection to libvirt lost: 1"}},
			"cn1 is disabled by nova-compute itself (AUTO: Connection to libvirt lost: 1)",
			"Mend what nova-compute on cn1 reports: it enables the service again",
		},
		"nobody": {
			map[string]openstack.ComputeService{root: {Host: "cn1", Status: "enabled"}},
			"cn1 has the trait COMPUTE_STATUS_DISABLED, though its compute service is enabled",
			"Restart nova-compute on cn1: it corrects the trait when it starts (PLC208)",
		},
	} {
		j := candidates.Judge{Supply: candidates.NewSupply(s.providers), Request: &s.request, Services: c.services}
		got := j.Tree(root)
		if got.Fits || len(got.Reasons) != 1 || got.Reasons[0].Text != c.text || got.Reasons[0].Help != c.help {
			t.Errorf("%s: %+v", name, got.Reasons)
		}
	}
}

// Each reason but those that only another request mends says what would help.
func TestReasonsHaveHelp(t *testing.T) {
	for name, c := range reasonCases() {
		s := healthy()
		c.breaks(s)
		got := s.judged()
		without := c.kind == candidates.KindOtherTree || c.kind == candidates.KindSameSubtree || c.kind == candidates.KindTogether
		if got.Fits || got.Reasons[0].Help == "" && !without {
			t.Errorf("%s: %+v", name, got.Reasons)
		}
	}
}

// What nova-compute reports is not given by hand.
func TestHelpOfTraits(t *testing.T) {
	for trait, want := range map[string]string{
		"CUSTOM_RAID":        "Add the trait CUSTOM_RAID to cn1 with placement_trait, if it is true of it",
		"HW_CPU_X86_AVX512F": "Ask without HW_CPU_X86_AVX512F: the service that owns a resource provider reports it where it is true",
	} {
		s := healthy().ask(func(g *candidates.Group) { g.Required = [][]string{{trait}} })
		if got := s.judged(); got.Fits || got.Reasons[0].Help != want {
			t.Errorf("%s: %+v", trait, got.Reasons)
		}
	}
	s := healthy()
	s.set(root, first, func(i *openstack.Inventory) { i.Reserved = 8 })
	if got := s.judged(); strings.Contains(got.Reasons[0].Help, "nova.conf") {
		t.Errorf("an option for a class that nova-compute does not have: %+v", got.Reasons)
	}
}

// Who is not in an aggregate is told how to get there, as Nova has the host.
func TestHelpOfAggregates(t *testing.T) {
	const there = "a0000000-0000-4000-8000-0000000000a2"
	service := map[string]openstack.ComputeService{root: {Host: "cn1", Status: "enabled"}}
	in := func(zone string, hosts ...string) openstack.Aggregate {
		return openstack.Aggregate{UUID: there, Name: "ours", Hosts: hosts, Metadata: map[string]string{"availability_zone": zone}}
	}
	other := openstack.Aggregate{UUID: "a0000000-0000-4000-8000-0000000000ff", Name: "others", Hosts: []string{"cn1"}, Metadata: map[string]string{"availability_zone": "az2"}}
	for name, c := range map[string]struct {
		aggregates []openstack.Aggregate
		want       string
	}{
		"not of Nova":     {nil, "Add cn1 to the aggregate " + there + " with placement_aggregate"},
		"of Nova":         {[]openstack.Aggregate{in("az1", "cn2")}, "Add cn1 to the host aggregate ours"},
		"not mirrored":    {[]openstack.Aggregate{in("az1", "cn1", "cn2")}, "Add cn1 to the aggregate " + there + " with placement_aggregate, as Nova has it in there (PLC401)"},
		"in another zone": {[]openstack.Aggregate{in("az1", "cn2"), other}, ""},
	} {
		s := healthy().ask(func(g *candidates.Group) { g.MemberOf = [][]string{{there}} })
		j := candidates.Judge{Supply: candidates.NewSupply(s.providers), Request: &s.request, Services: service, Aggregates: map[string]openstack.Aggregate{}}
		for _, a := range c.aggregates {
			j.Aggregates[a.UUID] = a
		}
		if got := j.Tree(root); got.Fits || got.Reasons[0].Help != c.want {
			t.Errorf("%s: %+v", name, got.Reasons)
		}
	}
}
