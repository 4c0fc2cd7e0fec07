// SPDX-License-Identifier: Apache-2.0

//go:build lab

package cloud

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// TestLabWaysIn logs in in each way that reaches the same cloud.
func TestLabWaysIn(t *testing.T) {
	file := labFile(t, "PLACEMENT_LAB_NOVA")
	auth := labAuth(t, file)
	kollaPlace := nowhere(t)
	kollaPlace.Kolla = file
	sourced := nowhere(t)
	sourced.Env = openrc(t, filepath.Join(filepath.Dir(file), "admin-openrc.sh"))
	named := nowhere(t)
	named.Env = map[string]string{"OS_CLIENT_CONFIG_FILE": file, "OS_CLOUD": "kolla-admin"}
	tests := map[string]struct {
		place *config.Place
		o     config.Options
	}{
		"clouds_file, lab":           {nowhere(t), config.Options{CloudsFile: file, Cloud: "lab"}},
		"clouds_file alone":          {nowhere(t), config.Options{CloudsFile: file}},
		"kolla-admin, public":        {nowhere(t), config.Options{CloudsFile: file, Cloud: "kolla-admin"}},
		"system scope":               {nowhere(t), config.Options{CloudsFile: file, Cloud: "kolla-admin-system"}},
		"kolla's place":              {kollaPlace, config.Options{}},
		"openrc":                     {sourced, config.Options{}},
		"OS_CLOUD":                   {named, config.Options{}},
		"auth":                       {nowhere(t), config.Options{Auth: auth, RegionName: "RegionOne"}},
		"auth, one domain for both":  {nowhere(t), config.Options{Auth: oneDomain(auth)}},
		"a dictionary":               {nowhere(t), config.Options{Cloud: map[string]any{"auth": auth, "interface": "admin"}}},
		"v3password, auth_url of v3": {nowhere(t), config.Options{AuthType: "v3password", Auth: with(auth, "auth_url", fmt.Sprint(auth["auth_url"])+"/v3/")}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := labConnect(t, tt.place, &tt.o)
			// The login with that scope works; the policies of Placement after Zed, and of Nova, want a project.
			refused := func(err error) bool { return name == "system scope" && errors.Is(err, ErrForbidden) }
			if err := labProviders(t, s); err != nil && !refused(err) {
				t.Error(err)
			}
			c, err := s.Compute()
			if err != nil || !s.HasCompute() {
				t.Fatal(err)
			}
			if _, err := c.Get(t.Context(), c.ServiceURL("os-services"), nil, nil); err != nil && !refused(AsError("list services", err)) {
				t.Error(AsError("list services", err))
			}
			if got := s.Requests(); got["POST"] != 1 || got["GET"] != 2 {
				t.Errorf("requests %v", got)
			}
		})
	}
}

func labAuth(t *testing.T, file string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Clouds map[string]struct{ Auth map[string]any }
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Clouds["lab"].Auth
}

func with(m map[string]any, key string, value any) map[string]any {
	c := map[string]any{key: value}
	for k, v := range m {
		if k != key {
			c[k] = v
		}
	}
	return c
}

// oneDomain is openstack_auth as Kolla-Ansible has it up to 2025.2.
func oneDomain(auth map[string]any) map[string]any {
	c := with(with(auth, "domain_name", "default"), "user_domain_name", "default")
	delete(c, "project_domain_name")
	return c
}

func openrc(t *testing.T, file string) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "env", "-i", "bash", "-c", `. "$0" && env`, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && strings.HasPrefix(key, "OS_") {
			env[key] = value
		}
	}
	return env
}
