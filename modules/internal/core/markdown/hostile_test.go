// SPDX-License-Identifier: Apache-2.0

package markdown_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

const (
	hostile = "x\n# evil\u202e\x1b[2J <b> https://evil.example #1 @bob ![i](j)"
	escaped = `https\://evil.example \#1 \@bob !\[i\](j)`
	plain   = "https://evil.example #1 @bob ![i](j)" // in a span or a block of code
)

// fill puts the hostile text into every string below a value, and makes one element of every list and map.
func fill(v reflect.Value, deep int) {
	if deep == 0 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(hostile)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), deep-1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), deep-1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, deep-1)
		fill(value, deep-1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		fillFields(v, deep)
	case reflect.Interface:
		if v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(hostile))
		}
	default:
	}
}

func fillFields(v reflect.Value, deep int) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 11, 27, 19, 39, 35, 0, time.UTC)))
		return
	}
	for i := range v.NumField() {
		fill(v.Field(i), deep-1)
	}
}

// results are those of modules that write pages, each text in them hostile.
type results struct {
	audit    report.Report
	plan     report.Plan
	refusals report.Refusals
	capacity report.Capacity
	before   verdict.Before
	after    verdict.After
	removal  verdict.Removal
	reasons  []verdict.Reason
}

func hostileResults() *results {
	r := &results{}
	for _, result := range []any{&r.audit, &r.plan, &r.refusals, &r.capacity, &r.before, &r.after, &r.removal, &r.reasons} {
		fill(reflect.ValueOf(result).Elem(), 16)
	}
	return r
}

// pages are all that modules write of them.
func (r *results) pages(t *testing.T) map[string][]byte {
	t.Helper()
	pages := map[string][]byte{
		"before":  r.before.Markdown(verdict.Fail, hostile, r.reasons),
		"after":   r.after.Markdown(verdict.Fail, hostile, r.reasons),
		"removal": r.removal.Markdown(verdict.Fail, hostile, r.reasons),
	}
	written := func(name string, page []byte, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		pages[name] = page
	}
	page, err := report.Markdown(&r.audit)
	written("audit", page, err)
	page, err = report.PlanMarkdown(&r.plan)
	written("plan", page, err)
	page, err = report.ConflictMarkdown(&r.refusals)
	written("conflicts", page, err)
	page, err = report.CapacityMarkdown(&r.capacity)
	written("capacity", page, err)
	return pages
}

// The same text is escaped alike in every report, whatever it stands for: no mark-up, no HTML, no link, no heading is made of it.
func TestHostileAlike(t *testing.T) {
	for name, page := range hostileResults().pages(t) {
		if strings.ContainsAny(string(page), "\u202e\x1b") {
			t.Errorf("%s: marks that nobody sees in %q", name, page)
		}
		alike, all := strings.Count(string(page), escaped), strings.Count(string(page), "evil.example")-strings.Count(string(page), "%2Fevil.example")
		code := regexp.MustCompile("(?s)```.*?```|``.*?``|`[^`\n]*`").FindAllString(string(page), -1)
		for _, span := range code {
			alike += strings.Count(span, plain)
		}
		if alike != all || all < 5 {
			t.Errorf("%s: %d of %d are escaped alike:\n%s", name, alike, all, page)
		}
		parser := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
		_ = ast.Walk(parser.Parse(text.NewReader(page)), func(n ast.Node, _ bool) (ast.WalkStatus, error) { // none of it fails
			switch n := n.(type) {
			case *ast.RawHTML, *ast.HTMLBlock, *ast.Image, *ast.AutoLink:
				t.Errorf("%s: %s in\n%s", name, n.Kind(), page)
			case *ast.Link:
				if !strings.HasPrefix(string(n.Destination), strings.TrimSuffix(check.Documentation("x"), "x.md")) {
					t.Errorf("%s: a link to %s", name, n.Destination)
				}
			}
			return ast.WalkContinue, nil
		})
	}
}

// On a screen no text begins a line of its own or moves the cursor.
func TestHostileOnScreen(t *testing.T) {
	r, from := hostileResults(), verdict.Thresholds{Fail: check.High, Warn: check.Medium}
	for _, v := range []screen.View{{}, {Width: 80}, screen.InPlay(), {Wide: true}} {
		for name, lines := range map[string][]string{
			"before":    r.before.Text(v, hostile, r.reasons, from, []string{hostile}),
			"after":     r.after.Text(v, hostile, r.reasons, from, []string{hostile}),
			"removal":   r.removal.Text(v, hostile, r.reasons, from, []string{hostile}),
			"audit":     r.audit.Show(v),
			"conflicts": r.refusals.Show(v),
		} {
			text := strings.Join(lines, "\n")
			if strings.ContainsAny(text, "\u202e\x1b") || strings.Contains(strings.ToLower(text), "\n# evil") || !strings.Contains(text, "# evil") {
				t.Errorf("%s, %+v: %q", name, v, text)
			}
		}
	}
}
