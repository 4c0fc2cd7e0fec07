// SPDX-License-Identifier: Apache-2.0

package catalogue

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const anUUID = "4f1e2c3d-0a1b-4c2d-8e3f-111111111111"

// example fills a text and a route with something.
func example(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		return map[string]string{
			"<uuid>": anUUID, "<class>": "MEMORY_MB", "<classes>": "MEMORY_MB, VCPU", "<name>": "compute-01", "<wanted>": "3", "<given>": "1", "<actual>": "9",
			"<error>": "(pymysql.err.IntegrityError) (1062, \"Duplicate entry '6-0' for key\") [SQL: INSERT" + strings.Repeat(" column", 50) + "]",
		}[name]
	})
}

func exampleOf(route string) string {
	return strings.NewReplacer("{uuid}", anUUID, "{consumer}", anUUID, "{class}", "MEMORY_MB", "{name}", "compute-01", "{id}", anUUID).Replace(route)
}

// body is an answer as Placement writes it.
func body(code, detail string) string {
	type e struct {
		Status    int    `json:"status"`
		Title     string `json:"title"`
		Detail    string `json:"detail"`
		Code      string `json:"code,omitempty"`
		RequestID string `json:"request_id"`
	}
	text, _ := json.Marshal(map[string][]e{"errors": {{
		409, "Conflict", "There was a conflict when trying to complete your request.\n\n " + detail + "  ", code, "req-" + anUUID,
	}}})
	return strings.NewReplacer(`":`, `": `, `,"`, `, "`).Replace(string(text))
}

// Every text of every entry is told from all others, on each of its routes, with and without its code.
func TestEachTextIsItsEntry(t *testing.T) {
	for _, e := range All() {
		for _, on := range e.On {
			for _, text := range append(append([]string{}, e.Texts...), e.Older...) {
				wantEntry(t, e, on, text)
			}
		}
	}
}

// wantEntry wants the answer with a text to be of an entry.
func wantEntry(t *testing.T, e Entry, on Request, text string) {
	t.Helper()
	detail := "There was a conflict when trying to complete your request.\n\n " + example(text) + "  "
	a := Answer{Method: on.Method, Place: PlaceOf("/placement" + exampleOf(on.Route) + "?x=1"), Status: e.Status, Code: e.Code, Detail: detail}
	m := Classify(a)
	if m.Entry == nil || m.Entry.Name != e.Name || m.By != ByText || m.Kind != e.Kind {
		t.Errorf("%s %s %q is %+v", on.Method, on.Route, text, m)
	}
	if Passes(a) != (e.Kind == Transient) {
		t.Errorf("%s: Passes", e.Name)
	}
}

// What Placement's request line says, the length of the answer, tells most.
func TestLengthTells(t *testing.T) {
	told := 0
	for _, e := range All() {
		if e.Status != 409 || e.Lookalike {
			continue
		}
		for _, on := range e.On {
			told += lengthTells(t, e, on, "1.39", e.Code) + lengthTells(t, e, on, "1.20", "")
		}
	}
	if told < 60 {
		t.Errorf("of only %d the kind is known", told)
	}
}

// lengthTells is 1 if the length of an answer tells of which kind an entry is, 0 if it does not.
func lengthTells(t *testing.T, e Entry, on Request, version, code string) int {
	t.Helper()
	m := Classify(Answer{
		Method: on.Method, Place: PlaceOf(exampleOf(on.Route)), Status: 409, Microversion: version, Length: len(body(code, example(e.Texts[0]))),
	})
	if m.Entry != nil && m.Entry.Name != e.Name || m.Kind != Unknown && m.Kind != e.Kind {
		t.Errorf("%s on %s %s, %s, is taken for %s %s", e.Name, on.Method, on.Route, version, m.Entry.Name, m.Kind)
	}
	if m.Kind == Unknown {
		return 0
	}
	return 1
}

// The lengths that Placement 8.0.0 logged (request lines of a run on Zed).
func TestLengthsOfRealAnswers(t *testing.T) {
	for _, c := range []struct {
		method, path string
		length       int
		want         string // "" where two of a kind have that length
	}{
		{"PUT", "/resource_providers/" + anUUID + "/inventories", 263, "inventory-generation"},
		{"PUT", "/resource_providers/" + anUUID + "/traits", 317, "provider-generation"},
		{"PUT", "/resource_providers/" + anUUID + "/aggregates", 317, "provider-generation"},
		{"DELETE", "/resource_providers/" + anUUID, 339, "provider-in-use"},
		{"POST", "/resource_providers", 285, "duplicate-name"},
	} {
		m := Classify(Answer{Method: c.method, Place: PlaceOf(c.path), Status: 409, Microversion: "1.39", Length: c.length})
		if m.Entry == nil != (c.want == "") || m.Kind == Unknown || m.Entry != nil && m.Entry.Name != c.want {
			t.Errorf("%s %s %d: %+v, want %s", c.method, c.path, c.length, m, c.want)
		}
	}
}

// An unknown text, and statuses that anything may have, are not guessed at.
func TestNotGuessed(t *testing.T) {
	for name, a := range map[string]Answer{
		"unknown text":       {Method: "PUT", Place: PlaceOf("/allocations/x"), Status: 409, Detail: "something new"},
		"unknown route":      {Method: "PUT", Place: PlaceOf("/usages"), Status: 409, Length: 263},
		"500 without text":   {Method: "PUT", Place: PlaceOf("/resource_providers/x/traits"), Status: 500, Length: 263},
		"400 without text":   {Method: "PUT", Place: PlaceOf("/allocations/x"), Status: 400},
		"no length":          {Method: "PUT", Place: PlaceOf("/allocations/x"), Status: 409},
		"an absurd length":   {Method: "PUT", Place: PlaceOf("/resource_providers/x/inventories"), Status: 409, Length: 3, Microversion: "1.39"},
		"transient by name?": {Method: "PUT", Place: PlaceOf("/resource_providers/x/inventories"), Status: 409, Code: ConcurrentUpdate},
	} {
		if m := Classify(a); m.Entry != nil || Passes(a) {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestOlderTexts(t *testing.T) {
	for detail, want := range map[string]string{
		"resource provider generation conflict; expected 42 but got 41":                                            "inventory-generation",
		"update conflict: Inventory for VCPU on resource provider " + anUUID + " in use.":                          "inventory-in-use",
		"There was a conflict when trying to complete your request.\n\n resource provider generation conflict    ": "inventory-generation",
	} {
		m := Classify(Answer{Status: 409, Detail: detail})
		if m.Entry == nil || m.Entry.Name != want {
			t.Errorf("%q: %+v", detail, m)
		}
	}
}

// An entry without a text, a name twice or an unknown placeholder would never match.
func TestCatalogue(t *testing.T) {
	names := map[string]bool{}
	for _, e := range All() {
		if names[e.Name] {
			t.Errorf("%s twice", e.Name)
		}
		names[e.Name] = true
		if e.Meaning == "" || e.Remedy == "" || e.Retried == "" || e.Kind == "" || e.About == "" || e.Status != 0 && len(e.Texts) == 0 {
			t.Errorf("%s is not complete", e.Name)
		}
		if fmt.Sprint(e.Status) != "0" && len(e.On) == 0 {
			t.Errorf("%s is of no request", e.Name)
		}
	}
}
