// SPDX-License-Identifier: Apache-2.0

//go:build lab

package allocationinfo_test

import (
	"context"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/allocationinfo"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// A server is named with what it holds on its host. A consumer of no Nova is unknown, before and after it holds something.
func TestLabConsumers(t *testing.T) {
	l := live.Find(t)
	c := l.Login(t)
	ctx := context.WithoutCancel(t.Context())
	server, err := c.Boot(ctx, "who-holds", c.Image(t), "1", "cn1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Delete(ctx, server); err != nil {
			t.Error(err)
		}
	})
	if _, err := c.Settle(ctx, server, 5*time.Minute, "ACTIVE"); err != nil {
		t.Fatal(err)
	}
	answer := ansibletest.Run(t, allocationinfo.Module(), dict{
		"cloud": l.Cloud, "clouds_file": l.CloudsFile, "consumer": []string{server, live.UUID()},
	})
	list, _ := answer["consumers"].([]any)
	if len(list) != 2 {
		t.Fatal(answer)
	}
	first, _ := list[0].(dict)
	second, _ := list[1].(dict)
	shares, _ := first["allocations"].([]any)
	if len(shares) != 1 || first["kind"] != "server" || first["name"] != "who-holds" || first["status"] != "ACTIVE" || first["host"] != "cn1" {
		t.Fatalf("%v", first)
	}
	if share, _ := shares[0].(dict); share["name"] != "cn1" {
		t.Errorf("%v", share)
	}
	if none, _ := second["allocations"].([]any); len(none) != 0 || second["kind"] != "unknown" || second["generation"] != nil {
		t.Errorf("%v", second)
	}
}
