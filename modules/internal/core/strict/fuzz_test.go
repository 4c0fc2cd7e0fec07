// SPDX-License-Identifier: Apache-2.0

package strict

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// FuzzDecode holds what all that is taken has in common: it is JSON in UTF-8, ids need no cleaning, texts are cleaned, and
// written down and read again it stays the same.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		`{"things": []}`, `{"things": [{"id": "a", "name": " x\n\u001by ", "parent": null, "count": 3, "ratio": 1.5, "up": true}]}`,
		`{"things": [{"id": "a", "name": "n", "parent": "b", "held": {"c": {"VCPU": {"n": 1}}}, "any": [1, {"a": null}]}], "links": {"": 1}}`,
		`{"things": [], "things": []}`, `{"Things": []}`, `{"things": [{"id": "a", "ID": "b", "name": "n", "parent": null}]}`, `{"things": null} x`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var first, again answer
		if Decode(text, &first, nil) != nil {
			return
		}
		if !json.Valid(text) || !utf8.Valid(text) {
			t.Errorf("%q is taken", text)
		}
		for _, one := range first.Things {
			if foreign.Line(one.ID) != one.ID || one.ID == "" || cleaned(one.Name, nil) != one.Name {
				t.Errorf("%q, %q", one.ID, one.Name)
			}
		}
		written, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := Decode(written, &again, nil); err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if diff := cmp.Diff(first, again, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(thing{}, "Any")); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	})
}
