// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"path"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// Discreet is an options struct with dicts that hold credentials. A misspelt member of such a dict may be a secret that no
// list of telling keys knows, so only what is known to be harmless is shown of it.
type Discreet interface {
	// Harmless returns, by the names of such options, the members that may be shown, at any depth. A * in a member stands for
	// any characters, and a dash in a key is as good as an underscore.
	Harmless() map[string][]string
}

// discreet notes in the table what the options struct, and those embedded in it, say of dicts with credentials.
func discreet(table []*Option, options any) {
	for _, part := range Parts(options) {
		d, ok := part.(Discreet)
		if !ok {
			continue
		}
		for name, members := range d.Harmless() {
			if at := slices.IndexFunc(table, func(o *Option) bool { return o.Name == name }); at >= 0 {
				table[at].Harmless = members
			}
		}
	}
}

// harmless reports whether a member of the option's dict may be shown.
func (o *Option) harmless(key string) bool {
	key = strings.ReplaceAll(key, "-", "_")
	return slices.ContainsFunc(o.Harmless, func(pattern string) bool {
		matches, err := path.Match(pattern, key)
		return err == nil && matches
	})
}

// discreetly replaces the value of each member of the option's dict that is not known to be harmless, whatever its type.
func (o *Option) discreetly(v any) any {
	switch v := v.(type) {
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = o.discreetly(item)
		}
		return items
	case map[string]any:
		dict := make(map[string]any, len(v))
		for key, item := range v {
			dict[key] = mask.Hidden
			if item == nil || o.harmless(key) {
				dict[key] = o.discreetly(item)
			}
		}
		return dict
	}
	return v
}
