// SPDX-License-Identifier: Apache-2.0

package strict

import (
	"errors"
	"strings"
	"testing"
)

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
