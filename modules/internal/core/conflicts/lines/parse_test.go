// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
)

const (
	anUUID    = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"
	userPart  = "e04a04656fa04e46bb27b6b1944d5e51 31dffd6d77a24e13a77822662e2cbc10 - - default default] "
	onePID    = "req-1eed1a4c-a36d-4405-83e2-c86dfe1d8148"
	oneCaller = "req-0b6f6a0e-6b0c-4c0f-9d0a-2f5e7f3f1a11"
	prefix    = "2026-11-22 10:54:39.554 27429 INFO placement.requestlog "
	nameBody  = `{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n Conflicting resource provider name: compute-01 already exists.  ", "request_id": "req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8"}]}`
	nameLine  = "2026-11-22 10:56:44.519 2882 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] [req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8] Failed to create resource provider record in placement API for UUID " + anUUID + ". Got 409: " + nameBody + "."
)

func testParser() *Parser { return &Parser{Zone: time.UTC} }

type parsed struct {
	line    string
	want    Event
	outcome Outcome
}

func TestParseRequests(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 54, 39, 554e6, time.UTC)
	request := Event{
		What: Requested, View: FromPlacement, Time: at, Level: "INFO", Logger: "placement.requestlog", CallerID: oneCaller, RequestID: onePID,
		Method: "POST", Path: "/resource_providers", Status: 409, Length: 285, Microversion: "1.39", Address: "127.0.0.1",
		User: "e04a04656fa04e46bb27b6b1944d5e51",
	}
	old := request
	old.CallerID, old.User = "", "563e3"
	syslog := request
	syslog.Host, syslog.Service = "control01", "placement-api"
	through := request
	through.Method, through.Path, through.Status = "PUT", "/resource_providers/"+anUUID+"/inventories", 200
	journal := request
	journal.Host = "control01"
	parses(t, map[string]parsed{
		"request":           {prefix + "[" + oneCaller + " " + onePID + " " + userPart + `127.0.0.1 "POST /resource_providers" status: 409 len: 285 microversion: 1.39`, request, Found},
		"six words, colour": {prefix + "[" + onePID + " 563e3 b3d67 - default default] " + "127.0.0.1 \"POST /resource_providers\" status: 409 len: 285 microversion: 1.39\x1b[00m", old, Found},
		"went through":      {prefix + "[" + oneCaller + " " + onePID + " " + userPart + `127.0.0.1 "PUT /resource_providers/` + anUUID + `/inventories" status: 200 len: 285 microversion: 1.39`, through, Found},
		"reads":             {prefix + "[None " + onePID + " - - - - - -] 127.0.0.1 \"GET /usages\" status: 409 len: 1 microversion: 1.0", Event{}, Other},
		"other refusal":     {prefix + "[None " + onePID + " - - - - - -] 127.0.0.1 \"POST /resource_providers\" status: 401 len: 114 microversion: -", Event{}, Other},
		"cut":               {prefix + "[None " + onePID + " - - - - - -] 127.0.0.1 \"POST /resource_prov", Event{}, Unread},
		"syslog": {
			"Nov 22 10:54:39 control01 placement-api[7]: " + prefix + "[" + oneCaller + " " + onePID + " " + userPart + `127.0.0.1 "POST /resource_providers" status: 409 len: 285 microversion: 1.39`, syslog, Found,
		},
		"journal": {
			`{"_HOSTNAME":"control01","MESSAGE":"` + prefix + "[" + oneCaller + " " + onePID + " " + userPart + `127.0.0.1 \"POST /resource_providers\" status: 409 len: 285 microversion: 1.39"}`, journal, Found,
		},
		"journal, cut": {`{"MESSAGE":"` + prefix + ` 409 `, Event{}, Unread},
	})
}

func TestParseTraces(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 54, 39, 554e6, time.UTC)
	parses(t, map[string]parsed{
		"trace": {
			"2026-11-22 10:54:39.554 27429 WARNING placement.objects.allocation [None " + onePID + " " + userPart + "Over capacity for VCPU on resource provider " + anUUID + ". Needed: 1000, Used: 1, Capacity: 8.0",
			Event{
				What: Traced, View: FromPlacement, Time: at, Level: "WARNING", Logger: "placement.objects.allocation", RequestID: onePID, UUID: anUUID, Class: "VCPU",
				Status: 409, User: "e04a04656fa04e46bb27b6b1944d5e51", Needed: 1000, Used: 1, Capacity: 8,
				Detail: "Unable to allocate inventory: Unable to create allocation for 'VCPU' on resource provider '" + anUUID + "'. The requested amount would exceed the capacity.",
			},
			Found,
		},
	})
}

func TestParseServers(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 54, 39, 554e6, time.UTC)
	second := at.Truncate(time.Second)
	parses(t, map[string]parsed{
		"uwsgi": {
			"[pid: 27429|app: 0|req: 3/3] 127.0.0.1 () {40 vars in 787 bytes} [Sun Nov 22 10:54:39 2026] POST /resource_providers => generated 285 bytes in 36 msecs (HTTP/1.1 409) 6 headers in 231 bytes (1 switches on core 0)",
			Event{What: Requested, View: FromUWSGI, Time: second, Method: "POST", Path: "/resource_providers", Status: 409, Length: 285, Address: "127.0.0.1", Took: 36 * time.Millisecond},
			Found,
		},
		"apache": {
			`192.0.2.31 - - [22/Nov/2026:11:54:39 +0100] "POST /resource_providers HTTP/1.1" 409 285 1001156 "-" "openstacksdk/3.0.0"`,
			Event{What: Requested, View: FromApache, Time: second, Method: "POST", Path: "/resource_providers", Status: 409, Length: 285, Address: "192.0.2.31", Took: 1001156 * time.Microsecond},
			Found,
		},
		"haproxy": {
			`Nov 22 10:54:39 lb01 haproxy[8]: 192.0.2.31:54112 [22/Nov/2026:10:54:39.554] placement_api_front placement_api_back/control01 0/0/1/35/36 409 516 - - ---- 1/1/0/0/0 0/0 "POST /resource_providers HTTP/1.1"`,
			Event{What: Requested, View: FromHAProxy, Time: at, Method: "POST", Path: "/resource_providers", Status: 409, Address: "192.0.2.31", Took: 36 * time.Millisecond},
			Found,
		},
		"another service": {
			`192.0.2.31:54112 [22/Nov/2026:10:54:39.554] ironic_api_front ironic_api_back/control01 0/0/1/35/36 409 516 - - ---- 1/1/0/0/0 0/0 "POST /v1/allocations HTTP/1.1"`, Event{}, Other,
		},
		"its access log": {`192.0.2.31 - - [22/Nov/2026:11:54:39 +0100] "PUT /v1/nodes/x/traits HTTP/1.1" 409 285 1001156 "-" "x"`, Event{}, Other},
	})
}

func TestParseNothing(t *testing.T) {
	parses(t, map[string]parsed{
		"binary":         {"2026-11-22\x00\x01", Event{}, Unread},
		"wrong encoding": {prefix + "\xff\xfe", Event{}, Unread},
		"garbage":        {"the quick brown fox", Event{}, Unread},
		"a server's":     {"[Sun Nov 22 10:54:39.120 2026] [mpm_event:notice] [pid 7:tid 9] AH00489: Apache/2.4 configured", Event{}, Other},
		"empty":          {"", Event{}, Other},
	})
}

func parses(t *testing.T, cases map[string]parsed) {
	t.Helper()
	for name, c := range cases {
		got, outcome := testParser().Parse([]byte(c.line))
		if !got.Time.Equal(c.want.Time) || outcome != c.outcome {
			t.Errorf("%s: %v %v, want %v %v", name, outcome, got.Time, c.outcome, c.want.Time)
		}
		got.Time, c.want.Place = c.want.Time, catalogue.PlaceOf(c.want.Path)
		if got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
	}
}

// What Nova says carries the answer; both request ids are told apart.
func TestReports(t *testing.T) {
	for name, c := range map[string]struct{ line, entry, uuid, id string }{
		"name":      {nameLine, "duplicate-name", anUUID, "req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8"},
		"inventory": {strings.NewReplacer("create resource provider record in placement API for UUID "+anUUID+".", "update inventory to [{'VCPU': {'total': 8}}] for resource provider with UUID "+anUUID+". ", "Conflicting resource provider name: compute-01 already exists.", "update conflict: Inventory for 'MEMORY_MB, DISK_GB' on resource provider '"+anUUID+"' in use.").Replace(nameLine), "inventory-in-use", anUUID, "req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8"},
		"500":       {"2026-11-22 10:56:44.607 2882 ERROR nova.scheduler.client.report [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] [req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8] Failed to update traits to [A] for resource provider with UUID " + anUUID + ".  Got 500: " + `{"errors": [{"status": 500, "title": "Internal Server Error", "detail": "The server has either erred or is incapable of performing the requested operation.\n\n Another thread concurrently updated the resource provider data. Please retry your update  "}]}`, "trait-race", anUUID, "req-1baf9bb1-b06c-4765-b0c6-ea59d4c19fe8"},
	} {
		e, outcome := testParser().Parse([]byte(c.line))
		if outcome != Found || e.What != Reported {
			t.Errorf("%s: %v %+v", name, outcome, e)
			continue
		}
		m := catalogue.Classify(e.answer())
		if m.Entry == nil || m.Entry.Name != c.entry || e.UUID != c.uuid || e.RequestID != c.id || !strings.HasPrefix(e.CallerID, "req-e3464f04") {
			t.Errorf("%s: %+v is %+v", name, e, m)
		}
	}
}

// The messages that guides about older releases quote, on one line and wrapped.
func TestOlderReleases(t *testing.T) {
	start := "2019-04-11 10:36:33.694 14368 ERROR nova.scheduler.client.report [req-6c9a2cb8-b840-4345-bb9e-088068c8568f - - - - -] "
	submit := "Unable to submit allocation for instance " + anUUID + ` (409 {"errors": [{"status": 409, "request_id": "` + onePID + `", "detail": "There was a conflict when trying to complete your request.\n\n Unable to allocate inventory: Unable to create allocation for 'VCPU' on resource provider '` + anUUID + `'. The requested amount would exceed the capacity.  ", "title": "Conflict"}]})`
	wrap := strings.NewReplacer(`{"errors"`, "{\n  \"errors\"", `, "detail`, ",\n    \"detail", "Unable to allocate", "Unable\nto allocate", "}]}", "}\n  ]\n}")
	for message, want := range map[string]string{
		submit:               "over-capacity",
		wrap.Replace(submit): "over-capacity",
		"resource provider generation conflict; expected 42 but got 41":                                                                "inventory-generation",
		"update conflict: Inventory for VCPU on resource provider " + anUUID + " in use.":                                              "inventory-in-use",
		`Got 409: {"errors": [{"status": 409, "detail": "resource provider generation` + "\n" + `conflict; expected 42 but got 41"}]}`: "inventory-generation",
		`Got 409: {"errors":
 [{"status": 409, "detail": "update conflict: Inventory for VCPU on resource provider ` + anUUID + ` in use."}]}`: "inventory-in-use",
		"Unhandled error: nova.exception.InvalidNodeConfiguration: Invalid node identity configuration: Unable to parse UUID from /var/lib/nova/compute_id": "compute-identity-unusable",
		"Invalid node identity configuration: UUID " + anUUID + " in /var/lib/nova/compute_id does not match " + anUUID:                                     "compute-identity-unusable",
	} {
		for _, before := range []string{start, ""} {
			e, outcome := testParser().Parse([]byte(before + message))
			m := catalogue.Classify(e.answer())
			if outcome != Found || m.Entry == nil || m.Entry.Name != want {
				t.Errorf("%q: %v %+v", before+message, outcome, e)
			}
		}
	}
}

// A report whose answer goes on in the next line asks for that.
func TestOpen(t *testing.T) {
	for cut := strings.Index(nameLine, "{") + 1; cut < strings.LastIndex(nameLine, "}"); cut += 7 {
		if _, outcome := testParser().Parse([]byte(nameLine[:cut])); outcome != Open {
			t.Errorf("%q: %v", nameLine[:cut], outcome)
		}
	}
}

// Lines that speak of conflicts without being one.
func TestNoReports(t *testing.T) {
	start := "2026-11-22 10:56:44.522 2882 ERROR nova.compute.manager [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] "
	for _, message := range []string{
		"Error updating resources for node compute-01.: nova.exception.ResourceProviderUpdateConflict: A conflict was encountered",
		"Took 409 seconds to spawn", "port 409: closed", "nothing",
	} {
		if e, outcome := testParser().Parse([]byte(start + message)); outcome != Other {
			t.Errorf("%q: %v %+v", message, outcome, e)
		}
	}
}

// Services have formats of their own, and so have what collects their lines. Each is dated.
func TestOtherFormats(t *testing.T) {
	said := "7 INFO placement.requestlog [None " + onePID + " - - - - - -] 127.0.0.1 \"POST /resource_providers\" status: 409 len: 285 microversion: 1.39"
	bare := "127.0.0.1 \"POST /resource_providers\" status: 409 len: 285 microversion: 1.39"
	quoted := strings.ReplaceAll(bare, `"`, `\"`)
	whole := "2026-11-22 10:54:39.554 " + said
	for name, line := range map[string]string{
		"no milliseconds":    "2026-11-22 10:54:39 " + said,
		"a comma":            "2026-11-22 10:54:39,554 " + said,
		"ISO":                "2026-11-22T11:54:39.554+01:00 " + said,
		"ISO, no colon":      "2026-11-22T11:54:39+0100 control01 placement-api[7]: INFO placement.requestlog " + bare,
		"short-iso":          "2026-11-22T10:54:39+0000 control01 placement-api[7]: " + bare,
		"short-full":         "Sun 2026-11-22 10:54:39 UTC control01 placement-api[7]: " + bare,
		"short-unix":         "1795344879.554123 control01 placement-api[7]: " + bare,
		"CRI":                "2026-11-22T10:54:39.554123456Z stdout F " + bare,
		"Apache's error log": "[Sun Nov 22 10:54:39.554 2026] [wsgi:error] [pid 7:tid 9] " + whole,
		"asctime":            `{"asctime": "2026-11-22 10:54:39", "msecs": 554.0, "name": "placement.requestlog", "message": "` + quoted + `"}`,
		"no logger":          `{"asctime": "2026-11-22 10:54:39", "message": "` + quoted + `"}`,
		"@timestamp":         `{"@timestamp": "2026-11-22T10:54:39.554+00:00", "python_module": "placement.requestlog", "Payload": "` + quoted + `"},`,
		"seconds":            `{"timestamp": 1795344879.554, "message": "` + quoted + `"}`,
		"milliseconds":       `{"ts": 1795344879554, "message": "` + quoted + `"}`,
		"journald":           `{"__REALTIME_TIMESTAMP": "1795344879554000", "MESSAGE": "` + quoted + `"}`,
		"Docker":             `{"log": "` + quoted + `\n", "stream": "stdout", "time": "2026-11-22T10:54:39.554123456Z"}`,
		"twice JSON":         `{"time": "2026-11-22T10:54:39.554Z", "log": "{\"asctime\": \"2026-11-22 10:54:39\", \"message\": \"127.0.0.1 \\\"POST /resource_providers\\\" status: 409 len: 285 microversion: 1.39\"}"}`,
		"OpenSearch":         `{"_index": "x", "_source": {"@timestamp": "2026-11-22T10:54:39Z", "Payload": "` + quoted + `"}}`,
		"pasted":             "> " + whole,
		"as HTML":            "<pre>" + strings.ReplaceAll(whole, `"`, "&quot;") + "</pre>",
		"indented":           "    " + whole,
	} {
		e, outcome := testParser().Parse([]byte(line))
		if at := time.Date(2026, 11, 22, 10, 54, 39, 0, time.UTC); outcome != Found || e.Status != 409 || !e.Time.Truncate(time.Second).Equal(at) {
			t.Errorf("%s: %v %+v", name, outcome, e)
		}
	}
	for name, line := range map[string]string{
		"a record, cut":    `{"__CURSOR":"s=1","MESS`,
		"without its text": `{"__CURSOR":"s=1","MESSAGE":null}`,
	} {
		if _, outcome := testParser().Parse([]byte(line)); outcome != Unread {
			t.Errorf("%s: %v", name, outcome)
		}
	}
	bytes := strings.ReplaceAll(fmt.Sprint([]byte(whole)), " ", ",")
	if e, outcome := testParser().Parse([]byte(`{"MESSAGE":` + bytes + `}`)); outcome != Found || e.RequestID != onePID {
		t.Errorf("a list of bytes: %v %+v", outcome, e)
	}
}

// What nova-compute says of its own host is told, of a message and of the end of a traceback alike.
func TestNotes(t *testing.T) {
	for text, want := range map[string]string{
		"Instance " + anUUID + " has been moved to another host p4(p4). There are allocations remaining against the source host that might need to be removed: {'resources': {'VCPU': 4}}.":                                        "allocations-remaining",
		"Instance " + anUUID + " is not being actively managed by this compute host but has allocations referencing this compute host: {'resources': {'VCPU': 4}}. Skipping heal of allocation because we do not know what to do.": "allocations-remaining",
		"Instance " + anUUID + " has allocations against this compute host but is not found in the database.":                                                                                                                      "allocations-remaining",
		"Error starting thread.: nova.exception.InvalidConfiguration: My compute node " + anUUID + " has hypervisor_hostname a but virt driver reports it should be b. Possible rename detected, refusing to start!":               "compute-renamed",
		"nova.exception.InvalidConfiguration: My node " + anUUID + " has host 'a' but my host is 'b'; Possible rename detected, refusing to start!":                                                                                "compute-renamed",
		"No local node identity found, but this is not our first startup on this host. Refusing to start after potentially having lost that state!":                                                                                "compute-identity-lost",
		"Upgrading from service version 60, but found no nodes in the database for host a to persist locally; Possible rename detected, refusing to start!":                                                                        "compute-not-found",
		"Multiple nodes found in database, manual node uuid configuration required":                                                                                                                                                "compute-ambiguous",
		"My hypervisor has existing instances, but I appear to be a new service in this database. Possible database configuration error, refusing to start!":                                                                       "compute-not-new",
		"Error starting thread.: ValueError: No such provider " + anUUID:                                                                                                                                                           "orphan-node",
		"Unexpected exception in API method: ValueError: No such provider " + anUUID:                                                                                                                                               "service-without-provider",
	} {
		for _, before := range []string{"", "2026-11-22 10:56:44.522 2882 ERROR oslo_service.service ", "2026-11-22 10:56:44.522 2882 ERROR nova.compute.manager [None " + onePID + " - - - - - -] "} {
			e, outcome := testParser().Parse([]byte(before + text))
			if m := catalogue.Note(e.Detail); outcome != Found || e.What != Noted || m.Entry == nil || m.Entry.Name != want {
				t.Errorf("%q: %v %+v", before+text, outcome, e)
			}
		}
	}
}

// A client that does not log the answer is told by what it called and by the request id, if the conflict is of Placement.
func TestUnanswered(t *testing.T) {
	start := "2026-11-22 10:56:44.522 7 ERROR "
	ended := "keystoneauth1.exceptions.http.Conflict: Conflict (HTTP 409) (Request-ID: " + onePID + ")"
	for text, want := range map[string]Event{
		"neutron.services.placement_report.plugin [-] placement client call failed: delete_resource_provider('" + anUUID + "'): " + ended: {What: Reported, Method: "DELETE", Path: "/resource_providers/" + anUUID, RequestID: onePID},
		"neutron.services.placement_report.plugin [-] update_resource_provider_traits('" + anUUID + "', []): " + ended:                    {What: Reported, Method: "PUT", Path: "/resource_providers/" + anUUID + "/traits", RequestID: onePID},
		"blazar.manager.service [-] " + ended: {What: Reported, RequestID: onePID},
		"neutron.notifiers.nova [-] novaclient.exceptions.Conflict: Conflict (HTTP 409) (Request-ID: " + onePID + ")":          {What: Mentioned, RequestID: onePID},
		"neutron.api.v2.resource [-] create failed (client error): There was a conflict when trying to complete your request.": {},
		"cinder.volume [-] Invalid volume (HTTP 409)": {},
	} {
		got, _ := testParser().Parse([]byte(start + text))
		if got.What != want.What || got.Method != want.Method || got.Path != want.Path || got.RequestID != want.RequestID || got.Detail != "" {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
