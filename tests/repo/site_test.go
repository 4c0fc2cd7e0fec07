// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
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
	elsewhere := "a command of another program, on a system that no test has"
	return map[string]string{
		"ansible-galaxy collection install openstack_ops.placement":                                                                "after the release; " + install + " installs the same file",
		"ansible-galaxy collection install --upgrade openstack_ops.placement":                                                      "after the release; " + install + " installs the same file",
		"ansible-galaxy collection install -r requirements.yml":                                                                    install,
		"ansible-galaxy collection install --offline ./openstack_ops-placement-*.tar.gz":                                           install,
		"ansible-galaxy collection install --force .":                                                                              "tests/ansible/shipped_test.go",
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
	}
}

// pages are those whose every block is held. Other pages have outputs and commands in one block.
func pages() []string {
	return []string{
		"docs/index.md", "docs/getting-started.md", "docs/guide.md", "docs/installing.md", "docs/several-clouds.md",
		"docs/operations.md", "docs/design.md", "docs/versioning.md", "SECURITY.md",
	}
}

var fencedBlock = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// shown are the commands of a page: the lines of indented blocks.
func shown(page string) []string {
	var all []string
	for _, line := range strings.Split(fencedBlock.ReplaceAllString(page, ""), "\n") {
		if command, found := strings.CutPrefix(line, "    "); found {
			command, _, _ = strings.Cut(command, "   #")
			all = append(all, strings.TrimSpace(command))
		}
	}
	return all
}

// Each command that a page shows is one that there is; what is no command is marked as text or as YAML.
func TestCommandsOfPages(t *testing.T) {
	placement := program.Build(t, root)
	seen := 0
	for _, path := range pages() {
		page := read(t, path)
		for _, block := range fencedBlock.FindAllStringSubmatch(page, -1) {
			var value any
			if err := yaml.Unmarshal([]byte(block[2]), &value); block[1] != "text" && (block[1] != "yaml" || err != nil) {
				t.Errorf("%s: a block is neither marked as text nor YAML that can be read: %v\n%s", path, err, block[2])
			}
		}
		for _, command := range shown(page) {
			seen++
			if fault := unknown(t, placement, command); fault != "" {
				t.Errorf("%s: %s: %s", path, command, fault)
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d commands", seen)
	}
}

// unknown says what is wrong with a command; empty if nothing is.
func unknown(t *testing.T, placement, command string) string {
	t.Helper()
	words := strings.Fields(command)
	switch words[0] {
	case "make":
		if !strings.Contains(read(t, "Makefile"), "\n"+words[1]+":") {
			return "there is no such target"
		}
	case "placement", "binaries/host/placement":
		return unknownFlag(t, placement, words[1:])
	case "ansible-playbook":
		return unknownVariable(t, words[1:])
	default:
		if strings.HasPrefix(words[0], "scripts/") {
			if _, err := os.Stat(filepath.Join(root, words[0])); err != nil {
				return err.Error()
			}
			return ""
		}
		version := regexp.MustCompile(`placement-\d+\.\d+\.\d+\.tar`)
		if tried()[version.ReplaceAllString(command, "placement-*.tar")] == "" {
			return "no test runs it: add it to tried, or mark it as text"
		}
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
func unknownVariable(t *testing.T, words []string) string {
	t.Helper()
	at := slices.IndexFunc(words, func(word string) bool { return strings.HasPrefix(word, "openstack_ops.placement.") })
	if at < 0 {
		return "it names no playbook of the collection"
	}
	name := strings.TrimPrefix(words[at], "openstack_ops.placement.")
	known, err := os.ReadFile(filepath.Join(root, "playbooks", name+".yml"))
	if err != nil {
		return err.Error()
	}
	for _, path := range matches(t, "roles/*/meta/argument_specs.yml") {
		known = append(known, read(t, path)...)
	}
	for i, word := range words {
		variable, _, found := strings.Cut(word, "=")
		if found && i > 0 && words[i-1] == "-e" && !regexp.MustCompile(`\b`+variable+`\b`).Match(known) {
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
	for _, path := range append(append(matches(t, "docs/*.md"), matches(t, "roles/*/README.md")...), "README.md", "SECURITY.md") {
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
		"make nothing", "ansible-playbook openstack_ops.placement.nothing", "ansible-playbook site.yml",
		"ansible-playbook openstack_ops.placement.audit -e placement_nothing=1", "scripts/nothing", "rm -rf /",
	} {
		if unknown(t, "", command) == "" {
			t.Errorf("%s is known", command)
		}
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
