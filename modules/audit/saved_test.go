// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot/codec"
)

const (
	orphan  = "b0000000-0000-4000-8000-000000000001"
	orphan2 = "b0000000-0000-4000-8000-000000000002"
	second  = "c0000000-0000-4000-8000-000000000002" // provider and compute node of host cn2
)

// saved writes a snapshot of a healthy cloud with changes in it, looked at twice, and returns its path.
func saved(t *testing.T, changes ...func(*snapshot.Snapshot)) string {
	t.Helper()
	s := checktest.Cloud()
	for _, change := range changes {
		change(s)
	}
	checktest.LookTwice(s, checks.All()...)
	var data bytes.Buffer
	if err := codec.Write(&data, s); err != nil {
		t.Fatal(err)
	}
	return written(t, "snapshot.json", data.Bytes())
}

func written(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// holds gives a consumer that is neither server nor migration one VCPU.
func holds(consumer, provider string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) { checktest.Hold(s, consumer, provider, "VCPU", 1) }
}

// twoHosts adds the host cn2.
func twoHosts(s *snapshot.Snapshot) {
	checktest.AddProvider(s, openstack.Provider{UUID: second, Name: "cn2"}, "VCPU", 10)
	checktest.Offer(s, second, "MEMORY_MB", 8192)
	s.TraitHolders[snapshot.TraitComputeNode] = append(s.TraitHolders[snapshot.TraitComputeNode], second)
	s.MembershipMap[second] = []string{}
	s.HypervisorList = append(s.HypervisorList, openstack.Hypervisor{
		UUID: second, Name: "cn2", ServiceHost: "cn2", Type: "QEMU", State: "up", Status: "enabled", VCPUs: 10, MemoryMB: 8192,
	})
	s.ServiceList = append(s.ServiceList, openstack.ComputeService{Binary: "nova-compute", Host: "cn2", State: "up", Status: "enabled"})
}

func dig(answer map[string]any, keys ...string) any {
	var at any = answer
	for _, key := range keys {
		dict, _ := at.(map[string]any)
		at = dict[key]
	}
	return at
}

// column is what each dict of a list has under the key, as text.
func column(list any, key string) []string {
	out := []string{}
	items, _ := list.([]any)
	for _, item := range items {
		dict, _ := item.(map[string]any)
		text, _ := dict[key].(string)
		out = append(out, text)
	}
	return out
}

func prints(answer map[string]any) []string { return column(answer["findings"], "fingerprint") }

func warnings(answer map[string]any) []string {
	out := []string{}
	list, _ := answer["warnings"].([]any)
	for _, w := range list {
		text, _ := w.(string)
		out = append(out, text)
	}
	return out
}

// wanted fails unless the answer is a success with these findings.
func wanted(t *testing.T, answer map[string]any, fingerprints ...string) {
	t.Helper()
	if answer["failed"] != false || answer["complete"] != true || !slices.Equal(prints(answer), fingerprints) {
		t.Errorf("found %v, want %v; %v %v", prints(answer), fingerprints, answer["msg"], answer["not_run"])
	}
}
