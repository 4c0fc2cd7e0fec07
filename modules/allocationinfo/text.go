// SPDX-License-Identifier: Apache-2.0

package allocationinfo

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Show is the result for people: each consumer, who it is, and what it holds where.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	p.Headline(r.Msg)
	for _, c := range r.Consumers {
		p.Blank()
		p.Said(0, p.Paint(screen.Bold, foreign.Line(c.UUID))+"  "+p.Short(c.who()))
		if c.Generation != nil {
			p.Text(2, foreign.Line(fmt.Sprintf("generation %d, project %s, user %s, type %s", *c.Generation, c.ProjectID, c.UserID, cmp.Or(c.Type, "unknown"))))
		}
		if len(c.Allocations) == 0 {
			p.Text(2, "holds nothing")
		}
		var rows [][]string
		for _, share := range c.Allocations {
			rows = append(rows, []string{foreign.Line(share.Name), foreign.Line(share.UUID), foreign.Line(check.Amounts(share.Resources))})
		}
		p.Table(2, []string{"ON", "UUID", "HOLDS"}, rows)
	}
	return p.Lines()
}

// who says who the consumer is.
func (c Consumer) who() string {
	words := c.Kind
	if c.Name != "" {
		words += " " + c.Name
	}
	if c.Kind != "server" && c.ServerUUID != "" {
		words += " of server " + c.ServerUUID
	}
	var more []string
	if c.Status != "" {
		more = append(more, c.Status)
	}
	if c.Host != "" {
		more = append(more, "on host "+c.Host)
	}
	if len(more) > 0 {
		words += " (" + strings.Join(more, " ") + ")"
	}
	return words
}
