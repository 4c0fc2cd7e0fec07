// SPDX-License-Identifier: Apache-2.0

//go:build lab

package live_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// A write to each of the services shows, and is told once.
func TestLabWritesAreSeen(t *testing.T) {
	live.OneIsEnough(t, "zed")
	l := live.Find(t)
	w, cloud := l.Watch(t), l.Login(t)
	if err := cloud.Placement(t.Context(), http.MethodPut, "/traits/CUSTOM_SEEN", nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := cloud.Placement(t.Context(), http.MethodDelete, "/traits/CUSTOM_SEEN", nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := cloud.Nova(t.Context(), http.MethodDelete, "/servers/none", nil, nil); !live.Refused(err, http.StatusNotFound) {
		t.Fatal(err)
	}
	for _, request := range [][2]string{{http.MethodPost, "/v3/auth/tokens"}, {http.MethodGet, "/v3"}, {http.MethodPatch, "/v3/users/none"}} {
		send(t, request[0], w.Keystone.String()+request[1])
	}
	got := w.Writes(t)
	slices.Sort(got)
	want := []string{"DELETE /traits/CUSTOM_SEEN", "DELETE /v2.1/servers/none", "PATCH /v3/users/none", "PUT /traits/CUSTOM_SEEN"}
	if !slices.Equal(got, want) {
		t.Errorf("saw %q, want %q", got, want)
	}
	if again := w.Writes(t); len(again) > 0 {
		t.Errorf("saw %q once more", again)
	}
}

// Whatever happens to a file shows.
func TestLabChangesAreSeen(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "1")
	before := live.Files(t, dir)
	write(t, filepath.Join(dir, "b"), "")
	write(t, filepath.Join(dir, "a"), "22")
	if got := live.Changed(before, live.Files(t, dir)); !slices.Equal(got, []string{dir, filepath.Join(dir, "a"), filepath.Join(dir, "b")}) {
		t.Errorf("changed: %q", got)
	}
}

func send(t *testing.T, method, address string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
