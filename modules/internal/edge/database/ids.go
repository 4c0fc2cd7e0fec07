// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql"
	"sync"
)

// ids keeps the UUID of each server and consumer once, for all databases of a sweep: most are in Placement, in Nova's API database and in a
// cell. Of the others it keeps but its place in the list.
type ids struct {
	mu    sync.Mutex // several servers are read at the same time
	place map[string]int32
	list  []string
}

func newIDs() *ids { return &ids{place: map[string]int32{}} }

// know takes over a UUID that is kept elsewhere already.
func (k *ids) know(uuid string) {
	if _, known := k.place[uuid]; !known {
		k.place[uuid], k.list = int32(len(k.list)), append(k.list, uuid) //nolint:gosec // as many as were read
	}
}

// of returns the place of a UUID and its one copy.
func (k *ids) of(raw sql.RawBytes) (int32, string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if i, known := k.place[string(raw)]; known {
		return i, k.list[i], nil
	}
	uuid, err := id(raw)
	if err != nil {
		return 0, "", err
	}
	i := int32(len(k.list)) //nolint:gosec // a UUID has 36 characters: so many do not fit into memory
	k.place[uuid], k.list = i, append(k.list, uuid)
	return i, uuid, nil
}

// find returns the place of a UUID that may be known.
func (k *ids) find(uuid string) (int32, bool) {
	i, known := k.place[uuid]
	return i, known
}

// at returns the UUID at a place. It may not be called while rows are read.
func (k *ids) at(place int32) string { return k.list[place] }

// listed returns the number that a list has for a place, 0 if it has none.
func listed(list []int32, place int32) int32 {
	if int(place) >= len(list) {
		return 0
	}
	return list[place]
}

// enlist puts a number into a list at a place.
func enlist(list []int32, place, number int32) []int32 {
	for int(place) >= len(list) {
		list = append(list, 0)
	}
	list[place] = number
	return list
}
