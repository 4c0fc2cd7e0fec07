// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// Login is embedded as the connection options are.
type Login struct {
	Cloud any            `json:"cloud" jsonschema_description:"Cloud." jsonschema_extras:"x-ansible-type=raw"`
	Auth  map[string]any `json:"auth" jsonschema_description:"Auth."`
	Other map[string]any `json:"other" jsonschema_description:"Other."`
}

// Harmless lists members for the test.
func (*Login) Harmless() map[string][]string {
	return map[string][]string{"auth": {"user"}, "cloud": {"auth", "user", "regions", "*_endpoint"}}
}

type embedding struct {
	Login
}

func repeating(t *testing.T, input string) (result, args map[string]any, text string) {
	t.Helper()
	m := Define("placement_say", []byte(testDoc), func(_ context.Context, call *Call, o *embedding) (any, error) {
		call.Warn("given %v", o.Auth)
		return nil, fmt.Errorf("%v and %v are of no use", o.Auth, o.Cloud)
	})
	text = answerOf(t, m, input)
	result = oneObject(t, text)
	shown, _ := result["invocation"].(map[string]any)
	args, _ = shown["module_args"].(map[string]any)
	return result, args, text
}

// Of a dict with credentials only what is known to be harmless is shown, in the arguments and everywhere else.
func TestMisspeltSecrets(t *testing.T) {
	result, args, text := repeating(t, `{
		"auth": {"user": "u5er", "pasword": "hunter22", "PASSWORT": "hunter33", "pin": 123456789, "deep": {"user": ["hunter44"]}, "on": true, "none": null},
		"cloud": {"auth": {"user": "u5er", "pasword": "hunter55"}, "compute-endpoint": "http://c", "regions": [{"user": "v", "secre": ["hunter66"]}]},
		"other": {"pasword": "shown77"}}`)
	want := map[string]any{
		"auth": map[string]any{"user": "u5er", "pasword": mask.Hidden, "PASSWORT": mask.Hidden, "pin": mask.Hidden, "deep": mask.Hidden, "on": mask.Hidden, "none": nil},
		"cloud": map[string]any{
			"auth": map[string]any{"user": "u5er", "pasword": mask.Hidden}, "compute-endpoint": "http://c",
			"regions": []any{map[string]any{"user": "v", "secre": mask.Hidden}},
		},
		"other": map[string]any{"pasword": "shown77"},
	}
	if diff := cmp.Diff(want, args); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(text, "hunter") || strings.Contains(text, "123456789") || !strings.Contains(fmt.Sprint(result["msg"]), "u5er") {
		t.Error(text)
	}
}

// The same holds for a dict in a text, and a text that is none is a name.
func TestMisspeltSecretsInTexts(t *testing.T) {
	for input, want := range map[string]string{
		`{"cloud": "{\"auth\": {\"pasword\": \"hunter22\"}}"}`: mask.Hidden,
		`{"cloud": "user=u5er pasword=hunter22"}`:              mask.Hidden,
		`{"auth": "user=u5er,pasword=hunter22"}`:               mask.Hidden,
		`{"cloud": "production"}`:                              "production",
	} {
		result, _, text := repeating(t, input)
		if strings.Contains(text, "hunter") || !strings.Contains(fmt.Sprint(result["msg"]), want) {
			t.Errorf("%s: %s", input, text)
		}
	}
}
