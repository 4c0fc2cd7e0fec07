// SPDX-License-Identifier: Apache-2.0

package reportfiles

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/html"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/junit"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/metrics"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// Format is one way to write a report of a T.
type Format[T any] struct {
	Name string
	// Public says that everybody may read it. Names and ids of servers, projects and hosts are not for everybody.
	Public bool
	// Write is a pure function from the result to bytes.
	Write func(T) ([]byte, error)
}

// AuditFormats lists the formats of audits.
func AuditFormats() []Format[*report.Report] {
	return []Format[*report.Report]{
		{"json", false, report.JSON},
		{"junit", false, junit.Audit},
		{"markdown", false, report.Markdown},
		{"prometheus", true, metrics.Audit}, // it holds counts only, unless Providers are asked for; node_exporter reads it as another user
		{"html", false, html.Audit},
	}
}

// ConflictFormats lists the formats of conflicts.
func ConflictFormats() []Format[*report.Refusals] {
	return []Format[*report.Refusals]{
		{"json", false, report.ConflictJSON},
		{"junit", false, junit.Conflicts},
		{"markdown", false, report.ConflictMarkdown},
		{"prometheus", true, metrics.Conflicts}, // counts only, see AuditFormats
		{"html", false, html.Conflicts},
	}
}

// CapacityFormats lists the formats of capacities.
func CapacityFormats() []Format[*report.Capacity] {
	return []Format[*report.Capacity]{
		{"json", false, report.CapacityJSON},
		{"markdown", false, report.CapacityMarkdown},
		{"prometheus", true, metrics.Capacity}, // counts by flavor and class, no host
	}
}

// PlanFormats lists the formats of what is told as a plan.
func PlanFormats[T any](told func(T) *report.Plan) []Format[T] {
	return []Format[T]{
		{"html", false, func(result T) ([]byte, error) { return html.PlanPage(told(result)) }},
		{"markdown", false, func(result T) ([]byte, error) { return report.PlanMarkdown(told(result)) }},
	}
}
