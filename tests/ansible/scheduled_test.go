// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// vaulted is the role's password in a vault.
const vaulted = `!vault |
        $ANSIBLE_VAULT;1.1;AES256
        37333933653231623134316361666639356661633936373035333865336365373336356165366334
        6531393438373437363435666162353231323934616464380a326366623038363337376166633064
        61626532633164353638353739396238633931326366303838366437646537363036623437353732
        3662383566633264370a653365623663346231623864306266386535353065646332343436363733
        63323930366432323539306161386338366235623737313830346265636530313033
`

// fakeSystemctl remembers what runs and is enabled, and writes down what else was asked for.
const fakeSystemctl = `#!/bin/sh
unit=$2
cd "$(dirname "$0")/systemd" || exit 1
case $1 in
  show) [ -e "$unit.started" ] && a=active || a=inactive; printf 'LoadState=loaded\nActiveState=%s\nId=%s\n' "$a" "$unit"; exit ;;
  is-enabled) [ -e "$unit.enabled" ]; exit ;;
  is-active) [ -e "$unit.started" ]; exit ;;
  enable) touch "$unit.enabled" ;;
  disable) rm -f "$unit.enabled" ;;
  start | restart) touch "$unit.started" ;;
  stop) rm -f "$unit.started" ;;
esac
echo "$*" >>calls
`

// scheduled is a folder in which the role puts everything, and a systemctl of its own.
type scheduled struct {
	*site
	root string
	env  []string
	raw  bool // rules_raw

	written []string // by the parts
	foreign []string // files of others in the role's folders
	left    []string // what absent leaves of the role
}

func newScheduled(t *testing.T, s *site) *scheduled {
	t.Helper()
	x := &scheduled{site: s, root: filepath.Join(s.dir, "root")}
	bin := filepath.Join(s.dir, "bin")
	for _, dir := range []string{x.root, filepath.Join(x.root, "units"), filepath.Join(bin, "systemd")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(bin, "systemctl"), fakeSystemctl)
	if err := os.Chmod(filepath.Join(bin, "systemctl"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.dir, "ca.crt"), "a certificate\n")
	x.env = []string{"PATH=" + bin + ":" + s.core.bin + ":/usr/bin:/bin:/usr/sbin:/sbin", "ANSIBLE_PIPELINING=1"}
	return x
}

// play is one with the role; a vault's password is part of what it logs in with.
func (x *scheduled) play(name, vars string) string {
	return "- name: " + name + "\n  hosts: all\n  gather_facts: false\n  vars:\n" +
		"    cloud_auth:\n      auth_url: http://192.0.2.1:5000\n      username: admin\n      password: '{{ a_secret }}'\n    a_secret: " + vaulted +
		"    cloud_ca_cert: " + x.dir + "/ca.crt\n    scheduled_audit_activate: true\n" +
		"    scheduled_audit_options: {ignore: [{check: PLC302, subject: '*', reason: known}]}\n" +
		"    scheduled_audit_capacity_at: '*:7/15'\n    scheduled_audit_capacity_options: {flavors: [m1.small]}\n" +
		"    scheduled_audit_program_directory: " + x.root + "/libexec\n    scheduled_audit_config_directory: " + x.root + "/etc\n" +
		"    scheduled_audit_state_directory: " + x.root + "/state\n    scheduled_audit_unit_directory: " + x.root + "/units\n" +
		"    scheduled_audit_rules_directory: " + x.root + "/rules\n    scheduled_audit_rules_raw: " + strconv.FormatBool(x.raw) + "\n" +
		"    scheduled_audit_textfile_directory: " + x.root + "/textfile\n    " + vars + "\n  roles: [openstack_ops.placement.scheduled_audit]\n" +
		"  post_tasks:\n    - ansible.builtin.command: cp -a " + x.root + " " + x.dir + "/after-" + name + "\n      changed_when: false\n"
}

func (x *scheduled) plays(t *testing.T, plays []string, flags ...string) result {
	t.Helper()
	book := filepath.Join(x.dir, "scheduled.yml")
	write(t, book, strings.Join(plays, ""))
	return x.run(t, x.site.root, x.env, append([]string{
		"ansible-playbook", "-i", "control01,", "-e", "ansible_connection=local ansible_become=false ansible_python_interpreter=/usr/bin/python3", book,
	}, flags...)...)
}

// absent is a play that takes all away. It is told as little as the playbook's header says, but where the role's folders are.
func (x *scheduled) absent() string {
	told := regexp.MustCompile(`(?m)^    scheduled_audit_(rules|textfile)_.*\n`)
	return told.ReplaceAllString(x.play("absent", "scheduled_audit_state: absent"), "")
}

// files lists what is below a folder, without the folders.
func files(t *testing.T, dir string) []string {
	t.Helper()
	names := []string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// section is the part of the output about one play.
func section(t *testing.T, out, play string) string {
	t.Helper()
	_, after, found := strings.Cut(out, "PLAY ["+play+"]")
	if !found {
		t.Fatalf("no play %s in\n%s", play, out)
	}
	part, _, _ := strings.Cut(after, "\nPLAY ")
	return part
}

var changedLine = regexp.MustCompile(`(?m)^changed: .*$`)

// all lists what the role puts there, and what the parts have written.
func (x *scheduled) all() []string {
	return slices.Sorted(slices.Values(append([]string{
		"etc/ca.pem", "etc/capacity.json", "etc/clouds.yaml", "etc/conflicts.json", "etc/full.json", "etc/quick.json", "libexec/placement", "rules/placement.rules",
		"units/placement-audit-full.service", "units/placement-audit-full.timer", "units/placement-audit-quick.service",
		"units/placement-audit-quick.timer", "units/placement-capacity.service", "units/placement-capacity.timer",
		"units/placement-conflicts.service", "units/placement-conflicts.timer",
	}, slices.Concat(x.written, x.foreign)...)))
}

// ran leaves what the parts would leave.
func (x *scheduled) ran(t *testing.T) {
	t.Helper()
	x.written = []string{
		"state/.full.json.123", "state/full.json", "state/quick.md",
		"textfile/placement_audit_full.prom", "textfile/placement_audit_quick.prom", "textfile/placement_capacity.prom", "textfile/placement_conflicts.prom",
	}
	for _, name := range x.written {
		writeBelow(t, filepath.Join(x.root, name), "x")
	}
	if err := os.Chmod(filepath.Join(x.root, "textfile"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// others put files into two of the role's folders, with a mode of their own, and make the third one.
func (x *scheduled) others(t *testing.T) {
	t.Helper()
	x.foreign = []string{"etc/placement", "libexec/.hidden", "textfile/other.prom"}
	for _, name := range x.foreign {
		writeBelow(t, filepath.Join(x.root, name), "x")
	}
	for name, mode := range map[string]os.FileMode{"libexec": 0o751, "etc": 0o750, "textfile": 0o755} {
		if err := os.Chmod(filepath.Join(x.root, name), mode); err != nil {
			t.Fatal(err)
		}
	}
}

// A program that is not the one which was built is not installed, nor is anything else.
func TestScheduledAuditOfAnotherProgram(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		x := newScheduled(t, s)
		program := filepath.Join(s.dir, "placement")
		write(t, program, read(t, filepath.Join(s.root, "binaries/linux_amd64/placement"))+"x")
		r := x.plays(t, []string{x.play("first", "")}, "-e", "_scheduled_audit_source="+program)
		if r.code == 0 || !strings.Contains(r.out, "is not the file that sha256.json describes") || len(files(t, x.root)) != 0 {
			t.Errorf("%d: %v is installed: %s", r.code, files(t, x.root), r.out)
		}
	})
}

// comeAndGo runs plays, the first of which puts everything there and the last of which takes it away, but for what is not
// the role's and the folders that it is in.
func (x *scheduled) comeAndGo(t *testing.T, plays ...string) string {
	t.Helper()
	out := x.plays(t, plays, "-vvv").ok(t).out
	x.wantNoPassword(t, out)
	if got := files(t, x.dir+"/after-first"); !slices.Equal(got, x.all()) {
		t.Errorf("the first run left %v", got)
	}
	x.wantPrivate(t, x.dir+"/after-first")
	x.wantArguments(t, x.dir+"/after-first/etc")
	x.wantRules(t, x.dir+"/after-first/rules/placement.rules")
	folders := []string{"rules", "textfile", "units"}
	for _, name := range x.foreign {
		folders = append(folders, filepath.Dir(name))
	}
	folders = slices.Compact(slices.Sorted(slices.Values(folders)))
	left := slices.Sorted(slices.Values(slices.Concat(x.left, x.foreign)))
	if !slices.Equal(programs(t, x.root), folders) || !slices.Equal(files(t, x.root), left) {
		t.Errorf("absent left %v %v, want %v %v", programs(t, x.root), files(t, x.root), folders, left)
	}
	x.wantCalls(t)
	return out
}

// logsOnly has a host read its logs and nothing else: what another part left goes, and there are no credentials.
func (x *scheduled) logsOnly(t *testing.T) {
	t.Helper()
	for _, name := range []string{"units/placement-audit-quick.timer", "etc/quick.json", "etc/clouds.yaml", "state/quick.md", "textfile/placement_audit_quick.prom"} {
		writeBelow(t, filepath.Join(x.root, name), rolePassword)
	}
	// These metrics were written elsewhere before, one of them by the part that stays.
	for part, metrics := range map[string]string{"full": "placement_audit_full.prom", "conflicts": "placement_conflicts.prom"} {
		path := filepath.Join(x.root, "b\u00e9fore", metrics)
		writeBelow(t, path, "x")
		text := `{"reports": [{"format": "prometheus", "path": ` + strconv.QuoteToASCII(path) + `}]}`
		writeBelow(t, filepath.Join(x.root, "etc", part+".json"), text)
	}
	writeBelow(t, filepath.Join(x.root, "textfile/placement_conflicts.prom"), "x") // the part that stays has written it
	r := x.plays(t, []string{x.play("logs", "scheduled_audit_parts: [conflicts]\n    scheduled_audit_cloud_label: berlin\n    scheduled_audit_region_label: north")}, "-vvv").ok(t)
	x.wantNoPassword(t, r.out)
	want := []string{
		"etc/conflicts.json", "libexec/placement", "rules/placement.rules", "textfile/placement_conflicts.prom",
		"units/placement-conflicts.service", "units/placement-conflicts.timer",
	}
	if got := files(t, x.root); !slices.Equal(got, want) {
		t.Errorf("with conflicts only there is %v", got)
	}
	x.wantRules(t, x.root+"/rules/placement.rules")
	if told := read(t, x.root+"/etc/conflicts.json"); !strings.Contains(told, `"cloud": "berlin"`) || !strings.Contains(told, `"region": "north"`) {
		t.Errorf("the metrics of the logs do not name their cloud: %s", told)
	}
	if unit := read(t, x.root+"/units/placement-conflicts.service"); !strings.Contains(unit, "\nPrivateNetwork=true\n") {
		t.Errorf("the look into logs has a network: %s", unit)
	}
	for _, kind := range []string{"service", "timer"} {
		unit := read(t, x.root+"/units/placement-conflicts."+kind)
		if !strings.HasPrefix(unit, "# Written by the role openstack_ops.placement.scheduled_audit. Do not edit: the role overwrites it.\n") {
			t.Errorf("the %s does not say who writes it: %s", kind, unit)
		}
	}
}

// check runs in check mode where nothing is installed yet.
func (x *scheduled) check(t *testing.T, play string) {
	t.Helper()
	play, _, _ = strings.Cut(play, "  post_tasks")
	r := x.plays(t, []string{play}, "--check", "--diff").ok(t)
	if left := append(files(t, x.root), programs(t, x.root)...); !slices.Equal(left, []string{"units"}) || strings.Contains(r.out, "changed=0") || !strings.Contains(r.out, "+OnCalendar=03:30") {
		t.Errorf("check mode left %v:\n%s", left, r.out)
	}
	if calls := files(t, x.dir+"/bin/systemd"); len(calls) != 0 {
		t.Errorf("check mode told systemd: %v", calls)
	}
	x.wantNoPassword(t, r.out)
}

// checkAbsent has check mode show what would go: all that is the role's, and the one folder that would be empty.
func (x *scheduled) checkAbsent(t *testing.T) {
	t.Helper()
	x.ran(t)
	x.others(t)
	for _, name := range []string{"etc/clouds.yaml", "libexec/placement", "units/placement-audit-quick.timer"} {
		writeBelow(t, filepath.Join(x.root, name), "x")
	}
	writeBelow(t, filepath.Join(x.root, "etc/quick.json"), `{"reports": [{"path": "`+x.root+`/textfile/placement_audit_quick.prom"}]}`)
	before := files(t, x.root)
	play, _, _ := strings.Cut(x.absent(), "  post_tasks")
	r := x.plays(t, []string{play}, "--check").ok(t)
	gone := []string{
		"etc/clouds.yaml", "etc/quick.json", "libexec/placement", "state", "state/.full.json.123", "state/full.json", "state/quick.md",
		"textfile/placement_audit_quick.prom", "units/placement-audit-quick.timer",
	}
	shown := []string{}
	for _, line := range changedLine.FindAllString(r.out, -1) {
		if _, path, found := strings.Cut(line, "item="+x.root+"/"); found {
			shown = append(shown, strings.TrimSuffix(path, ")"))
		}
	}
	slices.Sort(shown)
	if after := files(t, x.root); !slices.Equal(after, before) || !slices.Equal(shown, gone) {
		t.Errorf("check mode left %v of %v and showed %v, want %v", after, before, shown, gone)
	}
}
