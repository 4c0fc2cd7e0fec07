// SPDX-License-Identifier: Apache-2.0

package query

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// places is how many values one statement of Among has room for.
const places = 100

// among narrows a statement to the rows in which a column has one of some values.
func (s Statement) among(column string) Statement {
	glue := " WHERE "
	if strings.Contains(s.text, glue) {
		glue = " AND "
	}
	s.text, s.Only, s.Places = s.text+glue+oneOf(column), "among", places
	return s
}

func oneOf(column string) string {
	return column + " IN (" + strings.Repeat("?, ", places-1) + "?)"
}

// few makes the statements of a look at a few.
func (c *Catalogue) few() {
	c.ConsumersOf = c.Consumers.among("uuid")
	c.ConsumersOn = c.Consumers.among("uuid")
	c.ConsumersOn.Only = "on"
	c.ConsumersOn.Reads = maps.Clone(c.Consumers.Reads)
	c.ConsumersOn.Reads[c.Allocations.Table] = []string{"consumer_id", "resource_provider_id"}
	c.ConsumersOn.text = c.Consumers.text + " WHERE uuid IN (SELECT consumer_id FROM DATABASE." + c.Allocations.Table + " WHERE " +
		oneOf("resource_provider_id") + ")"
	c.HeldBy = c.Allocations.among("consumer_id")
	c.HeldOn = c.Allocations.among("resource_provider_id")
	c.HeldOn.Only = "on"
	c.ServersOf = c.Servers.among("instance_uuid")
	c.InstancesOf = c.Instances.among("i.uuid")
}

// Among is Each of the rows that a statement has of these values: it is sent as often as it takes. Without values nothing is sent.
func (s *Session) Among(ctx context.Context, st Statement, schema string, values []any, use func(Row) error) error {
	for some := range slices.Chunk(values, places) {
		args := slices.Clone(some)
		for len(args) < st.Places { // a row comes once, however often it is asked for
			args = append(args, some[0])
		}
		if err := s.each(ctx, st, schema, args, use); err != nil {
			return err
		}
	}
	return nil
}
