// SPDX-License-Identifier: Apache-2.0

package fields

import (
	"encoding/json"
	"testing"
	"time"
)

// The text, the time, the host and the program of a record are found under the names of each store.
func TestFields(t *testing.T) {
	for name, c := range map[string]struct{ record, host, service string }{
		"journald":      {`{"MESSAGE":"it","__REALTIME_TIMESTAMP":"1795345004000000","_HOSTNAME":"h","SYSLOG_IDENTIFIER":"s"}`, "h", "s"},
		"bytes":         {`{"MESSAGE":[105,116],"__REALTIME_TIMESTAMP":"1795345004000000","_HOSTNAME":"h"}`, "h", ""},
		"fluentd":       {`{"Payload":"it","@timestamp":"2026-11-22T10:56:44Z","Hostname":"h","programname":"s"}`, "h", "s"},
		"OpenSearch":    {`{"_source":{"Payload":"it","@timestamp":"2026-11-22T10:56:44Z","host":"h","programname":"s"}}`, "h", "s"},
		"oslo.log":      {`{"message":"it","asctime":"2026-11-22 10:56:44","msecs":1000.0,"hostname":"h"}`, "h", ""},
		"Log Analytics": {`{"SyslogMessage":"it","TimeGenerated":"2026-11-22T10:56:44Z","Computer":"h","ProcessName":"s"}`, "h", "s"},
		"Datadog":       {`{"attributes":{"message":"it","timestamp":"2026-11-22T10:56:44Z","host":"h","service":"s"}}`, "h", "s"},
		"OpenTelemetry": {`{"body":{"stringValue":"it"},"timeUnixNano":"1795345004000000000"}`, "", ""},
		"New Relic":     {`{"log":{"message":"it"},"timestamp":1795345004000,"hostname":"h"}`, "h", ""},
	} {
		var f Fields
		if err := json.Unmarshal([]byte(c.record), &f); err != nil {
			t.Fatal(err)
		}
		f = f.Document()
		want := time.Date(2026, 11, 22, 10, 56, 44, 0, time.UTC) // of a second, msecs are below 1000
		if got := f.Time(time.UTC); f.Message() != "it" || !got.Equal(want) || f.Host() != c.host || f.Service() != c.service {
			t.Errorf("%s: %q %v %q %q", name, f.Message(), got, f.Host(), f.Service())
		}
	}
}
