// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change/changetest"
)

// about lists whom a write is about: the consumers or the provider.
func about(b *sickbed, w changetest.Reached) []string {
	b.t.Helper()
	if uuid := regexp.MustCompile(`[0-9a-f-]{36}`).FindString(w.Path); uuid != "" {
		return []string{uuid}
	}
	var body map[string]any
	if err := json.Unmarshal(w.Body, &body); err != nil {
		b.t.Fatalf("%s %s: %v", w.Method, w.Path, err)
	}
	if uuid, named := body["uuid"].(string); named {
		return []string{uuid}
	}
	var all []string
	for uuid := range body {
		all = append(all, uuid)
	}
	return all
}

// truthful holds what a run and its journal say against the writes that Placement got.
func (b *sickbed) truthful(answer map[string]any, reached []changetest.Reached) {
	b.t.Helper()
	applied := map[string]int{}
	for _, w := range reached {
		for _, uuid := range about(b, w) {
			if w.Status >= http.StatusOK && w.Status < http.StatusMultipleChoices {
				applied[uuid]++
			}
		}
	}
	b.journalTrue(answer, applied)
	b.reported(answer, applied)
}

// journalTrue fails for each write that the journal does not tell of, or of which it tells what is not so.
func (b *sickbed) journalTrue(answer map[string]any, applied map[string]int) {
	b.t.Helper()
	marks := b.marks(answer)
	for uuid := range applied {
		if len(marks[uuid]) == 0 {
			b.t.Errorf("the journal does not tell of a write of %s", uuid)
		}
	}
	for uuid, all := range marks {
		unsure := slices.Contains(all, change.Unknown)
		written := slices.Contains(all, change.Written)
		if written && applied[uuid] == 0 || !written && !unsure && applied[uuid] > 0 {
			b.t.Errorf("the journal says %q of %s, which was written %d times", all, uuid, applied[uuid])
		}
	}
}

// marks lists how the writes of a run ended, by whom they are about. An entry without an end is unknown.
func (b *sickbed) marks(answer map[string]any) map[string][]change.Mark {
	b.t.Helper()
	out := map[string][]change.Mark{}
	run, _ := answer["run"].(string)
	if run == "" {
		return out
	}
	all, err := change.ReadJournal(filepath.Join(b.dir, "own", "journal.jsonl"))
	if err != nil {
		b.t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(e change.Entry) bool { return e.Run != run })
	for i, e := range all {
		if e.State != change.Intended {
			continue
		}
		mark := change.Unknown
		if i+1 < len(all) && all[i+1].State != change.Intended {
			mark = all[i+1].State
		}
		for _, uuid := range e.Change.After.Target() {
			out[uuid] = append(out[uuid], mark)
		}
	}
	return out
}

// reported fails for each write that no step tells of, and for each step that tells of what was not written.
func (b *sickbed) reported(answer map[string]any, applied map[string]int) {
	b.t.Helper()
	told := map[string]string{}
	for _, step := range b.told(answer) {
		for _, uuid := range step.After.Target() {
			told[uuid] += " " + step.State + " " + step.Reason
			if step.State == "done" && applied[uuid] == 0 {
				b.t.Errorf("done is said of %s, which was not written", uuid)
			}
		}
	}
	for uuid, n := range applied {
		if n > 0 && !regexp.MustCompile(` done | unknown | changes are written`).MatchString(told[uuid]) {
			b.t.Errorf("%q is said of %s, which was written %d times: %v", told[uuid], uuid, n, answer["msg"])
		}
	}
	unsure := strings.Contains(text(answer["steps"]), `"state": "unknown"`)
	if len(applied) > 0 && answer["changed"] != true && !unsure {
		b.t.Errorf("%d are written, and nothing is reported as changed: %v", len(applied), answer["msg"])
	}
	if unsure && answer["failed"] != true {
		b.t.Errorf("a step is unknown, and the run has not failed: %v", answer["msg"])
	}
}

// said is what a step says.
type said struct {
	State  string       `json:"state"`
	Reason string       `json:"reason"`
	After  repair.State `json:"after"`
}

func (b *sickbed) told(answer map[string]any) []said {
	b.t.Helper()
	raw, err := json.Marshal(answer["steps"])
	var steps []said
	if err == nil {
		err = json.Unmarshal(raw, &steps)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return steps
}
