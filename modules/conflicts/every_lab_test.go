// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	known "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
)

// Every conflict of the catalogue happens, is told by its answer, and by Placement's log to be nothing else. What Nova says of
// those that it meets is told without Placement's log too, and joined with it into one record.
func TestLabEveryConflict(t *testing.T) {
	p := placeOf(t)
	done := map[string]bool{}
	told := map[string]string{} // by request id
	for _, w := range ways() {
		s := w.refused(p)
		p.answer(s, w.entry)
		done[w.entry], told[s.id] = true, w.told
	}
	for _, r := range races() {
		if s, happened := p.try(r); happened {
			done[r.entry], told[s.id] = true, r.told
		}
	}
	for _, s := range p.hosts() {
		p.answer(s, nameOf(catalogue.Classify(s.Answer)))
		done[nameOf(catalogue.Classify(s.Answer))] = true
	}
	p.alone(told)
	for entry := range p.client() {
		done[entry] = true
	}
	done["allocation-race"] = true // in TestLabBurst
	p.account(done)
}

// account fails for each entry that did not happen and is not listed, and tells of one that is listed and did.
func (p *place) account(done map[string]bool) {
	for _, s := range p.shots {
		done[nameOf(catalogue.Classify(s.Answer))] = true
	}
	delete(done, "") // what is none, such as a 404
	listed := catalogue.NotProvoked()
	for _, e := range catalogue.All() {
		switch why := listed[e.Name]; {
		case done[e.Name] && why != "":
			p.t.Logf("%s did happen, although %s", e.Name, why)
		case !done[e.Name] && why == "":
			p.t.Errorf("%s did not happen", e.Name)
		}
		delete(listed, e.Name)
		delete(done, e.Name)
	}
	if len(done)+len(listed) > 0 {
		p.t.Errorf("no entries: %v %v", done, listed)
	}
}

// answer wants the answer to be the entry, told by its text.
func (p *place) answer(s shot, entry string) {
	p.t.Helper()
	at := slices.IndexFunc(catalogue.All(), func(e catalogue.Entry) bool { return e.Name == entry })
	m := catalogue.Classify(s.Answer)
	if at < 0 || m.Entry == nil || m.Entry.Name != entry || m.By != catalogue.ByText {
		p.t.Errorf("%s: %s %s at %s: %d %s\nis taken for %q", entry, s.Method, s.path, s.Microversion, s.Status, s.body, nameOf(m))
		return
	}
	e := catalogue.All()[at]
	if m.Kind != e.Kind || s.Status != e.Status || s.Code != "" && s.Code != e.Code {
		p.t.Errorf("%s: %s %s: %d %s, want %d %s", entry, m.Kind, s.path, s.Status, s.Code, e.Status, e.Code)
	}
}

// alone reads Placement's log alone: every conflict is there, what is told of it is true, and of those that were made for
// certain it is what the table says, or more: the length of what the database says differs.
func (p *place) alone(told map[string]string) {
	result := p.explain(nil, p.log("placement"))
	records := p.byID(result)
	counted := 0
	for _, c := range result.Conflicts {
		counted += c.Count
	}
	kept := slices.DeleteFunc(slices.Clone(result.Export.Records), func(r known.Record) bool { return r.Status == http.StatusBadRequest })
	if counted != len(kept) || counted != result.Summary.Conflicts { // what is invalid once is not told
		p.t.Errorf("%d records, the list counts %d, the summary %d", len(kept), counted, result.Summary.Conflicts)
	}
	for _, s := range p.shots {
		said := notLogged
		if r, logged := records[s.id]; logged {
			said = p.agree(s, of(r))
		}
		if want, made := told[s.id]; made && said != want && want != nothing {
			p.t.Errorf("%s: Placement's log (%s %s, length %d) tells %s, want %s", nameOf(catalogue.Classify(s.Answer)), s.Method, s.path, s.Length, said, want)
		}
		if s.Status >= http.StatusInternalServerError && nameOf(catalogue.Classify(s.Answer)) == "" {
			p.t.Logf("unknown: %s %s: %d %s", s.Method, s.path, s.Status, s.body)
		}
		if s.Status == http.StatusConflict && said == notLogged && !strings.HasPrefix(s.path, "/os-services") {
			p.t.Errorf("%s %s (%s) was refused and is not in the log", s.Method, s.path, s.id)
		}
	}
}

// agree says what a log tells of an answer, which must be true, and must be told by the answer itself.
func (p *place) agree(s shot, logged catalogue.Match) string {
	p.t.Helper()
	answered := catalogue.Classify(s.Answer)
	if answered.Entry == nil || answered.By != catalogue.ByText {
		p.t.Errorf("unknown: %s %s: %d %s", s.Method, s.path, s.Status, s.body)
		return nothing
	}
	if logged.Entry != nil && logged.Entry.Name != answered.Entry.Name || logged.Kind != catalogue.Unknown && logged.Kind != answered.Kind {
		p.t.Errorf("%s (%s) is taken for %q (%s) in the log: %s %s", answered.Entry.Name, answered.Kind, nameOf(logged), logged.Kind, s.Method, s.path)
	}
	switch {
	case logged.Entry != nil:
		return string(logged.By)
	case logged.Kind != catalogue.Unknown:
		return "its kind, by " + string(logged.By)
	}
	return nothing
}
