// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

// No type of Placement's answers takes something that lacks what judgements rest on.
func TestWireTypes(t *testing.T) {
	stricttest.Types(t, "wire.go", &versions{}, &providers{}, &provider{}, &inventories{}, &usages{}, &traits{}, &aggregates{}, &held{},
		&consumer{}, &candidates{}, &landings{}, &usagesByType{}, &usagesWhole{}, &usagesByClass{}, &classes{})
}

// Who holds something belongs to somebody; a consumer that Placement does not know has nothing at all.
func TestConsumersHaveOwners(t *testing.T) {
	held := `"allocations": {"p": {"generation": 1, "resources": {"VCPU": 1}}}`
	for text, good := range map[string]bool{
		`{"allocations": {}}`: true,
		`{` + held + `, "project_id": "p", "user_id": "u", "consumer_generation": 0}`:    true,
		`{` + held + `, "user_id": "u", "consumer_generation": 1}`:                       false,
		`{` + held + `, "project_id": "p", "consumer_generation": 1}`:                    false,
		`{` + held + `, "project_id": "p", "user_id": "u"}`:                              false,
		`{` + held + `, "project_id": "p", "user_id": "u", "consumer_generation": null}`: false,
	} {
		var c consumer
		err := strict.Decode([]byte(text), &c, nil)
		if err == nil {
			_, err = c.data("c")
		}
		if (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
}
