// SPDX-License-Identifier: Apache-2.0

package heal_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	core "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/heal"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// desk is a Placement that must not be written to, and files for and from it.
type desk struct {
	t   *testing.T
	url string
	dir string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was sent", r.Method, r.URL.Path)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"versions":[{"id":"v1.0","min_version":"1.0","max_version":"1.39"}]}`))
	}))
	t.Cleanup(server.Close)
	return &desk{t, server.URL, t.TempDir()}
}

// file writes a file of this user's own and returns its path.
func (d *desk) file(name, text string) string {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

func (d *desk) open(path string) string {
	d.t.Helper()
	if err := os.Chmod(path, 0o666); err != nil {
		d.t.Fatal(err)
	}
	return path
}

// link makes a link where others can make one too. One of this user's own, in a folder of its own, is as good as the file.
func (d *desk) link(to string) string {
	d.t.Helper()
	shared := filepath.Join(d.dir, "shared")
	err := os.MkdirAll(shared, 0o700)
	if err == nil {
		err = os.Chmod(shared, 0o777)
	}
	path := filepath.Join(shared, filepath.Base(to))
	if err == nil {
		err = os.Symlink(to, path)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return path
}

// plan is the text of a plan with one step.
func (d *desk) plan(change func(*core.Plan)) string {
	d.t.Helper()
	generation, uuid := 1, "60000000-0000-4000-8000-000000000001"
	before := repair.Consumer{UUID: uuid, Generation: &generation, Held: repair.Held{"c": {"VCPU": 1}}}
	after := repair.Consumer{UUID: uuid, Generation: &generation, Held: repair.Held{}}
	p := &core.Plan{
		Format: core.Format, Version: core.Version, ID: "p", MadeAt: time.Now(), Cloud: openstack.CloudOf([]string{d.url}, ""),
		Consumers: 10, Providers: 10, Steps: []core.Step{{
			Number: 1, Finding: "PLC101:consumer:" + uuid, State: core.Planned, Undo: true, Destructive: true,
			Target: check.Subject{Type: check.OfConsumer, UUID: uuid}, Changes: []repair.Change{{
				Op: repair.Allocations, Before: repair.State{Consumers: []repair.Consumer{before}}, After: repair.State{Consumers: []repair.Consumer{after}},
			}},
		}},
	}
	change(p)
	text, err := p.Encode()
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

func as(*core.Plan) {}

// follow is a call that follows a plan as it was confirmed.
func (d *desk) follow(path string) args {
	d.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	return args{"plan": path, "confirm": change.Digest(text)[:12]}
}

// refuses runs the module, which has to refuse the call in one sentence.
func (d *desk) refuses(a args, says string) {
	d.t.Helper()
	all := args{"auth_type": "none", "placement_endpoint": d.url, "journal": filepath.Join(d.dir, "own", "journal.jsonl")}
	maps.Copy(all, a)
	answer := ansibletest.RunAtOnce(d.t, heal.Module(), all)
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || answer["changed"] == true || !strings.Contains(msg, says) || strings.Contains(msg, "\n") {
		d.t.Errorf("it does not say %q in one line: %s", says, msg)
	}
}

// A plan that is not whole, not as it was confirmed, not of this cloud, not of this hour or not this user's is refused.
func TestPlanRefused(t *testing.T) {
	d := newDesk(t)
	whole := d.file("whole", d.plan(as))
	const none = "value of plan must be a plan that a run in check mode has written"
	d.refuses(d.follow(d.file("cut", d.plan(as)[:300])), none)
	d.refuses(d.follow(d.file("longer", d.plan(as)+"{}")), none)
	d.refuses(d.follow(d.file("more", strings.Replace(d.plan(as), "{", `{"command":"rm",`, 1))), none)
	d.refuses(d.follow(d.file("wrong", d.plan(func(p *core.Plan) { p.Steps[0].Needs = []int{1} }))), none)
	d.refuses(d.follow(d.file("version", d.plan(func(p *core.Plan) { p.Version = 2 }))), none)
	edited := d.follow(whole)
	edited["plan"] = d.file("edited", strings.Replace(d.plan(as), `"VCPU": 1`, `"VCPU": 2`, 1))
	d.refuses(edited, "it is not the plan that was confirmed")
	d.refuses(d.follow(d.file("elsewhere", d.plan(func(p *core.Plan) { p.Cloud.Endpoints = []string{"http://192.0.2.1"} }))),
		"value of plan must be from this cloud, "+d.url+"; it is from http://192.0.2.1")
	d.refuses(d.follow(d.file("yesterday", d.plan(func(p *core.Plan) { p.MadeAt = time.Now().AddDate(0, 0, -1) }))), "must not be older than plan_age (3600 seconds)")
	d.refuses(d.follow(d.file("tomorrow", d.plan(func(p *core.Plan) { p.MadeAt = time.Now().AddDate(0, 0, 1) }))), "must not be from the future")
	d.refuses(d.follow(d.open(d.file("open", d.plan(as)))), "other users can write it")
	d.refuses(d.follow(d.link(whole)), "is a link that another user can have made")
}

// A report that is cut, of another cloud, of yesterday or not this user's is refused.
func TestReportRefused(t *testing.T) {
	d := newDesk(t)
	report := func(name, endpoint string, taken time.Time) string {
		text, err := json.Marshal(args{
			"format": "openstack_ops.placement/report", "version": 1, "cloud": args{"endpoints": []string{endpoint}}, "findings": []any{},
			"summary": args{"taken_at": taken.UTC().Format(time.RFC3339), "checks_run": []any{"PLC101"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return d.file(name, string(text))
	}
	d.refuses(args{"report": report("elsewhere", "http://192.0.2.1", time.Now())}, "value of report must be from this cloud, "+d.url)
	d.refuses(args{"report": report("yesterday", d.url, time.Now().AddDate(0, 0, -1))}, "value of report must not be older than plan_age")
	d.refuses(args{"report": d.open(report("open", d.url, time.Now()))}, "other users can write it")
	whole := report("whole", d.url, time.Now())
	d.refuses(args{"report": d.link(whole)}, "value of report must be a report in the format json, of this user's own")
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	d.refuses(args{"report": d.file("cut", string(text[:len(text)/2]))}, "value of report must be a report in the format json")
}

// Without a journal that is whole, private and this user's own nothing is sent.
func TestJournalRefused(t *testing.T) {
	d := newDesk(t)
	follow := d.follow(d.file("plan", d.plan(as)))
	journal := func(path string) args {
		all := maps.Clone(follow)
		all["journal"] = path
		return all
	}
	entries := d.entries()
	text, err := os.ReadFile(entries)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	d.refuses(journal(d.file("cut", lines[0]+lines[2])), "value of journal must be a file that can be written: nothing is changed without it")
	d.refuses(journal(d.file("edited", strings.Replace(string(text), `"provider":"p"`, `"provider":"q"`, 1))), "nothing is changed without it")
	d.refuses(journal(d.link(entries)), "nothing is changed without it (other users can write to its directory /")
	d.refuses(journal(d.open(d.file("open", string(text)))), "other users can write it")
	d.refuses(journal(filepath.Join(entries, "below")), "value of journal must")
}

// entries makes a journal of three entries.
func (d *desk) entries() string {
	entries := d.file("journal", "")
	j, err := change.OpenJournal(entries, openstack.CloudOf([]string{d.url}, ""), time.Now)
	if err != nil {
		d.t.Fatal(err)
	}
	for range 3 {
		if err := j.Add(change.Entry{Provider: "p", State: change.Intended}); err != nil {
			d.t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		d.t.Fatal(err)
	}
	return entries
}
