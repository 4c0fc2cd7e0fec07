// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestShellRefusesPlaces makes the first place hostile: the second is used and the first is not touched.
func TestShellRefusesPlaces(t *testing.T) {
	avoids(t, map[string]func(t *testing.T, s *shell){
		"writable for all":       func(t *testing.T, s *shell) { t.Helper(); mkdir(t, s.first(), 0o777) },
		"writable for the group": func(t *testing.T, s *shell) { t.Helper(); mkdir(t, s.first(), 0o770) },
		"readable for all":       func(t *testing.T, s *shell) { t.Helper(); mkdir(t, s.first(), 0o755) },
		"of another user":        func(t *testing.T, s *shell) { t.Helper(); mkdir(t, s.first(), 0o700); give(t, s.first()) },
	})
}

func TestShellRefusesPlacesAbove(t *testing.T) {
	avoids(t, map[string]func(t *testing.T, s *shell){
		"home of another user": func(t *testing.T, s *shell) { t.Helper(); mkdir(t, s.first(), 0o700); give(t, s.home) },
		"cache of another user in a sticky home": func(t *testing.T, s *shell) {
			t.Helper()
			mkdir(t, s.first(), 0o700)
			mkdir(t, s.home, 0o1777)
			mkdir(t, filepath.Dir(s.first()), 0o777)
			give(t, filepath.Dir(s.first()))
		},
		"cache that all may write": func(t *testing.T, s *shell) {
			t.Helper()
			mkdir(t, s.first(), 0o700)
			mkdir(t, filepath.Dir(s.first()), 0o777)
		},
		"home that the group writes": func(t *testing.T, s *shell) { t.Helper(); mkdir(t, s.first(), 0o700); mkdir(t, s.home, 0o770) },
	})
}

func TestShellRefusesLinks(t *testing.T) {
	avoids(t, map[string]func(t *testing.T, s *shell){
		"cache linked into a folder that all may write": func(t *testing.T, s *shell) {
			t.Helper()
			scratch := filepath.Join(filepath.Dir(s.home), "scratch")
			mkdir(t, filepath.Join(scratch, "cache/openstack_ops.placement"), 0o700)
			mkdir(t, scratch, 0o777)
			if err := os.Symlink(filepath.Join(scratch, "cache"), filepath.Dir(s.first())); err != nil {
				t.Fatal(err)
			}
		},
		"link to a private one": func(t *testing.T, s *shell) {
			t.Helper()
			mkdir(t, filepath.Join(s.home, "private"), 0o700)
			mkdir(t, filepath.Dir(s.first()), 0o700)
			if err := os.Symlink(filepath.Join(s.home, "private"), s.first()); err != nil {
				t.Fatal(err)
			}
		},
	})
}

func avoids(t *testing.T, cases map[string]func(t *testing.T, s *shell)) {
	t.Helper()
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			eachShell(t, func(t *testing.T, s *shell) {
				spoil(t, s)
				plant(t, s.first(), 0o700)
				mkdir(t, filepath.Dir(s.second()), 0o1777)
				s.want(t, s.do(t, s.run, "{}"), "PLACEMENT-MISSING Here\n")
				if got := s.do(t, s.store, program); !strings.HasSuffix(got, "PLACEMENT-STORED\n") {
					t.Errorf("not stored: %s", got)
				}
				s.want(t, s.do(t, s.run, "{}"), "ran audit\n")
				if got := programs(t, s.second()); len(got) != 1 {
					t.Errorf("the second place holds %v", got)
				}
				if got := programs(t, s.first()); len(got) != 1 {
					t.Errorf("the first place was touched: %v", got)
				}
			})
		})
	}
}
