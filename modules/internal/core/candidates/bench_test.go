// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
)

// BenchmarkJudge judges 10,000 trees of two providers, none of which has room, and one class of which nobody has: reasons are made for each.
func BenchmarkJudge(b *testing.B) {
	const hosts = 10_000
	var providers []candidates.Provider
	for n := range hosts {
		for _, p := range healthy().providers[:2] {
			id := fmt.Sprintf("%04d-%s", n, p.UUID)
			if p.ParentUUID != "" {
				p.ParentUUID = fmt.Sprintf("%04d-%s", n, p.ParentUUID)
			}
			p.UUID, p.Name, p.RootUUID = id, id, fmt.Sprintf("%04d-%s", n, root)
			p.Inventories, p.Traits = maps.Clone(p.Inventories), slices.Clone(p.Traits)
			p.Usages = map[string]int{first: 8, second: 1}
			providers = append(providers, p)
		}
	}
	request := &candidates.Request{Groups: []candidates.Group{{Resources: map[string]int{first: 4, second: 1, "CUSTOM_CAND_C": 1}}, granular("1", second, 1)}, Policy: true}
	b.ReportAllocs()
	for b.Loop() {
		j := candidates.Judge{Supply: candidates.NewSupply(providers), Request: request}
		var trees []candidates.Tree
		for _, root := range j.Supply.Roots() {
			trees = append(trees, j.Tree(root))
		}
		if stages := j.Funnel(trees); len(trees) != hosts || stages[len(stages)-1].Left != 0 {
			b.Fatal(stages)
		}
	}
}
