// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// sickbed is a lab with Nova in which things are broken and healed.
type sickbed struct {
	*live.Lab

	t        *testing.T
	cloud    *live.Cloud
	dir      string
	provider map[string]string // UUIDs by name
	server   map[string]string
}

func bed(t *testing.T) *sickbed {
	t.Helper()
	l := live.FindProfile(t, "nova")
	l.Build(t)
	b := &sickbed{Lab: l, t: t, cloud: l.Login(t), dir: t.TempDir(), server: map[string]string{}}
	var err error
	if b.provider, err = b.cloud.Providers(t.Context()); err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Servers []struct{ ID, Name string } `json:"servers"`
	}
	if err := b.cloud.Nova(t.Context(), http.MethodGet, "/servers?all_tenants=True", nil, &answer); err != nil {
		t.Fatal(err)
	}
	for _, s := range answer.Servers {
		b.server[s.Name] = s.ID
	}
	return b
}

// ctx also lasts while the test cleans up.
func (b *sickbed) ctx() context.Context { return context.WithoutCancel(b.t.Context()) }

func (b *sickbed) do(method, path string, body, out any) {
	b.t.Helper()
	if err := b.cloud.Placement(b.ctx(), method, path, body, out); err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
}

func (b *sickbed) run(m *ansible.Module, args map[string]any) map[string]any {
	b.t.Helper()
	all := map[string]any{"cloud": b.Cloud, "clouds_file": b.CloudsFile, "journal": filepath.Join(b.dir, "own", "journal.jsonl")}
	maps.Copy(all, args)
	return ansibletest.Run(b.t, m, all)
}

// heal runs placement_heal with a budget that fits a cloud of six hosts.
func (b *sickbed) heal(args map[string]any) map[string]any {
	b.t.Helper()
	all := map[string]any{"max_share": 1.0, "grace": 1, "wait": 300}
	maps.Copy(all, args)
	return b.run(heal.Module(), all)
}

// clean fails the test unless the lab gets clean: what a test before left behind is a failure too, not a reason to do nothing.
func (b *sickbed) clean() {
	b.t.Helper()
	var found []string
	b.eventually("the lab is clean", func() bool {
		if found = b.found(); len(found) > 0 {
			b.t.Logf("found %v", found)
		}
		return len(found) == 0
	})
}

// found lists the fingerprints of what is worse than low.
func (b *sickbed) found() []string {
	b.t.Helper()
	a, err := b.Audit(b.ctx(), map[string]any{"grace": 1})
	if err != nil {
		b.t.Fatal(err)
	}
	all := []string{}
	for _, f := range a.Findings {
		if f.Loud() {
			all = append(all, f.Fingerprint)
		}
	}
	if !a.Complete {
		all = append(all, "incomplete: "+a.Msg)
	}
	slices.Sort(all)
	return all
}

// rows are those of the databases, see live.Rows.
func (b *sickbed) rows() map[string]string {
	b.t.Helper()
	rows, err := b.Rows(b.ctx())
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

// records is all that Placement shows, but generations.
func (b *sickbed) records() map[string]string {
	b.t.Helper()
	all := map[string]string{}
	consumers := map[string]bool{}
	names, err := b.cloud.Providers(b.ctx())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, uuid := range names {
		var held struct{ Allocations map[string]any }
		b.do("GET", "/resource_providers/"+uuid+"/allocations", nil, &held)
		for consumer := range held.Allocations {
			consumers[consumer] = true
		}
		for _, part := range []string{"", "/inventories", "/traits", "/aggregates"} {
			var answer map[string]any
			b.do("GET", "/resource_providers/"+uuid+part, nil, &answer)
			all[uuid+part] = plain(answer)
		}
	}
	for consumer := range consumers {
		held, err := b.cloud.Held(b.ctx(), consumer)
		if err != nil {
			b.t.Fatal(err)
		}
		all["consumer "+consumer] = plain(map[string]any{"allocations": held.Allocations, "project": held.Project, "user": held.User})
	}
	return all
}

// plain is an answer in one line, lists sorted, without what every write moves.
func plain(answer map[string]any) string {
	delete(answer, "generation")
	delete(answer, "resource_provider_generation")
	delete(answer, "links")
	for _, key := range []string{"traits", "aggregates"} {
		if list, ok := answer[key].([]any); ok {
			slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
	}
	text, _ := json.Marshal(answer)
	return string(text)
}

// differences lists what is not the same in two sets of records.
func differences(before, after map[string]string) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if after[key] != before[key] {
			out = append(out, fmt.Sprintf("%s: %s, was %s", key, after[key], before[key]))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if _, was := before[key]; !was {
			out = append(out, key+": new")
		}
	}
	return out
}

func share(vcpu, memory, disk int) live.Share {
	return live.Share{Resources: map[string]int{"VCPU": vcpu, "MEMORY_MB": memory, "DISK_GB": disk}}
}

func (b *sickbed) hold(consumer string, shares map[string]live.Share) {
	b.t.Helper()
	if err := b.cloud.Hold(b.ctx(), consumer, shares); err != nil {
		b.t.Fatal(err)
	}
}

func (b *sickbed) held(consumer string) live.Held {
	b.t.Helper()
	held, err := b.cloud.Held(b.ctx(), consumer)
	if err != nil {
		b.t.Fatal(err)
	}
	return held
}

// put writes a part of a provider, with its generation.
func (b *sickbed) put(uuid, part string, change func(body map[string]any)) {
	b.t.Helper()
	var body map[string]any
	b.do("GET", "/resource_providers/"+uuid+"/"+part, nil, &body)
	change(body)
	b.do("PUT", "/resource_providers/"+uuid+"/"+part, body, nil)
}

func (b *sickbed) makeProvider(uuid, name, parent string) {
	b.t.Helper()
	body := map[string]any{"uuid": uuid, "name": name}
	if parent != "" {
		body["parent_provider_uuid"] = parent
	}
	b.do("POST", "/resource_providers", body, nil)
	b.put(uuid, "inventories", func(body map[string]any) {
		all := map[string]any{}
		for class, total := range map[string]int{"VCPU": 10, "MEMORY_MB": 40000, "DISK_GB": 4000} {
			all[class] = map[string]any{"total": total, "max_unit": total}
		}
		body["inventories"] = all
	})
	b.put(uuid, "traits", func(body map[string]any) { body["traits"] = []string{"COMPUTE_NODE"} })
}

// edit writes a changed report.
func (b *sickbed) edit(from, to string, change func(map[string]any)) {
	b.t.Helper()
	data, err := os.ReadFile(from)
	var a map[string]any
	if err == nil {
		err = json.Unmarshal(data, &a)
	}
	if err == nil {
		change(a)
		data, err = json.Marshal(a)
	}
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
