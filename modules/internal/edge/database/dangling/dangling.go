// SPDX-License-Identifier: Apache-2.0

// Package dangling gathers rows that point to nothing, with a few examples for people.
package dangling

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Rows gathers those of one table. Points says in words what is wrong with the column.
type Rows struct {
	Table, Column, Points string

	keys map[string]bool
}

// How many rows a person needs to see.
const mostExamples = 10

// Add adds a row by what tells it from the others.
func (d *Rows) Add(key string) {
	if d.keys == nil {
		d.keys = map[string]bool{}
	}
	d.keys[key] = true
}

// Some returns the rows as one entry; nothing if there are none.
func (d *Rows) Some() []snapshot.Dangling {
	if len(d.keys) == 0 {
		return nil
	}
	examples := make([]string, 0, len(d.keys))
	for key := range d.keys {
		examples = append(examples, key)
	}
	slices.Sort(examples)
	return []snapshot.Dangling{{Table: d.Table, Column: d.Column, Points: d.Points, Count: len(examples), Examples: examples[:min(len(examples), mostExamples)]}}
}
