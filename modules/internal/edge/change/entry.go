// SPDX-License-Identifier: Apache-2.0

package change

import (
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// Entry is one line of a journal. An intended entry is on disk before its write is sent; the entry that tells how the
// write ended follows it. An intended entry without one was interrupted: Settled tells from the provider what became
// of it.
type Entry struct {
	Time       time.Time       `json:"time"`
	Cloud      openstack.Cloud `json:"cloud"`
	Run        string          `json:"run"`   // of the program, a UUID
	Place      int             `json:"place"` // in its run, from 1
	Op         string          `json:"op"`
	Provider   string          `json:"provider"`
	Name       string          `json:"name"`
	Generation int             `json:"generation"` // that the write was bound to; of an ended one: that it made
	State      Mark            `json:"state"`
	Before     Inventories     `json:"before,omitempty"`
	After      Inventories     `json:"after,omitempty"`
	Reason     string          `json:"reason,omitempty"`
	// Modified is when the inventories were last written, as Placement says: before the write of an intended entry, by the
	// write of a confirmed one.
	Modified time.Time `json:"modified,omitzero"`
	// Change is what an intended entry is to change, where that is more than inventories; Left is what a written one left.
	Change *repair.Change `json:"change,omitempty"`
	Left   *repair.State  `json:"left,omitempty"`
	// Undoes names the entry that this one undoes, as RUN/PLACE.
	Undoes   string `json:"undoes,omitempty"`
	Previous string `json:"previous"` // SHA-256 of the line before, without its end; empty in the first one
}

// What a journal entry is about.
const (
	OpInventories = "inventories"
	OpDrain       = "drain"
	OpUndrain     = "undrain"
)

// Mark says how far a write came.
type Mark string

// The marks of entries.
const (
	Intended   Mark = "intended"
	Written    Mark = "written"
	Confirmed  Mark = "confirmed" // follows Written: a second later, nobody had written over it
	NotWritten Mark = "not written"
	Unknown    Mark = "unknown" // the answer was lost and reading did not settle it either
)

// Settled tells what became of an intended write, from what the provider has now: its generation moves by one with each
// write and with each allocation.
func Settled(e Entry, generation int, now Inventories) Mark {
	switch {
	case generation == e.Generation:
		return NotWritten
	case same(now, e.After):
		return Written
	case generation == e.Generation+1:
		return NotWritten // somebody else made the only generation there was to make
	}
	return Unknown // somebody wrote after it, perhaps what was there before
}
