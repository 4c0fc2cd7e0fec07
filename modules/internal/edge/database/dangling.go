// SPDX-License-Identifier: Apache-2.0

package database

import (
	"slices"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// dangling gathers rows of one table that point to nothing.
type dangling struct {
	table, column, points string
	keys                  map[string]bool
}

// How many rows a person needs to see.
const mostExamples = 10

func (d *dangling) add(key string) {
	if d.keys == nil {
		d.keys = map[string]bool{}
	}
	d.keys[key] = true
}

// some is nothing if there are none.
func (d *dangling) some() []snapshot.Dangling {
	if len(d.keys) == 0 {
		return nil
	}
	examples := make([]string, 0, len(d.keys))
	for key := range d.keys {
		examples = append(examples, key)
	}
	slices.Sort(examples)
	return []snapshot.Dangling{{Table: d.table, Column: d.column, Points: d.points, Count: len(examples), Examples: examples[:min(len(examples), mostExamples)]}}
}

func decimal(n int) string { return strconv.Itoa(n) }
