// SPDX-License-Identifier: Apache-2.0

package connection

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// refusing is a Keystone that says what it is told to say of each login.
type refusing struct {
	status int
	header http.Header
	body   string
}

func (k *refusing) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for name, values := range k.header {
		w.Header()[name] = values
	}
	w.WriteHeader(k.status)
	_, _ = w.Write([]byte(k.body))
}

// refusal is what a person reads of a login with the password.
func refusal(t *testing.T, address, password string) string {
	t.Helper()
	call := &ansible.Call{}
	_, err := Open(t.Context(), call, &config.Options{Auth: map[string]any{
		"auth_url": address, "username": "u", "password": password, "project_name": "p", "user_domain_name": "D", "project_domain_name": "D",
	}})
	if err == nil {
		t.Fatal("the login was not refused")
	}
	return call.Masked(err.Error())
}

// asPython writes a text as Python's json does.
func asPython(text string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		switch {
		case strings.ContainsRune("\"\\\n\t", rune(unit)):
			fmt.Fprintf(&out, `\%c`, strings.NewReplacer("\n", "n", "\t", "t").Replace(string(rune(unit)))[0])
		case unit < ' ' || unit > '~':
			fmt.Fprintf(&out, `\u%04x`, unit)
		default:
			out.WriteByte(byte(unit))
		}
	}
	return out.String()
}

// asUnits writes each character as an escape, which JSON allows and nobody does.
func asUnits(text string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&out, `\u%04X`, unit)
	}
	return out.String()
}

// echoes are the ways in which a service may say a secret, as the content of a JSON string.
func echoes() map[string]func(string) string {
	python := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;")
	return map[string]func(string) string{
		"raw":          asPython,
		"all escaped":  asUnits,
		"JSON in JSON": func(s string) string { return asPython(asPython(s)) },
		"query":        func(s string) string { return asPython(url.QueryEscape(s)) },
		"path":         func(s string) string { return asPython(url.PathEscape(s)) },
		"base64":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"basic":        func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s)) },
		"HTML":         func(s string) string { return asPython(html.EscapeString(s)) },
		"HTML, Python": func(s string) string { return asPython(python.Replace(s)) },
		"blanks":       func(s string) string { return asPython(strings.Join(strings.Fields(s), " ")) },
	}
}

// secretOf makes a password of what some way of writing changes. The texts around it hold nothing of it.
func secretOf(r *rand.Rand) string {
	parts := []string{
		"Q7x", "Z9#", "K4", "J8", "  ", " ", "\t", "<b>", "</b>", "<", ">", "&", `"`, "'", `\`, "/", "+", "%", "=", "ü", "ß", "😀", "𝕏",
		"計", ".", "\u202e", "\n", "$", "{", "}",
	}
	var out strings.Builder
	out.WriteString("Y6") // a password that is only blanks after cleaning hides nothing
	for range 4 + r.IntN(12) {
		out.WriteString(parts[r.IntN(len(parts))])
	}
	return out.String() + "V3"
}

// tells reports a part of the secret that the text shows: as many characters as nobody says by chance.
func tells(text, secret string) string {
	const telling = 6
	for _, form := range []string{secret, strings.Join(strings.Fields(secret), " "), html.EscapeString(secret), url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
		runes := []rune(form)
		for i := 0; i+telling <= len(runes); i++ {
			if part := string(runes[i : i+telling]); strings.Contains(text, part) {
				return part
			}
		}
	}
	return ""
}

// Whatever a password is made of, and however a Keystone says it, no part of it is left: neither where the text is cut nor
// where blanks are joined and tags are dropped.
func TestNoPartOfASecret(t *testing.T) {
	const rounds = 40
	k := &refusing{status: http.StatusBadRequest}
	server := httptest.NewServer(k)
	defer server.Close()
	r := rand.New(rand.NewPCG(21, 7))
	for range rounds {
		secret := secretOf(r)
		for name, echo := range echoes() {
			before := strings.Repeat("w", r.IntN(30)) + " "
			if r.IntN(2) == 0 {
				before = strings.Repeat("w", 440+r.IntN(60)) + " " // where details are cut
			}
			for shape, body := range bodies(before, echo(secret), secret) {
				k.body = body
				wantSilent(t, name+" in "+shape, refusal(t, server.URL, secret), secret)
			}
		}
	}
}

// wantSilent wants a text to show no part of a secret.
func wantSilent(t *testing.T, what, text, secret string) {
	t.Helper()
	if part := tells(text, secret); part != "" {
		t.Errorf("%s: %q shows %q", what, secret, part)
	}
}

// bodies are answers that have a secret in them, by shape.
func bodies(before, echo, secret string) map[string]string {
	return map[string]string{
		"JSON": `{"error": {"code": 400, "message": "` + before + echo + ` w"}}`,
		"page": "<html><title>" + before + echo + "</title>",
		"text": before + secret,
	}
}

// Headers and answers that are no HTTP are quoted too.
func TestNoPartOfASecretInHeaders(t *testing.T) {
	const secret = "Y6  Q7x<b>Z9#K4J8V3"
	k := &refusing{status: http.StatusFound, header: http.Header{"Location": {"http://h/" + strings.Repeat("w", 480) + secret}, "X-Openstack-Request-Id": {"req-" + secret}}}
	server := httptest.NewServer(k)
	defer server.Close()
	if part := tells(refusal(t, server.URL, secret), secret); part != "" {
		t.Errorf("a header shows %q", part)
	}
	raw := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack() //nolint:forcetypeassert // that of net/http can
		_, _ = conn.Write([]byte(strings.Repeat("w", 440) + secret + "\r\n\r\n"))
		_ = conn.Close()
	}))
	defer raw.Close()
	if part := tells(refusal(t, raw.URL, secret), secret); part != "" {
		t.Errorf("a status line shows %q", part)
	}
}

// What is said beside a secret stays as it was.
func TestRefusalsKeepTheirMeaning(t *testing.T) {
	k := &refusing{status: http.StatusBadRequest}
	server := httptest.NewServer(k)
	defer server.Close()
	said, err := json.Marshal(map[string]any{"error": map[string]any{"code": 400, "message": "expecting to find domain in user <b>x</b>"}})
	if err != nil {
		t.Fatal(err)
	}
	k.body = string(said)
	if got := refusal(t, server.URL, "Y6Q7xZ9"); !strings.Contains(got, "400 Bad Request: expecting to find domain in user x") {
		t.Error(got)
	}
}
