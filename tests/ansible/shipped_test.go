// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxTarball is what this collection allows itself, in bytes; Galaxy takes 20 MB.
const maxTarball = 16_000_000

// modules are the names that ansible-doc has to list.
func modules(t *testing.T, root string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "plugins/modules/placement_*.py"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no modules: %v", err)
	}
	names := []string{}
	for _, path := range paths {
		names = append(names, strings.TrimSuffix(filepath.Base(path), ".py"))
	}
	return names
}

// TestTarball looks into what `make collection` makes.
func TestTarball(t *testing.T) {
	b := built(t)
	path := tarball(t, b.root)
	if info, err := os.Stat(path); err != nil || info.Size() > maxTarball {
		t.Errorf("%s: %d bytes, more than %d: %v", path, info.Size(), maxTarball, err)
	}
	known := []string{
		".ansible-lint", "CHANGELOG.md", "CONTRIBUTING.md", "FILES.json", "LICENSE", "MANIFEST.json", "README.md", "THIRD_PARTY_LICENSES",
		"binaries", "changelogs", "docs", "meta", "playbooks", "plugins", "roles", "tests",
	}
	names := members(t, path)
	for name, executable := range names {
		top, rest, _ := strings.Cut(name, "/")
		if !slices.Contains(known, top) || top == "tests" && rest != "" && !strings.HasPrefix(rest, "sanity") {
			t.Errorf("does not belong there: %s", name)
		}
		if want := top == "binaries" && strings.HasPrefix(filepath.Base(name), "placement"); want && !executable {
			t.Errorf("not executable: %s", name)
		}
	}
	for _, name := range []string{
		"binaries/linux_amd64/placement", "binaries/linux_arm64/placement.xz", "binaries/darwin_arm64/placement.xz",
		"binaries/sha256.json", "meta/runtime.yml", "plugins/plugin_utils/transport.py", "plugins/plugin_utils/action.py", "plugins/COPYING",
		"THIRD_PARTY_LICENSES", "meta/execution-environment.yml",
	} {
		if _, ok := names[name]; !ok {
			t.Errorf("missing: %s", name)
		}
	}
	var digests map[string]any
	if err := json.Unmarshal([]byte(read(t, filepath.Join(b.root, "binaries/sha256.json"))), &digests); err != nil {
		t.Fatal(err)
	}
	for platform := range digests {
		_, whole := names["binaries/"+platform+"/placement"]
		_, packed := names["binaries/"+platform+"/placement.xz"]
		if whole == packed {
			t.Errorf("%s of sha256.json: its program is there %v, packed %v", platform, whole, packed)
		}
	}
}

func tarball(t *testing.T, root string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "openstack_ops-placement-*.tar.gz"))
	if err != nil || len(found) != 1 {
		t.Fatalf("want one tarball (run `make collection`), found %v: %v", found, err)
	}
	return found[0]
}

// members returns the names in a tarball and whether each may be executed.
func members(t *testing.T, path string) map[string]bool {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	names, reader := map[string]bool{}, tar.NewReader(unzipped)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names[header.Name] = header.Mode&0o100 != 0
	}
}

// closed is a task of the real program whose cloud is not there.
const closed = `
- hosts: target
  gather_facts: false
  tasks:
    - MODULE:
        auth: {auth_url: "http://127.0.0.1:1/v3", username: a, password: b, project_name: c, user_domain_name: Default,
               project_domain_name: Default}
      ignore_errors: true
      register: out
    - ansible.builtin.assert:
        that:
          - out is failed
          - out.msg is search('127.0.0.1:1')
          - out.module_stdout is undefined
`

// TestProgram runs the real program from the checkout by its full name and by its short one, and from an installed
// tarball and directory.
func TestProgram(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		full, short := filepath.Join(s.dir, "full.yml"), filepath.Join(s.dir, "short.yml")
		write(t, full, strings.Replace(closed, "MODULE", "openstack_ops.placement.placement_audit", 1))
		write(t, short, strings.Replace(closed, "MODULE", "placement_audit", 1))
		s.run(t, s.root, nil, "ansible-playbook", full).ok(t)
		s.run(t, s.root, nil, "ansible-playbook", short).ok(t)
		for name, source := range map[string]string{"tarball": tarball(t, s.root), "directory": s.root} {
			path := filepath.Join(s.dir, name)
			s.run(t, s.dir, nil, "ansible-galaxy", "collection", "install", "--offline", source, "-p", path).installed(t)
			s.run(t, s.dir, []string{"ANSIBLE_COLLECTIONS_PATH=" + path}, "ansible-playbook", full).ok(t)
		}
	})
}

// TestDocs asks ansible-doc for the list and for each page.
func TestDocs(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		list := s.run(t, s.root, nil, "ansible-doc", "-l", "openstack_ops.placement").ok(t)
		for _, name := range modules(t, s.root) {
			full := "openstack_ops.placement." + name
			if !strings.Contains(list.out, full) {
				t.Errorf("%s is not listed:\n%s", full, list.out)
			}
			page := s.run(t, s.root, nil, "ansible-doc", full).ok(t)
			for _, want := range []string{"OPTIONS", "EXAMPLES", "RETURN VALUES"} {
				if !strings.Contains(strings.ToUpper(page.out), want) {
					t.Errorf("the page of %s has no %s:\n%s", name, want, page.out)
				}
			}
		}
	})
}

// A checkout offers the modules by their short names, with their documentation.
func TestShortNames(t *testing.T) {
	eachCore(t, func(t *testing.T, s *site) {
		env := []string{"ANSIBLE_LIBRARY=" + filepath.Join(s.builds.root, "library")}
		snapshot := filepath.Join(s.builds.root, "tests/recorded/snapshot.json")
		r := s.run(t, s.dir, env, "ansible", "localhost", "-m", "placement_audit", "-a", "snapshot="+snapshot).ok(t)
		if !strings.Contains(r.out, `"complete": true`) {
			t.Error(r.out)
		}
		for _, name := range modules(t, s.builds.root) {
			if r := s.run(t, s.dir, env, "ansible-doc", "-t", "module", name).ok(t); !strings.Contains(r.out, "library/"+name+".py") {
				t.Error(r.out)
			}
		}
	})
}
