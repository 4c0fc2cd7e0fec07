// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// A nova-compute whose compute_id was written anew does not start, which has to be acted on. What the remedy says ends it: the ID of its
// hypervisor in the file. With lookup it is over then, since Nova shows that the service reports.
func TestLabComputeDuplicate(t *testing.T) {
	live.OneIsEnough(t, "current")
	l := placeOf(t)
	cloud, host := l.Login(t), "id-"+live.UUID()[:8]
	l.Command(t, "host", "add", host)
	file, log := filepath.Join(l.Root, "state/nova", host, "compute_id"), filepath.Join(l.LogDir, "nova-compute-"+host+".log")
	const patience = 5 * time.Minute
	start := func(id string) {
		l.Command(t, "host", "kill", host)
		if err := os.WriteFile(file, []byte(id+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		l.Command(t, "host", "start", host)
	}
	hypervisor := idOf(t, cloud, host)
	t.Cleanup(func() {
		start(hypervisor)
		l.Command(t, "host", "retire", host)
	})
	explain := func(lookup bool) (conflict map[string]any, clean bool) {
		answer := ansibletest.Run(t, conflicts.Module(), map[string]any{
			"files": []string{log}, "since": "-1h", "lookup": lookup, "cloud": l.Cloud, "clouds_file": l.CloudsFile,
		})
		if list, _ := answer["conflicts"].([]any); len(list) > 0 {
			conflict, _ = list[0].(map[string]any)
		}
		return conflict, answer["clean"] == true
	}
	start(live.UUID())
	l.until("a refusal to start", patience, func() bool { c, _ := explain(true); return c["conflict"] == "compute-duplicate" })
	c, clean := explain(true)
	remedy, _ := c["remedy"].(string)
	if c["verdict"] != "persistent" || c["act"] != true || clean || !strings.Contains(remedy, "openstack hypervisor list") {
		t.Errorf("%v", c)
	}
	start(hypervisor) // the remedy
	l.until("a settled refusal", patience, func() bool { _, clean := explain(true); return clean })
	if c, _ := explain(true); c["verdict"] != "transient" || c["succeeded_after"] == nil {
		t.Errorf("after the remedy: %v", c)
	}
	if c, clean := explain(false); c["verdict"] != "persistent" || clean {
		t.Errorf("without lookup nobody says that it is over: %v", c)
	}
}

// idOf is the ID of a hypervisor, as openstack hypervisor list shows it.
func idOf(t *testing.T, cloud *live.Cloud, host string) string {
	t.Helper()
	var list struct {
		Hypervisors []struct {
			ID   string
			Name string `json:"hypervisor_hostname"`
		}
	}
	if err := cloud.Nova(context.WithoutCancel(t.Context()), "GET", "/os-hypervisors", nil, &list); err != nil {
		t.Fatal(err)
	}
	for _, h := range list.Hypervisors {
		if h.Name == host {
			return h.ID
		}
	}
	t.Fatalf("no hypervisor %s in %v", host, list)
	return ""
}
