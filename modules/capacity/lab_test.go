// SPDX-License-Identifier: Apache-2.0

//go:build lab

package capacity_test

import (
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Placement has room for as many servers on a host as are counted there, and not for one more.
func TestLabCapacity(t *testing.T) {
	lab := live.Find(t)
	lab.Build(t)
	var a struct {
		Failed  bool
		Msg     string
		Flavors []struct {
			Name string
			Now  struct {
				Hosts []struct {
					UUID  string `json:"provider_uuid"`
					Slots int
				}
			}
		}
	}
	if err := lab.Module(t.Context(), "placement_capacity_info", map[string]any{"flavors": []string{"m1.small"}, "truth": true}, &a); err != nil || a.Failed {
		t.Fatal(err, a.Msg)
	}
	if len(a.Flavors) != 1 || len(a.Flavors[0].Now.Hosts) == 0 {
		t.Fatalf("%+v", a)
	}
	hosts := a.Flavors[0].Now.Hosts
	fewest := hosts[len(hosts)-1]
	raw := lab.Raw(t).At("1.39")
	if got := hold(t, raw, fewest.UUID, fewest.Slots+1); got != http.StatusConflict {
		t.Errorf("one more than %d on %s: %d", fewest.Slots, fewest.UUID, got)
	}
	if got := hold(t, raw, fewest.UUID, fewest.Slots); got != http.StatusNoContent {
		t.Errorf("%d on %s: %d", fewest.Slots, fewest.UUID, got)
	}
}

// hold has so many consumers hold what m1.small asks for, all or none of them, and returns the status. It takes all of it away again.
func hold(t *testing.T, raw *live.Raw, provider string, n int) int {
	t.Helper()
	all := func(generation, allocations any) dict {
		return dict{"allocations": allocations, "project_id": live.UUID(), "user_id": live.UUID(), "consumer_generation": generation, "consumer_type": "TEST"}
	}
	take, back := dict{}, dict{}
	for range n {
		consumer := live.UUID()
		take[consumer] = all(nil, dict{provider: dict{"resources": dict{"VCPU": 1, "MEMORY_MB": 2048, "DISK_GB": 20}}})
		back[consumer] = all(1, dict{})
	}
	status := raw.Do(t.Context(), http.MethodPost, "/allocations", take).Status
	if status == http.StatusNoContent {
		if a := raw.Do(t.Context(), http.MethodPost, "/allocations", back); a.Status != http.StatusNoContent {
			t.Errorf("taken back: %d %s", a.Status, a.Body)
		}
	}
	return status
}

// The databases say of the flavors of the servers what the APIs say.
func TestLabCapacityFromDatabases(t *testing.T) {
	lab := live.FindProfile(t, "nova")
	lab.Build(t)
	type answer struct {
		Failed  bool
		Msg     string
		Flavors []dict
		Free    []dict
		LeftOut []dict `json:"left_out"`
		Truth   []dict
	}
	ask := func(more map[string]any) (a answer) {
		options := map[string]any{"flavors": []string{"m1.small"}, "truth": true}
		maps.Copy(options, more)
		if err := lab.Module(t.Context(), "placement_capacity_info", options, &a); err != nil || a.Failed {
			t.Fatal(err, a.Msg)
		}
		return a
	}
	fromAPI, fromDatabases := ask(nil), ask(lab.Databases())
	if got, want := fmt.Sprint(fromDatabases), fmt.Sprint(fromAPI); got != want || len(fromAPI.Truth) == 0 {
		t.Errorf("from the databases %s\nfrom the APIs %s", got, want)
	}
}
