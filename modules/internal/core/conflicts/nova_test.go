// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/feed"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// Lines that Nova's report client (26.2 and 34.0) and nova-compute logged of refusals on real services.
const (
	managerError = "2026-11-22 21:29:15.556 1268 ERROR nova.compute.manager "
	managerSays  = managerError + "[None req-d75dadec-948a-4703-a6ca-0e28e5d513d9 - - - - - -] "
	refusal      = `{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n `
	refusalEnd   = `  ", "code": "placement.concurrent_update", "request_id": "` + onePID + `"}]}`
	inUse        = "update conflict: Inventory for 'VCPU' on resource provider '" + anUUID + "' in use."
)

// feedOf reads lines as one log and returns what they make.
func feedOf(texts ...string) (*Book, feed.Counts) {
	b := NewBook()
	f := feed.Log{Parser: testParser(), Tell: func(e *lines.Event) { b.Add(e, Origin{Host: "compute-01", Service: "nova-compute"}) }}
	for _, line := range texts {
		f.Line([]byte(line), false)
	}
	f.End()
	return b, f.Counts
}

func TestRealReports(t *testing.T) {
	for name, c := range map[string]struct{ line, entry, request string }{
		"lost uuid": {
			strings.Replace(managerSays, "ERROR", "INFO", 1) + "[" + onePID + "] Another thread already created a resource provider with the UUID " + anUUID + ". Grabbing that record from the placement API.",
			"duplicate-uuid", "POST /resource_providers",
		},
		"reshape, conflict": {
			managerSays + "Error updating resources for node cn1.: nova.exception.PlacementReshapeConflict: A conflict was encountered attempting to reshape a provider tree: " +
				refusal + "resource provider generation conflict for provider " + anUUID + ": actual: 1, given: 9" + refusalEnd,
			"reshape-generation", "POST /reshaper",
		},
		"reshape, in use": {
			managerSays + "Error updating resources for node cn1.: nova.exception.ReshapeFailed: Resource provider inventory and allocation data migration failed: " +
				refusal + inUse + refusalEnd,
			"reshape-in-use", "POST /reshaper",
		},
		"move": {
			managerSays + "Exception during message handling: nova.exception.AllocationMoveFailed: Failed to move allocations from consumer " + anUUID +
				" to consumer a2a8fd9c-63b7-4433-a04c-ad6476a94c32. Error: " + refusal + "consumer generation conflict - expected 3 but got 2" + refusalEnd,
			"consumer-generation", "POST /allocations",
		},
		"host": {
			strings.NewReplacer("ERROR", "INFO", "nova.compute.manager", "nova.api.openstack.wsgi").Replace(managerSays) +
				"HTTP exception thrown: Unable to delete compute service that is hosting instances. Migrate or delete the instances first.",
			"host-has-servers", "DELETE /os-services/",
		},
	} {
		book, counts := feedOf(c.line, c.line)
		if len(book.records) == 0 || counts.Unread > 0 {
			t.Errorf("%s: %+v", name, counts)
			continue
		}
		r := book.records[0]
		if r.name() != c.entry || r.match.By != catalogue.ByText || r.Method+" "+r.Path != c.request {
			t.Errorf("%s: %s by %q, %s %s", name, r.name(), r.match.By, r.Method, r.Path)
		}
	}
}

// What is in use comes three times: with the answer, in the message of an exception, and at the end of its traceback. Only
// the first names the request; the others are no conflicts of their own.
func TestOnceOfThree(t *testing.T) {
	book, counts := feedOf(
		strings.Replace(managerSays, "nova.compute.manager", "nova.scheduler.client.report", 1)+"["+onePID+"] Failed to update inventory to [{'MEMORY_MB': {'total': 9}}] for resource provider with UUID "+
			anUUID+".  Got 409: "+refusal+inUse+refusalEnd,
		managerSays+"Error updating resources for node cn1.: nova.exception.InventoryInUse: There was a conflict when trying to complete your request.",
		"", " "+inUse+"  ",
		managerError+"Traceback (most recent call last):",
		managerError+"nova.exception.InventoryInUse: There was a conflict when trying to complete your request.",
		managerError, managerError+" "+inUse+"  ", managerError,
	)
	if len(book.records) != 1 || book.records[0].name() != "inventory-in-use" || counts.Unread != 0 {
		t.Errorf("%d records, %+v", len(book.records), counts)
	}
}

// A deadlock's SQL goes on in lines of its own.
func TestDeadlock(t *testing.T) {
	_, counts := feedOf(
		"2026-11-22 21:29:15.556 1268 ERROR oslo_db.sqlalchemy.exc_filters [None "+onePID+" - - - - - -] DBAPIError exception wrapped.: pymysql.err.OperationalError: (1213, 'Deadlock found when trying to get lock; try restarting transaction')",
		"[SQL: UPDATE resource_providers SET updated_at=%(updated_at)s]", "[parameters: {'generation': 1}]", "(Background on this error at: https://sqlalche.me/e/14/e3q8)",
	)
	if counts.Unread != 0 {
		t.Errorf("%+v", counts)
	}
}
