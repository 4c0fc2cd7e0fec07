// SPDX-License-Identifier: Apache-2.0

package reportfiles_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

func TestGolden(t *testing.T) {
	for name, r := range map[string]*report.Report{"full": reporttest.Full(), "clean": reporttest.Clean()} {
		for _, format := range reportfiles.AuditFormats() {
			if format.Name == "html" { // its own tests read it
				continue
			}
			t.Run(name+" "+format.Name, func(t *testing.T) {
				got, err := format.Write(r)
				if err != nil {
					t.Fatal(err)
				}
				reporttest.Golden(t, filepath.Join("testdata", name+"."+format.Name), got)
			})
		}
	}
}

// The catalogue grows: of what has each of its entries no golden file is kept.
func TestConflictsGolden(t *testing.T) {
	for name, r := range map[string]*report.Refusals{"refusals": reporttest.Refusals(), "quiet": reporttest.Quiet()} {
		for _, format := range reportfiles.ConflictFormats() {
			if format.Name != "json" && format.Name != "markdown" {
				continue
			}
			got, err := format.Write(r)
			if err != nil {
				t.Fatal(err)
			}
			reporttest.Golden(t, filepath.Join("testdata", name+"."+format.Name), got)
		}
	}
}

// Every format is there once, and only what holds no names is for everybody.
func TestFormatsOnce(t *testing.T) {
	var names []string
	for _, f := range reportfiles.AuditFormats() {
		names = append(names, f.Name)
		text, err := f.Write(reporttest.Full())
		if err != nil {
			t.Fatal(err)
		}
		if tells := strings.Contains(string(text), "s2"); tells == f.Public {
			t.Errorf("%s: public %v, tells names %v", f.Name, f.Public, tells)
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(names)))) != len(reportfiles.AuditFormats()) {
		t.Errorf("formats %v", names)
	}
}
