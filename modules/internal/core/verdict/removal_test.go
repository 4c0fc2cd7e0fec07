// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

const service = "0d4b1a6e-4a2e-4a0b-9d3c-0f5f0a3c7a11"

const root, device = "772c8a12-cd72-49a5-a646-50cc5bb01e1d", "15d22711-af44-4f8b-a472-cce8e2610650"

// held is a provider of cn1: its root, or else a device below that, with what consumers hold of it.
func held(name, uuid string, used int, consumers ...string) verdict.Held {
	allocations := []openstack.Allocation{}
	for _, consumer := range consumers {
		allocations = append(allocations, openstack.Allocation{ConsumerUUID: consumer, ProviderUUID: uuid, Resources: map[string]int{"VCPU": 2, "DISK_GB": 10}})
	}
	h := verdict.Held{Provider: openstack.Provider{Name: name, UUID: uuid, RootUUID: root}, Usages: &map[string]int{"VCPU": used}, Allocations: &allocations}
	if uuid == device {
		h.ParentUUID = root
	}
	return h
}

// removal is one of cn1, which was read as a whole. Its nova-compute is down before, and gone after. Who holds something and is
// not named is neither a server nor a migration.
func removal(removed bool, change func(*verdict.Removal)) *verdict.Removal {
	r := &verdict.Removal{Removed: removed, Host: "cn1", Audit: audited()}
	if !removed {
		r.Nova.Services = []verdict.Service{{UUID: service, Host: "cn1", State: "down", Status: "disabled"}}
		r.Nova.On.Nodes = []openstack.Hypervisor{{UUID: root, Name: "cn1", ServiceHost: "cn1"}}
	}
	change(r)
	named := map[string]bool{}
	for _, h := range r.Nova.Holders {
		named[h.UUID] = true
	}
	for _, held := range r.Trees {
		for _, a := range *held.Allocations {
			if !named[a.ConsumerUUID] {
				r.Nova.Holders = append(r.Nova.Holders, openstack.Holder{UUID: a.ConsumerUUID, Kind: openstack.KindUnknown})
			}
		}
	}
	return r
}

func about(subject check.Subject) func(*check.Finding) {
	return func(f *check.Finding) { f.Subject = subject }
}

func of(host string) func(*check.Finding) {
	return func(f *check.Finding) { f.Evidence = map[string]any{"host": host} }
}

type removing struct {
	of       *verdict.Removal
	msg      string
	verdict  verdict.Verdict
	findings int
}

func TestRemovalOfHeldProviders(t *testing.T) {
	const cn1 = "resource provider cn1 (" + root + ")"
	const none = ", and Nova has no server on it and no move from or to it"
	removes(t, map[string]removing{
		"empty": {
			removal(false, func(r *verdict.Removal) { r.Trees = []verdict.Held{held("cn1", root, 0), held("gpu", device, 0)} }),
			"cn1 can be removed: nothing holds " + cn1 + none, verdict.Pass, 0,
		},
		"held": {
			removal(false, func(r *verdict.Removal) { r.Trees = []verdict.Held{held("cn1", root, 2, "a", "a")} }),
			"cn1 can't be removed yet: " + cn1 + " is held by 1 consumer; migrate or delete what holds it", verdict.Fail, 0,
		},
		"held below": {removal(false, func(r *verdict.Removal) {
			r.Trees = []verdict.Held{held("cn1", root, 0), held("gpu", device, 2, "a", "b")}
		}), "cn1 can't be removed yet: " + cn1 + " is held by 2 consumers; migrate or delete what holds it", verdict.Fail, 0},
		"used by what can't be seen": {
			removal(false, func(r *verdict.Removal) { r.Trees = []verdict.Held{held("cn1", root, 1)} }),
			"cn1 can't be removed yet: " + cn1 + " is in use by allocations that can't be seen; see PLC109 of the audit", verdict.Fail, 0,
		},
		"two providers": {removal(false, func(r *verdict.Removal) {
			r.Trees = []verdict.Held{held("cn1", root, 0), held("CN1.example.org", "b", 1)}
		}), "cn1 can't be removed yet: resource providers cn1 (" + root + "), CN1.example.org (b) are in use by allocations that can't be seen; see PLC109 of the audit", verdict.Fail, 0},
		"a finding before is no obstacle": {removal(false, func(r *verdict.Removal) {
			r.Trees, r.Audit = []verdict.Held{held("cn1", root, 0)}, audited(finding("PLC1", check.Critical, of("cn1")), finding("PLC2", check.Critical, of("cn2")))
		}), "cn1 can be removed: nothing holds " + cn1 + none, verdict.Warn, 1},
	})
}

func TestRemovalByName(t *testing.T) {
	const none = ", and Nova has no server on it and no move from or to it"
	removes(t, map[string]removing{
		"no provider": {
			removal(false, func(*verdict.Removal) {}),
			"no resource provider is named cn1; give its name or UUID as decommission_check_provider", verdict.Fail, 0,
		},
		"another name": {
			removal(false, func(r *verdict.Removal) { r.Named, r.Trees = "hv1", []verdict.Held{held("hv1", root, 0)} }),
			"cn1 can be removed: nothing holds resource provider hv1 (" + root + ")" + none, verdict.Pass, 0,
		},
		"no provider of that name": {
			removal(false, func(r *verdict.Removal) { r.Named, r.Trees = "hv1", []verdict.Held{held("cn1", root, 0)} }),
			"no resource provider is named hv1; give its name or UUID as decommission_check_provider", verdict.Fail, 0,
		},
	})
}

func TestRemovalUnread(t *testing.T) {
	removes(t, map[string]removing{
		"an incomplete audit": {removal(false, func(r *verdict.Removal) {
			r.Trees, r.Audit.Complete, r.Audit.Msg = []verdict.Held{held("cn1", root, 0)}, false, "INCOMPLETE:\n x"
		}), "not everything could be read: INCOMPLETE: x", verdict.Fail, 0},
		"findings that are not in the list": {
			removal(true, func(r *verdict.Removal) { r.Audit.Summary.LeftOut = 3 }),
			"not everything was read: 3 more findings are not in the list", verdict.Fail, 0,
		},
		"gone, and an incomplete audit": {
			removal(true, func(r *verdict.Removal) { r.Audit.Complete = false }),
			"not everything could be read: the audit is incomplete", verdict.Fail, 0,
		},
	})
}

func TestRemovalLeavesNothing(t *testing.T) {
	const cn1 = "resource provider cn1 (" + root + ")"
	removes(t, map[string]removing{
		"gone": {removal(true, func(*verdict.Removal) {}), "nothing is left of cn1", verdict.Pass, 0},
		"gone, and others are wrong": {removal(true, func(r *verdict.Removal) {
			r.Audit = audited(finding("PLC1", check.High, about(check.Subject{UUID: device, Name: "cn11"})), finding("PLC2", check.High))
		}), "nothing is left of cn1", verdict.Pass, 0},
		"its provider is left": {
			removal(true, func(r *verdict.Removal) { r.Trees = []verdict.Held{held("cn1", root, 0)} }),
			cn1 + " is left of cn1; clear what it holds, then delete it", verdict.Fail, 0,
		},
		"findings are left": {removal(true, func(r *verdict.Removal) {
			r.Audit = audited(finding("PLC1", check.Low, about(check.Subject{Name: "cn1"})), finding("PLC2", check.Info, of("cn1")))
		}), "2 findings are left of cn1", verdict.Fail, 2},
		"a finding about the UUID that was given": {removal(true, func(r *verdict.Removal) {
			r.Named, r.Audit = strings.ToUpper(root), audited(finding("PLC1", check.Low, about(check.Subject{UUID: root})))
		}), "1 finding is left of cn1", verdict.Fail, 1},
		"a finding about a device": {removal(true, func(r *verdict.Removal) {
			r.Trees, r.Audit = []verdict.Held{held("cn1", root, 0), held("gpu", device, 0)}, audited(finding("PLC1", check.Low, about(check.Subject{UUID: device})))
		}), cn1 + " is left of cn1; clear what it holds, then delete it", verdict.Fail, 1},
	})
}

func removes(t *testing.T, cases map[string]removing) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			reasons, result := c.of.Reasons(), c.of.Remains()
			v := c.of.Judge(usual(), reasons)
			if msg := c.of.Sentence(v, reasons); msg != c.msg || v != c.verdict || result.OK != (v != verdict.Fail) || result.Complete != c.of.Audit.Complete {
				t.Errorf("%s: %q, %+v", v, msg, result)
			}
			if len(result.Findings) != c.findings || v == verdict.Fail && len(reasons) == 0 {
				t.Errorf("%v, because of %v", result.Findings, reasons)
			}
		})
	}
}

// The text has the consumers and the findings, and what was not read. It says nothing twice.
func TestRemovalText(t *testing.T) {
	r := removal(false, func(r *verdict.Removal) {
		r.Trees = []verdict.Held{held("cn1", root, 2, "c1"), held("gpu", device, 2, "c1")}
		r.Audit = audited(finding("PLC1", check.Low, of("cn1")))
	})
	want := []string{
		"msg", "    c1, neither a server nor a migration, holds DISK_GB 10, VCPU 2 on " + root, "    c1, neither a server nor a migration, holds DISK_GB 10, VCPU 2 on " + device,
		"", "LOW  PLC1 some-check", "    PLC1 is wrong", "    To do: mend PLC1",
	}
	if diff := cmp.Diff(want, r.Text(screen.View{}, "msg", r.Reasons(), usual(), nil)); diff != "" {
		t.Error(diff)
	}
	r.Audit.NotRun, r.Audit.Complete = []check.NotRun{{Check: "PLC9", Name: "n", Reason: "a cell is down"}}, false
	text := strings.Join(r.Text(screen.View{}, "msg", r.Reasons(), usual(), []string{"/r"}), "\n")
	for _, want := range []string{"HIGH  resource provider\n    cn1 can't be removed yet", "HIGH  PLC9 n\n    was not judged: a cell is down", "Report: /r"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	page := string(r.Markdown(verdict.Fail, "msg", r.Reasons()))
	for _, want := range []string{"# Before the removal of cn1: fail\n", "- **high** resource provider: cn1 can't", "## What consumers hold\n", "c1, neither a server nor a migration, holds DISK_GB 10"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}
