// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// Place is where the configuration is looked for. Tests make their own.
type Place struct {
	Env     map[string]string // variables, with their values
	Home    string
	Current string   // the current folder; others may have put files there
	Own     []string // the user's folders
	System  []string // root's
	Kolla   string   // the clouds.yaml of kolla-ansible post-deploy, which openstacksdk does not look for
}

// ThisPlace is the machine and the user that the program runs for.
func ThisPlace() *Place {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		if key, value, ok := strings.Cut(pair, "="); ok && strings.HasPrefix(key, "OS_") {
			env[key] = value
		}
	}
	home, _ := os.UserHomeDir() // "" is no directory, and skipped
	return &Place{
		Env: env, Home: home, Current: ".", Own: OwnFolders(home, os.Getenv("XDG_CONFIG_HOME")),
		System: []string{"/etc/xdg/openstack", "/etc/openstack"}, Kolla: "/etc/kolla/clouds.yaml",
	}
}

// OwnFolders lists the folders of the user in which openstacksdk looks for clouds.yaml.
func OwnFolders(home, xdg string) []string {
	var own []string
	if xdg != "" {
		own = append(own, filepath.Join(xdg, "openstack"))
	}
	if home != "" {
		own = append(own, filepath.Join(home, ".config", "openstack"))
	}
	return own
}

// dirs is the search path of openstack/config/loader.py on Linux.
func (p *Place) dirs() []string { return slices.Concat([]string{p.Current}, p.Own, p.System) }

// expand replaces a leading ~.
func (p *Place) expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && p.Home != "" {
		return filepath.Join(p.Home, rest)
	}
	return path
}

// library is a clouds.yaml with what belongs to it.
type library struct {
	path   string
	clouds Values // secure.yaml merged in
	public Values // profiles of clouds-public.yaml
}

// errNoFile says that no clouds.yaml was found.
var errNoFile = errors.New("no clouds.yaml found")

// open reads one clouds.yaml and its companions. A secure.yaml is taken from beside it. For a clouds.yaml in one of the
// user's folders it may lie in another of these. From any other place it could hold the password of another cloud of
// that name, and the clouds.yaml says where that is sent.
func (p *Place) open(path string, read reader) (*library, error) {
	dirs := []string{filepath.Dir(path)}
	if slices.Contains(p.Own, dirs[0]) {
		dirs = append(dirs, p.Own...)
	}
	clouds, err := readTree(path, read)
	if err != nil {
		return nil, err
	}
	secure, err := p.secure(path, dirs)
	if err != nil {
		return nil, err
	}
	public, err := companion(path, "clouds-public", append(dirs, p.System...))
	if err != nil {
		return nil, err
	}
	lib := &library{path: path, clouds: Values{}, public: public.branch("public-clouds")}
	lib.clouds.overlay(clouds.branch("clouds"))
	lib.clouds.overlay(secure.branch("clouds"))
	return lib, nil
}

// secure reads the secure.yaml for a clouds.yaml.
func (p *Place) secure(clouds string, dirs []string) (Values, error) {
	if named := p.Env["OS_CLIENT_SECURE_FILE"]; named != "" {
		return readTree(p.expand(named), files.ReadGuarded)
	}
	return companion(clouds, "secure", dirs)
}

// companion reads a file that adds to a clouds.yaml, such as another address for its password. In a folder where everybody
// can make files, another user may have made it.
func companion(clouds, stem string, dirs []string) (Values, error) {
	path := firstFile(stem, dirs)
	if path == "" {
		return Values{}, nil
	}
	return readTree(path, func(path string, limit int64) ([]byte, error) { return files.ReadBeside(path, clouds, limit) })
}

// search finds the clouds.yaml that openstacksdk would find. The one of the current folder has to be this user's or root's.
func (p *Place) search() (*library, error) {
	if named := p.Env["OS_CLIENT_CONFIG_FILE"]; named != "" {
		return p.open(p.expand(named), files.ReadGuarded)
	}
	path := firstFile("clouds", p.dirs())
	if path == "" {
		return nil, errNoFile
	}
	if filepath.Dir(path) == p.Current {
		return p.open(path, readOwn)
	}
	return p.open(path, files.ReadGuarded)
}

// readOwn reads what only this user or root can have written.
func readOwn(path string, limit int64) ([]byte, error) {
	text, err := files.ReadOwn(path, limit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; if it is to be used all the same, name it in clouds_file", path, files.Cause(err))
	}
	return text, nil
}

// firstFile returns the first file of that stem which is there and may be read.
func firstFile(stem string, dirs []string) string {
	for _, dir := range dirs {
		for _, suffix := range []string{".yaml", ".yml", ".json"} {
			path := filepath.Join(dir, stem+suffix)
			f, err := files.Open(path)
			if err == nil {
				f.Close()
			}
			if err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.ENOTDIR) {
				return path
			}
		}
	}
	return ""
}

// reader reads a file of at most so many bytes.
type reader func(path string, limit int64) ([]byte, error)

// readTree reads a file of settings.
func readTree(path string, read reader) (Values, error) {
	text, err := read(path, files.MaxConfig)
	if err != nil {
		return nil, err
	}
	t, err := ParseValues(text)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return t, nil
}

// entry is a cloud of the library, laid over its profile.
func (l *library) entry(name string) (Values, *Fault) {
	own, ok := l.clouds[name].(Values)
	if !ok {
		return nil, &Fault{Option: "cloud", Value: name, Reason: "is not in " + l.path + listed("; it has ", l.clouds.names())}
	}
	profile := own.text("profile")
	if profile == "" {
		profile = own.text("cloud")
	}
	merged := Values{}
	if profile != "" {
		base, ok := l.public[profile].(Values)
		if !ok {
			return nil, &Fault{Option: "cloud", Value: name, Reason: "has the profile " + profile + ", which no clouds-public.yaml defines" + listed("; it has ", l.public.names())}
		}
		merged.overlay(base.Underscored())
	}
	merged.overlay(own.Underscored())
	return merged, nil
}

func listed(before string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return before + strings.Join(names, ", ")
}
