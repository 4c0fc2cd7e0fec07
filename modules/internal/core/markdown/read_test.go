// SPDX-License-Identifier: Apache-2.0

package markdown_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

// read is what a reader of a page sees.
type read struct {
	blocks   []string // texts of paragraphs, headings and items of lists, without mark-up
	commands []string // texts of blocks of code
	links    []string // addresses
}

// parse reads a page as GitHub would: with a parser of CommonMark and of tables.
func parse(page []byte) read {
	var r read
	parser := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	_ = ast.Walk(parser.Parse(text.NewReader(page)), func(n ast.Node, entering bool) (ast.WalkStatus, error) { // none of it fails
		if entering {
			r.add(n, page)
		}
		return ast.WalkContinue, nil
	})
	return r
}

func (r *read) add(n ast.Node, page []byte) {
	switch n := n.(type) {
	case *ast.Link:
		r.links = append(r.links, string(n.Destination))
	case *ast.FencedCodeBlock:
		r.commands = append(r.commands, string(n.Lines().Value(page)))
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading:
		var words strings.Builder
		spell(n, page, &words)
		r.blocks = append(r.blocks, words.String())
	}
}

// spell writes the text of a block, a line break for each of its lines.
func spell(n ast.Node, page []byte, words *strings.Builder) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if leaf, is := child.(*ast.Text); is {
			words.Write(leaf.Segment.Value(page))
			if leaf.SoftLineBreak() || leaf.HardLineBreak() {
				words.WriteString("\n")
			}
			continue
		}
		spell(child, page, words)
	}
}

const heal = "nova-manage placement heal_allocations --instance 178d7b2c-6b5a-45c1-b408-614c8d73ad67"

// audit has findings with commands, some of which look like fences.
func audit() report.Audit {
	a := report.Audit{Msg: "not clean", Complete: true, Cloud: openstack.Cloud{Endpoints: []string{"http://192.0.2.10:8780"}, Region: "RegionOne"}}
	for id, command := range map[string]string{"PLC105": heal, "PLC101": "a ``` b", "PLC102": "```", "PLC103": ""} {
		a.Findings = append(a.Findings, check.Finding{
			ID: id, Name: "some-check", Severity: check.High, Fingerprint: id + ":server:s1", Message: id + " is wrong",
			Remedy: check.Remedy{Text: "mend " + id, Command: command},
		})
	}
	a.Summary = report.Summary{Findings: len(a.Findings), TakenAt: time.Date(2026, 11, 27, 19, 39, 35, 971008699, time.UTC)}
	return a
}

// pages are those that modules write, each with the word that a remedy begins with.
func pages(t *testing.T) map[string]struct{ page, begins string } {
	t.Helper()
	page, err := report.Markdown(&report.Report{Audit: audit()})
	if err != nil {
		t.Fatal(err)
	}
	baseline := verdict.Baseline{TakenAt: "2026-11-26T19:39:35.971008699Z"}
	computes := verdict.Computes{Silent: &[]string{}}
	a := verdict.After{Audit: audit(), Computes: computes, Baseline: baseline, NovaManage: []string{"sudo", "docker", "exec", "nova_api", "nova-manage"}}
	b := verdict.Before{Audit: audit(), Computes: computes, Baseline: baseline}
	return map[string]struct{ page, begins string }{
		"audit":        {string(page), "Remedy: "},
		"post_upgrade": {string(a.Markdown(verdict.Fail, "msg", a.Reasons())), "To do: "},
		"pre_upgrade":  {string(b.Markdown(verdict.Fail, "msg", b.Reasons())), "To do: "},
	}
}

// A parser finds each remedy at the start of a block, each command alone in one, and a link for each finding.
func TestPagesAreRead(t *testing.T) {
	for name, c := range pages(t) {
		got := parse([]byte(c.page))
		for _, f := range audit().Findings {
			if !slices.Contains(got.blocks, c.begins+f.Remedy.Text) {
				t.Errorf("%s: %s%s is no block of its own: %q", name, c.begins, f.Remedy.Text, got.blocks)
			}
			alone := func(command string) bool { return strings.HasSuffix(command, f.Remedy.Command+"\n") }
			if f.Remedy.Command != "" && !slices.ContainsFunc(got.commands, alone) {
				t.Errorf("%s: %q does not stand alone: %q", name, f.Remedy.Command, got.commands)
			}
			if !slices.Contains(got.links, check.Documentation(f.ID)) {
				t.Errorf("%s: no link to the page of %s: %q", name, f.ID, got.links)
			}
		}
		if len(got.commands) != 3 || len(got.links) != 4 {
			t.Errorf("%s: %d commands of 3, %d links of 4: %s", name, len(got.commands), len(got.links), c.page)
		}
	}
}

// Each page says which cloud it is of, and when that was read, in seconds.
func TestPagesNameTheirCloud(t *testing.T) {
	for name, c := range pages(t) {
		for _, want := range []string{"`http://192.0.2.10:8780`", "`RegionOne`", "2026-11-27T19:39:35Z"} {
			if !strings.Contains(c.page, want) {
				t.Errorf("%s: no %s in %s", name, want, c.page)
			}
		}
		if strings.Contains(c.page, ".971") {
			t.Errorf("%s: fractions of a second in %s", name, c.page)
		}
	}
}

func TestConflictsAreRead(t *testing.T) {
	page, err := report.ConflictMarkdown(&report.Refusals{
		Conflicts: []explained.Conflict{{Conflict: "duplicate-name", Act: true, Remedy: "Find it."}}, Summary: report.ConflictSummary{Act: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := parse(page); !slices.Contains(got.blocks, "Remedy: Find it.") || !slices.Contains(got.blocks, "To act on") {
		t.Errorf("%q", got.blocks)
	}
}
