// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// What collectors, stores of logs and Ansible make of a line loses none of it, nor the host that they name.
func TestStores(t *testing.T) {
	const (
		two   = nameLine + "\n" + dull
		label = `filename="/var/log/kolla/nova/nova-compute.log", host="compute-01", job="kolla", `
	)
	for name, c := range map[string]struct{ text, host string }{
		"logfmt":               {`time="2026-11-22T10:56:45Z" level=error host=compute-01 msg=` + strconv.Quote(nameLine) + "\nts=2026-11-22T10:56:46Z level=info msg=quiet", "compute-01"},
		"logfmt, time last":    {`host=compute-01 msg=` + strconv.Quote(nameLine) + ` ts=2026-11-22T10:56:45Z`, "compute-01"},
		"logcli":               {`2026-11-22T10:56:45Z {` + strings.TrimSuffix(label, ", ") + `} ` + nameLine, "compute-01"},
		"logcli, many labels":  {`2026-11-22T10:56:45Z {` + label + strings.Repeat(`more="of them", `, 20) + `x="y"} ` + nameLine, "compute-01"},
		"year first":           {"2026 Nov 22 10:56:45 compute-01 nova-compute[7]: " + nameLine[len("2026-11-22 10:56:44.519 "):], "compute-01"},
		"year last":            {"Nov 22 2026 10:56:45 compute-01 nova-compute[7]: " + nameLine[len("2026-11-22 10:56:44.519 "):], "compute-01"},
		"year first, oslo.log": {"2026 Nov 22 10:56:44 compute-01 nova-compute[7]: " + dull + "\n2026 Nov 22 10:56:45 compute-01 nova-compute[7]: " + nameLine, "compute-01"},
		"year last, oslo.log":  {"Nov 22 2026 10:56:44 compute-01 nova-compute[7]: " + dull + "\nNov 22 2026 10:56:45 compute-01 nova-compute[7]: " + nameLine, "compute-01"},
		"OpenTelemetry":        {fmt.Sprintf(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1795345004519000000","body":{"stringValue":%q}}]}]}]}`, nameLine), ""},
		"OpenTelemetry, alone": {fmt.Sprintf(`{"timeUnixNano":"1795345004519000000","body":{"stringValue":%q}}`, nameLine), ""},
		"Datadog":              {fmt.Sprintf(`{"data":[{"id":"x","attributes":{"timestamp":"2026-11-22T10:56:45Z","host":"compute-01","message":%q}}]}`, nameLine), "compute-01"},
		"New Relic":            {fmt.Sprintf(`{"timestamp":1795345004519,"hostname":"compute-01","log":{"message":%q}}`, nameLine), "compute-01"},
		"Log Analytics":        {fmt.Sprintf(`{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated"},{"name":"Computer"},{"name":"SyslogMessage"}],"rows":[["2026-11-22T10:56:45Z","compute-01",%q]]}]}`, nameLine), "compute-01"},
		"Log Analytics, az":    {fmt.Sprintf(`[{"TimeGenerated":"2026-11-22T10:56:45Z","Computer":"compute-01","LogMessage":%q}]`, nameLine), "compute-01"},
		"ansible -o":           {`compute-01 | CHANGED | rc=0 | (stdout) ` + strings.ReplaceAll(two, "\n", `\n`), "compute-01"},
		"ansible -o, later":    {`compute-01 | CHANGED | rc=0 | (stdout) ` + dull + `\n` + nameLine, "compute-01"},
	} {
		var got []lines.Event
		f := newLog()
		f.Tell = func(e *lines.Event) { got = append(got, *e) }
		for _, line := range strings.Split(c.text, "\n") {
			f.Line([]byte(line), false)
		}
		f.End()
		if len(got) != 1 || f.Counts.Unread != 0 {
			t.Errorf("%s: %d events, %+v", name, len(got), f.Counts)
			continue
		}
		if e := got[0]; e.Status != 409 || !strings.Contains(e.Detail, "compute-01 already exists") || e.Host != c.host || e.Time.Truncate(time.Minute).Format("15:04") != "10:56" {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// A refusal in a row, a pair or a line that has another form than the rest counts as not understood, or is read; it is never left out.
func TestStoresAskew(t *testing.T) {
	const refusal = `2026-11-22 10:56:44.519 Got 409: Conflict`
	for name, c := range map[string]struct {
		text           string
		events, unread int
	}{
		"more cells than columns":  {`{"tables":[{"columns":[{"name":"TimeGenerated"}],"rows":[["a","` + refusal + `"]]}]}`, 0, 1},
		"no columns":               {`{"tables":[{"rows":[["` + refusal + `"]]}]}`, 0, 1},
		"a pair of one":            {`{"data":{"result":[{"stream":{},"values":[["` + refusal + `"]]}]}}`, 0, 1},
		"rows beside a message":    {`[{"rows":["x"],"message":` + strconv.Quote(nameLine) + `}]`, 1, 0},
		"in another field":         {`ts=2026-11-22T10:56:44Z level=error msg=failed error="Got 409: ` + "{\\\"errors\\\": [{\\\"status\\\": 409, \\\"title\\\": \\\"Conflict\\\", \\\"detail\\\": \\\"There was a conflict when trying to complete your request. Conflicting resource provider name: compute-01 already exists.\\\"}]}" + `"`, 1, 0},
		"an access log":            {`time="2026-11-22T10:56:44Z" level=info msg="" RequestMethod=POST RequestPath=/resource_providers DownstreamStatus=409`, 1, 0},
		"an access log of success": {`time="2026-11-22T10:56:44Z" level=info msg="" RequestMethod=GET RequestPath=/resource_providers DownstreamStatus=200`, 0, 0},
		"only what is dull":        {"ts=2026-11-22T10:56:44Z level=info msg=quiet", 0, 0},
		"cut":                      {`time= level= msg="`, 0, 1},
		"no output":                {`compute-01 | CHANGED | rc=0 | (stdout) `, 0, 0},
	} {
		if f := read(c.text); f.Counts.Events != c.events || f.Counts.Unread != c.unread {
			t.Errorf("%s: %+v", name, f.Counts)
		}
	}
}

const dull = "2026-11-22 10:56:44.519 2882 INFO nova.virt.libvirt.driver [-] quiet"
