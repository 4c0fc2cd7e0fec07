// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"path/filepath"
	"testing"
)

// The filters of the roles make of a text what the programs make of it.
func TestFilters(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		table := filepath.Join(s.root, "modules/internal/report/testdata/foreign.json")
		book := filepath.Join(s.root, "tests/ansible/testdata/filters.yml")
		s.run(t, s.root, nil, "ansible-playbook", book, "-e", "table_file="+table).ok(t)
	})
}

// Each filter is documented.
func TestFilterDocs(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		for _, name := range []string{"code", "line", "markdown", "word"} {
			out := s.run(t, s.root, nil, "ansible-doc", "-t", "filter", "openstack_ops.placement."+name).ok(t).out
			if len(out) < 300 {
				t.Errorf("%s: %s", name, out)
			}
		}
	})
}
