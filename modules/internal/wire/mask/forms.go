// SPDX-License-Identifier: Apache-2.0

package mask

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// base64 of a secret inside a longer text is looked for only if enough of it is unaffected by its neighbours.
const shortestAligned = 6

// forms are the shapes in which a secret may turn up in a text.
func forms(secret string) []string {
	var all []string
	for _, clean := range cleaned(secret) {
		all = append(all, urlForms(clean)...)
		for _, marked := range htmlForms(clean) {
			all = append(all, textForms(marked)...)
		}
	}
	bytes := []byte(secret)
	all = append(all, base64.RawStdEncoding.EncodeToString(bytes), base64.RawURLEncoding.EncodeToString(bytes))
	all = append(all, aligned(bytes)...)
	return slices.DeleteFunc(all, func(form string) bool { return len(form) < shortestSubstring })
}

var tag = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)

// cleaned are the secret and what is left of it where white space is joined, tags are dropped and characters are replaced
// that are not seen.
func cleaned(secret string) []string {
	all := []string{secret}
	for _, text := range []string{secret, tag.ReplaceAllString(secret, " "), tag.ReplaceAllString(secret, "")} {
		all = append(all, text, strings.Join(strings.Fields(text), " "), foreign.Line(text))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// htmlForms are the ways to write it into a web page: those of Go, of Python and of those that leave quotes alone.
func htmlForms(text string) []string {
	few := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	named := strings.ReplaceAll(few, `"`, "&quot;")
	all := []string{text, few, named, html.EscapeString(text)}
	for _, apostrophe := range []string{"&#x27;", "&#39;", "&apos;"} {
		all = append(all, strings.ReplaceAll(named, "'", apostrophe))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// urlForms are the ways to write it into a URL; Go, Python and others don't agree on what needs escaping.
func urlForms(secret string) []string {
	query := url.QueryEscape(secret)
	python := strings.NewReplacer("+", "%20", "%2F", "/").Replace(query)
	all := []string{
		query, python, strings.ReplaceAll(query, "+", "%20"), url.PathEscape(secret),
		url.UserPassword("", secret).String()[1:], (&url.URL{Path: "/" + secret}).EscapedPath()[1:],
	}
	for _, form := range slices.Clone(all) {
		all = append(all, lowerEscapes(form))
	}
	return all
}

// textForms are the ways to write it between quotes, and the result once more, as for JSON inside of JSON.
func textForms(secret string) []string {
	all := []string{secret}
	for range 2 {
		for _, form := range slices.Clone(all) {
			careful, _ := json.Marshal(form) // a string can always be marshalled
			all = append(all, Quoted(form), string(careful[1:len(careful)-1]), pythonQuoted(form),
				inner(strconv.Quote(form)), inner(strconv.QuoteToASCII(form)))
		}
		slices.Sort(all)
		all = slices.Compact(all)
	}
	return all
}

// pythonQuoted is the text as Python writes it between the quotes of a JSON string: ASCII only, with a pair of surrogates for
// what is beyond 16 bits.
func pythonQuoted(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch high, low := utf16.EncodeRune(r); {
		case r < '\u007f':
			out.WriteString(Quoted(string(r)))
		case r > '\uffff':
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}

func inner(quoted string) string {
	return quoted[1 : len(quoted)-1]
}

// aligned is what base64 makes of a secret inside a longer text, such as "user:secret" of HTTP basic authentication,
// without the characters that depend on the neighbours.
func aligned(secret []byte) []string {
	if len(secret) < shortestAligned {
		return nil
	}
	var all []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		all = append(all, encoding.EncodeToString(secret[:len(secret)/3*3]))
		for _, skip := range []int{1, 2} { // bytes that complete the group of three begun before the secret
			rest := secret[skip:]
			all = append(all, encoding.EncodeToString(rest[:len(rest)/3*3]))
		}
	}
	return all
}

var upperEscape = regexp.MustCompile(`%[0-9A-F]{2}`)

func lowerEscapes(s string) string {
	return upperEscape.ReplaceAllStringFunc(s, strings.ToLower)
}

// Quoted is the text as it stands between the quotes of a JSON string.
func Quoted(s string) string {
	return inner(string(jsontext.Text(s)))
}
