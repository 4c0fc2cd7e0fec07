// SPDX-License-Identifier: Apache-2.0

package mask

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// Write prints a tree, masked, as JSON.
func (m *Masker) Write(w *bytes.Buffer, v any) {
	switch v := v.(type) {
	case jsontext.Object:
		m.writeObject(w, v)
	case map[string]any:
		m.writeObject(w, ordered(v))
	case []any:
		w.WriteByte('[')
		for i, item := range v {
			separate(w, i)
			m.Write(w, item)
		}
		w.WriteByte(']')
	case string:
		w.Write(jsontext.Text(m.Text(v)))
	case json.Number:
		w.WriteString(v.String())
	default:
		w.Write(jsontext.Text(v))
	}
}

// ordered is a dict with its keys in order.
func ordered(dict map[string]any) jsontext.Object {
	o := make(jsontext.Object, 0, len(dict))
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		o = append(o, jsontext.Pair{Key: key, Value: dict[key]})
	}
	return o
}

func (m *Masker) writeObject(w *bytes.Buffer, o jsontext.Object) {
	used := map[string]bool{}
	for _, p := range o {
		used[p.Key] = used[p.Key] || p.Fixed
	}
	w.WriteByte('{')
	for i, p := range o {
		separate(w, i)
		key := p.Key
		if !p.Fixed {
			key = m.key(p.Key, used)
		}
		w.Write(jsontext.Text(key))
		w.WriteByte(':')
		m.Write(w, p.Value)
	}
	w.WriteByte('}')
}

// key masks a key of a map, and keeps two that are masked alike apart.
func (m *Masker) key(key string, used map[string]bool) string {
	base := m.Text(key)
	key = base
	for n := 2; used[key]; n++ {
		key = base + "_" + strconv.Itoa(n)
	}
	used[key] = true
	return key
}

func separate(w *bytes.Buffer, i int) {
	if i > 0 {
		w.WriteByte(',')
	}
}
