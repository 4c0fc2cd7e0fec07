// SPDX-License-Identifier: Apache-2.0

package resourceclassinfo

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Show is the result for people: a table of the resource classes.
func (r *Result) Show(v screen.View) []string {
	p := screen.New(v)
	p.Headline(r.Msg)
	if len(r.Classes) > 0 {
		p.Blank()
	}
	var rows [][]string
	for _, c := range r.Classes {
		rows = append(rows, []string{foreign.Line(c.Name), screen.YesNo(c.Custom)})
	}
	p.Table(0, []string{"RESOURCE CLASS", "CUSTOM"}, rows)
	return p.Lines()
}
