// SPDX-License-Identifier: Apache-2.0

package catalogue

import "testing"

// FuzzClassify gives any answer to the classifier.
func FuzzClassify(f *testing.F) {
	for _, e := range All() {
		for _, text := range e.Texts {
			f.Add("PUT", "/allocations/x", 409, e.Code, text, 263, "1.39")
		}
	}
	f.Fuzz(func(t *testing.T, method, path string, status int, code, detail string, length int, microversion string) {
		a := Answer{Method: method, Place: PlaceOf(path), Status: status, Code: code, Detail: detail, Length: length, Microversion: microversion}
		m := Classify(a)
		if m.Kind == "" || m.Entry != nil && m.Entry.Kind != m.Kind || Passes(a) && m.Kind != Transient {
			t.Errorf("%+v", m)
		}
	})
}
