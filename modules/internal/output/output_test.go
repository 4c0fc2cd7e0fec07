// SPDX-License-Identifier: Apache-2.0

package output_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/output"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/report"
)

// What can be chosen is what can be written.
func TestFormats(t *testing.T) {
	field, _ := reflect.TypeFor[output.Report]().FieldByName("Format")
	choices := field.Tag.Get("jsonschema") + ","
	audits, conflicts := report.Formats(), report.ConflictFormats()
	for i, f := range audits {
		if !strings.Contains(choices, "enum="+f.Name+",") || conflicts[i].Name != f.Name || conflicts[i].Public != f.Public {
			t.Errorf("%s can't be chosen, or not for conflicts", f.Name)
		}
	}
	if n := strings.Count(choices, "enum="); n != len(audits) || n != len(conflicts) {
		t.Errorf("%d formats can be chosen, %d and %d written", n, len(audits), len(conflicts))
	}
}
