// SPDX-License-Identifier: Apache-2.0

// Package client tells clients apart by how logs know them, so that the success of one does not settle the refusal of another.
package client

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// Sighting is how a log knows the client of a request: the log, the address and the user, or the host and the service that wrote it. It
// is empty where the log does not tell. Logs differ in what they take for the client's address (a proxy's, say), so
// only sightings of one kind of log are compared.
func Sighting(e *lines.Event, host, service string) string {
	if e.View == lines.FromClient {
		if host+service == "" {
			return ""
		}
		return strings.Join([]string{string(e.View), host, service}, "|")
	}
	if e.Address == "" {
		return ""
	}
	return strings.Join([]string{string(e.View), e.Address, e.User}, "|")
}

// Relation is what two sightings of clients are to each other.
type Relation int

// What they can be.
const (
	Unknown Relation = iota
	Same
	Other
)

// Relate compares how a refused client was seen with who went through.
func Relate(seen []string, by string) Relation {
	view, _, _ := strings.Cut(by, "|")
	found := Unknown
	for _, s := range seen {
		switch own, _, _ := strings.Cut(s, "|"); {
		case own != view:
		case alike(s, by):
			return Same
		default:
			found = Other
		}
	}
	return found
}

// alike reports whether two sightings may be of one client: what only one of them has is no difference.
func alike(a, b string) bool {
	one, two := strings.Split(a, "|"), strings.Split(b, "|")
	for i := range min(len(one), len(two)) {
		if one[i] != two[i] && one[i] != "" && two[i] != "" {
			return false
		}
	}
	return true
}

// In names the client of a sighting: the user where the address is that of the refused one too, of a proxy say.
func In(by string, seen []string) string {
	parts := strings.Split(by, "|")
	if parts[0] == string(lines.FromClient) {
		return strings.Join(slices.DeleteFunc(parts[1:], func(p string) bool { return p == "" }), " ")
	}
	if len(parts) < 2 {
		return by
	}
	shared := func(s string) bool { return strings.HasPrefix(s, parts[0]+"|"+parts[1]+"|") }
	if user := parts[len(parts)-1]; user != "" && slices.ContainsFunc(seen, shared) {
		return parts[1] + ", user " + user
	}
	return parts[1]
}
