// SPDX-License-Identifier: Apache-2.0

package config

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// twoClouds needs a choice; single does not.
const (
	twoClouds = `clouds: {one: {auth: {auth_url: "http://one.example", username: u, password: p, user_domain_name: D}}, two: {auth: {auth_url: "http://two.example", username: u, password: p, user_domain_name: D}}}`
	single    = `clouds: {one: {auth: {auth_url: "http://one.example", username: u, password: p, user_domain_name: D}}}`
	kolla     = `clouds: {kolla-admin: {auth: {auth_url: "http://public.example", username: u, password: p, user_domain_name: D}}, kolla-admin-internal: {auth: {auth_url: "http://internal.example", username: u, password: p, user_domain_name: D}}}`
)

// located is a place with files, each under its directory.
func located(t *testing.T, files map[string]string) *Place {
	t.Helper()
	p := nowhere(t)
	for name, text := range files {
		writeFile(t, filepath.Join(p.Home, name), text)
	}
	return p
}

type sourceCase struct {
	files   map[string]string
	env     map[string]string
	options Options
	url     string // the auth_url chosen
	fault   string // or a part of what is wrong
}

// sourceCases are where openstacksdk is no guide: Kolla's file, the file of an option, and what is refused.
func sourceCases() map[string]sourceCase {
	openrc := map[string]string{"OS_AUTH_URL": "http://env.example", "OS_USERNAME": "u", "OS_PASSWORD": "p", "OS_USER_DOMAIN_NAME": "D"}
	auth := map[string]any{"auth_url": "http://auth.example", "username": "u", "password": "p", "user_domain_name": "D"}
	return map[string]sourceCase{
		"kolla, internal first":        {files: map[string]string{"kolla/clouds.yaml": kolla}, url: "http://internal.example"},
		"kolla comes last":             {files: map[string]string{"kolla/clouds.yaml": kolla, "clouds.yaml": single}, url: "http://one.example"},
		"kolla comes after openrc":     {files: map[string]string{"kolla/clouds.yaml": kolla}, env: openrc, url: "http://env.example"},
		"kolla in place of a choice":   {files: map[string]string{"kolla/clouds.yaml": kolla, "clouds.yaml": twoClouds}, fault: "cloud: not given, and"},
		"kolla without the names":      {files: map[string]string{"kolla/clouds.yaml": single}, fault: "has neither kolla-admin-internal nor kolla-admin"},
		"nothing anywhere":             {fault: "cloud: not given, nor auth; no OS_CLOUD and no OS_AUTH_URL"},
		"only a region in the env":     {files: map[string]string{"clouds.yaml": single}, env: map[string]string{"OS_REGION_NAME": "r"}, url: "http://one.example"},
		"clouds_file, kolla's":         {files: map[string]string{"x/clouds.yaml": kolla}, options: Options{CloudsFile: "~/x/clouds.yaml"}, url: "http://internal.example"},
		"clouds_file beats openrc":     {files: map[string]string{"x/c.yaml": single}, env: openrc, options: Options{CloudsFile: "~/x/c.yaml"}, url: "http://one.example"},
		"clouds_file needs a choice":   {files: map[string]string{"x/c.yaml": twoClouds}, options: Options{CloudsFile: "~/x/c.yaml"}, fault: "has one, two"},
		"clouds_file missing":          {options: Options{CloudsFile: "/no/clouds.yaml"}, fault: "clouds_file: cannot be used: open /no/clouds.yaml: no such file"},
		"clouds_file broken":           {files: map[string]string{"x/c.yaml": "clouds: [\n"}, options: Options{CloudsFile: "~/x/c.yaml"}, fault: "clouds_file: cannot be used: read "},
		"clouds_file a list":           {files: map[string]string{"x/c.yaml": "- a"}, options: Options{CloudsFile: "~/x/c.yaml"}, fault: "not a mapping"},
		"unknown cloud":                {files: map[string]string{"clouds.yaml": twoClouds}, options: Options{Cloud: "three"}, fault: `cloud: "three" is not in`},
		"unknown cloud names those":    {files: map[string]string{"clouds.yaml": twoClouds}, options: Options{Cloud: "three"}, fault: "it has one, two"},
		"a name and no file":           {options: Options{Cloud: "three"}, fault: `cloud: "three" was not found: no clouds.yaml in `},
		"OS_CLOUD names no cloud":      {files: map[string]string{"clouds.yaml": twoClouds}, env: map[string]string{"OS_CLOUD": "three"}, fault: "(OS_CLOUD named it)"},
		"OS_CLOUD and clouds_file":     {files: map[string]string{"x/c.yaml": twoClouds}, env: map[string]string{"OS_CLOUD": "two"}, options: Options{CloudsFile: "~/x/c.yaml"}, url: "http://two.example"},
		"unknown profile":              {files: map[string]string{"clouds.yaml": "clouds: {a: {profile: rackspace}}"}, options: Options{Cloud: "a"}, fault: "has the profile rackspace"},
		"unknown region":               {files: map[string]string{"clouds.yaml": "clouds: {a: {regions: [r1, r2]}}"}, options: Options{Cloud: "a", RegionName: "r3"}, fault: `region_name: "r3" is no region of this cloud; it has r1, r2`},
		"auth beats openrc":            {env: openrc, options: Options{Auth: auth}, url: "http://auth.example"},
		"auth beats files":             {files: map[string]string{"clouds.yaml": single}, options: Options{Auth: auth}, url: "http://auth.example"},
		"auth of Kayobe, all empty":    {env: openrc, options: Options{Auth: map[string]any{"auth_url": "", "username": "", "system_scope": ""}}, fault: "has no auth_url"},
		"auth not complete":            {options: Options{Auth: map[string]any{"username": "u", "password": "p"}}, fault: "has no auth_url (from option auth); (2) auth: has no user_domain_name"},
		"auth with a list":             {options: Options{Auth: map[string]any{"auth_url": []any{"x"}}}, fault: "auth: has a auth_url that is not a single value"},
		"auth with a bare host":        {options: Options{Auth: map[string]any{"auth_url": "keystone:5000", "username": "u", "password": "p", "user_domain_name": "D"}}, fault: "does not start with http"},
		"two scopes":                   {options: Options{Auth: map[string]any{"auth_url": "http://k", "username": "u", "password": "p", "domain_name": "D", "project_name": "p", "system_scope": "all"}}, fault: "asks for a project and for system_scope"},
		"auth beside a dictionary":     {options: Options{Cloud: map[string]any{"auth": auth}, Auth: auth, AuthType: "password"}, fault: "auth: cannot be given beside a cloud that is a dictionary; put it there; (2) auth_type: cannot"},
		"an empty dictionary":          {options: Options{Cloud: map[string]any{}}, fault: "is an empty dictionary"},
		"a list for a cloud":           {options: Options{Cloud: []any{"a"}}, fault: "is neither a name nor a dictionary"},
		"unknown auth_type":            {options: Options{AuthType: "v3kerberos"}, fault: `auth_type: "v3kerberos" is not supported`},
		"unknown auth_type in a file":  {files: map[string]string{"clouds.yaml": "clouds: {a: {auth_type: v3oidcpassword}}"}, fault: `auth_type: "v3oidcpassword" is not supported`},
		"none without an address":      {options: Options{AuthType: "none"}, fault: "auth: has no endpoint, nor is placement_endpoint given"},
		"admin_token without a token":  {options: Options{AuthType: "admin_token", PlacementEndpoint: "http://p"}, fault: "auth: has no token"},
		"secure.yaml of another place": {files: map[string]string{"x/c.yaml": "clouds: {a: {auth: {auth_url: 'http://k', username: u, user_domain_name: D}}}", "secure.yaml": "clouds: {a: {auth: {password: stray}}}"}, options: Options{CloudsFile: "~/x/c.yaml"}, fault: "has no password"},
		"everything at once":           {options: Options{AuthType: "x", Interface: "y", Concurrency: 99, APITimeout: -1, PlacementEndpoint: "p:1", ClientKey: "k"}, fault: "concurrency: \"99\" is not from 1 to 64"},
	}
}

func TestSource(t *testing.T) {
	for name, tt := range sourceCases() {
		t.Run(name, func(t *testing.T) {
			p := located(t, tt.files)
			for k, v := range tt.env {
				p.Env[k] = v
			}
			c, err := p.Resolve(&tt.options)
			if tt.fault == "" {
				if err != nil || c.Cloud.AuthInfo.AuthURL != tt.url {
					t.Fatalf("got %+v, %v", c, err)
				}
				return
			}
			var config *Error
			if !errors.As(err, &config) || !strings.Contains(err.Error(), tt.fault) {
				t.Errorf("got %v, want %s", err, tt.fault)
			}
		})
	}
}

func TestSecureBesideCloudsFile(t *testing.T) {
	p := located(t, map[string]string{
		"x/clouds.yml": "clouds: {admin: {auth: {auth_url: 'http://k', username: u, user_domain_name: D}}}",
		"x/secure.yml": "clouds: {admin: {auth: {password: 0123}}}",
	})
	c, err := p.Resolve(&Options{CloudsFile: "~/x/clouds.yml", Cloud: "admin"})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Cloud.AuthInfo.Password; got != "0123" {
		t.Errorf("got %q", got)
	}
}

const passwordElsewhere = "clouds: {a: {auth: {auth_url: 'http://k', username: u, user_domain_name: D}}}"

type secureCase struct {
	files map[string]string
	env   string
	want  string
}

// The password of a cloud goes where the user's own files or root's say, not where a file says that just lies here.
func TestSecureNotForAnotherPlace(t *testing.T) {
	secure := "clouds: {a: {auth: {password: secret}}}"
	keepsSecure(t, map[string]secureCase{
		"beside it":                   {files: map[string]string{"own1/clouds.yaml": passwordElsewhere, "own1/secure.yaml": secure}},
		"in another own folder":       {files: map[string]string{"own1/clouds.yaml": passwordElsewhere, "own2/secure.yaml": secure}},
		"for the current folder's":    {files: map[string]string{"here/clouds.yaml": passwordElsewhere, "own1/secure.yaml": secure}, want: "has no password"},
		"beside the current one":      {files: map[string]string{"here/clouds.yaml": passwordElsewhere, "here/secure.yaml": secure}},
		"here, for the user's own":    {files: map[string]string{"own1/clouds.yaml": passwordElsewhere, "here/secure.yaml": secure}, want: "has no password"},
		"for root's":                  {files: map[string]string{"system/clouds.yaml": passwordElsewhere, "own1/secure.yaml": secure}, want: "has no password"},
		"for OS_CLIENT_CONFIG_FILE's": {files: map[string]string{"x/c.yaml": passwordElsewhere, "own1/secure.yaml": secure}, env: "~/x/c.yaml", want: "has no password"},
		"a profile that lies here": {
			files: map[string]string{"own1/clouds.yaml": "clouds: {a: {profile: p, auth: {username: u, user_domain_name: D, password: p}}}", "here/clouds-public.yaml": "public-clouds: {p: {auth: {auth_url: 'http://k'}}}"},
			want:  "has the profile p, which no clouds-public.yaml defines",
		},
	})
}

func keepsSecure(t *testing.T, cases map[string]secureCase) {
	t.Helper()
	for name, c := range cases {
		p := located(t, c.files)
		below := func(dir string) string { return filepath.Join(p.Home, dir) }
		p.Current, p.Own, p.System = below("here"), []string{below("own1"), below("own2")}, []string{below("system")}
		if p.Env = map[string]string{}; c.env != "" {
			p.Env["OS_CLIENT_CONFIG_FILE"] = c.env
		}
		if _, err := p.Resolve(&Options{Cloud: "a"}); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestOptionsWin over the cloud, its service settings included.
func TestOptionsWin(t *testing.T) {
	no := false
	p := located(t, map[string]string{"clouds.yaml": `clouds: {a: {
		auth: {auth_url: "http://k", username: u, password: p, user_domain_name: D, project_id: 1e5}, region_name: r, interface: public,
		endpoint_type: internal, verify: true, api_timeout: 5, placement-endpoint-override: "http://file"}}`})
	c, err := p.Resolve(&Options{Cloud: "a", RegionName: "r2", Interface: "adminURL", ValidateCerts: &no, APITimeout: 9, PlacementEndpoint: "http://option", Auth: map[string]any{"project_id": json.Number("123456789012345678901234")}})
	if err != nil {
		t.Fatal(err)
	}
	got := []any{c.Cloud.RegionName, c.Cloud.EndpointType, *c.Cloud.Verify, c.Timeout.String(), c.PlacementAddress(), c.Cloud.AuthInfo.ProjectID}
	if diff := cmp.Diff([]any{"r2", "adminURL", false, "9s", "http://option", "123456789012345678901234"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestNoSecretInFaults looks for the password in everything that can be wrong beside it.
func TestNoSecretInFaults(t *testing.T) {
	auth := map[string]any{"password": "hunter2", "token": "hunter2", "passcode": "hunter2", "application_credential_secret": "hunter2", "auth_url": "http://u:hunter2@k"}
	for _, kind := range append(Logins(), "") {
		_, err := nowhere(t).Resolve(&Options{Auth: auth, AuthType: kind, PlacementEndpoint: "x:hunter2@p"})
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func FuzzParseTree(f *testing.F) {
	f.Add([]byte(kolla))
	f.Add([]byte("a: &a {<<: *a}"))
	f.Add([]byte("a: &a [*a]\n<<: [1, {b: c}]"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		t, err := ParseValues(text)
		if err == nil {
			Normalize(t.Underscored())
		}
	})
}

// nowhere is a place without files and variables.
func nowhere(t *testing.T) *Place {
	t.Helper()
	dir := t.TempDir()
	return &Place{Env: map[string]string{}, Home: dir, Current: dir + "/elsewhere", Own: []string{dir}, Kolla: dir + "/kolla/clouds.yaml"}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
