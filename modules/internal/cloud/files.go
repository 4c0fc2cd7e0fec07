// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// place is where the configuration is looked for. Tests make their own.
type place struct {
	env   map[string]string // variables, with their values
	home  string
	dirs  []string // the search path of openstacksdk
	kolla string   // the clouds.yaml of kolla-ansible post-deploy, which is not on that path
}

func thisPlace() *place {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		if key, value, ok := strings.Cut(pair, "="); ok && strings.HasPrefix(key, "OS_") {
			env[key] = value
		}
	}
	home, _ := os.UserHomeDir() // "" is no directory, and skipped
	return &place{
		env: env, home: home, dirs: searchPath(home, os.Getenv("XDG_CONFIG_HOME")),
		kolla: "/etc/kolla/clouds.yaml",
	}
}

// searchPath is that of openstack/config/loader.py on Linux.
func searchPath(home, xdg string) []string {
	dirs := []string{"."}
	if xdg != "" {
		dirs = append(dirs, filepath.Join(xdg, "openstack"))
	}
	if home != "" {
		dirs = append(dirs, filepath.Join(home, ".config", "openstack"))
	}
	return append(dirs, "/etc/xdg/openstack", "/etc/openstack")
}

// expand replaces a leading ~.
func (p *place) expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && p.home != "" {
		return filepath.Join(p.home, rest)
	}
	return path
}

// library is a clouds.yaml with what belongs to it.
type library struct {
	path   string
	clouds tree // secure.yaml merged in
	public tree // profiles of clouds-public.yaml
}

// errNoFile says that no clouds.yaml was found.
var errNoFile = errors.New("no clouds.yaml found")

// open reads one clouds.yaml and its companions. Those beside an explicit file are the only ones for it: another
// secure.yaml could hold the password of another cloud of that name.
func (p *place) open(path string, explicit bool) (*library, error) {
	clouds, err := readTree(path)
	if err != nil {
		return nil, err
	}
	dirs := []string{filepath.Dir(path)}
	if !explicit {
		dirs = append(dirs, p.dirs...)
	}
	secure, err := p.companion("secure", p.env["OS_CLIENT_SECURE_FILE"], dirs)
	if err != nil {
		return nil, err
	}
	public, err := p.companion("clouds-public", "", dirs)
	if err != nil {
		return nil, err
	}
	lib := &library{path: path, clouds: tree{}, public: public.branch("public-clouds")}
	lib.clouds.overlay(clouds.branch("clouds"))
	lib.clouds.overlay(secure.branch("clouds"))
	return lib, nil
}

func (p *place) companion(stem, named string, dirs []string) (tree, error) {
	if named != "" {
		return readTree(p.expand(named))
	}
	path := firstFile(stem, dirs)
	if path == "" {
		return tree{}, nil
	}
	return readTree(path)
}

// search finds the clouds.yaml that openstacksdk would find.
func (p *place) search() (*library, error) {
	if named := p.env["OS_CLIENT_CONFIG_FILE"]; named != "" {
		return p.open(p.expand(named), false)
	}
	path := firstFile("clouds", p.dirs)
	if path == "" {
		return nil, errNoFile
	}
	return p.open(path, false)
}

// firstFile is the first file of that stem that can be read.
func firstFile(stem string, dirs []string) string {
	for _, dir := range dirs {
		for _, suffix := range []string{".yaml", ".yml", ".json"} {
			path := filepath.Join(dir, stem+suffix)
			f, err := os.Open(path)
			if err == nil {
				f.Close()
				return path
			}
		}
	}
	return ""
}

func readTree(path string) (tree, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t, err := parseTree(text)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return t, nil
}

// entry is a cloud of the library, laid over its profile.
func (l *library) entry(name string) (tree, *Fault) {
	own, ok := l.clouds[name].(tree)
	if !ok {
		return nil, &Fault{Option: "cloud", Value: name, Reason: "is not in " + l.path + listed("; it has ", l.clouds.names())}
	}
	profile := own.text("profile")
	if profile == "" {
		profile = own.text("cloud")
	}
	merged := tree{}
	if profile != "" {
		base, ok := l.public[profile].(tree)
		if !ok {
			return nil, &Fault{Option: "cloud", Value: name, Reason: "has the profile " + profile + ", which no clouds-public.yaml defines" + listed("; it has ", l.public.names())}
		}
		merged.overlay(base.underscored())
	}
	merged.overlay(own.underscored())
	return merged, nil
}

func listed(before string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return before + strings.Join(names, ", ")
}
