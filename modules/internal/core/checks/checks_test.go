// SPDX-License-Identifier: Apache-2.0

package checks_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Ids and names are API: of one form, each once, in order, and the name gives the folder.
func TestNames(t *testing.T) {
	last, folders := "", []string{"checktest"}
	for _, c := range checks.All() {
		switch {
		case !regexp.MustCompile(`^PLC\d{3}$`).MatchString(c.ID):
			t.Errorf("%q is no id of a check: it is PLC with three digits", c.ID)
		case c.ID == last:
			t.Errorf("%s is the id of two checks: take the next free one of its hundred", c.ID)
		case c.ID < last:
			t.Errorf("checks.go lists %s behind %s: order All by id", c.ID, last)
		}
		if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(c.Name) {
			t.Errorf("%s: name %q", c.ID, c.Name)
		}
		if !slices.Contains(check.Severities(), c.Severity) || c.Subject == "" || len(c.Needs) == 0 || c.Run == nil {
			t.Errorf("%s lacks its severity, subject, needs or function", c.ID)
		}
		last = c.ID
		folders = append(folders, strings.ReplaceAll(c.Name, "-", ""))
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(folders, e.Name()) {
			t.Errorf("modules/internal/core/checks/%s has no line in All of checks.go: add %s.Check() there, then run: go run ./cmd/gendocs", e.Name(), e.Name())
		}
	}
}

func TestDocs(t *testing.T) {
	for _, c := range checks.All() {
		for name, text := range map[string]string{
			"title": c.Title, "meaning": c.Doc.Meaning, "causes": c.Doc.Causes, "never": c.Doc.Never,
		} {
			switch {
			case text == "":
				t.Errorf("%s has no %s: write it in its Doc", c.ID, name)
			case !strings.HasSuffix(text, "."):
				t.Errorf("%s: %s does not end in a period: %q", c.ID, name, text)
			}
		}
		for _, p := range check.Paragraphs(c.Doc.Remedy) {
			if !p.Command && !strings.HasSuffix(p.Text, ".") && !strings.HasSuffix(p.Text, ":") {
				t.Errorf("%s: a line of its remedy is neither a sentence nor a command: %q; programs of check/page.go lists what begins a command", c.ID, p.Text)
			}
		}
		if c.Doc.Remedy == "" || c.Doc.ByHand == "" {
			t.Errorf("%s has no remedy or does not say how to see the fault by hand", c.ID)
		}
	}
}

// ill is a cloud in which most checks find something, and the others read all that they need.
func ill(traits bool) *snapshot.Snapshot {
	s := checktest.Cloud()
	checktest.Release(s, checktest.Server)
	checktest.AddProvider(s, openstack.Provider{UUID: "stale", Name: "cn9"}, "VCPU", 1)
	checktest.Hold(s, "gone", checktest.Compute, "VCPU", 11)
	checktest.Hold(s, "lost", "stale", "VCPU", 1)
	s.ServerList = append(s.ServerList,
		openstack.Server{UUID: "twice", Host: "cn1", Node: "cn1", Status: "ACTIVE"},
		openstack.Server{
			UUID: "elsewhere", Host: "cn1", Node: "cn1", Status: "ACTIVE",
			Flavor: openstack.Flavor{VCPUs: 2, ExtraSpecs: map[string]string{}},
		},
		openstack.Server{UUID: "nowhere", Status: "SHELVED_OFFLOADED"},
		openstack.Server{UUID: "homeless", Status: "ACTIVE", Host: "cn8"},
		openstack.Server{UUID: "never", Status: "BUILD", Created: checktest.Taken().AddDate(0, 0, -2)})
	checktest.Hold(s, "homeless", checktest.Compute, "VCPU", 1)
	checktest.Hold(s, "twice", "stale", "VCPU", 1)
	checktest.Hold(s, "twice", checktest.Compute, "VCPU", 1)
	checktest.Hold(s, "elsewhere", "stale", "VCPU", 1)
	checktest.Hold(s, "nowhere", "stale", "VCPU", 1)
	s.MigrationList = []openstack.Migration{{UUID: "ended", ServerUUID: "twice", Status: "error"}}
	checktest.Hold(s, "ended", "stale", "VCPU", 1)
	s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: "new", Name: "cn2", ServiceHost: "cn2", State: "up"})
	checktest.AddProvider(s, openstack.Provider{UUID: "other", Name: "cn2"}, "VCPU", 1)
	s.MigrationList = append(s.MigrationList, openstack.Migration{UUID: "slow", Status: "migrating"})
	checktest.AddProvider(s, openstack.Provider{UUID: "dup", Name: "cn1.example.com"}, "VCPU", 10)
	s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], "dup")
	checktest.AddProvider(s, openstack.Provider{UUID: "plain", Name: "plain"}, "VCPU", 10)
	checktest.Hold(s, "lost", "plain", "VCPU", 10)
	checktest.AddProvider(s, openstack.Provider{UUID: "new2", Name: "old name"}, "VCPU", 1)
	s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{UUID: "new2", Name: "cn3", ServiceHost: "cn3", State: "up"})
	checktest.AddProvider(s, openstack.Provider{UUID: "left", Name: "left", ParentUUID: "stale", RootUUID: "stale"}, "VGPU", 1)
	checktest.AddProvider(s, openstack.Provider{UUID: "metal", Name: "metal"}, "CUSTOM_METAL", 1)
	s.InventoryMap["metal"]["CUSTOM_METAL"] = openstack.Inventory{Total: 1, Reserved: 1, MinUnit: 1, MaxUnit: 1, StepSize: 1, AllocationRatio: 1}
	checktest.AddProvider(s, openstack.Provider{UUID: "storage", Name: "storage"}, "DISK_GB", 10)
	checktest.Hold(s, "twice", "storage", "DISK_GB", 1)
	s.MembershipMap["storage"] = []string{checktest.Aggregate}
	checktest.AddProvider(s, openstack.Provider{
		UUID: "gone", Name: "cn1_pci_0000_85_00_0", ParentUUID: checktest.Compute, RootUUID: checktest.Compute,
	}, "", 0)
	checktest.Fought(s)
	s.Placement.Newest = "1.31"
	s.IncompleteList = []openstack.Owner{{ConsumerUUID: "lost", ProjectID: openstack.IncompleteOwner}}
	if !traits { // as before Train
		delete(s.TraitHolders, snapshot.TraitComputeNode)
		return s
	}
	s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], "stale")
	return s
}

// Every part that a check declares is one that it asks for, and it asks for no other: the snapshot panics then.
func TestNeeds(t *testing.T) {
	for _, c := range checks.All() {
		if !quiet(c, c.Needs) {
			t.Errorf("%s asks for a part that it does not declare in Needs", c.ID)
		}
		for i, part := range c.Needs {
			others := slices.Delete(slices.Clone(c.Needs), i, i+1)
			if quiet(c, others) {
				t.Errorf("%s declares %s in Needs, but does not ask for it on the clouds of ill() in this file: take it out of Needs, ask for it "+
					"before other conditions, or add to ill() what makes the check ask", c.ID, part)
			}
		}
	}
}

// quiet reports whether the check runs to its end on a snapshot of which only these parts were read.
func quiet(c *check.Check, parts []snapshot.Part) (ok bool) {
	defer func() { ok = recover() == nil }()
	lying := *c
	lying.Needs = nil
	for _, s := range []*snapshot.Snapshot{ill(true), ill(false)} {
		for _, p := range snapshot.AllParts() {
			if !slices.Contains(parts, p) {
				s.MarkFailed(p, "not read in this test")
			}
		}
		check.Suspects(s, []*check.Check{&lying}, check.Defaults())
	}
	return true
}
