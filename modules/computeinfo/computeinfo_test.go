// SPDX-License-Identifier: Apache-2.0

package computeinfo_test

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/computeinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

type dict = map[string]any

// All faults are named at once, before anything is sent.
func TestBadInput(t *testing.T) {
	answer := ansibletest.Run(t, computeinfo.Module(), dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "since": "yesterday",
		"identities": []dict{{"host": "cn1"}, {"host": "cn2", "unread": "no route to host"}},
	})
	msg, _ := answer["msg"].(string)
	for _, want := range []string{"since", "yesterday", "such as 2026-11-22T10:00:00Z", "identities[0].nodename"} {
		if !strings.Contains(msg, want) {
			t.Errorf("no %q in %q", want, msg)
		}
	}
	if answer["failed"] != true || answer["changed"] != false || strings.Contains(msg, "identities[1]") {
		t.Errorf("%v", answer)
	}
}

// Which servers are on all hosts is asked of no host by name.
func TestServersOfNoHost(t *testing.T) {
	answer := ansibletest.Run(t, computeinfo.Module(), dict{"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "servers": true})
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "servers is true but all of the following are missing: hosts") {
		t.Errorf("%v", answer)
	}
}
