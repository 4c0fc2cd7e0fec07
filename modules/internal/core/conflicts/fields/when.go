// SPDX-License-Identifier: Apache-2.0

package fields

import (
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/times"
)

// Time returns when the record was written: in oslo.log's JSON asctime, in OpenSearch's @timestamp, in journald's
// microseconds since 1970. The zero time if no field says it.
func (f Fields) Time(zone *time.Location) time.Time {
	for _, name := range TimeNames() {
		at, ok := times.Moment(f[name], zone)
		if !ok {
			continue
		}
		if ms, has := f["msecs"].(float64); has && name == "asctime" && at.Nanosecond() == 0 && ms >= 0 && ms < 1000 {
			at = at.Add(time.Duration(ms * float64(time.Millisecond)))
		}
		return at
	}
	return time.Time{}
}

// TimeNames are the names under which programs and stores of logs keep the time of a record.
func TimeNames() []string {
	return []string{
		"asctime", "@timestamp", "_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP", "timestamp", "Timestamp", "time", "Time", "ts", "datetime", "date", "_time", "created",
		"time_local", "time_iso8601", "start_time", "StartUTC", "TimeGenerated", "timeUnixNano", "observedTimeUnixNano",
	}
}
