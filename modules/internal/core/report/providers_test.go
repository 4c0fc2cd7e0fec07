// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

func TestProvidersOf(t *testing.T) {
	s := reporttest.Recorded(t)
	all := report.ProvidersOf(s)
	if len(all) != len(s.Providers()) {
		t.Fatalf("%d providers of %d", len(all), len(s.Providers()))
	}
	i := slices.IndexFunc(all, func(p report.Provider) bool { return p.UUID == "06619ae1-74bd-410e-aaf8-f4c54b9a1c9f" })
	memory := report.Class{Name: "MEMORY_MB", Used: 2048, Capacity: 11520, Inventory: &openstack.Inventory{
		Total: 8192, Reserved: 512, MinUnit: 1, MaxUnit: 8192, StepSize: 1, AllocationRatio: 1.5,
	}}
	if diff := cmp.Diff(memory, all[i].Classes[1]); diff != "" || all[i].Unread != "" || all[i].Root != all[i].UUID {
		t.Errorf("%+v\n%s", all[i], diff)
	}
}

// What was not read is neither empty nor zero.
func TestProvidersThatWereNotRead(t *testing.T) {
	s := reporttest.Recorded(t)
	s.Second = nil
	const uuid = "06619ae1-74bd-410e-aaf8-f4c54b9a1c9f"
	of := func() report.Provider {
		all := report.ProvidersOf(s)
		return all[slices.IndexFunc(all, func(p report.Provider) bool { return p.UUID == uuid })]
	}
	delete(s.InventoryMap, uuid)
	if p := of(); len(p.Classes) != 3 || p.Classes[1].Inventory != nil || p.Classes[1].Capacity != 11520 {
		t.Errorf("only its capacities were read: %+v", p)
	}
	delete(s.UsageMap, uuid)
	if p := of(); p.Classes != nil || p.Unread == "" {
		t.Errorf("its usages were not read: %+v", p)
	}
	s.MarkFailed(snapshot.Usages, "503")
	if p := of(); p.Classes != nil || p.Unread == "" {
		t.Errorf("no usages were read: %+v", p)
	}
	s.MarkFailed(snapshot.Providers, "503")
	if all := report.ProvidersOf(s); all != nil {
		t.Errorf("no providers were read: %+v", all)
	}
}
