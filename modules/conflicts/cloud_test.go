// SPDX-License-Identifier: Apache-2.0

package conflicts_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// Logs do not name their cloud. The metrics name what the options, the audit, another host or the report itself says.
func TestMetricsNameTheCloud(t *testing.T) {
	audit := write(t, t.TempDir()+"/audit.json", `{"cloud": {"endpoints": ["http://192.0.2.1:8780"], "region": "South"}, "findings": []}`)
	of := func(cloud, region string) dict {
		return dict{"export": dict{"records": []any{}}, "cloud": dict{"endpoints": []any{}, "name": cloud, "region": region}}
	}
	for name, c := range map[string]struct {
		more          dict
		cloud, region string
	}{
		"nothing":        {dict{}, "", ""},
		"a name":         {dict{"cloud": "oslo", "region_name": "North"}, "oslo", "North"},
		"an endpoint":    {dict{"cloud": "oslo", "placement_endpoint": "HTTP://192.0.2.1:8780/"}, "http://192.0.2.1:8780", ""},
		"an audit":       {dict{"cloud": "oslo", "audit_report": audit}, "http://192.0.2.1:8780", "South"},
		"other hosts":    {dict{"results": []any{of("oslo", "North"), of("oslo", "North")}}, "oslo", "North"},
		"two clouds":     {dict{"results": []any{of("oslo", "North"), of("oslo", "South")}}, "", ""},
		"the report":     {dict{"cloud": "oslo", "region_name": "North", "label": "berlin"}, "berlin", "North"},
		"a dictionary":   {dict{"cloud": dict{"auth": dict{"auth_url": "http://192.0.2.1"}}, "region_name": "North"}, "", "North"},
		"odd characters": {dict{"cloud": "a\"b\nc"}, `a\"b c`, ""},
	} {
		dir, args := logged(t)
		to := to("prometheus", dir+"/r.prom")
		for key, value := range c.more {
			args[key] = value
		}
		if label, given := args["label"]; given {
			to["cloud"] = label
			delete(args, "label")
		}
		args["reports"] = []any{to}
		works(t, args)
		text, err := os.ReadFile(dir + "/r.prom")
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf(`placement_audit_conflicts_complete{cloud="%s",region="%s"} 1`, c.cloud, c.region); !strings.Contains(string(text), want) {
			t.Errorf("%s: no %s in\n%s", name, want, text)
		}
	}
}
