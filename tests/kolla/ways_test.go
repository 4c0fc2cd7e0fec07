// SPDX-License-Identifier: Apache-2.0

//go:build lab

package kolla_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// way is how somebody runs a playbook.
type way struct {
	name string
	bin  string // where its programs are
	env  []string
	host string // one of those whose logs are read
	hook bool   // runs playbooks after others
	few  bool   // differs little from another way
	// command returns the whole command line; options are those of ansible-playbook.
	command func(playbook string, options []string) []string
}

// ways makes the configurations for all of them.
func ways(t *testing.T, s *site, l *live.Lab) []way {
	s.clouds(t, l)
	s.passwords(t)
	return []way{
		s.kolla(t, "all-in-one", "localhost"), s.kolla(t, "multinode", "control03"), s.kollaOf(t, "2023.1", "/usr/bin"),
		s.kollaOf(t, "2024.1", s.core("2.16")), s.kayobe(t), s.osa(t), s.byName(),
	}
}

// book is the file of a playbook.
func (s *site) book(name string) string { return filepath.Join(s.root, "playbooks", name+".yml") }

// core is where a release of ansible-core is.
func (s *site) core(version string) string {
	return filepath.Join(s.root, ".venv/ansible-"+version+"/bin")
}

// passwords has them generated, all but the administrator's.
func (s *site) passwords(t *testing.T) {
	t.Helper()
	venv, path := filepath.Join(s.root, ".venv/kolla"), s.path("passwords.yml")
	write(t, path, read(t, filepath.Join(venv, "share/kolla-ansible/etc_examples/kolla/passwords.yml")))
	command(t, filepath.Join(venv, "bin/kolla-genpwd"), "-p", path)
	write(t, path, regexp.MustCompile(`(?m)^keystone_admin_password: .*$`).ReplaceAllString(read(t, path), "keystone_admin_password: "+s.password))
}

// kolla is the newest kolla-ansible with what it ships: globals.yml, passwords.yml and an inventory.
func (s *site) kolla(t *testing.T, inventory, host string) way {
	t.Helper()
	venv, dir := filepath.Join(s.root, ".venv/kolla"), s.path("kolla-"+inventory)
	share := filepath.Join(venv, "share/kolla-ansible")
	write(t, filepath.Join(dir, "passwords.yml"), read(t, s.path("passwords.yml")))
	write(t, filepath.Join(dir, "globals.yml"), read(t, filepath.Join(share, "etc_examples/kolla/globals.yml"))+strings.Join([]string{
		`kolla_internal_vip_address: "127.0.0.1"`, `openstack_region_name: "RegionOne"`,
		`keystone_internal_port: "` + s.watch.Keystone.Port() + `"`, `keystone_public_port: "` + s.watch.Keystone.Port() + `"`, "",
	}, "\n"))
	write(t, filepath.Join(dir, inventory), read(t, filepath.Join(share, "ansible/inventory", inventory)))
	s.here(t, dir)
	return way{
		name: "kolla-ansible " + inventory, few: inventory == "all-in-one", bin: filepath.Join(venv, "bin"), host: host,
		command: func(playbook string, options []string) []string {
			return append([]string{
				"kolla-ansible", "prechecks", "-i", filepath.Join(dir, inventory), "--configdir", dir, "-p", s.book(playbook),
			}, options...)
		},
	}
}

// here makes all hosts of an inventory this one.
func (s *site) here(t *testing.T, dir string) {
	t.Helper()
	write(t, filepath.Join(dir, "group_vars/all/lab.yml"), "ansible_connection: local\n")
}

// kollaOf is a release whose kolla-ansible was a shell script, of what testdata has of it. The script put a command line
// together as one text, and let the shell split it.
func (s *site) kollaOf(t *testing.T, release, bin string) way {
	t.Helper()
	dir := s.path(release)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", release))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"globals.yml", "passwords.yml"} {
		text := strings.NewReplacer("PORT", s.watch.Keystone.Port(), "PASSWORD", s.password).Replace(read(t, filepath.Join(dir, name)))
		write(t, filepath.Join(dir, name), text)
	}
	s.here(t, dir)
	more, err := filepath.Glob(filepath.Join(dir, "globals.d/*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return way{name: release, few: release == "2024.1", bin: bin, host: "control02", command: func(playbook string, options []string) []string {
		line := "ansible-playbook -e @" + dir + "/globals.yml"
		for _, file := range more {
			line += " -e @" + file
		}
		line += " -e @" + dir + "/passwords.yml -e CONFIG_DIR=" + dir + " " + strings.Join(options, " ") +
			" -e kolla_action=precheck " + s.book(playbook) + " --inventory " + dir + "/multinode"
		return strings.Fields(line)
	}}
}

// kayobe is the real one: each playbook is a link in a folder of hooks, here those of `kayobe playbook run`. What it runs
// for that has no password of Kolla's but clouds.yaml.
func (s *site) kayobe(t *testing.T) way {
	t.Helper()
	venv := filepath.Join(s.root, ".venv/kayobe")
	write(t, s.path("nothing.yml"), "- name: Nothing\n  hosts: localhost\n  gather_facts: false\n")
	config := func(playbook string) string { return s.path("kayobe-" + playbook) }
	for _, r := range rows(t, s) {
		dir := config(r.playbook)
		if err := os.CopyFS(dir, os.DirFS(filepath.Join(venv, "share/kayobe/etc_examples/kayobe"))); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "inventory/hosts"), "[controllers]\ncontroller01\n[compute]\ncompute01\n[all:vars]\nansible_connection=local\n")
		link := filepath.Join(dir, "hooks/playbook-run/post.d/50-placement.yml")
		if err := os.MkdirAll(filepath.Dir(link), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(s.book(r.playbook), link); err != nil {
			t.Fatal(err)
		}
	}
	return way{
		name: "Kayobe", hook: true, host: "controller01", bin: filepath.Join(venv, "bin"), env: []string{"KOLLA_CONFIG_PATH=" + s.path("clouds")},
		command: func(playbook string, options []string) []string {
			return append([]string{"kayobe", "playbook", "run", "--config-path", config(playbook), s.path("nothing.yml")}, options...)
		},
	}
}

// osa is the import that OpenStack-Ansible has at the end of its playbook setup_openstack, with its groups and its clouds.yaml.
func (s *site) osa(t *testing.T) way {
	t.Helper()
	dir := s.path("openstack_deploy")
	write(t, filepath.Join(dir, "setup_openstack.yml"), "- name: Importing post hook playbook\n  import_playbook: \"{{ post_setup_openstack_hook }}\"\n")
	write(t, filepath.Join(dir, "user_variables.yml"), "cloud_cloud: default\nplacement_profile: osa\n")
	write(t, filepath.Join(dir, "inventory.ini"), strings.Join([]string{
		"[placement_api]", "infra1_placement", "[placement_all:children]", "placement_api",
		"[nova_api_os_compute]", "infra1_nova", "[nova_compute]", "compute1", "[nova_all:children]", "nova_api_os_compute", "nova_compute",
		"[utility_all]", "infra1_utility", "[all:vars]", "ansible_connection=local", "",
	}, "\n"))
	return way{
		name: "OpenStack-Ansible", hook: true, host: "infra1_placement", bin: s.core("2.19"),
		env: []string{"ANSIBLE_COLLECTIONS_PATH=" + s.collections(), "ANSIBLE_INVENTORY=" + filepath.Join(dir, "inventory.ini")},
		command: func(playbook string, options []string) []string {
			return append([]string{
				"ansible-playbook", "-e", "@" + filepath.Join(dir, "user_variables.yml"),
				"-e", "post_setup_openstack_hook=openstack_ops.placement." + playbook, filepath.Join(dir, "setup_openstack.yml"),
			}, options...)
		},
	}
}

// collections is where the collection counts as installed.
func (s *site) collections() string { return filepath.Join(s.root, "playbooks/collections") }

// byName is an installed collection, and an environment that names the cloud.
func (s *site) byName() way {
	return way{
		name: "FQCN", few: true, host: "localhost", bin: s.core("2.18"),
		env: []string{
			"ANSIBLE_COLLECTIONS_PATH=" + s.collections(),
			"OS_CLIENT_CONFIG_FILE=" + s.path("clouds/clouds.yaml"), "OS_CLOUD=kolla-admin-internal",
		},
		command: func(playbook string, options []string) []string {
			return append([]string{"ansible-playbook", "openstack_ops.placement." + playbook}, options...)
		},
	}
}

// clouds writes what `kolla-ansible post-deploy` does, and the entry that OpenStack-Ansible has in the home.
func (s *site) clouds(t *testing.T, l *live.Lab) {
	t.Helper()
	text := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).ReplaceAllString(read(t, l.CloudsFile), s.watch.Keystone.String())
	write(t, s.path("clouds/clouds.yaml"), text)
	write(t, filepath.Join(s.home, ".config/openstack/clouds.yaml"), strings.ReplaceAll(text, "\n  lab:", "\n  default:"))
}
