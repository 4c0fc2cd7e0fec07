// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"math"
	"runtime/debug"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// A task's environment sets the limit as that of the process does.
func TestMemoryLimitOfATask(t *testing.T) {
	before, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	defer debug.SetMemoryLimit(before)
	defer debug.SetGCPercent(percent)
	t.Setenv("GOMEMLIMIT", "")
	kept := map[string]string{}
	p := limitMemory(ansible.Process{Setenv: func(key, value string) error { kept[key] = value; return nil }})
	if got := debug.SetMemoryLimit(-1); got != mostMemory {
		t.Errorf("the limit is %d", got)
	}
	for text, want := range map[string]int64{"2GiB": 2 << 30, "700MiB": 700 << 20, "1048576": 1 << 20, "5B": 5, "1TiB": 1 << 40, "off": math.MaxInt64} {
		if err := p.Setenv("GOMEMLIMIT", text); err != nil || debug.SetMemoryLimit(-1) != want || kept["GOMEMLIMIT"] != text {
			t.Errorf("%s: %v, the limit is %d", text, err, debug.SetMemoryLimit(-1))
		}
	}
	for _, text := range []string{"", "2", "2GB", "-1", "0", "GiB", "9999999TiB", "much"} {
		if err := p.Setenv("GOMEMLIMIT", text); (err == nil) != (text == "2") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := p.Setenv("OTHER", "x"); err != nil || kept["OTHER"] != "x" {
		t.Error(err)
	}
}
