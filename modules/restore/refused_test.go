// SPDX-License-Identifier: Apache-2.0

package restore_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
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

// journal makes a journal of a cloud with three undoable steps of one run, and returns its path and its lines.
func journal(t *testing.T, cloud string) (path string, lines []string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := change.OpenJournal(path, openstack.CloudOf([]string{cloud}, ""), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		p := repair.State{Providers: []repair.Provider{{UUID: "c0000000-0000-4000-8000-000000000001", Name: "p"}}}
		c := &repair.Change{Op: repair.Traits, Before: p, After: p}
		err = several.Join(err, j.Add(change.Entry{Provider: "p", Op: string(repair.Traits), State: change.Intended, Change: c}))
	}
	text, err2 := os.ReadFile(path)
	if err = several.Join(err, err2, j.Close()); err != nil {
		t.Fatal(err)
	}
	return path, strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
}

// A journal that is cut, edited, of another cloud, a link of anybody or open to others is not followed, nor are a run and steps that
// it does not have. Nothing is sent.
func TestRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s was sent", r.Method, r.URL.Path)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"versions":[{"id":"v1.0","min_version":"1.0","max_version":"1.39"}]}`))
	}))
	defer server.Close()
	whole, lines := journal(t, server.URL)
	elsewhere, _ := journal(t, "http://192.0.2.1")
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(filepath.Dir(whole), name)
		if err := several.Join(os.WriteFile(path, []byte(text), mode), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	shared := filepath.Join(t.TempDir(), "shared")
	if err := several.Join(os.Mkdir(shared, 0o700), os.Chmod(shared, 0o777), os.Symlink(whole, filepath.Join(shared, "link"))); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args map[string]any
		says string
	}{
		"none":         {map[string]any{"journal": whole + ".none"}, "value of journal must be a journal of this collection"},
		"empty":        {map[string]any{"journal": file("empty", "", 0o600)}, "it is empty"},
		"cut":          {map[string]any{"journal": file("cut", lines[0]+lines[2]+"\n", 0o600)}, "value of journal must be a journal of this collection"},
		"edited":       {map[string]any{"journal": file("edited", strings.Replace(strings.Join(lines, ""), `"name":"p"`, `"name":"q"`, 1)+"\n", 0o600)}, "value of journal must be a journal of this collection"},
		"open":         {map[string]any{"journal": file("open", strings.Join(lines, "")+"\n", 0o666)}, "other users can write it"},
		"link":         {map[string]any{"journal": filepath.Join(shared, "link")}, "is a link that another user can have made"},
		"cloud":        {map[string]any{"journal": elsewhere}, "must be a run that " + elsewhere + " has of the cloud " + server.URL},
		"unknown run":  {map[string]any{"journal": whole, "run": "60000000-0000-4000-8000-000000000001"}, "value of run must be a run that " + whole},
		"unknown step": {map[string]any{"journal": whole, "steps": []any{9}}, "value of steps must be steps of the run"},
	} {
		t.Run(name, func(t *testing.T) {
			all := map[string]any{"auth_type": "none", "placement_endpoint": server.URL}
			maps.Copy(all, c.args)
			answer := ansibletest.RunAtOnce(t, restore.Module(), all)
			msg, _ := answer["msg"].(string)
			if answer["failed"] != true || answer["changed"] == true || !strings.Contains(msg, c.says) || strings.Contains(msg, "\n") {
				t.Errorf("it does not say %q in one line: %s", c.says, msg)
			}
		})
	}
}
