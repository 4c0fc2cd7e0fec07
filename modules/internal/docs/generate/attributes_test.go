// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

type cloud struct {
	Cloud string `json:"cloud" jsonschema_description:"Cloud."`
}

func supported(t *testing.T, m *ansible.Module) map[string]attribute {
	t.Helper()
	text, err := stub(m)
	if err != nil {
		t.Fatal(err)
	}
	again, err := yaml.Marshal(part(t, string(text), "DOCUMENTATION")["attributes"])
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]attribute
	if err := yaml.Unmarshal(again, &all); err != nil {
		t.Fatal(err)
	}
	for name, one := range all {
		if one.Description == "" {
			t.Errorf("%s has no description", name)
		}
		one.Description = ""
		all[name] = one
	}
	return all
}

// What a module supports follows from its options, its results and its doc.yml.
func TestAttributes(t *testing.T) {
	got := supported(t, module(doc))
	want := map[string]attribute{
		"async":      {Support: "none", Details: got["async"].Details},
		"check_mode": {Support: "full", Details: "Does nothing."},
		"diff_mode":  {Support: "none", Details: "The module changes nothing in the cloud."},
		"platform":   {Support: "full", Details: got["platform"].Details, Platforms: []string{"linux", "darwin"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	writes := strings.Replace(doc, "returns:\n", "returns:\n  diff:\n    description: Both.\n    type: list\n    returned: always\n", 1)
	got = supported(t, ansible.Define("placement_try", []byte(writes), func(context.Context, *ansible.Call, *cloud) (any, error) { return nil, nil }))
	if got["diff_mode"].Support != "full" || !slices.Equal(got["action_group"].Membership, []string{"openstack_ops.placement.placement"}) {
		t.Error(got)
	}
}
