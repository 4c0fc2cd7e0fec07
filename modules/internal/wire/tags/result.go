// SPDX-License-Identifier: Apache-2.0

package tags

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// Result tells what a task did; in check mode, what it would do.
type Result struct {
	Changed   bool           `json:"changed"`
	Msg       string         `json:"msg"`
	Providers []Provider     `json:"providers"`
	Created   []string       `json:"created"`
	Deleted   []string       `json:"deleted"`
	Renamed   []string       `json:"-"` // from and to
	Diff      []Diff         `json:"diff"`
	Journal   string         `json:"journal"`
	Requests  map[string]int `json:"requests"`
}

// Provider is one provider after the task; in check mode as it would be.
type Provider struct {
	UUID       string    `json:"uuid"`
	Name       string    `json:"name"`
	Generation int       `json:"generation"`
	Changed    bool      `json:"changed"`
	Added      []string  `json:"added"`
	Removed    []string  `json:"removed"`
	Traits     *[]string `json:"traits,omitempty"`
	Aggregates *[]string `json:"aggregates,omitempty"`
}

// Diff is what Ansible shows with --diff, one for each provider that changes and for each name that is made or deleted.
type Diff struct {
	BeforeHeader string              `json:"before_header"`
	AfterHeader  string              `json:"after_header"`
	Before       map[string][]string `json:"before"` // by what they are; Ansible can't show a list
	After        map[string][]string `json:"after"`
}

// diffOf shows two lists of traits, aggregates or resource classes.
func diffOf(header, what string, before, after []string) Diff {
	return Diff{header, header, map[string][]string{what: before}, map[string][]string{what: after}}
}

func (t *Task) result() *Result {
	r := &Result{Providers: []Provider{}, Created: []string{}, Deleted: []string{}, Diff: []Diff{}, Requests: t.Clients.Session.Requests()}
	names := t.done
	if t.Call.CheckMode {
		names = t.Names
	}
	for _, c := range names {
		r.name(c)
	}
	for _, j := range t.jobs {
		r.add(t, j)
	}
	if r.Changed && !t.Call.CheckMode {
		r.Journal = t.Journal
	}
	r.Msg = r.sentence(t)
	return r
}

// name adds a trait or a resource class that is made or deleted.
func (r *Result) name(c repair.Change) {
	if c.Op == repair.RenameClass {
		from, to := c.Renamed()
		r.Changed, r.Renamed = true, []string{from, to}
		r.Diff = append(r.Diff, diffOf("resource class", "resource_classes", []string{from}, []string{to}))
		return
	}
	name, what := c.After.Names[0].Name, "traits"
	if c.Op == repair.CreateClass || c.Op == repair.DeleteClass {
		what = "resource_classes"
	}
	d := diffOf(c.Op.About()+" "+name, what, []string{}, []string{name})
	if c.After.Names[0].Absent {
		r.Deleted = append(r.Deleted, name)
		d.Before, d.After = d.After, d.Before
	} else {
		r.Created = append(r.Created, name)
	}
	r.Changed, r.Diff = true, append(r.Diff, d)
}

// add adds a provider as it is, or would be.
func (r *Result) add(t *Task, j *job) {
	changed := j.written || t.Call.CheckMode && t.changes(j)
	now := j.before
	if changed {
		now = j.after
	}
	before, after := *t.of(&j.before), *t.of(&now)
	p := Provider{
		UUID: now.UUID, Name: now.Name, Generation: now.Generation, Changed: changed, Added: Mixed(Absent, after, before), Removed: Mixed(Absent, before, after),
	}
	if t.Op == repair.Traits {
		p.Traits = &after
	} else {
		p.Aggregates = &after
	}
	r.Providers = append(r.Providers, p)
	if changed {
		header := fmt.Sprintf("%s of resource provider %s (%s)", t.Op, now.Name, now.UUID)
		r.Changed, r.Diff = true, append(r.Diff, diffOf(header, string(t.Op), before, after))
	}
}

func (r *Result) sentence(t *Task) string {
	changed, created, deleted, renamed := "changed", "created: ", "deleted: ", "renamed: "
	if t.Call.CheckMode {
		changed, created, deleted, renamed = "would change", "would create: ", "would delete: ", "would rename: "
	}
	var words []string
	if len(r.Created) > 0 {
		words = append(words, created+foreign.List(r.Created))
	}
	if len(r.Deleted) > 0 {
		words = append(words, deleted+foreign.List(r.Deleted))
	}
	if len(r.Renamed) > 0 {
		words = append(words, fmt.Sprintf("%s%s to %s", renamed, foreign.Line(r.Renamed[0]), foreign.Line(r.Renamed[1])))
	}
	if len(r.Providers) > 0 {
		n := len(slices.DeleteFunc(slices.Clone(r.Providers), func(p Provider) bool { return !p.Changed }))
		words = append(words, fmt.Sprintf("%d of %d resource providers %s", n, len(r.Providers), changed))
	}
	if len(words) == 0 {
		return "nothing to change"
	}
	return strings.Join(words, "; ")
}

// halfway says what was written and what was not when one write failed. Where it was the only one, the error says so by itself.
func (t *Task) halfway(failed *job, err error) error {
	var written, left []string
	for _, c := range t.done {
		written = append(written, c.After.Names[0].Name)
	}
	for _, j := range t.jobs {
		switch {
		case j.written:
			written = append(written, j.before.Name)
		case j != failed && t.changes(j):
			left = append(left, j.before.Name)
		}
	}
	if len(written)+len(left) == 0 {
		return err
	}
	return fmt.Errorf("%w; written: %s; not written: %s; what was there before is in %s", err, foreign.List(written), foreign.List(left), t.Journal)
}
