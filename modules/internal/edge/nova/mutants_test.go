// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"regexp"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

const conversation = "../../../../tests/recorded/conversation.json"

// decoder decodes into a W and converts its items.
func decoder[W, R, T any](path, key string, items func(*W) []R, data func(R) (T, error)) stricttest.Decoder {
	return stricttest.Decoder{Path: regexp.MustCompile(path), Key: key, Decode: func(body []byte) (int, error) {
		answer := new(W)
		if err := strict.Decode(body, answer, nil); err != nil {
			return 0, err
		}
		all, err := each(items(answer), data)
		return len(all), err
	}}
}

func decoders() []stricttest.Decoder {
	converted := func(s server) (openstack.Server, error) { return s.data(map[string]openstack.Flavor{}) }
	return []stricttest.Decoder{
		decoder(`^/$`, "", func(a *root) []string { return []string{a.Version.Max} }, func(v string) (string, error) { return v, nil }),
		decoder(`^/os-services`, "services", func(a *services) []service { return a.List }, service.data),
		decoder(`^/servers/detail`, "servers", (*serverPage).items, converted),
		decoder(`^/servers\?`, "servers", func(a *deletedServers) []serverID { return a.List }, func(s serverID) (string, error) { return s.ID, nil }),
		decoder(`^/servers/`, "", func(a *oneServer) []server { return []server{a.Server} }, converted),
		decoder(`^/os-hypervisors`, "hypervisors", (*hypervisorPage).items, hypervisor.data),
		decoder(`^/os-aggregates`, "aggregates", func(a *aggregates) []aggregate { return a.List },
			func(a aggregate) (openstack.Aggregate, error) { return openstack.Aggregate(a), nil }),
		decoder(`^/flavors`, "flavors", (*flavorPage).items, listedFlavor.data),
		decoder(`^/os-migrations`, "migrations", (*migrationPage).items, migration.data),
	}
}

func TestMutants(t *testing.T) {
	unrecorded := stricttest.Exchange{Path: "/flavors/detail", Body: `{"flavors": [{"id": "1", "name": "small", "vcpus": 1, "ram": 64, "disk": 1,
		"OS-FLV-EXT-DATA:ephemeral": 0, "swap": "", "extra_specs": {"hw:cpu_policy": "shared"}}]}`}
	stricttest.Mutants(t, append(stricttest.Recorded(t, conversation, "compute"), unrecorded), decoders(), 5000)
}

// FuzzAnswers decodes any bytes as each of Nova's answers.
func FuzzAnswers(f *testing.F) {
	for _, e := range stricttest.Recorded(f, conversation, "compute") {
		f.Add([]byte(e.Body))
	}
	f.Fuzz(func(_ *testing.T, body []byte) {
		for _, d := range decoders() {
			_, _ = d.Decode(body)
		}
	})
}
