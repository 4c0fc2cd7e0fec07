// SPDX-License-Identifier: Apache-2.0

package generate

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/roles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// known lists with which release each module, each role and each of their options came, as `VERSION OWNER.OPTION`. This package
// reads and writes it: what is not in it comes with the next release, whose number scripts/release-prepare sets.
//
//go:embed options.txt
var known string

const (
	knownPath = "modules/internal/docs/generate/options.txt"
	next      = "next"
)

// history tells by OWNER.OPTION with which release something came.
type history map[string]string

func read(list string) (history, error) {
	h := history{}
	for line := range strings.Lines(list) {
		version, path, two := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !two || path == "" {
			return nil, fmt.Errorf("%s: %q must be a version and a name", knownPath, line)
		}
		h[path] = version
	}
	return h, nil
}

// since returns with which release an option came. It returns "" if that is the release of what the option belongs to (a module, a
// role, another option), or the next one, which has no number yet.
func (h history) since(path string) string {
	version := h.came(path)
	if version == next {
		return ""
	}
	for at := strings.LastIndexByte(path, '.'); at > 0; at = strings.LastIndexByte(path[:at], '.') {
		if h.came(path[:at]) == version {
			return ""
		}
	}
	return version
}

func (h history) came(path string) string {
	if version, old := h[path]; old {
		return version
	}
	return next
}

// Since makes the list of what came when. What is gone from the modules and roles is gone from it.
func Since(mods []*ansible.Module, all []roles.Role) Set {
	return Set{Outputs: []Output{{Path: knownPath, Content: func() ([]byte, error) { return came(mods, all) }}}}
}

func came(mods []*ansible.Module, all []roles.Role) ([]byte, error) {
	h, err := read(known)
	if err != nil {
		return nil, err
	}
	now := history{}
	for _, m := range mods {
		table, err := m.Options()
		if err != nil {
			return nil, err
		}
		now[m.Name] = h.came(m.Name)
		h.note(now, m.Name, table)
	}
	for _, r := range all {
		table, err := variables(r)
		if err != nil {
			return nil, err
		}
		now[r.Name] = h.came(r.Name)
		h.note(now, r.Name, table)
	}
	var text strings.Builder
	for _, path := range slices.Sorted(maps.Keys(now)) {
		fmt.Fprintf(&text, "%s %s\n", now[path], path)
	}
	return []byte(text.String()), nil
}

// note writes down when the options of a table came.
func (h history) note(now history, owner string, table []*argspec.Option) {
	for _, o := range table {
		path := owner + "." + o.Name
		now[path] = h.came(path)
		h.note(now, path, o.Options)
	}
}
