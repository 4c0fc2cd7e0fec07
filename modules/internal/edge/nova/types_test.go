// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

// No type of Nova's answers takes something that lacks what judgements rest on.
func TestWireTypes(t *testing.T) {
	stricttest.Types(t, "types.go", &root{}, &quotaSet{}, &quotas{}, &quota{}, &services{}, &hypervisorPage{}, &aggregates{}, &migrationPage{})
	stricttest.Types(t, "server_types.go", &serverPage{}, &oneServer{}, &flavor{})
}

// Outside of cells that do not answer, servers and services have all that they are judged by.
func TestWhatOnlyDownCellsLeaveOut(t *testing.T) {
	flavor := `{"original_name": "f", "vcpus": 1, "ram": 2, "disk": 3, "ephemeral": 0, "swap": 0, "extra_specs": {}}`
	whole := `"id": "s", "status": "ACTIVE", "OS-EXT-STS:vm_state": "active", "tenant_id": "p", "created": "2026-11-22T10:00:00Z", "flavor": ` +
		flavor + `, "OS-EXT-SRV-ATTR:host": `
	without := func(name string) string { return strings.Replace(whole, name, "x", 1) + "null" }
	for text, good := range map[string]bool{
		whole + `"cn1"`:                  true,
		whole + `null`:                   true,
		`"id": "s", "status": "UNKNOWN"`: true,
		`"id": "s", "status": "ACTIVE"`:  false,
		without("OS-EXT-STS:vm_state"):   false,
		without("tenant_id"):             false,
		without("created"):               false,
		without("flavor"):                false,
		without("vcpus"):                 false,
		without("extra_specs"):           false,
		whole + `5`:                      false,
		strings.TrimSuffix(whole, `, "OS-EXT-SRV-ATTR:host": `):           false,
		strings.Replace(whole, `"vcpus": 1`, `"vcpus": null`, 1) + `null`: false,
	} {
		var s server
		err := strict.Decode([]byte(`{`+text+`}`), &s, nil)
		if err == nil {
			_, err = s.data(map[string]openstack.Flavor{})
		}
		if (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, good := range map[string]bool{
		`{"binary": "nova-compute", "host": "h", "status": "UNKNOWN"}`:                            true,
		`{"binary": "nova-compute", "host": "h", "status": "enabled"}`:                            false,
		`{"binary": "nova-compute", "host": "h", "status": "enabled", "id": "i"}`:                 false,
		`{"binary": "nova-compute", "host": "h", "status": "enabled", "id": "i", "state": "up"}`:  true,
		`{"binary": "nova-compute", "host": "h", "status": "enabled", "id": "i", "state": null}`:  false,
		`{"binary": "nova-compute", "host": null, "status": "enabled", "id": "i", "state": "up"}`: false,
	} {
		var s service
		err := strict.Decode([]byte(text), &s, nil)
		if err == nil {
			_, err = s.data()
		}
		if (err == nil) != good {
			t.Errorf("%s: %v", text, err)
		}
	}
}
