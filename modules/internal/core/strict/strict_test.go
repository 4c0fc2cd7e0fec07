// SPDX-License-Identifier: Apache-2.0

package strict

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type answer struct {
	Things []thing `json:"things" strict:"required"`
}

type thing struct {
	ID     string                   `json:"id" strict:"required,id"`
	Name   string                   `json:"name" strict:"required"`
	Parent *string                  `json:"parent" strict:"nullable,id"`
	Count  int                      `json:"count" strict:"optional"`
	Ratio  float64                  `json:"ratio" strict:"optional"`
	Held   map[string]map[string]it `json:"held" strict:"optional,id"`
	Any    Raw                      `json:"any" strict:"optional"`
	Up     bool                     `json:"up" strict:"optional"`
}

type it struct {
	N int `json:"n" strict:"required"`
}

func decode(text string) (answer, error) {
	var a answer
	err := Decode([]byte(text), &a, nil)
	return a, err
}

func TestDecode(t *testing.T) {
	got, err := decode(` {"things": [{"id": "a", "name": " x\n\u001by ", "parent": null, "count": 3, "ratio": 1.5, "up": true, "more": [{}, null],
		"held": {"c": {"VCPU": {"n": 1}, "MEMORY_MB": {"n": 0}}}, "any": [1]}, {"parent": "b", "name": "", "id": "b", "count": null}], "links": {"": 1}} ` + "\n")
	b := "b"
	want := answer{[]thing{
		{ID: "a", Name: "x \ufffdy", Count: 3, Ratio: 1.5, Up: true, Any: Raw("[1]"), Held: map[string]map[string]it{"c": {"VCPU": {1}, "MEMORY_MB": {0}}}},
		{ID: "b", Parent: &b},
	}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// No error quotes more of an answer than a few names of it.
func TestErrorsQuoteNames(t *testing.T) {
	for _, text := range []string{
		`{"things": "hunter22"}`, `{"things": hunter22}`, `{"things": [{"id": "hunter22 "}]}`, `hunter22`, `{"things": []} hunter22`,
		`{"things": [{"id": "a", "name": "n", "parent": null, "count": 22222222.5}]}`,
	} {
		if _, err := decode(text); err == nil || strings.Contains(err.Error(), "2222") || strings.Contains(err.Error(), "hunter") {
			t.Errorf("%s: %v", text, err)
		}
	}
	_, err := decode(`{"things": [], "\u001b` + strings.Repeat("x", 10000) + `": {"a": 1, "a": 2}}`)
	if err == nil || len(err.Error()) > 400 || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("%.500v", err)
	}
}

// A secret is masked before its text is cleaned or cut, and texts that need neither stay as they are.
func TestMaskedTexts(t *testing.T) {
	masked := func(text string) string { return strings.ReplaceAll(text, "two  blanks", "M") }
	long := strings.Repeat("x", 990) + "two  blanks" + strings.Repeat("y", 990)
	for text, want := range map[string]string{"two  blanks": "M", "a\u001btwo  blanks": "a\ufffdM", "cn1": "cn1", long: strings.Repeat("x", 749) + "…" + strings.Repeat("y", 250)} {
		var a struct {
			Name string `json:"name" strict:"required"`
		}
		body := `{"name": "` + strings.ReplaceAll(text, "\u001b", `\u001b`) + `"}`
		if err := Decode([]byte(body), &a, masked); err != nil || a.Name != want {
			t.Errorf("%q: %q, %v", text, a.Name, err)
		}
	}
}

// What would take too much is refused before it is decoded.
func TestTooMuch(t *testing.T) {
	good := `{"id": "a", "name": "n", "parent": null}`
	many := func(n int, one func(int) string) string {
		var out strings.Builder
		for i := range n {
			out.WriteString(one(i) + ",")
		}
		return strings.TrimSuffix(out.String(), ",")
	}
	names := func(n int) string { return many(n, func(i int) string { return fmt.Sprintf(`"n%d": {}`, i) }) }
	for name, tt := range map[string]struct {
		body string
		want string // empty: it is taken
	}{
		"elements":       {`{"things": [` + many(500_000, func(int) string { return good }) + `]}`, "more than an answer may hold"},
		"names":          {`{"things": [{"id": "a", "name": "n", "parent": null, "held": {` + names(mostNames+1) + `}}]}`, "more names than an object may have"},
		"unknown names":  {`{"things": [], "x": {` + names(mostNames+1) + `}}`, "more names than an object may have"},
		"a long text":    {`{"things": [{"id": "a", "parent": null, "name": "` + strings.Repeat("n", mostText) + `"}]}`, "a text longer than any"},
		"empty elements": {`{"things": [` + many(1_000_000, func(int) string { return "{}" }) + `]}`, "no id at /things/0"},
		"what is real":   {`{"things": [` + many(50_000, func(int) string { return good }) + `], "x": {` + names(100_000) + `}}`, ""},
	} {
		if _, err := decode(tt.body); (err == nil) != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// Nobody decodes into a type that does not say what it needs.
func TestTypes(t *testing.T) {
	type loop struct {
		Next *loop `json:"next" strict:"optional"`
	}
	refusesTypes(t, map[string]any{
		"no tag": &struct{ A int }{},
		"no name": &struct {
			A int `strict:"required"`
		}{},
		"no rule": &struct {
			A int `json:"a"`
		}{},
		"another rule": &struct {
			A int `json:"a" strict:"must"`
		}{},
		"more": &struct {
			A int `json:"a" strict:"required,it"`
		}{},
		"inner": &struct {
			A []struct{ B int } `json:"a" strict:"required"`
		}{},
		"any": &struct {
			A any `json:"a" strict:"required"`
		}{},
		"itself": &loop{},
	})
}

func refusesTypes(t *testing.T, cases map[string]any) {
	t.Helper()
	for name, into := range cases {
		var e *Error
		if err := Decode([]byte(`{"a": 1, "next": null}`), into, nil); err == nil || errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	one := `{"id": "6f1e2c3d-0a1b-4c2d-8e3f-111111111111", "name": "compute-01", "parent": null, "links": [{"rel": "self", "href": "/resource_providers/x"}]},`
	body := []byte(`{"things": [` + strings.TrimSuffix(strings.Repeat(one, 1000), ",") + `]}`)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		var a answer
		if err := Decode(body, &a, nil); err != nil {
			b.Fatal(err)
		}
	}
}
