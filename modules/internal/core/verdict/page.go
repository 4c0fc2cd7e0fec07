// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/markdown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/pasted"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// page is a report in Markdown.
type page struct{ markdown.Page }

// Markdown returns the report of the verdict before an upgrade.
func (b *Before) Markdown(v Verdict, msg string, reasons []Reason) []byte {
	p := &page{}
	p.Line("# Before the upgrade: %s\n", v)
	p.Line("%s. Taken at %s; the baseline is of %s.", markdown.Escape(msg), b.Audit.Summary.TakenAt.UTC().Format(time.RFC3339), takenAt(b.Baseline.TakenAt))
	p.cloud(b.Audit.Cloud)
	p.reasons("Reasons", reasons)
	p.identities(b.Computes.Identities)
	p.capacity(b.Capacity)
	p.read(b.Audit)
	return p.Bytes()
}

// Markdown returns the report of the verdict after an upgrade.
func (a *After) Markdown(v Verdict, msg string, reasons []Reason) []byte {
	p := &page{}
	baseline := "there is no baseline"
	if a.Baseline.TakenAt != "" {
		baseline = "the baseline is of " + takenAt(a.Baseline.TakenAt)
	}
	p.Line("# After the upgrade: %s\n", v)
	p.Line("%s. Taken at %s; %s.", markdown.Escape(msg), a.Audit.Summary.TakenAt.UTC().Format(time.RFC3339), baseline)
	p.cloud(a.Audit.Cloud)
	p.reasons("What to look at", reasons)
	p.repair(a.Repair)
	p.gone(a.Audit.Gone)
	p.Heading("Computes")
	p.Line("%s.", markdown.Escape(a.Computes.Msg))
	p.capacity(a.Capacity)
	p.conflicts(a.Conflicts)
	p.statusChecks(a.StatusChecks)
	p.read(a.Audit)
	return p.Bytes()
}

func (p *page) reasons(heading string, all []Reason) {
	if len(all) == 0 {
		return
	}
	p.Heading("%s", heading)
	for _, r := range all {
		p.Line("- **%s** %s: %s", markdown.Escape(string(r.Severity)), r.linked(), markdown.Escape(r.Text))
		p.Line("  - To do: %s", markdown.Escape(r.Todo))
		if r.Command != "" {
			p.Line("  - %s:", markdown.Escape(cmp.Or(r.where(), "Command")))
			p.Block(4, r.Command)
		}
		for module, args := range r.Task {
			p.Line("  - Task:")
			p.Listing(4, pasted.Task(module, args))
		}
	}
}

// linked returns what the reason is about, with a link to the page of its check if it is a finding.
func (r Reason) linked() string {
	if r.check == "" {
		return markdown.Escape(r.What)
	}
	return fmt.Sprintf("[%s](%s)", markdown.Escape(r.What), check.Documentation(r.check))
}

// cloud names the cloud that was audited, and its region.
func (p *page) cloud(c openstack.Cloud) {
	var words []string
	if len(c.Endpoints) > 0 {
		words = append(words, "Cloud: "+markdown.Code(strings.Join(c.Endpoints, ", ")))
	}
	if c.Region != "" {
		words = append(words, "Region: "+markdown.Code(c.Region))
	}
	if len(words) > 0 {
		p.Line("\n%s.", strings.Join(words, ". "))
	}
}

// takenAt returns a time without fractions of a second; a text that is no time stays as it is.
func takenAt(text string) string {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		text = at.UTC().Format(time.RFC3339)
	}
	return markdown.Escape(text)
}

func (p *page) identities(all []computeid.Identity) {
	if len(all) == 0 {
		return
	}
	p.Heading("What Kolla-Ansible does to the identities of computes")
	p.Line("| host | names itself | hypervisor | has | would get | effect |\n|---|---|---|---|---|---|")
	for _, i := range all {
		node := computeid.Named{}
		if i.Node != nil {
			node = *i.Node
		}
		effect := string(i.Effect)
		if !i.Safe {
			effect += " (not safe)"
		}
		p.row(i.Host, i.Nodename, node.Name, cmp.Or(i.ComputeID, node.UUID), i.Written, effect)
	}
}

// row adds a row of a table.
func (p *page) list(heading string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.Heading("%s", heading)
	for _, line := range lines {
		p.Line("- %s", markdown.Escape(line))
	}
}

func (p *page) row(cells ...string) {
	for i := range cells {
		cells[i] = markdown.Escape(cells[i])
	}
	p.Line("| %s |", strings.Join(cells, " | "))
}

func (p *page) gone(all []check.Finding) {
	if len(all) == 0 {
		return
	}
	p.Heading("Gone since the baseline")
	for _, f := range all {
		p.Line("- %s %s %s: %s", markdown.Escape(string(f.Severity)), markdown.Escape(f.ID), markdown.Escape(f.Name), markdown.Escape(f.Message))
	}
}

func (p *page) conflicts(r *report.Refusals) {
	if r == nil {
		return
	}
	p.Heading("Conflicts since the upgrade began")
	p.Line("%s.", markdown.Escape(r.Msg))
	if len(r.Conflicts) > 0 {
		p.Line("")
		report.ConflictTable(&p.Page, r.Conflicts)
	}
}

func (p *page) statusChecks(all []StatusCheck) {
	if len(all) == 0 {
		return
	}
	p.Heading("Upgrade checks of the services")
	p.Line("| service | check | result | |\n|---|---|---|---|")
	for _, c := range all {
		details := c.Details
		if details == "None" {
			details = ""
		}
		p.row(c.Of+" on "+c.Host, c.Name, c.Result, details)
	}
}

// read tells how much the audit read.
func (p *page) read(a report.Audit) {
	var words []string
	for _, part := range snapshot.AllParts() {
		if n, read := a.Summary.Read[part]; read {
			words = append(words, fmt.Sprintf("%d %s", n, strings.ReplaceAll(string(part), "_", " ")))
		}
	}
	p.Line("\nRead: %s.", strings.Join(words, ", "))
}
