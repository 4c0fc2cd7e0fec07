// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Database is what the databases show and no API does.
type Database struct {
	// Ghosts are the consumers that hold nothing, which no request shows, with the project and the user of each.
	Ghosts []Ghost `json:"ghost_consumers"`
	// Rootless are the providers without a root, which newer Placements leave out of every list.
	Rootless []openstack.Provider `json:"rootless_providers"`
	// Invisible are the allocations of consumers that have no row, or whose project or user has none: Placement shows none of them.
	Invisible []openstack.Allocation `json:"invisible_allocations"`
	// Lost are the UUIDs of servers without instance mapping, sorted.
	Lost []string `json:"lost_mappings"`
	// Dangling are the rows that point to nothing, by table.
	Dangling []Dangling `json:"dangling_rows"`
	// Cells are the cells of Nova.
	Cells []Cell `json:"cells"`
}

// Ghost is a consumer that holds nothing.
type Ghost struct {
	ConsumerUUID string `json:"consumer_uuid"`
	ProjectID    string `json:"project_id"`
	UserID       string `json:"user_id"`
	Generation   int    `json:"generation"`
	Type         string `json:"type"`
}

// Dangling counts the rows of one table that point to nothing.
type Dangling struct {
	Table    string   `json:"table"`  // with its service: placement.allocations
	Column   string   `json:"column"` // that points
	Points   string   `json:"points"` // what does not exist, in words
	Count    int      `json:"count"`
	Examples []string `json:"examples"` // what tells some of the rows apart
}

// Cell is a cell of Nova.
type Cell struct {
	UUID   string   `json:"uuid"`
	Name   string   `json:"name"`
	Unread string   `json:"unread,omitempty"` // why its database could not be read
	Hosts  []string `json:"hosts"`            // that are mapped to it, sorted
}

// Shows reports whether there is anything but cells that were read.
func (d *Database) Shows() bool {
	return d != nil && (len(d.Ghosts)+len(d.Rootless)+len(d.Invisible)+len(d.Lost)+len(d.Dangling) > 0 ||
		slices.ContainsFunc(d.Cells, func(c Cell) bool { return c.Unread != "" }))
}

// InDatabase returns what only the databases show. Needs Rows.
func (s *Snapshot) InDatabase() Database {
	s.need(Rows)
	if s.Rows == nil {
		return Database{}
	}
	return *s.Rows
}

// CellOf returns the name of the cell that a host is mapped to, or its UUID if it has no name; empty if it is unknown, as it always
// is from the APIs.
func (s *Snapshot) CellOf(host string) string {
	if s.Rows == nil || host == "" {
		return ""
	}
	x := s.indexed()
	if x.cell == nil {
		x.cell = map[string]string{}
		for _, c := range s.Rows.Cells {
			for _, h := range c.Hosts {
				x.cell[h] = c.Title()
			}
		}
	}
	return x.cell[host]
}

// Title is the name of the cell, or its UUID if it has none.
func (c Cell) Title() string {
	if c.Name == "" {
		return c.UUID
	}
	return c.Name
}

// LostInDatabase reports whether the database shows that a server has no instance mapping.
func (s *Snapshot) LostInDatabase(uuid string) bool {
	if s.Rows == nil {
		return false
	}
	_, lost := slices.BinarySearch(s.Rows.Lost, uuid)
	return lost
}
