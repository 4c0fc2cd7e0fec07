// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// landing is what placement_capacity_info returns of one flavor, which can land on so many hosts.
func landing(hosts int) dict {
	return dict{
		"msg": "flavors: 1", "complete": true, "not_read": []any{}, "not_judged": []any{"server groups"}, "free": []any{}, "requests": dict{"GET": 9},
		"flavors": []any{dict{"name": "m1.small", "open": []any{}, "now": dict{"total": hosts, "host_count": hosts, "hosts": []any{}}}},
	}
}

// Results of placement_capacity_info are taken as they came: also one that failed, one that was skipped and one that is not there.
func TestCapacity(t *testing.T) {
	for name, c := range map[string]struct {
		change  dict
		verdict string
		reason  string
	}{
		"the same":      {dict{"capacity": landing(2), "capacity_before": landing(2)}, "pass", "[]"},
		"nowhere":       {dict{"capacity": landing(0), "capacity_before": landing(2)}, "fail", "flavor m1.small can land on no host; before the upgrade it could land on 2 hosts"},
		"failed":        {dict{"capacity": dict{"failed": true, "msg": "403"}, "capacity_before": landing(2)}, "warn", "the capacity for the flavors in use could not be read: 403"},
		"nothing":       {dict{"capacity": dict{}, "capacity_before": landing(2)}, "warn", "the capacity for the flavors in use could not be read: no reason was given"},
		"skipped":       {dict{"capacity": landing(2), "capacity_before": dict{"skipped": true, "skip_reason": "x"}}, "warn", "from before the upgrade could not be read: no reason was given"},
		"not there":     {dict{"capacity": landing(2), "capacity_before": dict{"msg": "/p/capacity.json is not there"}}, "warn", "could not be read: /p/capacity.json is not there"},
		"not given":     {dict{"capacity": landing(2)}, "warn", "from before the upgrade could not be read: it was not given"},
		"before":        {dict{"moment": "before", "capacity": landing(0)}, "pass", "[]"},
		"before failed": {dict{"moment": "before", "capacity": dict{"msg": "403"}}, "warn", "the capacity for the flavors in use could not be read: 403"},
	} {
		answer := run(t, c.change)
		text, _ := json.Marshal(answer["reasons"])
		if answer["failed"] != false || answer["verdict"] != c.verdict || !strings.Contains(string(text), c.reason) {
			t.Errorf("%s: %v %s", name, answer["msg"], text)
		}
	}
	for want, change := range map[string]dict{
		"required by 'capacity_before'":                        {"capacity_before": landing(1)},
		"capacity must be a result of placement_capacity_info": {"capacity": dict{"flavors": "m1.small"}},
		"(flavors[1] has no name)":                             {"capacity": dict{"flavors": []any{dict{"name": "m1.small", "now": dict{"total": 1, "host_count": 1}}, dict{}}}},
		"(flavors[0] has no now)":                              {"capacity": dict{"flavors": []any{dict{"name": "m1.small"}}}},
		"(flavors[0].now has no host_count)":                   {"capacity": dict{"flavors": []any{dict{"name": "m1.small", "now": dict{"total": 1}}}}},
	} {
		answer := run(t, change)
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, want) {
			t.Errorf("no %q in %q", want, answer["msg"])
		}
	}
}

// The reports have what was counted.
func TestCapacityInReports(t *testing.T) {
	dir := t.TempDir()
	reports := []any{}
	for _, format := range []string{"json", "markdown", "html"} {
		reports = append(reports, dict{"path": filepath.Join(dir, format), "format": format})
	}
	run(t, dict{"capacity": landing(1), "capacity_before": landing(2), "reports": reports})
	for format, want := range map[string]string{
		"json": `"capacity_before": {`, "markdown": "| m1.small | 2 | 1 | 2 | 1 |", "html": "<td>m1.small</td><td>2</td><td>1</td>",
	} {
		text, err := os.ReadFile(filepath.Join(dir, format))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%v: no %q in %s", err, want, text)
		}
	}
}
