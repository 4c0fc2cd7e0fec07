// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"context"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// A server for which no host has room is found in the logs of Nova, with its project and its flavor.
func TestLabUnplaced(t *testing.T) {
	l := live.Find(t)
	cloud := l.Login(t)
	name := "huge-" + live.UUID()
	flavor := cloud.Flavor(t, name, 500, 64, 1)
	var server struct{ Server struct{ ID string } }
	if err := cloud.Nova(t.Context(), "POST", "/servers", map[string]any{"server": map[string]any{
		"name": name, "flavorRef": flavor, "imageRef": cloud.Image(t), "networks": "none",
	}}, &server); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cloud.Nova(context.WithoutCancel(t.Context()), "DELETE", "/servers/"+server.Server.ID, nil, nil)
	})
	for range 240 {
		answer := ansibletest.Run(t, conflicts.Module(), map[string]any{
			"files": []string{l.LogDir + "/nova-scheduler.log", l.LogDir + "/nova-conductor.log"}, "since": "-1h", "lookup": true,
			"cloud": l.Cloud, "clouds_file": l.CloudsFile,
		})
		list, _ := answer["unplaced"].([]any)
		for _, raw := range list {
			g, _ := raw.(map[string]any)
			if g["flavor"] == name && g["stage"] == "candidates" && g["project_id"] == cloud.Project && g["count"] == 1.0 && g["command"] == "placement why --server "+server.Server.ID {
				return
			}
		}
		time.Sleep(time.Second)
	}
	t.Error("the server is not found in the logs of Nova")
}
