// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"crypto/rand"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// policies are the rules that docs/privileges.md gives, by service.
type policies map[string]map[string]string

// documented reads the rules for the lab's release from the page.
func documented(t *testing.T, release string) policies {
	t.Helper()
	page, err := os.ReadFile("../../docs/privileges.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := []map[string]string{}
	for _, block := range regexp.MustCompile("(?s)```yaml\n(\".*?)```").FindAllStringSubmatch(string(page), -1) {
		var rules map[string]string
		if err := yaml.Unmarshal([]byte(block[1]), &rules); err != nil {
			t.Fatal(err)
		}
		blocks = append(blocks, rules)
	}
	if len(blocks) != 4 {
		t.Fatalf("the page has %d lists of rules", len(blocks))
	}
	all := policies{"nova": blocks[0], "placement": blocks[3]}
	maps.Copy(all["nova"], blocks[map[string]int{"zed": 1, "current": 2}[release]])
	return all
}

// enact has the services of the lab follow these rules, and none but their own after the test.
func (b *bench) enact(p policies) {
	b.t.Helper()
	for _, service := range []string{"nova", "placement"} {
		text, err := []byte("# no rules: those of the code hold\n"), error(nil)
		if len(p[service]) > 0 {
			text, err = yaml.Marshal(p[service])
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(b.ConfigDir, service, "policy.yaml"), text, 0o600)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// without is a copy in which one rule allows administrators only. To leave it out would not do: Nova then takes the value of the
// rule's old name.
func (p policies) without(rule string) policies {
	out := policies{}
	for service, rules := range p {
		out[service] = maps.Clone(rules)
		if _, there := rules[rule]; there {
			out[service][rule] = "role:admin"
		}
	}
	return out
}

// identity makes things in Keystone that are gone when the test ends.
type identity struct {
	*bench
	client *live.Raw
}

// make makes one thing and returns its id.
func (i identity) make(kind string, what map[string]any) string {
	i.t.Helper()
	var answer map[string]struct{ ID string }
	path := "/" + kind + "s"
	i.send(i.client, http.MethodPost, path, map[string]any{kind: what}, &answer)
	id := answer[kind].ID
	i.t.Cleanup(func() { i.send(i.client, http.MethodDelete, path+"/"+id, nil, nil) })
	return id
}

func (i identity) role(name string) string {
	i.t.Helper()
	var list struct{ Roles []struct{ ID string } }
	i.send(i.client, http.MethodGet, "/roles?name="+name, nil, &list)
	if len(list.Roles) != 1 {
		i.t.Fatalf("%d roles are called %s", len(list.Roles), name)
	}
	return list.Roles[0].ID
}

// reader is the login of docs/privileges.md.
type reader struct {
	password   *live.Raw      // of the user
	credential *live.Raw      // of the application credential
	auth       map[string]any // of it, for the module
}

func newReader(t *testing.T, b *bench) reader {
	t.Helper()
	l := live.Find(t)
	i := identity{b, l.Keystone(b.place)}
	secret := rand.Text()
	role := i.make("role", map[string]any{"name": "placement_audit"})
	project := i.make("project", map[string]any{"name": "placement-audit", "domain_id": "default"})
	user := i.make("user", map[string]any{"name": "placement-audit", "domain_id": "default", "password": secret})
	for _, id := range []string{role, i.role("reader")} {
		b.send(i.client, http.MethodPut, "/projects/"+project+"/users/"+user+"/roles/"+id, nil, nil)
	}
	r := reader{password: l.RawAs(t, map[string]any{
		"identity": map[string]any{
			"methods": []string{"password"}, "password": map[string]any{"user": map[string]any{"id": user, "password": secret}},
		},
		"scope": map[string]any{"project": map[string]any{"id": project}},
	})}
	var made struct {
		Credential struct{ ID, Secret string } `json:"application_credential"`
	}
	b.send(l.Keystone(r.password), http.MethodPost, "/users/"+user+"/application_credentials", map[string]any{"application_credential": map[string]any{
		"name": "placement-audit", "roles": []map[string]any{{"name": "reader"}, {"name": "placement_audit"}},
		"access_rules": []map[string]any{
			{"service": "compute", "method": "GET", "path": "/v2.1/**"}, {"service": "placement", "method": "GET", "path": "/**"},
		},
	}}, &made)
	r.credential = l.RawAs(t, map[string]any{"identity": map[string]any{
		"methods": []string{"application_credential"}, "application_credential": map[string]any{"id": made.Credential.ID, "secret": made.Credential.Secret},
	}})
	r.auth = map[string]any{
		"auth_url": l.Endpoints["keystone"], "application_credential_id": made.Credential.ID, "application_credential_secret": made.Credential.Secret,
	}
	return r
}

func (r reader) audit(t *testing.T) map[string]any {
	t.Helper()
	answer := runModule(t, map[string]any{"auth_type": "v3applicationcredential", "auth": r.auth, "grace": 0})
	if answer["failed"] == true {
		t.Fatalf("%v", answer["msg"])
	}
	return answer
}

// refused holds that nothing can be written: the rules refuse the user, and the access rules already the application credential.
func (r reader) refused(t *testing.T, b *bench) {
	t.Helper()
	l := live.Find(t)
	uuid, service := b.provider["cn1"], b.services()[0].ID
	inventories := map[string]any{"resource_provider_generation": b.generation(uuid), "inventories": b.stateOf(uuid).inventories}
	for status, login := range map[int]*live.Raw{http.StatusForbidden: r.password, http.StatusUnauthorized: r.credential} {
		for _, answer := range []live.Answer{
			login.Do(t.Context(), http.MethodPut, "/resource_providers/"+uuid+"/inventories", inventories),
			login.Do(t.Context(), http.MethodPut, "/resource_providers/"+uuid+"/traits", map[string]any{"resource_provider_generation": 0, "traits": []string{}}),
			l.Nova(login).Do(t.Context(), http.MethodPut, "/os-services/"+service, map[string]any{"status": "enabled"}),
			l.Nova(login).Do(t.Context(), http.MethodDelete, "/servers/"+b.server["s1"].ID, nil),
		} {
			// A server of another project does not exist for the user.
			if answer.Err != nil || answer.Status != status && !(login == r.password && answer.Status == http.StatusNotFound) {
				t.Errorf("want %d: %d %s %v", status, answer.Status, answer.Body, answer.Err)
			}
		}
	}
}

// The login of docs/privileges.md runs the whole audit, sees what an administrator sees, and can't write. Without any one of the
// rules the audit is not complete, and names it.
func TestLabLeastPrivilege(t *testing.T) {
	b := benchOf(t)
	t.Cleanup(func() { b.enact(policies{}) })
	rules := documented(t, b.Release)
	login := newReader(t, b)
	orphan, stale := b.seed(t, "orphaned-allocation"), b.seed(t, "stale-provider")
	want := []string{"PLC101:consumer:" + orphan.text(t, "consumer"), "PLC201:provider:" + stale.text(t, "provider")}
	b.live("s1", "cn2") // a migration whose hosts can be hidden
	b.live("s1", "cn1")

	b.enact(rules)
	answer := login.audit(t)
	if answer["complete"] != true || len(notRun(answer)) > 0 || !slices.Equal(fingerprints(answer), want) {
		t.Fatalf("complete %v, found %v, want %v, not run %v", answer["complete"], fingerprints(answer), want, notRun(answer))
	}
	login.refused(t, b)
	for _, service := range rules {
		for rule := range service {
			b.enact(rules.without(rule))
			login.lacks(t, rule)
		}
	}
	b.enact(policies{})
	for _, rule := range []string{"os_compute_api:os-services:list", "placement:resource_providers:list"} {
		login.lacks(t, rule)
	}
}

// lacks holds that the audit is not complete for want of the rule.
func (r reader) lacks(t *testing.T, rule string) {
	t.Helper()
	answer := r.audit(t)
	if rule == "placement:allocation_candidates:list" { // it has another way
		if answer["complete"] != true {
			t.Errorf("without %s: not run %v", rule, notRun(answer))
		}
		return
	}
	named := func(reason string) bool {
		return strings.Contains(reason, "allow "+rule+" to a role of this login, as docs/privileges.md")
	}
	reasons := slices.Collect(maps.Values(notRun(answer)))
	if answer["complete"] != false || answer["clean"] != false || !slices.ContainsFunc(reasons, named) {
		t.Errorf("without %s: complete %v, not run %v", rule, answer["complete"], notRun(answer))
	}
}
