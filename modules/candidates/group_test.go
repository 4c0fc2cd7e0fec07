// SPDX-License-Identifier: Apache-2.0

package candidates_test

import (
	"fmt"
	"strings"
	"testing"
)

// What Nova says of server groups (api/openstack/compute/server_groups.py, _format_server_group at 2.64).
const serverGroup = `{"id": "b3ed3f26-6ab1-4d33-aff9-5a5a2b3b5ae4", "name": "web", "policy": "%s", "rules": {}, "members": [%s], "project_id": "p", "user_id": "u"}`

type groupCase struct {
	newest, hints, path, body string
	says, not                 string
}

// The policy of the server group of a server rules hosts out: cn9 has the other one.
func TestServerGroupOfAServer(t *testing.T) {
	const one, list = "/os-server-groups/b3ed3f26-6ab1-4d33-aff9-5a5a2b3b5ae4", "/os-server-groups?all_projects=True"
	both := `"` + lone + `", "92798782-7290-4e53-9c7d-5df0c494f741"`
	hint := `{"group": ["b3ed3f26-6ab1-4d33-aff9-5a5a2b3b5ae4"]}`
	anti, soft := fmt.Sprintf(serverGroup, "anti-affinity", both), fmt.Sprintf(serverGroup, "soft-affinity", both)
	crowd := fmt.Sprintf(serverGroup, "affinity", both+strings.Repeat(`, "x"`, 19))
	gone := fmt.Sprintf(serverGroup, "affinity", both+`, "00000000-0000-4000-8000-000000000001"`)
	for name, c := range map[string]groupCase{
		"by hint":          {"2.104", hint, one, `{"server_group": ` + anti + `}`, "whether Nova leaves out cn3: other servers of its server group web (anti-affinity)", ""},
		"in the list":      {"2.93", "", list, `{"server_groups": [` + anti + `]}`, "whether Nova leaves out cn3: other servers of its server group web (anti-affinity)", ""},
		"in no list":       {"2.93", "", list, `{"server_groups": []}`, "in a server group: Nova shows none to this login", ""},
		"no hint":          {"2.104", "{}", "", "", "", "group"},
		"soft":             {"2.104", hint, one, `{"server_group": ` + soft + `}`, "", "group"},
		"a crowd":          {"2.104", hint, one, `{"server_group": ` + crowd + `}`, "web (affinity) has 21 servers", "leaves out"},
		"a member is gone": {"2.104", hint, one, `{"server_group": ` + gone + `}`, "what the server group of the server asks for: find server", "leaves out"},
		"refused":          {"2.104", hint, one, `{"forbidden": {"code": 403, "message": "no"}}`, "what the server group of the server asks for: read server group", "leaves out"},
		"list refused":     {"2.93", "", list, `{"forbidden": {"code": 403, "message": "no"}}`, "asks for: list server groups: 403", "leaves out"},
	} {
		var changes []string
		if c.hints != "" {
			changes = []string{`"tags": []`, `"tags": [], "pinned_availability_zone": null, "scheduler_hints": ` + c.hints}
		}
		_, open := askOf(t, novaOf(t, c.newest, map[string]string{c.path: c.body}, changes...), nil)
		if !strings.Contains(open, c.says) || c.not != "" && strings.Contains(open, c.not) {
			t.Errorf("%s: %s", name, open)
		}
	}
}
