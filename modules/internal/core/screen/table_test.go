// SPDX-License-Identifier: Apache-2.0

package screen_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// A table that ends with a number keeps each row on one line, however narrow the view is.
func TestTableOfNumbers(t *testing.T) {
	tabulates(t, map[int]string{
		0: `PROVIDER  CLASS    USED   DIFF
cn1       DISK_GB    60     20
cn1       VCPU        3      -
cn2       VCPU        1  -2048
`,
		29: `PROVIDER
  CLASS    USED   DIFF
cn1
  DISK_GB    60     20
  VCPU        3      -
cn2
  VCPU        1  -2048
`,
		20: `PROVIDER
  CLASS
    USED   DIFF
cn1
  DISK_GB
      60     20
  VCPU
       3      -
cn2
  VCPU
       1  -2048
`,
	})
}

func tabulates(t *testing.T, cases map[int]string) {
	t.Helper()
	head := []string{"PROVIDER", "CLASS", "USED", "DIFF"}
	rows := [][]string{{"cn1", "DISK_GB", "60", "20"}, {"cn1", "VCPU", "3", "-"}, {"cn2", "VCPU", "1", "-2048"}}
	for width, want := range cases {
		p := screen.New(screen.View{Width: width})
		p.Table(0, head, rows)
		if got := p.String(); got != want {
			t.Errorf("%d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
}
