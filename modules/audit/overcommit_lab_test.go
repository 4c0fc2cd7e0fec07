// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Claims that come together get more than a provider has: Placement tries a lost race again, and judges it by the usage that it read
// before. The audit finds it, as docs/checks/PLC301.md says.
func TestLabOvercommitted(t *testing.T) {
	l := live.Find(t)
	l.Build(t)
	cloud, uuid, ctx := l.Login(t), live.UUID(), context.WithoutCancel(t.Context())
	path := "/resource_providers/" + uuid
	place := func(method, path string, body, out any) {
		t.Helper()
		if err := cloud.Placement(ctx, method, path, body, out); err != nil {
			t.Fatal(err)
		}
	}
	place("POST", "/resource_providers", map[string]any{"uuid": uuid, "name": "burst-" + uuid}, nil)
	t.Cleanup(func() { place("DELETE", path, nil, nil) })
	const total, most = 4, 40
	place("PUT", path+"/inventories", map[string]any{
		"resource_provider_generation": 0, "inventories": map[string]any{"VCPU": map[string]any{"total": total}},
	}, nil)
	used := func() int {
		var answer struct{ Usages map[string]int }
		place("GET", path+"/usages", nil, &answer)
		return answer.Usages["VCPU"]
	}
	for bursts := 1; used() <= total; bursts++ {
		if bursts > most {
			t.Fatalf("%d bursts got no more than there is: take this cause out of PLC301", most)
		}
		burst(t, cloud, uuid, func() bool { return used() > total })
	}
	found, err := l.Audit(ctx, map[string]any{"checks": "PLC301", "grace": 1})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(found.Findings, func(f live.Finding) bool { return f.Fingerprint == "PLC301:provider:"+uuid }) {
		t.Errorf("%d of %d VCPU are used, and it is not found: %v", used(), total, found.Findings)
	}
}

// burst has ten consumers claim one VCPU each at once. What they got is given back, at the end of the test if it was too much.
func burst(t *testing.T, cloud *live.Cloud, uuid string, tooMuch func() bool) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	share := map[string]live.Share{uuid: {Resources: map[string]int{"VCPU": 1}}}
	consumers := make([]string, 10)
	var all sync.WaitGroup
	for i := range consumers {
		consumers[i] = live.UUID()
		all.Go(func() { _ = cloud.Hold(ctx, consumers[i], share) }) // most are refused
	}
	all.Wait()
	back := func() {
		for _, consumer := range consumers {
			if err := cloud.Hold(ctx, consumer, nil); err != nil {
				t.Errorf("%s: %v", consumer, err)
			}
		}
	}
	if tooMuch() {
		t.Cleanup(back)
		return
	}
	back()
}
