// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

// No flavor is taken that lacks what it asks for.
func TestFlavorTypes(t *testing.T) {
	stricttest.Types(t, "flavors.go", &flavorPage{})
}

// A flavor says what it asks for, or that is an error: hidden extra specs are not none.
func TestFlavors(t *testing.T) {
	const usual = `"id": "1", "name": "small", "vcpus": 1, "ram": 64, "disk": 1, "OS-FLV-EXT-DATA:ephemeral": 2`
	for text, want := range map[string]struct {
		swap int
		err  bool
	}{
		usual + `, "swap": "", "extra_specs": {}`:        {0, false},
		usual + `, "swap": 512, "extra_specs": {}`:       {512, false},
		usual + `, "swap": 0, "extra_specs": {"a": "b"}`: {0, false},
		usual + `, "swap": ""`:                           {0, true},
		usual + `, "swap": "", "extra_specs": null`:      {0, true},
		usual + `, "swap": "x", "extra_specs": {}`:       {0, true},
	} {
		var page flavorPage
		err := strict.Decode([]byte(`{"flavors": [{`+text+`}]}`), &page, nil)
		if err != nil {
			t.Fatal(text, err)
		}
		got, err := page.List[0].data()
		if (err != nil) != want.err || err == nil && (got.Swap != want.swap || got.Ephemeral != 2 || got.ID != "1") {
			t.Errorf("%s: %+v %v", text, got, err)
		}
	}
}
