// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
)

func capacityPage(t *testing.T, c *report.Capacity) string {
	t.Helper()
	text, err := report.CapacityMarkdown(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What others named stays text in the page, and what could not be read is said.
func TestCapacityMarkdown(t *testing.T) {
	c := reporttest.Counted()
	c.Complete, c.NotRead, c.LeftOut = false, []string{"the services: 503"}, []report.LeftOutHost{{Name: "cn1", Reason: "its nova-compute is down, enabled"}}
	text := capacityPage(t, c)
	for _, want := range []string{"## Could not be read\n\n- the services: 503\n", `| a"b\\\|c | 3 | 2 | 0 % | – |  |`, "| VCPU | 8 | 0 | 50 % | 2 | cn2 (4) |", "- cn1: its nova-compute is down, enabled"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	if text := capacityPage(t, &report.Capacity{}); !strings.Contains(text, "No flavor was counted.") {
		t.Error(text)
	}
}

// Findings and moves in progress stand beside the difference that they explain.
func TestCapacityMarkdownExplains(t *testing.T) {
	asked, difference := 2, 1
	c := reporttest.Counted()
	c.Truth = &[]capacity.Row{{
		Name: "cn1", Class: "VCPU", Capacity: 8, Used: 3, Asked: &asked, Difference: &difference, Findings: []string{"PLC502"},
		Moves: []capacity.Move{{UUID: "m1", Type: "resize", Status: "finished", ServerUUID: "u1", ServerName: "web"}},
	}}
	want := "| cn1 | VCPU | 8 | 3 | 2 | 1 | PLC502, a move is in progress: resize m1 of server web (finished) |"
	if text := capacityPage(t, c); !strings.Contains(text, want) {
		t.Errorf("no %q in %s", want, text)
	}
}

// With a wish each flavor and each class has a row for now and one for after the change.
func TestCapacityMarkdownAfter(t *testing.T) {
	c := reporttest.Counted()
	then, left := c.Flavors[1].Now, c.Free[0].Amounts
	then.Total, left.Free = 9, 16
	c.Flavors[1].After, c.Free[0].After = &then, &left
	text := capacityPage(t, c)
	for _, want := range []string{
		"| flavor | when | fit | hosts |", "| m1 | now | 7 | 2 | 0 % | – |  |\n| m1 | after | 9 | 2 | 0 % | – |  |",
		"| class | when | free |", "| VCPU | now | 8 | 0 | 50 % | 2 | cn2 (4) |\n| VCPU | after | 16 | 0 | 50 % | 2 | cn2 (4) |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}
