// SPDX-License-Identifier: Apache-2.0

package mask

import (
	"bytes"
	"testing"
)

// A secret is masked at any depth of what is written, in keys too, also where a harmless value is the same.
func TestWriteMasksDicts(t *testing.T) {
	var secrets Secrets
	secrets.Add("hunter22")
	var out bytes.Buffer
	secrets.Masker().Write(&out, []any{map[string]any{"project": "hunter22", "b": map[string]any{"hunter22": []any{"a hunter22", 1, nil}}}})
	want := `[{"b":{"` + Hidden + `":["a ` + Hidden + `",1,null]},"project":"` + Hidden + `"}]`
	if got := out.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
