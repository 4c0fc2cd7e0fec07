// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// healing is what placement_heal says that it did.
type healing struct {
	Failed bool   `json:"failed"`
	Run    string `json:"run"`
	Msg    string `json:"msg"`
	Steps  []struct {
		Finding string   `json:"finding"`
		Also    []string `json:"also"`
		What    string   `json:"what"`
		State   string   `json:"state"`
		Undo    bool     `json:"undo"`
		Reason  string   `json:"reason"`
	} `json:"steps"`
}

// heals has placement_heal put the state right, where PLACEMENT_PEER_HEAL is set. What an audit finds afterwards has to be a step that
// it left to a person, and nothing may be new. What no finding is about stays as it is, and no server loses anything. The undo brings
// back every row.
func (s *state) heals(before *live.Audit) {
	s.t.Helper()
	if live.Number(s.t, "PLACEMENT_PEER_HEAL", 0) == 0 {
		return
	}
	was, err := s.read(s.ctx)
	s.must(err)
	rows, err := s.lab.Rows(s.ctx)
	s.must(err)
	servers, journal := s.servers(), filepath.Join(s.t.TempDir(), "own", "journal")
	var h healing
	s.must(s.lab.Module(s.ctx, "placement_heal", map[string]any{
		"journal": journal, "grace": 1, "max_changes": 1000, "max_share": 1, "wait": 60,
		"stuck_after": 3600, "others": map[string]any{"projects": []string{foreignProject}},
	}, &h))
	s.t.Logf("heal: %s", h.Msg)
	after, err := s.audit(s.ctx)
	s.must(err)
	s.judge(before, after, h)
	now, err := s.read(s.ctx)
	s.must(err)
	s.untouched(before, was, now)
	s.alive(servers, was, now)
	s.undone(journal, h, rows)
}

// undone undoes a run, and fails for each row of the databases that is not as it was. If the plan says of a step that it can't be undone,
// nothing is undone, and the answer names the step.
func (s *state) undone(journal string, h healing, rows map[string]string) {
	s.t.Helper()
	if h.Run == "" {
		return
	}
	lasting := false
	for _, step := range h.Steps {
		lasting = lasting || step.State == "done" && !step.Undo
	}
	healed, err := s.lab.Rows(s.ctx)
	s.must(err)
	var undo healing
	s.must(s.lab.Module(s.ctx, "placement_restore", map[string]any{"journal": journal, "run": h.Run}, &undo))
	if lasting {
		rows = healed
		if !undo.Failed || !strings.Contains(undo.Msg, "can't be undone") {
			s.t.Errorf("the plan has a step that can't be undone, and the undo says: %s", undo.Msg)
		}
	}
	now, err := s.lab.Rows(s.ctx)
	s.must(err)
	s.t.Logf("undo: %s", undo.Msg)
	for _, row := range live.Changed(rows, now) {
		s.t.Errorf("undone, and %s: %s", map[bool]string{true: "new", false: "gone"}[now[row] != ""], row)
	}
}

// judge compares what is found with what was left to a person.
func (s *state) judge(before, after *live.Audit, h healing) {
	s.t.Helper()
	left, known := map[string]string{}, map[string]bool{}
	for _, step := range h.Steps {
		if step.State == "done" || step.State == "unchanged" {
			continue
		}
		for _, fingerprint := range append(step.Also, step.Finding) {
			left[fingerprint] = step.State + ": " + step.Reason
		}
	}
	for _, f := range before.Findings {
		known[f.Fingerprint] = true
	}
	for _, f := range after.Findings {
		switch _, excused := left[f.Fingerprint]; {
		case !known[f.Fingerprint] && f.Loud():
			s.t.Errorf("new after healing: %s %s", f.Fingerprint, f.Message)
		case !excused && healable(f.ID):
			s.t.Errorf("left after healing, and not to a person: %s %s", f.Fingerprint, f.Message)
		}
	}
	for _, step := range h.Steps {
		s.t.Logf("%s %s: %s %s", step.State, step.Finding, step.What, step.Reason)
		if strings.Contains(" failed unknown ", " "+step.State+" ") {
			s.t.Errorf("%s %s: %s", step.State, step.Finding, step.Reason)
		}
	}
}

// healable reports whether placement_heal heals findings of a check.
func healable(id string) bool {
	return slices.Contains(strings.Fields("PLC101 PLC102 PLC103 PLC104 PLC105 PLC106 PLC107 PLC108 PLC109 PLC201 PLC202 PLC203 PLC204 PLC206 PLC208 PLC401"), id)
}

// untouched fails for each consumer that holds something else now, although no finding is about it.
func (s *state) untouched(before *live.Audit, was, now placement) {
	s.t.Helper()
	about := ""
	for _, f := range before.Findings {
		about += f.Fingerprint + string(f.Evidence)
	}
	for consumer, held := range was.held {
		same := maps.EqualFunc(held, now.held[consumer], func(a, b live.Share) bool { return maps.Equal(a.Resources, b.Resources) })
		if !same && !strings.Contains(about, consumer) {
			s.t.Errorf("consumer %s held %v, and holds %v", consumer, held, now.held[consumer])
		}
	}
}
