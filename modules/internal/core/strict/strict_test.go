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

func TestNoJSON(t *testing.T) {
	noAnswers(t, map[string]string{
		``:                                  "it ends in the middle",
		` `:                                 "it ends in the middle",
		`{"things": [`:                      "it ends in the middle",
		`{"things": ["`:                     "it ends in the middle",
		`{"things": []`:                     "it ends in the middle",
		`{"things": []} {}`:                 "something follows the JSON",
		`{"things": []} trailing`:           "something follows the JSON",
		`{"things": []},`:                   "something follows the JSON",
		`{"things": []}]`:                   "something follows the JSON",
		`<html>`:                            "it is not JSON",
		`{"things": [}`:                     "it is not JSON",
		`{"things": [], "a": tru}`:          "it is not JSON",
		`{'things': []}`:                    "it is not JSON",
		"{\"things\": [], \"a\": \"\xff\"}": "it is not JSON",
		`{"things": [], "a": "\ud800"}`:     "it is not JSON",
		strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000): "it is not JSON",
	})
}

func TestNoList(t *testing.T) {
	noAnswers(t, map[string]string{
		`null`:                                  "null",
		`[]`:                                    "not an object with its fields",
		`{}`:                                    "no things",
		`{"Things": []}`:                        "no things",
		`{"things": null}`:                      "null at /things",
		`{"things": {}}`:                        "not a list at /things",
		`{"things": [], "things": []}`:          "a name that comes twice at /things",
		`{"things": [], "x": {"a": 1, "a": 2}}`: "a name that comes twice at /x/a",
		`{"things": [], "x": {"\u0061": 1, "a": 2}}`: "a name that comes twice at /x/a",
		`{"things": [{}]}`:                           "no id at /things/0",
		`{"things": [null]}`:                         "null at /things/0",
		`{"things": [5]}`:                            "not an object with its fields at /things/0",
	})
}

func TestNoThing(t *testing.T) {
	one := func(members string) string {
		return `{"things": [{"id": "a", "name": "n", "parent": null}, {` + members + `}]}`
	}
	noAnswers(t, map[string]string{
		one(`"id": "a", "name": "n"`):                                                "no parent at /things/1",
		one(`"name": "n", "parent": "p"`):                                            "no id at /things/1",
		one(`"ID": "a", "name": "n", "parent": "p"`):                                 "no id at /things/1",
		one(`"id": null, "name": "n", "parent": null`):                               "null at /things/1/id",
		one(`"id": "", "name": "n", "parent": null`):                                 "no id of this service at /things/1/id",
		one(`"id": "a\u0000", "name": "n", "parent": null`):                          "no id of this service at /things/1/id",
		one(`"id": " a", "name": "n", "parent": null`):                               "no id of this service at /things/1/id",
		one(`"id": "` + strings.Repeat("a", 256) + `", "name": "n", "parent": null`): "no id of this service at /things/1/id",
		one(`"id": true, "name": "n", "parent": null`):                               "no id of this service at /things/1/id",
		one(`"id": "a", "name": null, "parent": null`):                               "null at /things/1/name",
		one(`"id": "a", "name": 5, "parent": null`):                                  "not a text at /things/1/name",
		one(`"id": "a", "name": "n", "parent": ""`):                                  "no id of this service at /things/1/parent",
	})
}

func TestNoMember(t *testing.T) {
	one := func(members string) string {
		return `{"things": [{"id": "a", "name": "n", "parent": null}, {` + members + `}]}`
	}
	noAnswers(t, map[string]string{
		one(`"id": "a", "name": "n", "parent": null, "count": "3"`):                      "not a number at /things/1/count",
		one(`"id": "a", "name": "n", "parent": null, "count": 3.5`):                      "not what it should be at /things/1/count",
		one(`"id": "a", "name": "n", "parent": null, "count": 99999999999999999999`):     "not what it should be at /things/1/count",
		one(`"id": "a", "name": "n", "parent": null, "up": "yes"`):                       "not true or false at /things/1/up",
		one(`"id": "a", "name": "n", "parent": null, "held": {"c": null}`):               "null at /things/1/held/c",
		one(`"id": "a", "name": "n", "parent": null, "held": {"c": {"x": {"n": null}}}`): "null at /things/1/held/c/x/n",
		one(`"id": "a", "name": "n", "parent": null, "held": {"c": {"x": {}}}`):          "no n at /things/1/held/c/x",
		one(`"id": "a", "name": "n", "parent": null, "held": {"": {}}`):                  "a name that is none of this service at /things/1/held/",
		one(`"id": "a", "name": "n", "parent": null, "held": {"c\n": {}}`):               "a name that is none of this service at /things/1/held/c",
		one(`"id": "a", "name": "n", "parent": null, "held": {"c": {}, "c": {}}`):        "a name that comes twice at /things/1/held/c",
	})
}

// What is no answer, and what is said of it.
func noAnswers(t *testing.T, cases map[string]string) {
	t.Helper()
	for text, want := range cases {
		_, err := decode(text)
		var e *Error
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), want) || err.Error() != want {
			t.Errorf("%.100s: %v, want %q", text, err, want)
		}
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
