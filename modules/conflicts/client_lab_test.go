// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	known "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// said is a refusal that Nova's report client met, as testdata/report_client.py tells it.
type said struct {
	Entry, Method, Path, Body, Microversion, ID string
	Status                                      int
}

// client has Nova's own report client refused in every way it meets. Its log tells each by text; with Placement's log each
// is one record, seen by both. It returns what was refused, by entry.
func (p *place) client() map[string]bool {
	p.t.Helper()
	log := filepath.Join(p.t.TempDir(), "nova-compute.log")
	all := p.runClient(log)
	alone, both := p.byID(p.explain(nil, log)), p.byID(p.explain(nil, log, p.log("placement")))
	// Nova 26.2 loses the answer of what it takes for a conflict of a reshape: its text says "$(error)s".
	dropped, mute := p.says(log, "$(error)s"), 0
	done := map[string]bool{}
	for _, s := range all {
		done[s.Entry] = true
		answer := p.shotOf(s)
		p.answer(answer, s.Entry)
		if dropped && s.Path == "/reshaper" && answer.Code == "placement.concurrent_update" {
			mute++
			continue
		}
		p.written(s, alone[s.ID], lines.FromClient)
		if s.Status == http.StatusConflict { // Placement's log has others only as requests among many
			p.written(s, both[s.ID], lines.FromClient, lines.FromPlacement)
		}
	}
	if len(alone) != len(all)-mute {
		p.t.Errorf("Nova's log tells of %d conflicts, there were %d, of which it leaves out %d", len(alone), len(all), mute)
	}
	return done
}

// says reports whether a log has a text.
func (p *place) says(log, text string) bool {
	p.t.Helper()
	content, err := os.ReadFile(log)
	if err != nil {
		p.t.Fatal(err)
	}
	return bytes.Contains(content, []byte(text))
}

// written wants a record to be the entry, told by its text, and to have these views.
func (p *place) written(s said, r known.Record, views ...lines.View) {
	p.t.Helper()
	if m := of(r); nameOf(m) != s.Entry || m.By != catalogue.ByText || !slices.Equal(r.Views, views) || r.Method != s.Method {
		p.t.Errorf("%s: %s %s (%s) is %q by %q in the log, views %v: %+v", s.Entry, s.Method, s.Path, s.ID, nameOf(m), m.By, r.Views, r)
	}
}

// runClient runs the report client with the lab's Python, as a nova-compute would.
func (p *place) runClient(log string) []said {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), p.Python, "testdata/report_client.py", filepath.Join(p.ConfigDir, "nova/compute-cell1.conf"), log)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + os.Getenv("HOME")}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		p.t.Fatalf("report_client.py: %v\n%s\n%s", err, stderr.String(), out)
	}
	var all []said
	for line := range bytes.Lines(out) {
		var s said
		if err := json.Unmarshal(line, &s); err != nil {
			p.t.Fatalf("report_client.py: %v: %s", err, line)
		}
		all = append(all, s)
	}
	return all
}

func (p *place) shotOf(s said) shot {
	p.t.Helper()
	var body struct {
		Errors []struct{ Code, Detail string }
	}
	if err := json.Unmarshal([]byte(s.Body), &body); err != nil || len(body.Errors) == 0 {
		p.t.Errorf("%s: %v: %s", s.Entry, err, s.Body)
		return shot{}
	}
	return shot{path: s.Path, id: s.ID, body: []byte(s.Body), Answer: catalogue.Answer{
		Method: s.Method, Place: catalogue.PlaceOf(s.Path), Status: s.Status, Microversion: s.Microversion, Code: body.Errors[0].Code, Detail: body.Errors[0].Detail,
	}}
}
