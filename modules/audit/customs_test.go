// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// made makes a custom class and a custom trait known that nobody uses.
func made(s *snapshot.Snapshot) {
	s.Custom = &snapshot.Names{Classes: []string{"CUSTOM_CLASS"}, FreeTraits: []string{"CUSTOM_TRAIT"}}
	s.Second = &snapshot.Look{
		TakenAt: checktest.Taken(), Custom: s.Custom, Parts: map[snapshot.Part]snapshot.Status{snapshot.Customs: {Read: true}},
	}
}

// oldSnapshot is of before custom names were read.
func oldSnapshot(s *snapshot.Snapshot) { delete(s.Parts, snapshot.Customs); s.Custom = nil }

const customChecks = "PLC403,PLC404"

// Custom names are judged where that is asked for, and a snapshot of before lacks nothing otherwise.
func TestCustomNames(t *testing.T) {
	wanted(t, runModule(t, map[string]any{"snapshot": saved(t, made), "checks": customChecks}),
		"PLC403:service:CUSTOM_CLASS", "PLC404:service:CUSTOM_TRAIT")
	wanted(t, runModule(t, map[string]any{"snapshot": saved(t, made)}))
	old := runModule(t, map[string]any{"snapshot": saved(t, oldSnapshot)})
	if wanted(t, old); old["complete"] != true {
		t.Errorf("not run %v", notRun(old))
	}
	if named := runModule(t, map[string]any{"snapshot": saved(t, oldSnapshot), "checks": customChecks}); len(notRun(named)) != len([]string{"PLC403", "PLC404"}) {
		t.Errorf("not run %v", notRun(named))
	}
}

// The requests are those that Placement answers, and an error of either is not an empty list. Who does not ask for it is spared them.
func TestCustomNamesRecorded(t *testing.T) {
	args := map[string]any{"checks": customChecks}
	if answer := auditRecordedWith(t, args, "", nil, nil); answer["complete"] != true || len(found(answer)) != 0 {
		t.Errorf("%v, not run %v", answer["msg"], notRun(answer))
	}
	for _, request := range []string{"/resource_classes", "associated=false"} {
		is := func(path string) bool { return strings.Contains(path, request) }
		refuse := func(w http.ResponseWriter, _ exchange) { w.WriteHeader(http.StatusForbidden) }
		if answer := auditRecordedWith(t, args, "placement", is, refuse); answer["complete"] != false || answer["clean"] != false {
			t.Errorf("%s: %v", request, answer["msg"])
		}
		if answer := auditRecorded(t, "placement", is, refuse); answer["complete"] != true {
			t.Errorf("%s was asked for: %v", request, notRun(answer))
		}
	}
}

// A list of names that can't be read is told as not run, whatever happens to it, and never as clean.
func TestCustomNamesUnread(t *testing.T) {
	for name, f := range faults() {
		for _, list := range []string{"/resource_classes", "/traits?"} {
			t.Run(list+" "+name, func(t *testing.T) {
				answer := auditRecordedWith(t, map[string]any{"checks": customChecks}, "placement", has(list), f)
				if got := notRun(answer); len(got) != 2 || answer["clean"] != false || answer["complete"] != false {
					t.Errorf("clean %v, complete %v, not run: %v", answer["clean"], answer["complete"], got)
				}
			})
		}
	}
}
