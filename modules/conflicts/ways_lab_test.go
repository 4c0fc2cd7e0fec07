// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// What Placement's own log tells of a conflict when there is no log of its client.
const (
	byText    = "text"
	byLength  = "length"
	byRoute   = "route"
	nothing   = "nothing"
	notLogged = "not logged" // as a conflict: its status is another
)

// way makes one conflict happen, for certain.
type way struct {
	entry string
	// told says what Placement's log alone tells of it.
	told string
	// refused sends what is refused, and returns the answer.
	refused func(p *place) shot
}

// ways are all that requests in an order of one's own make. Those that take a race are in races.
func ways() []way {
	return slices.Concat(allocationWays(), consumerWays(), inventoryWays(), inventoryDeleteWays(), providerWays(), nameWays(), reshapeWays(), lookalikeWays())
}

func allocationWays() []way {
	return []way{
		{"over-capacity", byText, func(p *place) shot {
			return p.send(claim(live.UUID(), nil, p.provider("VCPU"), "VCPU", 9))
		}},
		{"unit-violation", byText, func(p *place) shot {
			rp := p.provider()
			p.must(p.putInventories(rp, 0, map[string]any{"VCPU": map[string]any{"total": 8, "max_unit": 2}}), nil)
			return p.send(claim(live.UUID(), nil, rp, "VCPU", 3))
		}},
		{"no-inventory", byLength, func(p *place) shot {
			return p.send(claim(live.UUID(), nil, p.provider("VCPU"), "MEMORY_MB", 1))
		}},
		{"over-capacity", byText, func(p *place) shot {
			all := map[string]any{live.UUID(): holding(nil, p.provider("VCPU"), "VCPU", 9)}
			return p.send(request{method: "POST", path: "/allocations", body: all})
		}},
	}
}

func consumerWays() []way {
	return []way{
		{"consumer-generation", byLength, func(p *place) shot {
			rp := p.provider("VCPU")
			return p.send(claim(p.consumer(rp, "VCPU", 1), 7, rp, "VCPU", 1))
		}},
		{"consumer-generation", nothing, func(p *place) shot {
			rp := p.provider("VCPU")
			all := map[string]any{p.consumer(rp, "VCPU", 1): holding(nil, rp, "VCPU", 2)}
			return p.send(request{method: "POST", path: "/allocations", body: all})
		}},
		{"consumer-unknown", nothing, func(p *place) shot {
			return p.send(claim(live.UUID(), 3, p.provider("VCPU"), "VCPU", 1))
		}},
		{"ghost-consumer", nothing, func(p *place) shot {
			rp, ghost := p.provider("VCPU"), live.UUID()
			p.send(claim(ghost, nil, live.UUID(), "VCPU", 1)) // names no provider, and leaves the consumer behind
			refused := p.send(claim(ghost, nil, rp, "VCPU", 1))
			p.must(claim(ghost, 0, rp, "VCPU", 1), nil) // the remedy; the allocation goes with the provider
			return refused
		}},
	}
}

func inventoryWays() []way {
	return []way{
		{"inventory-generation", byLength, func(p *place) shot {
			return p.send(p.putInventories(p.provider("VCPU"), 0, eight("VCPU")))
		}},
		{"inventory-generation", byLength, func(p *place) shot {
			path := "/resource_providers/" + p.provider("VCPU") + "/inventories/VCPU"
			return p.send(request{method: "PUT", path: path, body: map[string]any{"resource_provider_generation": 0, "total": 9}})
		}},
		{"inventory-in-use", byLength, func(p *place) shot {
			rp := p.provider("VCPU")
			p.consumer(rp, "VCPU", 1)
			return p.send(p.putInventories(rp, p.generation(rp), eight("MEMORY_MB")))
		}},
		{"inventory-exists", byLength, func(p *place) shot {
			path := "/resource_providers/" + p.provider("VCPU") + "/inventories"
			return p.send(request{method: "POST", path: path, body: map[string]any{"resource_class": "VCPU", "total": 8}})
		}},
	}
}

func inventoryDeleteWays() []way {
	used := func(p *place, path string) shot {
		rp := p.provider("MEMORY_MB")
		p.consumer(rp, "MEMORY_MB", 1)
		return p.send(request{method: "DELETE", path: "/resource_providers/" + rp + path})
	}
	return []way{
		{"inventories-in-use", byLength, func(p *place) shot { return used(p, "/inventories") }},
		{"class-delete-in-use", byLength, func(p *place) shot { return used(p, "/inventories/MEMORY_MB") }},
		{"provider-in-use", byLength, func(p *place) shot { return used(p, "") }},
	}
}

func providerWays() []way {
	post := func(p *place, version string, body map[string]any) shot {
		return p.send(request{method: "POST", path: "/resource_providers", body: body, version: version})
	}
	part := func(name string, value any) func(p *place) shot {
		return func(p *place) shot {
			return p.send(request{method: "PUT", path: "/resource_providers/" + p.provider() + "/" + name, body: map[string]any{
				"resource_provider_generation": 5, name: value,
			}})
		}
	}
	return []way{
		{"duplicate-name", byLength, func(p *place) shot {
			return post(p, "1.20", map[string]any{"uuid": live.UUID(), "name": ours + p.provider()[:8]}) // as Nova sends it
		}},
		{"duplicate-name", byLength, func(p *place) shot {
			return post(p, usual, map[string]any{"uuid": live.UUID(), "name": ours + p.provider()[:8]})
		}},
		{"duplicate-uuid", nothing, func(p *place) shot {
			return post(p, usual, map[string]any{"uuid": p.provider(), "name": ours + "other"})
		}},
		{"duplicate-uuid", nothing, func(p *place) shot { return post(p, usual, named(p.provider())) }}, // both
		{"rename-taken", byRoute, func(p *place) shot {
			taken, path := ours+p.provider()[:8], "/resource_providers/"+p.provider()
			return p.send(request{method: "PUT", path: path, body: map[string]any{"name": taken}})
		}},
		{"provider-has-children", byLength, func(p *place) shot {
			parent := p.provider()
			p.below(parent)
			return p.send(request{method: "DELETE", path: "/resource_providers/" + parent})
		}},
		{"provider-generation", byLength, part("aggregates", []string{})},
		{"provider-generation", byLength, part("traits", []string{})},
	}
}

func nameWays() []way {
	path := func(name string) string { return "/resource_classes/" + name }
	return []way{
		{"class-exists", byLength, func(p *place) shot {
			return p.send(request{method: "POST", path: "/resource_classes", body: map[string]any{"name": p.class()}})
		}},
		{"class-name-taken", byLength, func(p *place) shot {
			return p.send(request{method: "PUT", path: path(p.class()), body: map[string]any{"name": p.class()}, version: "1.6"})
		}},
		{"class-in-use", byLength, func(p *place) shot {
			class := p.class()
			p.provider(class)
			return p.send(request{method: "DELETE", path: path(class)})
		}},
		{"trait-in-use", byLength, func(p *place) shot {
			trait := p.trait()
			rp := p.provider()
			p.must(p.putTraits(rp, 0, trait), nil)
			return p.send(request{method: "DELETE", path: "/traits/" + trait})
		}},
	}
}

// custom makes a name that nothing has.
func custom() string {
	return "CUSTOM_PROVOKED_" + strings.ToUpper(live.UUID()[:8])
}

// class makes a resource class that is gone when the test ends.
func (p *place) class() string { return p.made("/resource_classes/") }

// trait makes a trait that is gone when the test ends.
func (p *place) trait() string { return p.made("/traits/") }

func (p *place) made(folder string) string {
	p.t.Helper()
	name := custom()
	p.must(request{method: "PUT", path: folder + name}, nil)
	p.t.Cleanup(func() { p.must(request{method: "DELETE", path: folder + name}, nil) })
	return name
}

func (p *place) putTraits(uuid string, generation int, traits ...string) request {
	return request{method: "PUT", path: "/resource_providers/" + uuid + "/traits", body: map[string]any{
		"resource_provider_generation": generation, "traits": append([]string{}, traits...),
	}}
}

// reshape is the request that gives a provider this inventory and a consumer this of VCPU.
func reshape(provider string, generation int, inventories, consumers map[string]any) request {
	return request{method: "POST", path: "/reshaper", body: map[string]any{
		"inventories": map[string]any{provider: map[string]any{"resource_provider_generation": generation, "inventories": inventories}},
		"allocations": consumers,
	}}
}

func reshapeWays() []way {
	none := map[string]any{}
	return []way{
		{"reshape-generation", nothing, func(p *place) shot { return p.send(reshape(p.provider("VCPU"), 9, eight("VCPU"), none)) }},
		{"reshape-in-use", byLength, func(p *place) shot {
			rp := p.provider("VCPU")
			p.consumer(rp, "VCPU", 1)
			return p.send(reshape(rp, p.generation(rp), eight("MEMORY_MB"), none))
		}},
		{"reshape-refused", byText, func(p *place) shot {
			rp := p.provider("VCPU")
			consumer := p.consumer(rp, "VCPU", 1)
			return p.send(reshape(rp, p.generation(rp), eight("VCPU"), map[string]any{consumer: holding(1, rp, "VCPU", 9)}))
		}},
		{"reshape-consumer", byLength, func(p *place) shot {
			rp := p.provider("VCPU")
			consumer := p.consumer(rp, "VCPU", 1)
			return p.send(reshape(rp, p.generation(rp), eight("VCPU"), map[string]any{consumer: holding(5, rp, "VCPU", 1)}))
		}},
		{"reshape-consumer", byLength, func(p *place) shot {
			rp := p.provider("VCPU")
			return p.send(reshape(rp, p.generation(rp), eight("VCPU"), map[string]any{live.UUID(): holding(5, rp, "VCPU", 1)}))
		}},
	}
}

func lookalikeWays() []way {
	reserved := func(version string, amount int) func(p *place) shot {
		return func(p *place) shot {
			r := p.putInventories(p.provider(), 0, map[string]any{"VCPU": map[string]any{"total": 8, "reserved": amount}})
			r.version = version
			return p.send(r)
		}
	}
	return []way{
		{"provider-vanished", nothing, func(p *place) shot {
			ghost := live.UUID()
			refused := p.send(claim(ghost, nil, live.UUID(), "VCPU", 1))
			p.send(claim(ghost, 0, p.provider("VCPU"), "VCPU", 1)) // goes with the provider
			return refused
		}},
		{"consumer-type-unknown", nothing, func(p *place) shot {
			rp := p.provider("VCPU")
			consumer := p.consumer(rp, "VCPU", 1)
			var held map[string]any
			p.must(request{method: "GET", path: "/allocations/" + consumer, version: "1.39"}, &held)
			return p.send(request{method: "PUT", path: "/allocations/" + consumer, body: held, version: "1.39"})
		}},
		{"reparent-refused", nothing, func(p *place) shot {
			child, other := p.below(p.provider()), p.provider()
			return p.send(request{method: "PUT", path: "/resource_providers/" + child, version: "1.36", body: map[string]any{
				"name": ours + child[:8], "parent_provider_uuid": other,
			}})
		}},
		{"reserved-too-large", nothing, reserved(usual, 9)},
		{"reserved-too-large", nothing, reserved("1.25", 8)},
		{"reserved-too-large", nothing, func(p *place) shot {
			path := "/resource_providers/" + p.provider() + "/inventories"
			return p.send(request{method: "POST", path: path, body: map[string]any{"resource_class": "VCPU", "total": 8, "reserved": 9}})
		}},
	}
}

// service returns the UUID of a host's nova-compute as Nova knows it, empty if it knows none.
func (p *place) service(host string) string {
	p.t.Helper()
	var list struct{ Services []struct{ ID string } }
	a := p.nova.Do(p.t.Context(), http.MethodGet, "/os-services?binary=nova-compute&host="+host, nil)
	if err := json.Unmarshal(a.Body, &list); err != nil {
		p.t.Fatalf("os-services: %d %s %v", a.Status, a.Body, a.Err)
	}
	if len(list.Services) == 0 {
		return ""
	}
	return list.Services[0].ID
}
