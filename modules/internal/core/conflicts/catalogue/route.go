// SPDX-License-Identifier: Apache-2.0

package catalogue

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// LongestName is how much of a name is kept, in characters. Placement allows 200.
const LongestName = 200

// Place is where a request went: its route, and what the path names.
type Place struct {
	Route string
	ID    string // UUID of a provider or consumer, name of a class or trait
	Class string // of an inventory
}

// PlaceOf reads a path, with or without a query and the prefix under which the service is mounted. The route is empty for
// one that no conflict is known of.
func PlaceOf(path string) Place {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if roots[part] {
			if part != "os-services" && (i > 1 || version.MatchString(parts[0])) {
				return Place{} // other services have allocations and traits too, below their version
			}
			return placeIn(part, parts[i+1:])
		}
	}
	return Place{}
}

var version = regexp.MustCompile(`^v\d`)

//nolint:gochecknoglobals // never written
var roots = map[string]bool{
	"resource_providers": true, "allocations": true, "reshaper": true, "resource_classes": true, "traits": true, "os-services": true,
}

func placeIn(root string, rest []string) Place {
	id := at(rest, 0)
	switch root {
	case "resource_providers":
		return providerPlace(rest)
	case "reshaper":
		return Place{Route: Reshaper}
	case "allocations":
		return either(id, Allocations, Allocation)
	case "resource_classes":
		return either(id, Classes, Class)
	case "traits":
		return Place{Route: Trait, ID: id}
	}
	return Place{Route: NovaService, ID: id}
}

func either(id, collection, one string) Place {
	if id == "" {
		return Place{Route: collection}
	}
	return Place{Route: one, ID: id}
}

func providerPlace(rest []string) Place {
	p := either(at(rest, 0), Providers, Provider)
	switch at(rest, 1) {
	case "inventories":
		p.Route = Inventories
		if p.Class = at(rest, 2); p.Class != "" {
			p.Route = Inventory
		}
	case "traits":
		p.Route = ProviderTags
	case "aggregates":
		p.Route = Aggregates
	case "":
	default:
		p.Route = ""
	}
	return p
}

// at is the part at the index, unescaped, on one line and bounded; empty beyond the end.
func at(parts []string, i int) string {
	if i >= len(parts) {
		return ""
	}
	part := parts[i]
	if plain, err := url.PathUnescape(part); err == nil {
		part = plain
	}
	return foreign.Short(part, LongestName)
}

// UUIDPattern finds a UUID with dashes.
var UUIDPattern = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
