// SPDX-License-Identifier: Apache-2.0

//go:build lab

// Package rehearsal_test upgrades a control plane as an operator does, from one release to the other, and looks at it before
// and after.
package rehearsal_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

const (
	from, to = "zed", "current"
	fault    = "lost-identity"
	faulty   = "cn11" // the host of that fault
)

// rehearsal is one upgrade of a lab of its own.
type rehearsal struct {
	*live.Lab
	cloud *live.Cloud
	begun time.Time // when the upgrade began
}

// up brings up a lab in the old release. The tests of other releases have nothing to upgrade.
func up(t *testing.T) *rehearsal {
	t.Helper()
	if live.Release() != from {
		t.Skipf("an upgrade begins with %s, and PLACEMENT_LAB_RELEASE is %s", from, live.Release())
	}
	r := &rehearsal{Lab: live.Own(t, "rehearsal", from)}
	r.Command(t, "host", "add", faulty)
	r.cloud = r.Login(t)
	return r
}

// upgrade upgrades it.
func (r *rehearsal) upgrade(t *testing.T) {
	t.Helper()
	r.begun = time.Now()
	r.Command(t, "upgrade", "--to", to)
	r.Read(t)
	r.cloud = r.Login(t)
	t.Logf("upgraded in %s", time.Since(r.begun).Round(time.Second))
}

// broken is what the upgrade did to one host.
type broken struct {
	Provider string `json:"provider"` // has the name of the host
	Node     string `json:"node"`     // the UUID that the host has now
	Log      string `json:"log"`      // of its nova-compute
}

// fault makes the upgrade one after which a host has another identity.
func (r *rehearsal) fault(t *testing.T) broken {
	t.Helper()
	var b broken
	if err := json.Unmarshal(r.Command(t, "seed", fault), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// check runs one of the programs that operators ask before and after an upgrade; 0 is good, 1 has warnings, 2 is bad.
func check(t *testing.T, program string) (code int, said string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program, "upgrade", "check").Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit != nil {
		code = exit.ExitCode()
	}
	return code, string(out)
}

// refusals waits until a file has a text at least so many times.
func refusals(t *testing.T, file, text string, times int) {
	t.Helper()
	count, end := 0, time.Now().Add(4*time.Minute)
	for count < times && time.Now().Before(end) {
		time.Sleep(time.Second)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		count = strings.Count(string(data), text)
	}
	if count < times {
		t.Errorf("%s has %q %d times, not %d", file, text, count, times)
	}
}
