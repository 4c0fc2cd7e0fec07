// SPDX-License-Identifier: Apache-2.0

package restore_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/restore"
)

const (
	renamed = "c0000000-0000-4000-8000-000000000001"
	another = "c0000000-0000-4000-8000-000000000002"
)

// names is a Placement in which the first provider is called new, and the second what it says.
func names(t *testing.T, second string) string {
	t.Helper()
	one := func(uuid, name string) string {
		return fmt.Sprintf(`{"uuid": %q, "name": %q, "generation": 3, "links": [], "parent_provider_uuid": null, "root_provider_uuid": %q}`, uuid, name, uuid)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := `{"versions": [{"id": "v1.0", "min_version": "1.0", "max_version": "1.39"}]}`
		switch name := r.URL.Query().Get("name"); {
		case r.Method != http.MethodGet:
			t.Errorf("%s %s was sent", r.Method, r.URL.Path)
		case r.URL.Path == "/resource_providers" && name == second:
			body = `{"resource_providers": [` + one(another, second) + `]}`
		case r.URL.Path == "/resource_providers":
			body = `{"resource_providers": []}`
		case strings.HasSuffix(r.URL.Path, renamed):
			body = one(renamed, "new")
		case strings.HasSuffix(r.URL.Path, another):
			body = one(another, second)
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// run makes a journal of changes that were all written.
func run(t *testing.T, cloud string, changes ...repair.Change) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := change.OpenJournal(path, openstack.CloudOf([]string{cloud}, ""), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		left := c.After
		err = several.Join(err, j.Add(change.Entry{Op: string(c.Op), State: change.Intended, Change: &c}),
			j.Add(change.Entry{Op: string(c.Op), State: change.Written, Left: &left}))
	}
	if err = several.Join(err, j.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func rename(uuid, from, to string) repair.Change {
	named := func(name string) repair.State {
		return repair.State{Providers: []repair.Provider{{UUID: uuid, Name: name, Generation: 3}}}
	}
	return repair.Change{Op: repair.UpdateProvider, Before: named(from), After: named(to)}
}

// A name that another provider has meanwhile is not given back, and that is told before anything is written. One that the undoing of
// a later step frees is.
func TestNameTaken(t *testing.T) {
	for name, c := range map[string]struct {
		second  string
		changes []repair.Change
		refused bool
	}{
		"free":               {"other", []repair.Change{rename(renamed, "old", "new")}, false},
		"taken":              {"old", []repair.Change{rename(renamed, "old", "new")}, true},
		"freed before":       {"old", []repair.Change{rename(renamed, "old", "new"), rename(another, "second", "old")}, false},
		"taken after a step": {"old", []repair.Change{rename(renamed, "old", "middle"), rename(renamed, "middle", "new")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			cloud := names(t, c.second)
			answer := ansibletest.RunAtOnce(t, restore.Module(), map[string]any{
				"auth_type": "none", "placement_endpoint": cloud, "journal": run(t, cloud, c.changes...), "_ansible_check_mode": true,
			})
			msg, _ := answer["msg"].(string)
			if said := strings.Contains(msg, another+" has taken the name old"); said != c.refused || answer["failed"] != c.refused {
				t.Errorf("failed %v: %s", answer["failed"], msg)
			}
		})
	}
}
