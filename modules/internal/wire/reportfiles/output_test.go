// SPDX-License-Identifier: Apache-2.0

package reportfiles_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// What can be chosen is what can be written.
func TestFormats(t *testing.T) {
	field, _ := reflect.TypeFor[reportfiles.Report]().FieldByName("Format")
	choices := field.Tag.Get("jsonschema") + ","
	audits, conflicts := reportfiles.AuditFormats(), reportfiles.ConflictFormats()
	for i, f := range audits {
		if !strings.Contains(choices, "enum="+f.Name+",") || conflicts[i].Name != f.Name || conflicts[i].Public != f.Public {
			t.Errorf("%s can't be chosen, or not for conflicts", f.Name)
		}
	}
	if n := strings.Count(choices, "enum="); n != len(audits) || n != len(conflicts) {
		t.Errorf("%d formats can be chosen, %d and %d written", n, len(audits), len(conflicts))
	}
}

// No report has a secret in it, whatever text of the result it got into.
func TestReportsAreMasked(t *testing.T) {
	const secret = "Y6Q7xZ9K4J8V3"
	call, dir := &ansible.Call{}, t.TempDir()
	call.Secret(secret)
	finding := check.Finding{
		ID: "PLC101", Severity: check.High, Message: "server " + secret, Subject: check.Subject{Type: check.OfServer, Name: secret},
		Remedy: check.Remedy{Text: "delete " + secret},
	}
	result := &report.Report{Audit: report.Audit{
		Msg: secret, Findings: []check.Finding{finding}, NotRun: []check.NotRun{{Check: "PLC102", Reason: secret}},
	}}
	var wanted []reportfiles.Report
	formats := reportfiles.AuditFormats()
	for _, f := range formats {
		wanted = append(wanted, reportfiles.Report{Path: filepath.Join(dir, f.Name+".prom"), Format: f.Name})
	}
	if err := reportfiles.Write(call, wanted, formats, result); err != nil {
		t.Fatal(err)
	}
	for _, w := range wanted {
		text, err := os.ReadFile(w.Path)
		if err != nil || len(text) == 0 || strings.Contains(string(text), secret) {
			t.Errorf("%v: %s", err, text)
		}
	}
	if result.Findings[0].Subject.Name != secret {
		t.Error("the result itself was changed")
	}
}
