// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// place is where a request went: its route, and what the path names.
type place struct {
	route string
	id    string // UUID of a provider or consumer, name of a class or trait
	class string // of an inventory
}

// placeOf reads a path, with or without a query and the prefix under which the service is mounted. The route is empty for
// one that no conflict is known of.
func placeOf(path string) place {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if roots[part] {
			if part != "os-services" && (i > 1 || version.MatchString(parts[0])) {
				return place{} // other services have allocations and traits too, below their version
			}
			return placeIn(part, parts[i+1:])
		}
	}
	return place{}
}

var version = regexp.MustCompile(`^v\d`)

//nolint:gochecknoglobals // never written
var roots = map[string]bool{
	"resource_providers": true, "allocations": true, "reshaper": true, "resource_classes": true, "traits": true, "os-services": true,
}

func placeIn(root string, rest []string) place {
	id := at(rest, 0)
	switch root {
	case "resource_providers":
		return providerPlace(rest)
	case "reshaper":
		return place{route: Reshaper}
	case "allocations":
		return either(id, Allocations, Allocation)
	case "resource_classes":
		return either(id, Classes, Class)
	case "traits":
		return place{route: Trait, id: id}
	}
	return place{route: NovaService, id: id}
}

func either(id, collection, one string) place {
	if id == "" {
		return place{route: collection}
	}
	return place{route: one, id: id}
}

func providerPlace(rest []string) place {
	p := either(at(rest, 0), Providers, Provider)
	switch at(rest, 1) {
	case "inventories":
		p.route = Inventories
		if p.class = at(rest, 2); p.class != "" {
			p.route = Inventory
		}
	case "traits":
		p.route = ProviderTags
	case "aggregates":
		p.route = Aggregates
	case "":
	default:
		p.route = ""
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
	return foreign.Short(part, longestName)
}

var uuidPattern = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
