// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// Shown is the arguments as the module saw them: canonical names, defaults filled in, secrets replaced.
func (a *Arguments) Shown() jsontext.Object { return invocation(a.table, a.Values) }

func invocation(table []*Option, values map[string]any) jsontext.Object {
	shown := jsontext.Object{}
	for _, o := range table {
		v, set := values[o.Name]
		if !set {
			continue
		}
		shown = append(shown, jsontext.Own(o.Name, o.shown(v)))
	}
	return shown
}

func (o *Option) shown(v any) any {
	switch list, _ := v.([]any); {
	case o.NoLog:
		return mask.Hidden
	case o.Harmless != nil:
		return o.discreetly(hide(v))
	case o.Options == nil:
		return hide(v)
	case list == nil:
		dict, _ := v.(map[string]any) // what has suboptions is a dict or a list of them
		return invocation(o.Options, dict)
	default:
		items := make([]any, len(list))
		for i, item := range list {
			dict, _ := item.(map[string]any)
			items[i] = invocation(o.Options, dict)
		}
		return items
	}
}

// hide replaces what stands below telling keys, whatever its type.
func hide(v any) any {
	switch v := v.(type) {
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = hide(item)
		}
		return items
	case map[string]any:
		dict := make(map[string]any, len(v))
		for key, item := range v {
			dict[key] = hide(item)
			if mask.IsSecretKey(key) && item != nil {
				dict[key] = mask.Hidden
			}
		}
		return dict
	}
	return v
}
