// SPDX-License-Identifier: Apache-2.0

package catalogue

import (
	"slices"
	"testing"
)

// The answers that Placement 8.0.0 and 16.0.0 gave, beside those that the templates are made of.
func TestRealAnswers(t *testing.T) {
	opening := "The server could not comply with the request since it is either malformed or otherwise incorrect.\n\n "
	for _, c := range []struct{ method, path, detail, want string }{
		{"PUT", "/allocations/" + anUUID, "JSON does not validate: 'unknown' does not match '^[A-Z0-9_]+$'  Failed validating 'pattern' in schema['properties']['consumer_type']:     {'maxLength': 255, 'minLength': 1, 'pattern': '^[A-Z0-9_]+$', 'type': 'string'}  On instance['consumer_type']:     'unknown'  ", "consumer-type-unknown"},
		{"PUT", "/resource_providers/" + anUUID, "Unable to save resource provider " + anUUID + ": Object action update failed because: re-parenting a provider is not currently allowed.  ", "reparent-refused"},
		{"PUT", "/resource_providers/" + anUUID + "/inventories", "Unable to update inventory for resource provider " + anUUID + ": Invalid inventory for 'VCPU' on resource provider '" + anUUID + "'. The reserved value is greater than or equal to total.  ", "reserved-too-large"},
		{"POST", "/resource_providers/" + anUUID + "/inventories", "Unable to create inventory for resource provider " + anUUID + ": Invalid inventory for 'VCPU' on resource provider '" + anUUID + "'. The reserved value is greater than total.  ", "reserved-too-large"},
	} {
		m := Classify(Answer{Method: c.method, Place: PlaceOf(c.path), Status: 400, Detail: opening + c.detail})
		if m.Entry == nil || m.Entry.Name != c.want {
			t.Errorf("%s: %+v", c.want, m)
		}
	}
	m := Classify(Answer{Method: "PUT", Place: PlaceOf("/resource_providers/" + anUUID + "/traits"), Status: 500, Detail: "The server has either erred or is incapable of performing the requested operation.\n\n (pymysql.err.OperationalError) (1213, 'Deadlock found when trying to get lock; try restarting transaction') [SQL: UPDATE resource_providers SET updated_at=%(updated_at)s] (Background on this error at: https://sqlalche.me/e/14/e3q8)  "})
	if m.Entry == nil || m.Entry.Name != "deadlock" {
		t.Errorf("%+v", m)
	}
	m = Classify(Answer{Method: "POST", Place: PlaceOf("/resource_providers"), Status: 409, Detail: "Conflicting resource provider name: compute-01, uuid: " + anUUID + " already exists."})
	if m.Entry == nil || m.Entry.Name != "duplicate-name" || m.Values["name"] != "compute-01" {
		t.Errorf("%+v", m)
	}
}

// What could not be provoked is in the catalogue.
func TestNotProvoked(t *testing.T) {
	for name, why := range NotProvoked() {
		if why == "" || !slices.ContainsFunc(All(), func(e Entry) bool { return e.Name == name }) {
			t.Errorf("%s: %q", name, why)
		}
	}
}
