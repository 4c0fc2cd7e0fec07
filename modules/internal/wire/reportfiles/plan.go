// SPDX-License-Identifier: Apache-2.0

package reportfiles

// PlanReport is one report of a plan to write.
type PlanReport struct {
	Path   string `json:"path" jsonschema:"required" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"The file. Its directory has to exist."`
	Format string `json:"format" jsonschema:"default=html,enum=html,enum=markdown" jsonschema_description:"C(html) is one page for a browser, which needs no server; C(markdown) is for people, such as in a ticket."`
}

// OfPlans are reports of plans as Write takes them.
func OfPlans(reports []PlanReport) []Report {
	all := make([]Report, len(reports))
	for i, r := range reports {
		all[i] = Report{Path: r.Path, Format: r.Format}
	}
	return all
}
