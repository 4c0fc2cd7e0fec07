// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// The secret has everything in it that some way of writing escapes.
const secret = "p@ss/w+rd \"<ü>\\%&=\n!"

// everyForm is a result that says the secret in every way a module might come to.
func everyForm() map[string]any {
	basic := base64.StdEncoding.EncodeToString([]byte("admin:" + secret))
	inner, _ := json.Marshal(map[string]string{"password": secret})
	twice, _ := json.Marshal(string(inner))
	return map[string]any{
		"plain": secret, "inside": "login as admin with " + secret + " failed", "trimmed": strings.TrimSpace(" " + secret + " "),
		"query": url.QueryEscape(secret), "path": "/x/" + url.PathEscape(secret), "url": "http://" + url.UserPassword("u", secret).String() + "@host/",
		"lower":  strings.ToLower(url.QueryEscape("/+\"<>\\%&=")) + url.QueryEscape(secret),
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64url": base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"basic1": "Authorization: Basic " + basic, "basic2": base64.StdEncoding.EncodeToString([]byte("x:" + secret)),
		"basic3": base64.StdEncoding.EncodeToString([]byte("xy:" + secret)),
		"json":   string(inner), "twice": string(twice), "go": strconv.Quote(secret), "go2": fmt.Sprintf("%+v", struct{ P string }{secret}),
		"deep": []any{map[string]any{"a": []string{secret}}}, "keys": map[string]int{secret: 1, "x" + secret: 2, "y": 3},
		"python": strings.NewReplacer("+", "%20", "%2F", "/").Replace(url.QueryEscape(secret)), "go path": (&url.URL{Path: "/a/" + secret}).String(), "ascii": strconv.QuoteToASCII(secret),
		"error": fmt.Errorf("wrapped: %q", secret), "number": 12345, "ok": "untouched",
	}
}

// hints are parts of the secret in the forms above; none may be left.
func hints() []string {
	return []string{
		"p@ss", "w+rd", "p%40ss", "w%2Brd", "w%2brd", "%3C%C3%BC%3E", `\"<ü>`, "u003c\u00fc",
		base64.StdEncoding.EncodeToString([]byte(secret))[:8],
		base64.StdEncoding.EncodeToString([]byte(secret[1:]))[:8],
		base64.StdEncoding.EncodeToString([]byte(secret[2:]))[:8],
	}
}

// leak is a module that answers with everyForm, whoever told it the secret.
func leak[O any](run func(*Call)) *Module {
	return Define("placement_say", []byte(testDoc), func(_ context.Context, call *Call, _ *O) (any, error) {
		run(call)
		call.Warn("%s is no good", secret)
		return everyForm(), fmt.Errorf("log in with %s: %w", secret, url.InvalidHostError(secret))
	})
}

type keyed struct {
	Key    string         `json:"key" jsonschema_description:"Key." jsonschema_extras:"x-ansible-no_log=true"`
	Cloud  any            `json:"cloud" jsonschema_description:"Cloud." jsonschema_extras:"x-ansible-type=raw"`
	Auth   map[string]any `json:"auth" jsonschema_description:"Auth."`
	Logins []login        `json:"logins" jsonschema_description:"Logins."`
}

func TestASecretIsNowhere(t *testing.T) {
	text := mask.Quoted(secret)
	inText := mask.Quoted(`{"auth":{"password":"` + text + `"}}`)
	for name, input := range map[string]string{
		"no_log":           `{"key":"` + text + `"}`,
		"dict":             `{"auth":{"Password":"` + text + `"}}`,
		"raw dict":         `{"cloud":{"a":[{"auth":{"application_credential_secret":"` + text + `"}}]}}`,
		"raw text":         `{"cloud":"` + inText + `"}`,
		"broken text":      `{"cloud":"{\"auth\":{\"password\":` + text + `","auth":{"token":"` + text + `"}}`,
		"below a key":      `{"auth":{"secrets":{"a":["` + text + `"]}}}`,
		"in a list":        `{"logins":[{"user":"u","passcode":"` + text + `"}]}`,
		"in a faulty list": `{"logins":[{"usr":"u","passcode":"` + text + `"}]}`,
		"unknown option":   `{"password":"` + text + `"}`,
		"wrong type":       `{"key":["` + text + `"]}`,
		"environment":      `{"_ansible_environment":{"OS_TOKEN":"` + text + `"}}`,
		"proxy":            `{"_ansible_environment":{"https_proxy":"http://u:` + url.PathEscape(secret) + `@h:1/"}}`,
		"whitespace":       `{"key":" ` + text + ` "}`,
	} {
		out := answerOf(t, leak[keyed](func(*Call) {}), input)
		for _, hint := range hints() {
			if strings.Contains(out, hint) {
				t.Errorf("%s: %q is in the output", name, hint)
			}
		}
		if !strings.Contains(out, `"changed":`) || !strings.Contains(out, `"failed":true`) || !strings.Contains(out, "log in with") && !strings.Contains(out, "parameters") && !strings.Contains(out, "argument") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestCallSecret(t *testing.T) {
	out := answerOf(t, leak[struct{}](func(c *Call) { c.Secret(secret) }), `{}`)
	for _, hint := range hints() {
		if strings.Contains(out, hint) {
			t.Errorf("%q is in the output", hint)
		}
	}
	got := oneObject(t, out)
	keys := map[string]any{mask.Hidden: 1.0, "x" + mask.Hidden: 2.0, "y": 3.0}
	if diff := cmp.Diff(keys, got["keys"]); diff != "" || got["ok"] != "untouched" || got["number"] != 12345.0 {
		t.Errorf("%s %v", diff, got)
	}
	// The proof that the test would notice.
	out = answerOf(t, leak[struct{}](func(*Call) {}), `{}`)
	if !strings.Contains(out, "w+rd") {
		t.Error("nothing to mask")
	}
}

// A dict in a text that can't be read may hold a secret anywhere.
func TestATextThatIsNoDict(t *testing.T) {
	m := Define("placement_say", []byte(testDoc), func(_ context.Context, _ *Call, o *keyed) (any, error) {
		return nil, fmt.Errorf("cloud %v not found", o.Cloud)
	})
	if out := answerOf(t, m, `{"cloud":"{\"auth\":{password: hunter22"}`); strings.Contains(out, "hunter22") {
		t.Error(out)
	}
}

func answerOf(t *testing.T, m *Module, input string) string {
	t.Helper()
	var out bytes.Buffer
	Main([]*Module{m}, Process{
		Args: []string{"placement", m.Name}, Stdin: strings.NewReader(input), Stdout: &out,
		StdinIsPipe: func() bool { return true }, Setenv: func(string, string) error { return nil },
	})
	oneObject(t, out.String())
	return out.String()
}

// A secret may be anything, the names in the result among it.
func TestMaskingKeepsTheStructure(t *testing.T) {
	m := Define("placement_say", []byte(testDoc), func(_ context.Context, c *Call, _ *struct{}) (any, error) {
		for _, s := range []string{"changed", "failed", "said", "true", "null", "1234", "e", "ab", "abc", mask.Hidden, "VALUE", "", "module_args"} {
			c.Secret(s)
		}
		return struct {
			Said  string            `json:"said"`
			Short []string          `json:"short"`
			N     int               `json:"n"`
			Text  string            `json:"text"`
			ByKey map[string]string `json:"by_key"`
		}{"x", []string{"e", "ab", "abc"}, 1234, "he said abc and 1234 and VALUE", map[string]string{"1234": "a", "changed": "b"}}, nil
	})
	got := answerOf(t, m, `{}`)
	want := `{"changed":false,"failed":false,"said":"x","short":["M","M","M"],"n":1234,"text":"he M abc and M and M",` +
		`"by_key":{"M":"a","M_2":"b"},"invocation":{"module_args":{}}}` + "\n"
	if diff := cmp.Diff(want, strings.ReplaceAll(got, mask.Hidden, "M")); diff != "" {
		t.Error(diff)
	}
}

func TestInvocationHidesByKey(t *testing.T) {
	out := answerOf(t, leak[keyed](func(*Call) {}), `{"cloud":{"auth":{"password":1,"passcode":true,"token":"","user":"u","auth_type":"token","token_endpoint":"x"}},"auth":{"a":{"secret":["zzzz"]}},"key":"k"}`)
	got, _ := oneObject(t, out)["invocation"].(map[string]any)
	want := map[string]any{
		"cloud": map[string]any{"auth": map[string]any{"password": mask.Hidden, "passcode": mask.Hidden, "token": mask.Hidden, "user": "u", "auth_type": "token", "token_endpoint": "x"}},
		"auth":  map[string]any{"a": map[string]any{"secret": mask.Hidden}}, "key": mask.Hidden,
	}
	if diff := cmp.Diff(want, got["module_args"]); diff != "" {
		t.Error(diff)
	}
}

// word is no plain string.
type word string

// What is written to a file has no secret in it either, and the original stays as it is.
func TestMaskedCopy(t *testing.T) {
	type Inner struct {
		Text   *string
		Any    any
		hidden string
	}
	type whole struct {
		Inner
		Name    string
		Word    word
		Lists   [][]string
		ByName  map[string]Inner
		Nothing *Inner
		None    []string
		Run     func() string
		At      time.Time
	}
	said := "with hunter22 in it"
	made := func(said string) *whole {
		return &whole{
			Inner: Inner{&said, []any{said, 5}, said}, Name: said, Word: "hunter22", Lists: [][]string{{said}, nil},
			ByName: map[string]Inner{"hunter22": {Any: map[string]any{"a": said}}}, At: time.Unix(1, 0),
		}
	}
	call := &Call{}
	call.Secret("hunter22")
	v := made(said)
	want := made("with " + mask.Hidden + " in it")
	want.hidden = said
	options := []cmp.Option{cmp.AllowUnexported(whole{}, Inner{}), cmpopts.EquateComparable(), cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Run" }, cmp.Ignore())}
	if diff := cmp.Diff(want, MaskedCopy(call, v), options...); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(made(said), v, options...); diff != "" {
		t.Errorf("the original was changed: %s", diff)
	}
}
