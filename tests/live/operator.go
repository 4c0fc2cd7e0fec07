// SPDX-License-Identifier: Apache-2.0

package live

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Operator is somebody with a deploy host, and an inventory whose hosts are this machine under other names.
type Operator struct {
	Dir  string         // files of theirs
	Vars map[string]any // extra variables of each run

	lab *Lab
	bin string // where ansible-playbook is
}

// NewOperator writes an inventory with a control host and the computes of the lab. A compute names itself as the lab has it,
// since its Python runs in a UTS namespace of its own. What Kolla runs in containers, a stand-in of docker runs.
func NewOperator(t testing.TB, l *Lab) *Operator {
	t.Helper()
	o := &Operator{Dir: t.TempDir(), lab: l, bin: "/usr/bin"}
	if l.Release == "current" {
		o.bin = filepath.Join(l.repository, ".venv/ansible-"+releaseCore(t, l)+"/bin")
	}
	o.Write(t, "hosts", "[control]\nctl1\n[compute]\ncn[1:6]\n[all:vars]\nansible_connection=local\nansible_python_interpreter=/usr/bin/python3\n")
	for n := range 6 {
		host := fmt.Sprintf("cn%d", n+1)
		o.Name(t, host, host)
	}
	folder := filepath.Dir(l.CloudsFile)
	o.script(t, "bin/docker", "shift 2; program=$1; shift; exec "+folder+"/bin/$program \"$@\"") // docker exec CONTAINER …
	o.Vars = map[string]any{
		"CONFIG_DIR": folder, "pre_upgrade_directory": o.Path("kept"),
		"pre_upgrade_become": false, "pre_upgrade_compute_id_files": []string{o.Path("compute_id/{{ inventory_hostname }}")},
		"post_upgrade_wait_interval": 3, "post_upgrade_become": false,
		"post_upgrade_log_files": []string{folder + "/log/placement.log", folder + "/log/nova-*.log"},
	}
	return o
}

// releaseCore is the release of ansible-core that the tarball is built with.
func releaseCore(t testing.TB, l *Lab) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), filepath.Join(l.repository, "scripts/cores"), "--release").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// Path is one of their files.
func (o *Operator) Path(name string) string { return filepath.Join(o.Dir, name) }

// Read reads one.
func (o *Operator) Read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(o.Path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Write writes one, and makes its folder.
func (o *Operator) Write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(o.Path(name)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(o.Path(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (o *Operator) script(t testing.TB, name, body string) {
	t.Helper()
	o.Write(t, name, "#!/bin/sh\n"+body+"\n")
	if err := os.Chmod(o.Path(name), 0o700); err != nil { //nolint:gosec // it has to be run
		t.Fatal(err)
	}
}

// Name makes a host of the inventory name itself so.
func (o *Operator) Name(t testing.TB, host, nodename string) {
	t.Helper()
	o.script(t, "python/"+host, `exec unshare -r --uts sh -c 'hostname `+nodename+`; exec /usr/bin/python3 "$@"' sh "$@"`)
	o.Write(t, "host_vars/"+host+".yml", "ansible_python_interpreter: "+o.Path("python/"+host)+"\n")
}

// Play runs one of the collection's playbooks, and fails the test unless it ends as wanted and says all of these.
func (o *Operator) Play(t testing.TB, succeeds bool, says []string, book string, args ...string) {
	t.Helper()
	vars, err := json.Marshal(o.Vars)
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"playbooks/" + book, "-i", o.Path("hosts"), "-e", string(vars)}, args...)
	cmd := exec.CommandContext(t.Context(), filepath.Join(o.bin, "ansible-playbook"), args...)
	cmd.Dir = o.lab.repository
	cmd.Env = append(os.Environ(), "PATH="+o.Path("bin")+":"+o.bin+":/usr/bin:/bin:/usr/sbin:/sbin",
		"ANSIBLE_CONFIG="+filepath.Join(o.lab.repository, "ansible.cfg"), "HOME="+o.Dir, "XDG_CACHE_HOME=", "ANSIBLE_NOCOLOR=1")
	out, err := cmd.CombinedOutput()
	missing, flat := []string{}, strings.Join(strings.Fields(string(out)), " ") // texts are folded to a width
	for _, want := range says {
		if !strings.Contains(flat, want) {
			missing = append(missing, want)
		}
	}
	if len(missing) > 0 || (err == nil) != succeeds {
		t.Fatalf("%s %v: %v; it does not say %q:\n%s", book, args[5:], err, missing, out)
	}
}

// With returns the same operator with more variables.
func (o *Operator) With(more map[string]any) *Operator {
	other := *o
	other.Vars = maps.Clone(o.Vars)
	maps.Copy(other.Vars, more)
	return &other
}
