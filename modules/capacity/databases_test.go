// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

// The databases are read instead of the APIs, without a login. A database that can't be read is no cloud without room.
func TestDatabases(t *testing.T) {
	database := dict{"user": "u", "password": "s3cret-of-the-test", "host": "127.0.0.1", "port": 1}
	for name, c := range map[string]struct {
		more dict
		want []string
	}{
		"unreachable": {nil, []string{"providers could not be read", "127.0.0.1:1", "refused"}},
		"snapshot":    {dict{"snapshot": "/x", "database": nil}, []string{"source", "must be api with snapshot"}},
		"files":       {dict{"nova_conf": "/nowhere/nova.conf", "placement_conf": "/nowhere/placement.conf"}, []string{"nova_conf", "/nowhere/nova.conf", "placement_conf"}},
		"timeout":     {dict{"statement_timeout": 0}, []string{"statement_timeout", "1"}},
		"api":         {dict{"source": "api"}, []string{"database", "must be given with source: database only"}},
	} {
		args := dict{"source": "database", "database": database}
		maps.Copy(args, c.more)
		if args["database"] == nil {
			delete(args, "database")
		}
		answer := ansibletest.Run(t, capacity.Module(), args)
		msg, _ := answer["msg"].(string)
		for _, want := range c.want {
			if answer["failed"] != true || !strings.Contains(msg, want) || strings.Contains(msg, "s3cret") {
				t.Errorf("%s: no %q in %q", name, want, msg)
			}
		}
	}
}
