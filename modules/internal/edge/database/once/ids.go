// SPDX-License-Identifier: Apache-2.0

// Package once keeps in memory what many rows share, each once: the UUIDs of servers and consumers, texts, and sets of amounts. Of a large cloud
// they would otherwise take more room than all that is made of the rows.
package once

import (
	"database/sql"
	"sync"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// IDs keeps the UUID of each server and consumer once, for all databases of a sweep: most are in Placement, in Nova's API database and in a
// cell. Of the others it keeps but its place in the list.
type IDs struct {
	mu    sync.Mutex // several servers are read at the same time
	place map[string]int32
	list  []string
}

// NewIDs returns one that has none.
func NewIDs() *IDs { return &IDs{place: map[string]int32{}} }

// Know takes over a UUID that is kept elsewhere already.
func (k *IDs) Know(uuid string) {
	if _, known := k.place[uuid]; !known {
		k.place[uuid], k.list = int32(len(k.list)), append(k.list, uuid) //nolint:gosec // as many as were read
	}
}

// Of returns the place of a UUID and its one copy. An error quotes what is no UUID. Several may call it at the same time.
func (k *IDs) Of(raw sql.RawBytes) (int32, string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if i, known := k.place[string(raw)]; known {
		return i, k.list[i], nil
	}
	uuid, err := query.ID(raw)
	if err != nil {
		return 0, "", err
	}
	i := int32(len(k.list)) //nolint:gosec // a UUID has 36 characters: so many do not fit into memory
	k.place[uuid], k.list = i, append(k.list, uuid)
	return i, uuid, nil
}

// Known returns the place of a UUID that was named before, and whether it was. Several may call it at the same time.
func (k *IDs) Known(raw sql.RawBytes) (int32, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	i, known := k.place[string(raw)]
	return i, known
}

// Find returns the place of a UUID, and whether it is known. It may not be called while rows are read.
func (k *IDs) Find(uuid string) (int32, bool) {
	i, known := k.place[uuid]
	return i, known
}

// At returns the UUID at a place. It may not be called while rows are read.
func (k *IDs) At(place int32) string { return k.list[place] }

// Len is how many there are: no place is behind them. It may not be called while rows are read.
func (k *IDs) Len() int { return len(k.list) }

// ByPlace has a number for each of the first places; all others have 0.
type ByPlace []int32

// At returns the number of a place.
func (b ByPlace) At(place int32) int32 {
	if int(place) >= len(b) {
		return 0
	}
	return b[place]
}

// With returns the list in which the place has this number, as append does.
func (b ByPlace) With(place, number int32) ByPlace {
	for int(place) >= len(b) {
		b = append(b, 0)
	}
	b[place] = number
	return b
}
