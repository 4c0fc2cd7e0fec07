// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// atOnce is how many requests make one burst: more than Placement has workers here.
const atOnce = 16

// race makes a conflict that takes two writers at the same moment.
type race struct {
	entry string
	told  string
	// burst prepares one burst on something new and returns the requests to be sent at once.
	burst func(p *place) []request
}

func races() []race {
	return slices.Concat(consumerRaces(), inventoryRaces(), otherRaces())
}

// patience is how long a race is tried, and how long one of which it is known that it does not happen.
const (
	patience = 2 * time.Minute
	glimpse  = 2 * time.Second
)

// try sends bursts until an answer is the entry; false if none was in time.
func (p *place) try(r race) (shot, bool) {
	p.t.Helper()
	limit := patience
	if catalogue.NotProvoked()[r.entry] != "" {
		limit = glimpse
	}
	for end := time.Now().Add(limit); time.Now().Before(end); {
		for _, s := range p.burst(r.burst(p)) {
			if s.Status >= http.StatusBadRequest && nameOf(catalogue.Classify(s.Answer)) == r.entry {
				return s, true
			}
		}
	}
	return shot{}, false
}

// burst sends all requests at the same moment.
func (p *place) burst(all []request) []shot {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	answers := make([]shot, len(all))
	ready.Add(len(all))
	for i, r := range all {
		done.Go(func() {
			ready.Done()
			<-start
			answers[i] = p.send(r)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return answers
}

// many makes a burst.
func many(one func(i int) request) []request {
	all := make([]request, atOnce)
	for i := range all {
		all[i] = one(i)
	}
	return all
}

// classes are standard ones, as many as a burst has requests.
func classes() []string {
	return []string{
		"VCPU", "MEMORY_MB", "DISK_GB", "PCI_DEVICE", "SRIOV_NET_VF", "NUMA_SOCKET", "NUMA_CORE", "NUMA_THREAD", "NUMA_MEMORY_MB",
		"IPV4_ADDRESS", "VGPU", "VGPU_DISPLAY_HEAD", "NET_BW_EGR_KILOBIT_PER_SEC", "NET_BW_IGR_KILOBIT_PER_SEC", "PCPU", "MEM_ENCRYPTION_CONTEXT",
	}
}

// consumerRaces leaves out allocation-race, see TestLabBurst.
func consumerRaces() []race {
	return []race{
		{"consumer-race", nothing, func(p *place) []request {
			consumer := p.consumer(p.provider("VCPU"), "VCPU", 1)
			providers := []string{p.provider("VCPU"), p.provider("VCPU"), p.provider("VCPU"), p.provider("VCPU")}
			return many(func(i int) request { return claim(consumer, 1, providers[i%len(providers)], "VCPU", 1) })
		}},
	}
}

func inventoryRaces() []race {
	path := func(uuid string) string { return "/resource_providers/" + uuid + "/inventories" }
	return []race{
		{"inventory-race", nothing, func(p *place) []request {
			rp := p.provider("VCPU")
			return many(func(i int) request {
				return p.putInventories(rp, 1, map[string]any{"VCPU": map[string]any{"total": 10 + i}})
			})
		}},
		{"inventory-race", byLength, func(p *place) []request {
			rp := p.provider("VCPU")
			return many(func(i int) request {
				return request{method: "PUT", path: path(rp) + "/VCPU", body: map[string]any{"resource_provider_generation": 1, "total": 10 + i}}
			})
		}},
		{"inventory-created-twice", nothing, func(p *place) []request {
			rp := p.provider()
			return many(func(int) request { return p.putInventories(rp, 0, eight("VCPU", "DISK_GB")) })
		}},
		{"inventory-class-vanished", nothing, func(p *place) []request {
			rp := p.provider("VCPU")
			return many(func(i int) request {
				if i%2 == 0 {
					return request{method: "DELETE", path: path(rp) + "/VCPU"}
				}
				return p.putInventories(rp, 1, map[string]any{"VCPU": map[string]any{"total": 10 + i}})
			})
		}},
		{"inventory-post-race", byLength, func(p *place) []request {
			rp := p.provider()
			return many(func(i int) request {
				return request{method: "POST", path: path(rp), body: map[string]any{"resource_class": classes()[i], "total": 8}}
			})
		}},
		{"inventories-delete-race", nothing, func(p *place) []request {
			rp := p.provider(classes()...)
			return many(func(int) request { return request{method: "DELETE", path: path(rp)} })
		}},
		{"class-delete-race", byLength, func(p *place) []request {
			rp := p.provider(classes()...)
			return many(func(i int) request { return request{method: "DELETE", path: path(rp) + "/" + classes()[max(i, 1)]} }) // VCPU makes the length of class-delete-in-use
		}},
		{"reshape-race", nothing, func(p *place) []request {
			rp := p.provider("VCPU")
			return many(func(i int) request {
				return reshape(rp, 1, map[string]any{"VCPU": map[string]any{"total": 10 + i}}, map[string]any{})
			})
		}},
	}
}

// standard are traits that every Placement has.
func standard() []string {
	return []string{
		"HW_CPU_X86_AVX", "HW_CPU_X86_AVX2", "HW_CPU_X86_SSE", "HW_CPU_X86_SSE2", "HW_CPU_X86_SSE3", "HW_CPU_X86_SSSE3", "HW_CPU_X86_SSE41", "HW_CPU_X86_SSE42",
		"HW_CPU_X86_MMX", "HW_CPU_X86_FMA3", "HW_CPU_X86_FMA4", "HW_CPU_X86_BMI", "HW_CPU_X86_BMI2", "HW_CPU_X86_TBM", "HW_CPU_X86_VMX", "HW_CPU_X86_SVM",
	}
}

func otherRaces() []race {
	aggregates := func(uuid string, generation int, aggregate string) request {
		return request{method: "PUT", path: "/resource_providers/" + uuid + "/aggregates", body: map[string]any{
			"resource_provider_generation": generation, "aggregates": []string{aggregate},
		}}
	}
	return []race{
		{"aggregate-race", byLength, func(p *place) []request {
			rp := p.provider()
			return many(func(int) request { return aggregates(rp, 0, live.UUID()) })
		}},
		{"aggregate-created-twice", byLength, func(p *place) []request {
			shared := live.UUID()
			return many(func(int) request { return aggregates(p.provider(), 0, shared) })
		}},
		{"trait-race", notLogged, func(p *place) []request {
			rp := p.provider()
			return many(func(i int) request { return p.putTraits(rp, 0, standard()[i]) })
		}},
		{"deadlock", notLogged, func(p *place) []request {
			rp := p.provider()
			p.must(p.putTraits(rp, 0, standard()...), nil)
			return many(func(i int) request { return p.putTraits(rp, 1, standard()[i]) })
		}},
		{"traits-delete-race", byLength, func(p *place) []request {
			rp := p.provider()
			p.must(p.putTraits(rp, 0, standard()...), nil)
			return many(func(int) request {
				return request{method: "DELETE", path: "/resource_providers/" + rp + "/traits"}
			})
		}},
		{"class-race", byLength, func(p *place) []request {
			return many(func(i int) request {
				name := fmt.Sprintf("%s_%d", custom(), i)
				p.t.Cleanup(func() { p.send(request{method: "DELETE", path: "/resource_classes/" + name}) })
				return request{method: "POST", path: "/resource_classes", body: map[string]any{"name": name}}
			})
		}},
	}
}
