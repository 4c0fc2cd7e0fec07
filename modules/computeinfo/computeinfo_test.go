// SPDX-License-Identifier: Apache-2.0

package computeinfo_test

import (
	"maps"
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

// The databases are read instead of the APIs, without a login; what they do not give is refused, and what can't be read is said.
func TestDatabases(t *testing.T) {
	database := dict{"user": "u", "password": "s3cret-of-the-test", "host": "127.0.0.1", "port": 1}
	for name, c := range map[string]struct {
		more dict
		want []string
	}{
		"servers":     {dict{"servers": true, "hosts": []string{"cn1"}}, []string{"servers", "must be false with source: database"}},
		"unreachable": {nil, []string{"database", "127.0.0.1:1", "refused"}},
		"timeout":     {dict{"statement_timeout": 0}, []string{"statement_timeout", "1"}},
		"api":         {dict{"source": "api"}, []string{"must be given with source: database only"}},
	} {
		args := dict{"source": "database", "database": database}
		maps.Copy(args, c.more)
		answer := ansibletest.Run(t, computeinfo.Module(), args)
		msg, _ := answer["msg"].(string)
		for _, want := range c.want {
			if answer["failed"] != true || !strings.Contains(msg, want) || strings.Contains(msg, "s3cret") {
				t.Errorf("%s: no %q in %q", name, want, msg)
			}
		}
	}
}
