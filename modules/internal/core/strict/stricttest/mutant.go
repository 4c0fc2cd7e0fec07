// SPDX-License-Identifier: Apache-2.0

package stricttest

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Exchange is an answer of the recorded cloud.
type Exchange struct {
	Service string `json:"service"` // placement or compute
	Path    string `json:"path"`    // below the endpoint, with its query
	Status  int    `json:"status"`
	Body    string `json:"body"`
}

// Recorded returns the answers of status 200 of a service that differ. file is the conversation below tests/recorded.
func Recorded(t testing.TB, file, service string) []Exchange {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []Exchange
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	return slices.DeleteFunc(all, func(e Exchange) bool {
		drop := e.Service != service || e.Status != 200 || known[e.Path+e.Body]
		known[e.Path+e.Body] = true
		return drop
	})
}

// Mutant returns a body with one to three things wrong in it that a service or what is between may do.
func Mutant(r *rand.Rand, body string) string {
	for range 1 + r.IntN(3) {
		body = mutations()[r.IntN(len(mutations()))](r, body)
	}
	return body
}

var (
	name   = regexp.MustCompile(`"[^"]*": ?`)
	scalar = regexp.MustCompile(`: ?(-?[0-9.]+|"[^"]*"|true|false|null)`)
)

func mutations() []func(*rand.Rand, string) string {
	return []func(*rand.Rand, string) string{
		flipped, cut, lost, repeated, behind, renamed, upper, twice, nulled, retyped, emptied, broken,
	}
}

func place(r *rand.Rand, body string) int { return r.IntN(len(body) + 1) }

// one replaces one match of the pattern.
func one(r *rand.Rand, body string, pattern *regexp.Regexp, by func(string) string) string {
	all := pattern.FindAllStringIndex(body, -1)
	if len(all) == 0 {
		return body
	}
	at := all[r.IntN(len(all))]
	return body[:at[0]] + by(body[at[0]:at[1]]) + body[at[1]:]
}

func flipped(r *rand.Rand, body string) string {
	raw := []byte(body)
	if len(raw) > 0 {
		raw[r.IntN(len(raw))] ^= byte(1 << r.IntN(8))
	}
	return string(raw)
}

func cut(r *rand.Rand, body string) string { return body[:place(r, body)] }

func lost(r *rand.Rand, body string) string {
	from := place(r, body)
	return body[:from] + body[min(len(body), from+1+r.IntN(40)):]
}

func repeated(r *rand.Rand, body string) string {
	from := place(r, body)
	to := min(len(body), from+1+r.IntN(200))
	return body[:to] + body[from:]
}

func behind(r *rand.Rand, body string) string {
	return body + []string{" {}", "]", ",", "null", "\x00", body, " trailing"}[r.IntN(7)]
}

func renamed(r *rand.Rand, body string) string {
	return one(r, body, name, func(s string) string { return `"x` + s[1:] })
}

func upper(r *rand.Rand, body string) string { return one(r, body, name, strings.ToUpper) }

func twice(r *rand.Rand, body string) string {
	return one(r, body, name, func(s string) string {
		return s + []string{"null", "[]", "{}", "0", `""`}[r.IntN(5)] + ", " + s
	})
}

func nulled(r *rand.Rand, body string) string {
	return one(r, body, scalar, func(string) string { return ": null" })
}

func retyped(r *rand.Rand, body string) string {
	return one(r, body, scalar, func(string) string {
		return ": " + []string{`"5"`, "5", "5.5", "1e999", "[]", "{}", "true", "-1"}[r.IntN(8)]
	})
}

// emptied takes the members out of an object.
func emptied(r *rand.Rand, body string) string {
	return one(r, body, regexp.MustCompile(`\{[^{}]+\}`), func(string) string { return "{}" })
}

// broken puts bytes in that are no UTF-8, or that JSON does not allow in a text.
func broken(r *rand.Rand, body string) string {
	at := place(r, body)
	return body[:at] + string([][]byte{{0xff}, {0xc3}, {0xed, 0xa0, 0x80}, {0}, {'\n'}, []byte(`\ud800`)}[r.IntN(6)]) + body[at:]
}

// Decoder is what a client makes of the answers to some paths.
type Decoder struct {
	Path   *regexp.Regexp
	Key    string                         // of the list or map with the content; empty if the answer is one thing
	Decode func(body []byte) (int, error) // how many things it returns, and why it returns none
}

// Mutants has so many mutants of the answers decoded, each by the first decoder for its path. No decoder panics, what it takes
// is JSON, and it never returns an empty list for one that is not literally empty.
func Mutants(t *testing.T, answers []Exchange, decoders []Decoder, mutants int) {
	t.Helper()
	r := rand.New(rand.NewPCG(10, 2026)) //nolint:gosec // the same mutants each time
	taken := 0
	for range mutants {
		e := answers[r.IntN(len(answers))]
		d := decoderOf(t, decoders, e.Path)
		whole, err := d.Decode([]byte(e.Body))
		if err != nil {
			t.Fatalf("%s: %v", e.Path, err)
		}
		body := Mutant(r, e.Body)
		n, err := d.Decode([]byte(body))
		if err != nil {
			continue
		}
		taken++
		if !json.Valid([]byte(body)) || n == 0 && whole > 0 && !literallyEmpty(body, d.Key) {
			t.Errorf("%s: %d of %d were taken from %s", e.Path, n, whole, body)
		}
	}
	t.Logf("%d of %d mutants were taken for answers", taken, mutants)
	if taken == 0 || taken == mutants {
		t.Errorf("%d of %d mutants were taken", taken, mutants)
	}
}

func decoderOf(t *testing.T, decoders []Decoder, path string) Decoder {
	t.Helper()
	i := slices.IndexFunc(decoders, func(d Decoder) bool { return d.Path.MatchString(path) })
	if i < 0 {
		t.Fatalf("nobody decodes %s", path)
	}
	return decoders[i]
}

// literallyEmpty reports whether an answer says that there is nothing.
func literallyEmpty(body, key string) bool {
	var top map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &top) != nil {
		return false
	}
	var list []json.RawMessage
	var table map[string]json.RawMessage
	return json.Unmarshal(top[key], &list) == nil && len(list) == 0 && list != nil ||
		json.Unmarshal(top[key], &table) == nil && len(table) == 0 && table != nil
}
