// SPDX-License-Identifier: Apache-2.0

// Package html writes a result as one page for a browser: verdict, findings, capacities. The page holds all that it needs, sends
// no request and works without a server. What others named is text in it.
package html

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

//go:embed page.html
var layout string

//go:embed page.css
var style string

//go:embed page.js
var script string

// So many entries of each list are in the page itself and can be read without its script. The others are packed.
const firstShown = 100

// page is what the template shows. Empty parts are left out.
type page struct {
	Title    string
	Verdict  string // a word or two
	Tone     string // good, warn or bad
	Sentence string
	Counts   []count
	States   []count
	Facts    []fact
	Unread   []unread
	// UnreadTitle and UnreadText say what that means; if they are empty, that checks did not run.
	UnreadTitle, UnreadText string
	// NotJudged, NotCompared, Tables: what else could not be judged, and tables of all kinds.
	NotJudged   []left
	NotCompared []left
	Todo        []todo
	Heading     string // of Items
	None        string // what to say if there are no items
	Items       list
	Filters     []filter
	Capacity    list
	Classes     filter
	Trees       list
	NoCapacity  string // why there are no capacities; empty if there are
	Timeline    *timeline
	Tables      []table
	Gone        list
	GoneTitle   string
	Accepted    list
	Unused      []string
	Notes       []string
	Pages       []checkPage
}

type count struct {
	N    int
	Name string
}

type fact struct{ Name, Text string }

// unread is one cause why something could not be judged.
type unread struct {
	Cause  string
	Checks []string
	More   []string // reasons of single checks that say more than the cause
}

type left struct {
	Check, Reason string
	Count         int
}

// todo is all findings of one check, and what to do about them at once.
type todo struct {
	Severity, ID, Name, Title string
	Count                     int
	Task                      string
}

type table struct {
	Title string
	Head  []string
	Rows  [][]string
}

type filter struct {
	ID, Label string
	Options   []option
}

type option struct{ Value, Text string }

// list is the entries of one kind, as HTML.
type list struct {
	Total int
	First []template.HTML
	Rest  template.HTML // a JSON list of HTML, deflated, in base64
}

// renderer makes HTML of data by the templates of this package.
type renderer struct{ templates *template.Template }

func newRenderer() (*renderer, error) {
	t, err := template.New("page").Funcs(template.FuncMap{"number": number, "token": token}).Parse(layout)
	if err != nil {
		return nil, fmt.Errorf("parse the page: %w", err)
	}
	return &renderer{t}, nil
}

// entries renders each entry by the template of that name.
func entries[T any](r *renderer, name string, all []T) (list, error) {
	out := list{Total: len(all)}
	var rest []string
	for i, one := range all {
		var b bytes.Buffer
		if err := r.templates.ExecuteTemplate(&b, name, one); err != nil {
			return out, fmt.Errorf("render %s %d: %w", name, i, err)
		}
		if text := b.String(); i < firstShown {
			out.First = append(out.First, template.HTML(text)) //nolint:gosec // a template of this package made it
		} else {
			rest = append(rest, text)
		}
	}
	var err error
	out.Rest, err = packed(rest)
	return out, err
}

// packed deflates a list of texts. The page unpacks it.
func packed(texts []string) (template.HTML, error) {
	if len(texts) == 0 {
		return "", nil
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err == nil {
		err = several.Join(json.NewEncoder(w).Encode(texts), w.Close())
	}
	if err != nil {
		return "", fmt.Errorf("pack entries: %w", err)
	}
	return template.HTML(base64.StdEncoding.EncodeToString(b.Bytes())), nil //nolint:gosec // base64 has no markup
}

// render writes the page. Its policy lets a browser run this script and this style, and load nothing.
func (r *renderer) render(p *page) ([]byte, error) {
	var out bytes.Buffer
	err := r.templates.ExecuteTemplate(&out, "page", struct {
		*page

		Policy string
		Style  template.CSS
		Script template.JS
	}{p, policy(), template.CSS(style), template.JS(script)}) //nolint:gosec // files of this package
	if err != nil {
		return nil, fmt.Errorf("render the page: %w", err)
	}
	return out.Bytes(), nil
}

func policy() string {
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src " + digest(style) + "; script-src " + digest(script)
}

// number writes an integer with commas between thousands.
func number(n int) string {
	text := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return sign + text
}
