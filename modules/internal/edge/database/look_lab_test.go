// SPDX-License-Identifier: Apache-2.0

//go:build lab

package database

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// TestLabLookAtAFew compares a look that reads the rows of suspects alone with one that reads all of them: of everything that is there,
// and of what is not.
func TestLabLookAtAFew(t *testing.T) {
	l := live.Find(t)
	l.Command(t, "seed", "orphaned-allocation")
	t.Cleanup(func() { l.Command(t, "unseed", "orphaned-allocation") })
	where := &address.Where{
		Source: address.Database, NovaConf: filepath.Join(l.ConfigDir, "nova", "nova.conf"), PlacementConf: filepath.Join(l.ConfigDir, "placement", "placement.conf"),
		StatementTimeout: 60,
	}
	setup, faults := where.Resolve()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	src := Source{Setup: setup, Now: time.Now, Secret: func(string) {}, Progress: func(string, int, int) {}, Sleep: func(context.Context, time.Duration) error { return nil }}
	s := Read(t.Context(), src, snapshot.AllParts())
	s.Rows = &snapshot.Database{} // what other tests have left would have all read
	all := suspectsOf(s)
	if len(all.Consumers) < 6 || len(all.Providers) < 6 {
		t.Fatalf("%+v", all)
	}
	for name, suspects := range map[string]snapshot.Suspects{
		"everything": all, "consumers": {Consumers: all.Consumers}, "providers": {Providers: all.Providers}, "one provider": {Providers: all.Providers[:1]},
		"nothing": {Consumers: []string{live.UUID()}, Providers: []string{live.UUID()}}, "lists": {Lists: true},
		"one of each": {Consumers: all.Consumers[:1], Providers: all.Providers[len(all.Providers)-1:]},
	} {
		o := suspected(s, suspects)
		few := src.look(t.Context(), s, suspects, o)
		if !o.keep.few {
			t.Fatalf("%s: all rows are read", name)
		}
		o.keep.few = false
		if whole := src.look(t.Context(), s, suspects, o); text(t, few) != text(t, whole) {
			t.Errorf("%s: of a few\n%s\nof all\n%s", name, text(t, few), text(t, whole))
		}
	}
}

// suspectsOf are all that a snapshot has, and one of each kind that it has not.
func suspectsOf(s *snapshot.Snapshot) snapshot.Suspects {
	all := snapshot.Suspects{Consumers: []string{live.UUID()}, Providers: []string{live.UUID()}}
	for i := range s.ServerList {
		all.Consumers = append(all.Consumers, s.ServerList[i].UUID)
	}
	for _, a := range s.AllocationList {
		all.Consumers = append(all.Consumers, a.ConsumerUUID)
	}
	for _, p := range s.ProviderList {
		all.Providers = append(all.Providers, p.UUID)
	}
	slices.Sort(all.Consumers)
	all.Consumers = slices.Compact(all.Consumers)
	return all
}

// text is what a look found, without the times that differ between two looks.
func text(t *testing.T, l *snapshot.Look) string {
	t.Helper()
	l.TakenAt = time.Time{}
	for i := range l.Services { // nova-compute reports meanwhile
		l.Services[i].Updated = nil
	}
	out, err := json.MarshalIndent(l, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
