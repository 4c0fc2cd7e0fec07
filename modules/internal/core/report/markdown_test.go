// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
)

func pageOf(t *testing.T, r *report.Report) string {
	t.Helper()
	text, err := report.Markdown(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every finding is there exactly once, whatever follows from what: chains, circles, itself, what is not there.
func TestEveryFindingOnce(t *testing.T) {
	tellsOnce(t, map[string]map[int][]int{
		"nothing":         {},
		"a chain":         {0: {1}, 1: {2}, 2: {3}, 3: {4}},
		"a chain back":    {4: {3}, 3: {2}, 2: {1}, 1: {0}},
		"a circle":        {0: {1}, 1: {2}, 2: {0}},
		"two circles":     {0: {1, 2}, 1: {0}, 2: {3}, 3: {2, 0}},
		"itself":          {0: {0}, 1: {1, 0}},
		"one cause":       {1: {0}, 2: {0}, 3: {0}, 4: {0}},
		"several causes":  {4: {0, 1, 2}, 3: {9, 1}},
		"what is not":     {0: {9}},
		"many below many": {1: {0}, 2: {0}, 3: {1}, 4: {1}, 5: {2}, 6: {2}, 7: {3}},
	})
}

func tellsOnce(t *testing.T, cases map[string]map[int][]int) {
	t.Helper()
	_, stale, _, _, _ := reporttest.Made()
	for name, because := range cases {
		t.Run(name, func(t *testing.T) {
			r := reporttest.Clean()
			for i := range 8 {
				var causes []string
				for _, cause := range because[i] {
					causes = append(causes, check.Fingerprint(stale.ID, stale.Subject, fmt.Sprint("u", cause)))
				}
				subject := check.Subject{UUID: fmt.Sprint("u", i)}
				r.Findings = append(r.Findings, reporttest.Finding(stale, subject, fmt.Sprintf("message %d.", i), causes...))
			}
			text := pageOf(t, r)
			for i := range 8 {
				if n := strings.Count(text, fmt.Sprintf("message %d.", i)); n != 1 {
					t.Errorf("message %d is there %d times:\n%s", i, n, text)
				}
			}
		})
	}
}

// A consequence is below its cause, and the group stands where its worst belongs.
func TestFolded(t *testing.T) {
	text := pageOf(t, reporttest.Full())
	order := []string{
		"# Placement audit: INCOMPLETE", "## Could not be judged", "## Counts", "## Critical", "cn1.example.org (u2) are one host",
		"Remedy: Delete u1", "    - [**PLC992 made-stale**]", "      - [**PLC993 made-misplaced**](https://github.com/openstack-ops/ansible-collection-placement/blob/main/docs/checks/PLC993.md) (critical, new)",
		"## High", "<summary>6 findings", "n5 has no compute node", "</details>", "## Gone", "## Ignored",
	}
	rest := text
	for _, want := range order {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("%q is not there, or not in order:\n%s", want, text)
		}
		rest = after
	}
	if strings.Contains(text, "## Medium") {
		t.Error("what follows from others has a part of its own")
	}
}

// What a user may call a server is text and nothing else: no line, tag, link, cell or mark-up of its own.
func TestMarkdownEscapes(t *testing.T) {
	_, _, _, quiet, _ := reporttest.Made()
	for _, name := range []string{
		reporttest.Hostile, "\n# heading", "\r\n| a |", "<!-- ", "&lt;b&gt;", "<details>", "```", "~~~", "**b**", "__b__", "_i_", "![x](y)", "[x]: y",
		"a\tb", "\x00\x1b[31m", "a\u2028b", "bad\xff", "https://x.org", "www.x.org", "\\", "|", "$x$", "@you", "#1",
	} {
		r := reporttest.Clean()
		r.Findings = []check.Finding{reporttest.Finding(quiet, check.Subject{UUID: "u1", Name: name}, "name "+name+" end")}
		r.Ignored = reporttest.Full().Ignored
		r.Ignored[0].Message, r.Ignored[0].Reason = name, name
		r.NotRun = []check.NotRun{{Check: "PLC994", Name: "made-quiet", Reason: name}}
		r.Summary.NotJudged = []check.NotJudged{{Check: "PLC994", Reason: name, Count: 1}}
		own := check.Documentation(quiet.ID)
		text := strings.ReplaceAll(pageOf(t, r), own, "")
		plain := strings.ReplaceAll(pageOf(t, renamed(r)), own, "")
		if got, want := strings.Count(text, "\n"), strings.Count(plain, "\n"); got != want {
			t.Errorf("%q makes %d lines of %d:\n%s", name, got, want, text)
		}
		for _, bad := range []string{"<", ">", "\x00", "\x1b", "\u202e", "\r", "\t", "\u2028", "\xff", "http://", "https://", "www.x"} {
			if strings.Contains(strings.ReplaceAll(text, "\n", " "), bad) {
				t.Errorf("%q lets %q through:\n%s", name, bad, text)
			}
		}
		for _, special := range "`*[]|~$@#" {
			if bare(text, special) != bare(plain, special) {
				t.Errorf("%q leaves a bare %c:\n%s", name, special, text)
			}
		}
	}
}

// renamed is the report with a harmless name in all places.
func renamed(r *report.Report) *report.Report {
	tame := *r
	tame.Findings = []check.Finding{r.Findings[0]}
	tame.Findings[0].Message = "name x end"
	tame.Ignored = reporttest.Full().Ignored
	tame.Ignored[0].Message, tame.Ignored[0].Reason = "x", "x"
	tame.NotRun = []check.NotRun{{Check: "PLC994", Name: "made-quiet", Reason: "x"}}
	tame.Summary.NotJudged = []check.NotJudged{{Check: "PLC994", Reason: "x", Count: 1}}
	return &tame
}

// bare counts a character where no backslash takes its meaning.
func bare(text string, special rune) int {
	n, escaped := 0, false
	for _, r := range text {
		if r == special && !escaped {
			n++
		}
		escaped = r == '\\' && !escaped
	}
	return n
}
