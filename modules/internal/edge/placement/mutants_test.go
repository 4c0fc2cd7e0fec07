// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"regexp"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

const conversation = "../../../../tests/recorded/conversation.json"

// decoder decodes into a W and counts what that holds.
func decoder[W any](path, key string, count func(*W) (int, error)) stricttest.Decoder {
	return stricttest.Decoder{Path: regexp.MustCompile(path), Key: key, Decode: func(body []byte) (int, error) {
		answer := new(W)
		if err := strict.Decode(body, answer, nil); err != nil {
			return 0, err
		}
		return count(answer)
	}}
}

func decoders() []stricttest.Decoder {
	return []stricttest.Decoder{
		decoder(`^/$`, "versions", func(a *versions) (int, error) { return len(a.Versions), nil }),
		decoder(`^/resource_providers(\?.*)?$`, "resource_providers", func(a *providers) (int, error) { return len(a.List), nil }),
		decoder(`^/resource_providers/[^/]*$`, "", func(*provider) (int, error) { return 1, nil }),
		decoder(`/inventories$`, "inventories", func(a *inventories) (int, error) { return len(a.stock().ByClass), nil }),
		decoder(`/usages$`, "usages", func(a *usages) (int, error) { return len(a.Usages), nil }),
		decoder(`^/traits|/traits$`, "traits", func(a *traits) (int, error) { return len(a.Traits), nil }),
		decoder(`/aggregates$`, "aggregates", func(a *aggregates) (int, error) { return len(a.Aggregates), nil }),
		decoder(`^/resource_providers/.*/allocations$`, "allocations", func(a *held) (int, error) { return len(a.ByConsumer), nil }),
		decoder(`^/allocations/`, "allocations", func(a *consumer) (int, error) {
			c, err := a.data("c")
			return len(c.Allocations), err
		}),
		decoder(`^/allocation_candidates`, "provider_summaries", func(a *candidates) (int, error) {
			return len(converted(a.Summaries, summary.data)), nil
		}),
		decoder(`^/candidates$`, "allocation_requests", func(a *landings) (int, error) { return len(a.Requests), nil }),
		decoder(`^/usages\?`, "usages", func(a *usagesByType) (int, error) { return a.consumers(), nil }),
		decoder(`^/usages by class$`, "usages", func(a *usagesByClass) (int, error) { return len(a.Usages), nil }),
		decoder(`^/resource_classes$`, "resource_classes", func(a *classes) (int, error) { return len(a.List), nil }),
	}
}

// unrecorded are answers that no audit asks for.
func unrecorded() []stricttest.Exchange {
	return []stricttest.Exchange{
		{Path: "/usages?project_id=p", Body: `{"usages": {"INSTANCE": {"consumer_count": 3, "VCPU": 5}, "unknown": {"consumer_count": 1, "VCPU": 1}}}`},
		{Path: "/usages by class", Body: `{"usages": {"VCPU": 5, "MEMORY_MB": 2048}}`},
		{Path: "/candidates", Body: `{"allocation_requests": [{"allocations": {"p": {"resources": {"VCPU": 1}}}, "mappings": {"": ["p"]}}], "provider_summaries": {}}`},
		{Path: "/resource_classes", Body: `{"resource_classes": [{"name": "VCPU", "links": []}, {"name": "CUSTOM_GOLD", "links": []}]}`},
	}
}

func TestMutants(t *testing.T) {
	stricttest.Mutants(t, append(stricttest.Recorded(t, conversation, "placement"), unrecorded()...), decoders(), 5000)
}

// FuzzAnswers decodes any bytes as each of Placement's answers.
func FuzzAnswers(f *testing.F) {
	for _, e := range append(stricttest.Recorded(f, conversation, "placement"), unrecorded()...) {
		f.Add([]byte(e.Body))
	}
	f.Fuzz(func(_ *testing.T, body []byte) {
		for _, d := range decoders() {
			_, _ = d.Decode(body)
		}
	})
}
