// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"encoding/json"
	"testing"
)

// A record that has the request of a service itself beside what Placement answered tells of the answer. One of an access log tells of
// the request.
func TestRecordsWithRequests(t *testing.T) {
	const refused = "Failed to create resource provider record in placement API for UUID " + anUUID + ". Got 409: "
	for name, c := range map[string]struct {
		message, path string
		view          View
		outcome       Outcome
	}{
		"a client":            {refused + nameBody + ".", "/v2.1/servers", FromClient, Found},
		"a client, cut":       {refused + nameBody[:100], "/v2.1/servers", "", Unread},
		"another service":     {"A name is in use: 409 Conflict", "/v2.1/servers", "", Other},
		"an access log":       {"handled request", "/resource_providers", FromApache, Found},
		"a telling one of it": {"POST /resource_providers 409 Conflict", "/resource_providers", FromApache, Found},
	} {
		line, err := json.Marshal(map[string]any{"message": c.message, "method": "POST", "path": c.path, "status": 409, "@timestamp": "2026-11-22T10:56:44Z"})
		if err != nil {
			t.Fatal(err)
		}
		if e, outcome := testParser().Parse(line); outcome != c.outcome || e.View != c.view {
			t.Errorf("%s: %d %+v", name, outcome, e)
		}
	}
}
