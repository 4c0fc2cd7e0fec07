// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Settings are the thresholds that a person may set.
type Settings struct {
	NearFull   float64       // share of the capacity at which a provider is nearly full
	StuckAfter time.Duration // how long a move, a task or a build may be in progress
	Owners     Owners        // what belongs to this Nova and what to others
}

// Defaults are the thresholds where nobody sets any.
func Defaults() Settings { return Settings{NearFull: 0.9, StuckAfter: 24 * time.Hour} }

// Pass is what a check sees and where it reports.
type Pass struct {
	Snapshot *snapshot.Snapshot
	Settings Settings

	check    *Check
	findings []Finding
	left     []left // what it leaves alone
}

type left struct{ uuid, reason string }

// Report adds a suspect. Its subject's type is that of the check.
func (p *Pass) Report(s Suspect) {
	s.Subject.Type = p.check.Subject
	if s.Remedy.Args == nil {
		s.Remedy.Args = map[string]any{}
	}
	p.nameCell(s.Evidence)
	fingerprint := Fingerprint(p.check.ID, s.Subject.Type, s.Subject.UUID)
	if p.check.Healable && s.Remedy.Module == "" && !Waits(s.Because) {
		s.Remedy.Module, s.Remedy.Args = remedyOf(p.check.ID, fingerprint)
	}
	p.findings = append(p.findings, Finding{
		ID: p.check.ID, Name: p.check.Name, Severity: p.check.Severity,
		Fingerprint: fingerprint,
		Subject:     s.Subject, Message: s.Message, Evidence: s.Evidence, Remedy: s.Remedy,
		Because: append([]string{}, s.Because...), stamp: s.Stamp, sample: s.Sample,
	})
}

// nameCell adds the cell of the host that the evidence names, where it is known: the APIs do not tell.
func (p *Pass) nameCell(evidence map[string]any) {
	host, _ := evidence["host"].(string)
	if cell := p.Snapshot.CellOf(host); cell != "" {
		evidence["cell"] = cell
	}
}

// Read reports whether all of these parts were read: what a check asks of those that it wants and does not need.
func (p *Pass) Read(parts ...snapshot.Part) bool {
	_, _, unread := p.Snapshot.Unread(parts)
	return !unread
}

// Fingerprint is what a finding has in every run: the check, and what it is about.
func Fingerprint(id string, kind SubjectType, uuid string) string {
	return fmt.Sprintf("%s:%s:%s", id, kind, uuid)
}

// IDOf is the id of the check that a fingerprint is of.
func IDOf(fingerprint string) string {
	id, _, _ := strings.Cut(fingerprint, ":")
	return id
}

// AboutOf is what a finding of that fingerprint is about, such as "provider 4f1e2c3d-…"; empty if it is no fingerprint.
func AboutOf(fingerprint string) string {
	kind, uuid, whole := strings.Cut(strings.TrimPrefix(fingerprint[len(IDOf(fingerprint)):], ":"), ":")
	if !whole {
		return ""
	}
	return strings.TrimSpace(kind + " " + uuid)
}

// NotJudged says that the check leaves this UUID alone, and why.
func (p *Pass) NotJudged(uuid, reason string) {
	p.left = append(p.left, left{uuid, reason})
}

// counted sums up by reason what a check leaves alone.
func counted(c *Check, all []left) []NotJudged {
	var out []NotJudged
	for _, l := range all {
		i := slices.IndexFunc(out, func(n NotJudged) bool { return n.Reason == l.reason })
		if i < 0 {
			i = len(out)
			out = append(out, NotJudged{Check: c.ID, Reason: l.reason, Examples: []string{}})
		}
		out[i].Count++
		if len(out[i].Examples) < maxExamples {
			out[i].Examples = append(out[i].Examples, l.uuid)
		}
	}
	return out
}
