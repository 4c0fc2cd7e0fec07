// SPDX-License-Identifier: Apache-2.0

//go:build lab

package restore_test

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/allocation"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/inventory"
	"github.com/openstack-ops/ansible-collection-placement/modules/provider"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

type place struct {
	*live.Lab
	cloud           *live.Cloud
	journal         string
	one, two, child string // providers
	consumer        string
}

// open makes two providers, one of which has a child, and a consumer that holds something of the first.
func open(t *testing.T) place {
	t.Helper()
	l := live.Find(t)
	p := place{
		Lab: l, cloud: l.Login(t), journal: filepath.Join(t.TempDir(), "own", "journal.jsonl"),
		one: live.UUID(), two: live.UUID(), child: live.UUID(), consumer: live.UUID(),
	}
	for _, uuid := range []string{p.one, p.two, p.child} {
		body := map[string]any{"uuid": uuid, "name": "restore-" + uuid}
		if uuid == p.child {
			body["parent_provider_uuid"] = p.two
		}
		p.do(t, "POST", "/resource_providers", body, nil)
		t.Cleanup(func() {
			_ = p.cloud.Placement(context.WithoutCancel(t.Context()), "DELETE", "/resource_providers/"+uuid, nil, nil)
		})
		p.do(t, "PUT", "/resource_providers/"+uuid+"/inventories", map[string]any{
			"resource_provider_generation": 0, "inventories": map[string]any{"VCPU": map[string]any{"total": 4, "allocation_ratio": 2}},
		}, nil)
		p.do(t, "PUT", "/resource_providers/"+uuid+"/traits", map[string]any{"resource_provider_generation": 1, "traits": []string{"HW_CPU_X86_VMX"}}, nil)
	}
	if err := p.cloud.Hold(t.Context(), p.consumer, map[string]live.Share{p.one: {Resources: map[string]int{"VCPU": 2}}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cloud.Hold(context.WithoutCancel(t.Context()), p.consumer, nil) })
	return p
}

func (p place) do(t *testing.T, method, path string, body, out any) {
	t.Helper()
	if err := p.cloud.Placement(t.Context(), method, path, body, out); err != nil {
		t.Fatal(err)
	}
}

func (p place) run(t *testing.T, m *ansible.Module, args map[string]any) map[string]any {
	t.Helper()
	all := map[string]any{"cloud": p.Cloud, "clouds_file": p.CloudsFile, "journal": p.journal}
	maps.Copy(all, args)
	return ansibletest.Run(t, m, all)
}

// must runs a module that has to change something.
func (p place) must(t *testing.T, m *ansible.Module, args map[string]any) {
	t.Helper()
	if answer := p.run(t, m, args); answer["changed"] != true || answer["failed"] != false {
		t.Fatalf("%s", text(answer))
	}
}

// state is everything about the providers and the consumer, but generations.
func (p place) state(t *testing.T) string {
	t.Helper()
	held, err := p.cloud.Held(t.Context(), p.consumer)
	if err != nil {
		t.Fatal(err)
	}
	held.Generation = nil
	all := map[string]any{"held": held}
	for _, uuid := range []string{p.one, p.two, p.child} {
		for _, part := range []string{"", "/inventories", "/traits", "/aggregates"} {
			var answer map[string]any
			p.do(t, "GET", "/resource_providers/"+uuid+part, nil, &answer)
			delete(answer, "generation")
			delete(answer, "resource_provider_generation")
			delete(answer, "links")
			all[uuid+part] = answer
		}
	}
	return text(all)
}

func text(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

// Whatever a module did is undone by its run, once, newest run first.
func TestLabRestore(t *testing.T) {
	p := open(t)
	before := p.state(t)
	p.must(t, allocation.Module(), map[string]any{"consumer": p.consumer, "state": "moved", "to": p.two})
	p.must(t, allocation.Module(), map[string]any{"consumer": p.consumer, "state": "absent"})
	p.must(t, provider.Module(), map[string]any{"provider": p.one, "name": "renamed-" + p.one})
	p.must(t, provider.Module(), map[string]any{"provider": p.two, "state": "absent"})
	p.must(t, inventory.Module(), map[string]any{"provider": p.one, "inventories": map[string]any{"VCPU": map[string]any{"total": 6}}})
	for i, steps := range []int{1, 2, 1, 1, 1} {
		would := p.run(t, restore.Module(), map[string]any{"run": p.runs(t)[4-i], "_ansible_check_mode": true})
		answer := p.run(t, restore.Module(), map[string]any{"run": p.runs(t)[4-i]})
		list, _ := answer["steps"].([]any)
		if answer["changed"] != true || would["changed"] != true || len(list) != steps {
			t.Fatalf("undo %d: %s\n%s", i, text(would), text(answer))
		}
		if again := p.run(t, restore.Module(), map[string]any{"run": p.runs(t)[4-i]}); again["changed"] != false || again["failed"] != false {
			t.Errorf("twice: %s", text(again))
		}
	}
	if after := p.state(t); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// runs lists the runs of the journal that are no undoing, in their order.
func (p place) runs(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, line := range strings.Split(strings.TrimSpace(read(t, p.journal)), "\n") {
		var e struct{ Run, Undoes, State string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.State == "intended" && e.Undoes == "" && (len(all) == 0 || all[len(all)-1] != e.Run) {
			all = append(all, e.Run)
		}
	}
	return all
}

// What somebody has written since stays: nothing is undone, and the step is named.
func TestLabRestoreNotOver(t *testing.T) {
	p := open(t)
	p.must(t, allocation.Module(), map[string]any{"consumer": p.consumer, "state": "moved", "to": p.two})
	if err := p.cloud.Hold(t.Context(), p.consumer, map[string]live.Share{p.two: {Resources: map[string]int{"VCPU": 2}}}); err != nil {
		t.Fatal(err) // equal, and yet another write
	}
	before := p.state(t)
	answer := p.run(t, restore.Module(), nil)
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || answer["changed"] != false || !strings.Contains(msg, "step 1 (allocations) can't be undone: what consumer "+p.consumer+" holds has changed") {
		t.Errorf("%s", text(answer))
	}
	if after := p.state(t); !reflect.DeepEqual(before, after) {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// What Placement would refuse to give back is told before anything is written: a refused write may leave a record that nobody sees.
func TestLabRestoreWithoutInventory(t *testing.T) {
	p := open(t)
	p.must(t, allocation.Module(), map[string]any{"consumer": p.consumer, "state": "absent"})
	for _, lost := range []struct{ path, says string }{
		{"/inventories/VCPU", " has no inventory at all, and so none of VCPU"}, {"", " is not there"},
	} {
		p.do(t, "DELETE", "/resource_providers/"+p.one+lost.path, nil, nil)
		for _, check := range []bool{true, false} {
			answer := p.run(t, restore.Module(), map[string]any{"_ansible_check_mode": check})
			msg, _ := answer["msg"].(string)
			if answer["failed"] != true || !strings.Contains(msg, "step 1 (allocations) can't be undone: resource provider "+p.one+lost.says) {
				t.Errorf("%s", text(answer))
			}
		}
	}
	if ended := live.Marks(t, p.journal); ended["intended"] != 1 {
		t.Errorf("the journal has %v", ended)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
