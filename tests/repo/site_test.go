// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/tests/program"
)

// tried are the commands of other programs that pages show, each with where it is run, or why it is not.
func tried() map[string]string {
	install := "tests/ansible/install_test.go"
	kolla := "tests/kolla/ways_test.go, in folders of its own"
	rights := "modules/audit/privileges_lab_test.go makes the same by requests"
	elsewhere := "a command of another program, on a system that no test has"
	return map[string]string{
		"ansible-galaxy collection install openstack_ops.placement":                                                                "after the release; " + install + " installs the same file",
		"ansible-galaxy collection install --upgrade openstack_ops.placement":                                                      "after the release; " + install + " installs the same file",
		"ansible-galaxy collection install -r requirements.yml":                                                                    install,
		"ansible-galaxy collection install --offline ./openstack_ops-placement-*.tar.gz":                                           install,
		"ansible-galaxy collection install --force ./openstack_ops-placement-*.tar.gz":                                             install,
		"ansible-galaxy collection list openstack_ops.placement":                                                                   elsewhere,
		"ansible-doc openstack_ops.placement.placement_audit":                                                                      "tests/ansible/shipped_test.go",
		"ansible-builder build --tag placement-ee":                                                                                 install + " creates its context; an image takes a network",
		"kayobe control host bootstrap":                                                                                            elsewhere,
		"source /path/to/venv/bin/activate":                                                                                        elsewhere,
		"git clone https://github.com/openstack-ops/ansible-collection-placement":                                                  elsewhere,
		"cd ansible-collection-placement":                                                                                          elsewhere,
		"sha256sum --check --ignore-missing SHA256SUMS":                                                                            "TestSumsOfTarball in tests/repo/site_test.go",
		"gh release download vVERSION --repo openstack-ops/ansible-collection-placement --pattern '*.tar.gz' --pattern SHA256SUMS": elsewhere,
		"gh attestation verify openstack_ops-placement-VERSION.tar.gz --repo openstack-ops/ansible-collection-placement":           elsewhere,
		"systemctl list-timers 'placement-*'":                                                                                      elsewhere,
		"journalctl -u 'placement-*' --since today":                                                                                elsewhere,
		"less /var/lib/openstack_ops.placement/full.md":                                                                            elsewhere,
		`ansible localhost --become -m ansible.builtin.copy -a "src={{ lookup('openstack_ops.placement.program', 'linux_amd64') }} dest=/usr/local/bin/placement mode=0755"`: install,
		"cd ~/.ansible/collections/ansible_collections/openstack_ops/placement":                                                                                              install + " installs into another folder",
		"cd ~/.ansible/collections/ansible_collections/openstack_ops/placement/playbooks":                                                                                    kolla,
		"cd $KAYOBE_CONFIG_PATH/hooks":                                                                 kolla,
		"mkdir -p overcloud-service-upgrade/{pre,post}.d":                                              kolla,
		"playbooks=../../../ansible/collections/ansible_collections/openstack_ops/placement/playbooks": kolla,
		"ln -s $playbooks/pre_upgrade.yml overcloud-service-upgrade/pre.d/10-placement.yml":            kolla,
		"ln -s $playbooks/post_upgrade.yml overcloud-service-upgrade/post.d/90-placement.yml":          kolla,
		"openstack role create placement_audit":                                                        rights,
		"openstack project create placement-audit":                                                     rights,
		"openstack user create --project placement-audit --password-prompt placement-audit":            rights,
		"openstack role add --project placement-audit --user placement-audit reader":                   rights,
		"openstack role add --project placement-audit --user placement-audit placement_audit":          rights,
		`openstack application credential create --role reader --role placement_audit --access-rules '[{"service": "compute", "method": "GET", "path": "/v2.1/**"}, {"service": "placement", "method": "GET", "path": "/**"}]' placement-audit`: rights,
		"journal=~/.local/state/openstack_ops.placement/journal.jsonl":                                         elsewhere,
		`before=$(jq -c 'select(.state == "intended" and .name == "compute-12").before' $journal | tail -n 1)`: elsewhere,
		"systemctl start placement-audit-full.service":                                                         elsewhere,
	}
}

// pages are those whose every block is held: all but those of modules, of checks, which show commands of other programs alone, and of
// decisions.
func pages(t *testing.T) []string {
	t.Helper()
	return append(append(matches(t, "docs/*.md"), matches(t, "roles/*/README.md")...), "README.md", "SECURITY.md")
}

var fencedBlock = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// shown are the commands of a page: the lines of indented blocks, and the first line of a block of the kind console, which has what
// the command prints below it.
func shown(page string) []string {
	var lines, all []string
	for _, block := range fencedBlock.FindAllStringSubmatch(page, -1) {
		if command, found := strings.CutPrefix(block[2], "$ "); block[1] == "console" && found {
			command, _, _ = strings.Cut(command, "\n")
			lines = append(lines, command)
		}
	}
	whole := true
	for _, line := range strings.Split(fencedBlock.ReplaceAllString(page, ""), "\n") {
		command, found := strings.CutPrefix(line, "    ")
		if !found {
			continue
		}
		command, _, _ = strings.Cut(command, "   #")
		if command = strings.TrimSpace(command); whole {
			lines = append(lines, command)
		} else {
			lines[len(lines)-1] += " " + command
		}
		last := strings.TrimSuffix(lines[len(lines)-1], " \\")
		whole = last == lines[len(lines)-1] && strings.Count(last, "'")%2 == 0
		lines[len(lines)-1] = last
	}
	for _, line := range lines {
		all = append(all, strings.Split(line, " && ")...)
	}
	return all
}

// Each command that a page shows is one that there is; what is no command is marked as what it is.
func TestCommandsOfPages(t *testing.T) {
	placement := program.Build(t, root)
	seen := 0
	for _, path := range pages(t) {
		page := read(t, path)
		for _, block := range fencedBlock.FindAllStringSubmatch(page, -1) {
			if fault := unmarked(t, block[1], block[2]); fault != "" {
				t.Errorf("%s: %s\n%s", path, fault, block[2])
			}
		}
		for _, command := range shown(page) {
			seen++
			if fault := unknown(t, placement, command); fault != "" {
				t.Errorf("%s: %s: %s", path, command, fault)
			}
		}
	}
	if seen < 80 {
		t.Errorf("only %d commands", seen)
	}
}

// unmarked says what is wrong with a fenced block; empty if nothing is. A test of its own runs the SQL of docs/database.md.
func unmarked(t *testing.T, kind, text string) string {
	t.Helper()
	prompt := strings.HasPrefix(text, "$ ")
	switch {
	case kind == "sql", kind == "text" && !prompt, kind == "console" && prompt:
		return ""
	case kind == "yaml":
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			return err.Error()
		}
		return unknownKey(t, value)
	}
	return "mark the block: text for an output, console for a command with its output, yaml or sql; indent commands by four spaces instead"
}

// unknownKey looks in YAML for an option that its module does not have, a variable that its role does not have, and a name that the
// collection does not have.
func unknownKey(t *testing.T, value any) string {
	t.Helper()
	switch value := value.(type) {
	case string:
		if name, found := strings.CutPrefix(value, "openstack_ops.placement."); found && !ours(t, name) {
			return "there is no " + name
		}
	case []any:
		for _, one := range value {
			if fault := unknownKey(t, one); fault != "" {
				return fault
			}
		}
	case map[string]any:
		for key, one := range value {
			if fault := cmp.Or(unknownOption(t, key, one), unknownKey(t, one)); fault != "" {
				return fault
			}
		}
	}
	return ""
}

// unknownOption looks for the options of a task of a module, or for a variable of a role.
func unknownOption(t *testing.T, key string, value any) string {
	t.Helper()
	if module, found := strings.CutPrefix(key, "openstack_ops.placement."); found {
		if !ours(t, module) {
			return "there is no module " + module
		}
		given, _ := value.(map[string]any)
		for option := range given {
			if !slices.Contains(options(t, "docs/schemas/"+module+".json"), option) {
				return module + " has no option " + option
			}
		}
	}
	for _, path := range matches(t, "roles/*/meta/argument_specs.yml") {
		role := strings.Split(path, "/")[1]
		if strings.HasPrefix(key, role+"_") && !strings.Contains(read(t, path), "      "+key+":\n") {
			return "the role " + role + " has no variable " + key
		}
	}
	return ""
}

// ours reports whether the collection has a module, a role or a playbook of this name.
func ours(t *testing.T, name string) bool {
	t.Helper()
	for _, path := range []string{"docs/schemas/" + name + ".json", "roles/" + name, "playbooks/" + name + ".yml"} {
		if _, err := os.Stat(filepath.Join(root, path)); err == nil {
			return true
		}
	}
	return false
}

// unknown says what is wrong with a command; empty if nothing is.
func unknown(t *testing.T, placement, command string) string {
	t.Helper()
	words := strings.Fields(command)
	switch {
	case words[0] == "make":
		return unknownTarget(t, words[1:])
	case regexp.MustCompile(`^(binaries/\w+/)?placement$`).MatchString(words[0]):
		return unknownFlag(t, placement, words[1:])
	case words[0] == "ansible-playbook", strings.HasPrefix(command, "kolla-ansible prechecks "):
		return unknownVariable(t, command)
	case words[0] == "tests/lab/lab":
		return unknownFault(t, words[2])
	case strings.HasPrefix(words[0], "scripts/"):
		if _, err := os.Stat(filepath.Join(root, words[0])); err != nil {
			return err.Error()
		}
	default:
		version := regexp.MustCompile(`placement-\d+\.\d+\.\d+\.tar`)
		if tried()[version.ReplaceAllString(command, "placement-*.tar")] == "" {
			return "no test runs it: add it to tried, or mark it as text"
		}
	}
	return ""
}

// unknownTarget looks for the targets and the variables of make.
func unknownTarget(t *testing.T, words []string) string {
	t.Helper()
	makefile := read(t, "Makefile")
	for _, word := range words {
		name, value, variable := strings.Cut(word, "=")
		switch {
		case !variable && !strings.Contains(makefile, "\n"+word+":"):
			return "there is no target " + word
		case variable && !strings.Contains(makefile, "("+name+")"):
			return "no target takes " + name
		case name == "FAULT":
			return unknownFault(t, value)
		}
	}
	return ""
}

// unknownFault looks for a fault of the lab.
func unknownFault(t *testing.T, name string) string {
	t.Helper()
	if !strings.Contains(read(t, "tests/lab/README.md"), "\n| `"+name+"` | ") {
		return "the lab has no fault " + name
	}
	return ""
}

// unknownFlag asks the program for the flags of its command.
func unknownFlag(t *testing.T, placement string, words []string) string {
	t.Helper()
	help, err := exec.CommandContext(t.Context(), placement, words[0], "--help", "--all").CombinedOutput()
	if err != nil {
		help, err = exec.CommandContext(t.Context(), placement, words[0], "--help").CombinedOutput()
	}
	if err != nil {
		return "there is no such command: " + string(help)
	}
	for _, word := range words[1:] {
		if strings.HasPrefix(word, "-") && !regexp.MustCompile(`(?m)(^|[\s,])`+regexp.QuoteMeta(word)+`([\s,=]|$)`).Match(help) {
			return "there is no flag " + word
		}
	}
	return ""
}

// unknownVariable looks for the playbook, and for each variable in it or in a role.
func unknownVariable(t *testing.T, command string) string {
	t.Helper()
	book := regexp.MustCompile(` (?:openstack_ops\.placement\.|(?:-p \S+|playbooks)/)(\w+)(?:\.yml)?(?: |$)`).FindStringSubmatch(command)
	if book == nil {
		return "it names no playbook of the collection"
	}
	known, err := os.ReadFile(filepath.Join(root, "playbooks", book[1]+".yml"))
	if err != nil {
		return err.Error()
	}
	for _, path := range append(matches(t, "roles/*/meta/argument_specs.yml"), "roles/cloud/README.md") {
		known = append(known, read(t, path)...)
	}
	for _, given := range regexp.MustCompile(` -e (\w+)=|"(placement_\w+)\\?":`).FindAllStringSubmatch(command, -1) {
		if variable := given[1] + given[2]; !regexp.MustCompile(`\b` + variable + `\b`).Match(known) {
			return "there is no variable " + variable
		}
	}
	return ""
}

// Nothing installs the program as a command. A page that calls it as one links to what does.
func TestPagesSayHowToGetTheCommand(t *testing.T) {
	const section = "installing.md#the-program-as-a-command"
	called := regexp.MustCompile("(?m)(?:^ {4}|^\\$ |`)placement [a-z]")
	calling := 0
	for _, path := range pages(t) {
		page := read(t, path)
		if path == "docs/installing.md" || !called.MatchString(page) {
			continue
		}
		calling++
		if !strings.Contains(page, section+")") {
			t.Errorf("%s calls the command placement: link the first place that does to %s", path, section)
		}
	}
	if calling < 5 {
		t.Errorf("only %d pages call the command", calling)
	}
}

// What holds the pages sees what is wrong.
func TestUnknownCommands(t *testing.T) {
	for _, command := range []string{
		"make nothing", "make setup nothing", "make demo NOTHING=1", "make lab-seed FAULT=nothing", "tests/lab/lab seed nothing",
		"ansible-playbook openstack_ops.placement.nothing", "ansible-playbook site.yml", "ansible-playbook playbooks/nothing.yml",
		"ansible-playbook openstack_ops.placement.audit -e placement_nothing=1", "kolla-ansible prechecks -p $PWD/nothing.yml",
		`ansible-playbook openstack_ops.placement.audit -e '{"placement_nothing": 1}'`, "kolla-ansible deploy", "scripts/nothing", "rm -rf /",
	} {
		if unknown(t, "", command) == "" {
			t.Errorf("%s is known", command)
		}
	}
}

// What holds the blocks sees what is wrong.
func TestUnmarkedBlocks(t *testing.T) {
	for text, kind := range map[string]string{
		"a: [": "yaml", "output": "", "$ ls": "text", "clean": "console", "role: openstack_ops.placement.nothing": "yaml",
		"openstack_ops.placement.placement_audit: {nothing: 1}": "yaml", "openstack_ops.placement.nothing: {}": "yaml", "vars: {cloud_nothing: 1}": "yaml",
	} {
		if unmarked(t, kind, text) == "" {
			t.Errorf("%q is taken as a block of the kind %q", text, kind)
		}
	}
	if got := shown("    a \\\n      -b '[1,\n    2]' && c   # said\n    d\n```console\n$ e\nf\n```\n"); !slices.Equal(got, []string{"e", "a -b '[1, 2]'", "c", "d"}) {
		t.Errorf("commands are %q", got)
	}
}

// The navigation of the site leads to each page. Those of folders follow from the folders.
func TestNavigation(t *testing.T) {
	_, nav, _ := strings.Cut(read(t, "mkdocs.yml"), "\nnav:\n")
	for _, path := range matches(t, "docs/*.md") {
		if name := filepath.Base(path); !regexp.MustCompile(`(?m)[ :]` + regexp.QuoteMeta(name) + `$`).MatchString(nav) {
			t.Errorf("mkdocs.yml: nav does not lead to %s: add a line for %s", path, name)
		}
	}
}

// Who has the tarball and the sums alone can check it with the command of SECURITY.md.
func TestSumsOfTarball(t *testing.T) {
	command := regexp.MustCompile(`(?m)^    (sha256sum .*)$`).FindStringSubmatch(read(t, "SECURITY.md"))
	if command == nil {
		t.Fatal("SECURITY.md has no sha256sum")
	}
	dir := t.TempDir()
	for _, c := range []struct {
		script string
		good   bool
	}{
		{"echo a >a.tar.gz; echo b >b.json; sha256sum a.tar.gz b.json >SHA256SUMS; rm b.json", true},
		{"echo other >a.tar.gz", false},
		{"rm a.tar.gz", false},
	} {
		cmd := exec.CommandContext(t.Context(), "sh", "-ec", c.script+"\n"+command[1])
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); (err == nil) != c.good {
			t.Errorf("%s: %v: %s", c.script, err, out)
		}
	}
}

// The address of the site is that of the repository's pages, wherever it is named.
func TestAddressOfTheSite(t *testing.T) {
	galaxy, mkdocs := read(t, "galaxy.yml"), read(t, "mkdocs.yml")
	repository := regexp.MustCompile(`(?m)^repository: https://github\.com/([\w-]+)/([\w-]+)$`).FindStringSubmatch(galaxy)
	if repository == nil {
		t.Fatal("galaxy.yml names no repository on GitHub")
	}
	address := "https://" + repository[1] + ".github.io/" + repository[2] + "/"
	head, _, _ := strings.Cut(read(t, "README.md"), "\n## ")
	for where, has := range map[string]bool{
		"site_url of mkdocs.yml":      strings.Contains(mkdocs, "\nsite_url: "+address+"\n"),
		"homepage of galaxy.yml":      strings.Contains(galaxy, "\nhomepage: "+address+"\n"),
		"documentation of galaxy.yml": strings.Contains(galaxy, "\ndocumentation: "+address+"\n"),
		"the head of README.md":       strings.Contains(head, "]("+address+")"),
	} {
		if !has {
			t.Errorf("%s does not name the site: %s", where, address)
		}
	}
}
