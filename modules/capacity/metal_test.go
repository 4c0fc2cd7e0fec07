// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// altered judges a saved state after some texts in it were replaced.
func altered(t *testing.T, saved string, args dict, texts ...string) dict {
	t.Helper()
	text := read(t, saved)
	for i := 0; i < len(texts); i += 2 {
		if !strings.Contains(text, texts[i]) {
			t.Fatalf("no %s in %s", texts[i], saved)
		}
	}
	path := filepath.Join(t.TempDir(), "snapshot.json")
	if err := os.WriteFile(path, []byte(strings.NewReplacer(texts...).Replace(text)), 0o600); err != nil {
		t.Fatal(err)
	}
	args["snapshot"] = path
	return ansibletest.RunAtOnce(t, capacity.Module(), args)
}

// Bare-metal nodes get no servers where their nova-compute is down, disabled or gone, or where Nova has no compute node for them.
func TestLeftOutBareMetal(t *testing.T) {
	saved := filepath.Join("..", "audit", "testdata", "cases", "ironic-healthy", "snapshot.json")
	const service = `"host": "ctl1-ironic",
   "state": "up",
   "status": "enabled"`
	for name, c := range map[string]struct {
		texts []string
		want  string
	}{
		"up":       {nil, ""},
		"down":     {[]string{service, strings.Replace(service, "up", "down", 1)}, "its nova-compute is down, enabled"},
		"disabled": {[]string{service, strings.Replace(service, "enabled", "disabled", 1)}, "its nova-compute is up, disabled"},
		"gone":     {[]string{service, strings.Replace(service, "ctl1", "other", 1)}, "Nova has no nova-compute for its compute node"},
		"no node": {
			[]string{"\"uuid\": \"37c097e9-58cf-505f-bbd5-20507918fe45\",\n   \"name\": \"7b2fd54e-6b3a-5042-b70a-4b32387ebf17\",\n   \"service_host\"", "\"uuid\": \"00000000-0000-4000-8000-000000000000\",\n   \"name\": \"7b2fd54e-6b3a-5042-b70a-4b32387ebf17\",\n   \"service_host\""},
			"Nova has no compute node for it",
		},
	} {
		raw, err := json.Marshal(altered(t, saved, dict{}, c.texts...)["left_out"])
		node := `"provider_name":"7b2fd54e-6b3a-5042-b70a-4b32387ebf17","provider_uuid":"37c097e9-58cf-505f-bbd5-20507918fe45","reason":"` + c.want
		if err != nil || strings.Contains(string(raw), `"37c097e9-`) != (c.want != "") || c.want != "" && !strings.Contains(string(raw), node) {
			t.Errorf("%s: %s", name, raw)
		}
		if strings.Contains(string(raw), `"kvm1"`) {
			t.Errorf("%s: the hypervisor is left out too: %s", name, raw)
		}
	}
}
