// SPDX-License-Identifier: Apache-2.0

//go:build lab

package ansible_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// The task and the program alone say the same about a real cloud, and the real password is in nothing that the task
// prints at -vvv or leaves behind.
func TestLabTaskAndProgram(t *testing.T) {
	l := live.Find(t)
	l.Command(t, "seed", "below-usage")
	t.Cleanup(func() { l.Command(t, "unseed", "below-usage") })
	args := map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile, "grace": 1}

	home := t.TempDir()
	task, printed := byTask(t, home, args)
	alone := byProgram(t, "placement_audit", args)
	for _, answer := range []map[string]any{task, alone} {
		for _, key := range []string{"invocation", "failed"} { // register drops both
			delete(answer, key)
		}
		if summary, ok := answer["summary"].(map[string]any); ok {
			delete(summary, "taken_at")
			delete(summary, "duration")
		}
	}
	if !reflect.DeepEqual(task, alone) {
		t.Errorf("the task says\n%v\nthe program\n%v", task, alone)
	}
	if !strings.Contains(fmt.Sprint(alone["msg"]), "not clean: 1 high") {
		t.Errorf("msg: %v", alone["msg"])
	}
	password := strings.TrimSpace(string(mustRead(t, filepath.Join(l.Root, "password"))))
	if len(password) < 8 || bytes.Contains(printed, []byte(password)) || leaves(t, home, password) {
		t.Errorf("the password is in the output or in a file, or there is none (%d characters)", len(password))
	}
}

// byTask runs the task by the checkout's playbook rules at -vvv and returns its result and all that was printed.
func byTask(t *testing.T, home string, args map[string]any) (map[string]any, []byte) {
	t.Helper()
	book, kept := filepath.Join(home, "play.yml"), filepath.Join(home, "result.json")
	play, err := json.Marshal([]map[string]any{{
		"hosts": "localhost", "gather_facts": false, "tasks": []map[string]any{
			{"openstack_ops.placement.placement_audit": args, "register": "audit"},
			{"ansible.builtin.copy": map[string]any{"content": "{{ audit | to_json }}", "dest": kept, "mode": "0600"}},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(book, play, 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/ansible-playbook", "-vvv", book)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "ANSIBLE_CONFIG="+filepath.Join(root, "ansible.cfg"), "HOME="+home, "XDG_CACHE_HOME=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var answer map[string]any
	if err := json.Unmarshal(mustRead(t, kept), &answer); err != nil {
		t.Fatal(err)
	}
	return answer, out
}

func byProgram(t *testing.T, module string, args map[string]any) map[string]any {
	t.Helper()
	in, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join("../../binaries", runtime.GOOS+"_"+runtime.GOARCH, "placement"), module)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var answer map[string]any
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// leaves reports whether a file below the folder holds the text.
func leaves(t *testing.T, folder, text string) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			found = found || bytes.Contains(mustRead(t, path), []byte(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
