// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A target that is in wrong hands answers with what Ansible takes for instructions, and with templates. The plays after
// it see no host, no group, no fact and no variable of it, and nothing is run.
func TestHostileTarget(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		ran := filepath.Join(s.dir, "ran")
		template := "{{ lookup('pipe', 'touch " + ran + "') }}"
		answer := map[string]any{
			"changed": true, "failed": false, "msg": template + "\nok: [forged]\x1b[2J\u202e",
			"add_host":      map[string]any{"host_name": "gained", "groups": []string{"control"}, "host_vars": map[string]any{"ansible_connection": "local"}},
			"add_group":     "gained",
			"ansible_facts": map[string]any{"gained": 1, "ansible_shell_executable": "/bin/false", "discovered_interpreter_python": "/bin/false"},
			"_ansible_vars": map[string]any{"gained": 1}, "_ansible_no_log": true, "skipped": true, "unreachable": true, "rc": 5,
			"results": []any{map[string]any{"failed": true}}, "stdout": "x", "deprecations": []any{map[string]any{"msg": "forged", "version": "1"}},
			"warnings": []any{"forged\nwarning " + template, map[string]any{"a": 1}}, "args": map[string]any{template: []any{template}, "_ansible_x": 1, "__ansible_unsafe": "x"},
		}
		text, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		vars := filepath.Join(s.dir, "vars.json")
		said, err := json.Marshal(map[string]string{"said": base64.StdEncoding.EncodeToString(text), "ran": ran})
		if err != nil {
			t.Fatal(err)
		}
		write(t, vars, string(said))
		book := filepath.Join(s.root, "tests/ansible/testdata/hostile.yml")
		r := s.run(t, s.probe, nil, "ansible-playbook", book, "-e", "@"+vars, "--diff")
		if r.code != 0 {
			t.Errorf("status %d:\n%s", r.code, r.out)
		}
		if _, err := os.Stat(ran); err == nil {
			t.Errorf("a template of the target was run:\n%s", r.out)
		}
		for _, bad := range []string{"\x1b[2J", "\u202e", "\nok: [forged]", "forged\nwarning"} {
			if strings.Contains(r.out, bad) {
				t.Errorf("%q came through:\n%s", bad, r.out)
			}
		}
	})
}

// An answer that something follows, or in which an ordinary key has another type than Ansible expects, is none.
func TestNoAnswer(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		for _, said := range []string{
			`{"changed": false} {"add_host": {}}`, `{"changed": false} and more`, `{"changed": "yes"}`, `{"failed": 0, "msg": "x"}`,
			`{"msg": {"a": 1}}`, `{"warnings": "x"}`, `{"diff": "x"}`, `{"changed": false`, `[{"changed": false}]`, strings.Repeat(`{"a":`, 2000),
		} {
			vars, err := json.Marshal(map[string]string{"said": base64.StdEncoding.EncodeToString([]byte(said))})
			if err != nil {
				t.Fatal(err)
			}
			r := s.play(t, task(`answer: say, base64: "{{ said }}"`, "register: out", "failed_when: out is not failed or 'rc' not in out"),
				nil, "-e", string(vars))
			if r.code != 0 {
				t.Errorf("%.60s counts as an answer:\n%s", said, r.out)
			}
		}
	})
}

// One control host in wrong hands and the playbook that reads the logs of all: its answer names localhost as a host to add,
// with a shell of its own. On the deploy host nothing of that is run.
func TestHostileControlHost(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		ran := filepath.Join(s.dir, "ran-on-the-deploy-host")
		answer := map[string]any{
			"changed": false, "failed": false, "msg": "no conflicts", "conflicts": []any{}, "open": []any{}, "export": map[string]any{},
			"sources": []any{}, "not_read": []any{}, "summary": map[string]any{},
		}
		read := map[string]any{}
		for key, value := range answer {
			read[key] = value
		}
		answer["add_host"] = map[string]any{"host_name": "localhost", "groups": []string{}, "host_vars": map[string]any{
			"placement_conflicts_read": read, "placement_conflicts_again": read, "ansible_connection": "local",
			"ansible_shell_executable": "id > " + ran + "; /bin/sh",
		}}
		text, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		hosts := s.inWrongHands(t, string(text))
		r := s.run(t, s.root, nil, "ansible-playbook", "-i", hosts, "playbooks/conflicts.yml", "-e", `{"placement_become": false}`)
		if !strings.Contains(r.out, "ok: [control01]") {
			t.Errorf("the host in wrong hands was not asked:\n%s", r.out)
		}
		if _, err := os.Stat(ran); err == nil {
			t.Errorf("it ran a command on the deploy host:\n%s", r.out)
		}
	})
}

// inWrongHands puts a script that gives this answer where the transport keeps the program on control01, which has a home of
// its own, and returns an inventory of that host.
func (s *site) inWrongHands(t *testing.T, answer string) string {
	t.Helper()
	table := map[string]struct {
		SHA256 string `json:"sha256"`
		Size   int    `json:"size"`
	}{}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(s.root, "binaries/sha256.json"))), &table); err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(s.dir, "control01")
	script := "#!/bin/sh\ncat >/dev/null\ncat <<'END'\n" + answer + "\nEND\nexit 0\n"
	for _, program := range table {
		path := filepath.Join(home, ".cache/openstack_ops.placement", program.SHA256)
		writeBelow(t, path, script+strings.Repeat("#", program.Size-len(script)))
		if err := os.Chmod(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	mkdir(t, filepath.Join(home, ".cache/openstack_ops.placement"), 0o700)
	shell := filepath.Join(s.dir, "shell-of-control01")
	write(t, shell, fmt.Sprintf("#!/bin/sh\nHOME=%s; export HOME; exec /bin/sh \"$@\"\n", home))
	if err := os.Chmod(shell, 0o700); err != nil {
		t.Fatal(err)
	}
	hosts := filepath.Join(s.dir, "wrong-hands")
	write(t, hosts, "[control]\ncontrol01 ansible_connection=local ansible_shell_executable="+shell+"\n")
	return hosts
}

// Thousands of mutated answers of a target: no key that is not declared, no text that is not clean, no exception.
func TestMutatedAnswers(t *testing.T) {
	const number, seed = "10000", "11"
	eachCore(t, func(t *testing.T, s *site) {
		cmd := exec.CommandContext(t.Context(), filepath.Join(s.bin, "python3"), "-B", filepath.Join(s.root, "tests/ansible/testdata/fuzz_transport.py"),
			filepath.Join(s.root, "plugins/plugin_utils/transport.py"), filepath.Join(s.root, "tests/ansible/testdata/result.json"), number, seed)
		cmd.Env = append(s.env, s.pythonPath())
		out, err := cmd.Output()
		var said struct {
			Passed int
			Wrong  []string
		}
		if err != nil || json.Unmarshal(out, &said) != nil {
			t.Fatalf("%v:\n%s", err, out)
		}
		if len(said.Wrong) > 0 || said.Passed < 1000 {
			t.Errorf("seed %s: %d of %s answers passed, wrong in them: %s", seed, said.Passed, number, strings.Join(said.Wrong, "\n"))
		}
	})
}

// The releases that run templates in what targets say are refused, the ones after them not.
func TestUnsafeCores(t *testing.T) {
	b := built(t)
	ask := "import importlib.util as u, sys; s = u.spec_from_file_location('p', sys.argv[1]); " +
		"p = u.module_from_spec(s); s.loader.exec_module(p); print(*(v for v in sys.argv[2:] if p.unsafe_core(v)))"
	cmd := exec.CommandContext(t.Context(), python(t, b), "-I", "-S", "-B", "-c", ask, filepath.Join(b.root, "plugins/plugin_utils/transport.py"),
		"2.14.0", "2.14.11", "2.14.12", "2.14.18", "2.15.7", "2.15.8", "2.15.13", "2.16.0", "2.16.0rc1", "2.16.1", "2.16.19", "2.18.0", "2.19.14", "2.20.0.dev0")
	out, err := cmd.Output()
	if got := strings.TrimSpace(string(out)); err != nil || got != "2.14.0 2.14.11 2.15.7 2.16.0 2.16.0rc1" {
		t.Errorf("%q, %v", got, err)
	}
}
