// SPDX-License-Identifier: Apache-2.0

//go:build lab

package traitinfo_test

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/traitinfo"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

func run(t *testing.T, l *live.Lab, args map[string]any) string {
	t.Helper()
	all := map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile}
	maps.Copy(all, args)
	answer := ansibletest.Run(t, traitinfo.Module(), all)
	if answer["failed"] != false {
		t.Fatal(answer["msg"])
	}
	raw, _ := json.Marshal(answer["traits"])
	return string(raw)
}

// What was made is listed, and what the pattern does not match is not.
func TestLabList(t *testing.T) {
	l := live.FindProfile(t, "placement")
	raw := l.Bare()
	name := "CUSTOM_LIST_" + strings.ToUpper(strings.ReplaceAll(live.UUID(), "-", "_"))
	for _, suffix := range []string{"_A", "_B"} {
		raw.Must(t, "PUT", "/traits/"+name+suffix, nil, nil)
		t.Cleanup(func() { raw.Do(context.WithoutCancel(t.Context()), "DELETE", "/traits/"+name+suffix, nil) })
	}
	if got, want := run(t, l, map[string]any{"pattern": name + "_*"}), `[{"custom":true,"name":"`+name+`_A"},{"custom":true,"name":"`+name+`_B"}]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	uuid := raw.Make(t, "holder-"+live.UUID())
	raw.Must(t, "PUT", "/resource_providers/"+uuid+"/traits", map[string]any{"resource_provider_generation": 0, "traits": []string{name + "_A"}}, nil)
	held := run(t, l, map[string]any{"pattern": name + "_[AB]", "holders": true})
	if !strings.Contains(held, uuid) || !strings.Contains(held, `"name":"`+name+`_B","providers":[]`) {
		t.Error(held)
	}
	if got := run(t, l, map[string]any{"pattern": name + "_*", "associated": true}); got != `[{"custom":true,"name":"`+name+`_A"}]` {
		t.Error(got)
	}
	raw.Must(t, "PUT", "/resource_providers/"+uuid+"/traits", map[string]any{"resource_provider_generation": 1, "traits": []string{}}, nil)

	if all := run(t, l, nil); !strings.Contains(all, name+"_B") || !strings.Contains(all, `"custom":false`) {
		t.Error(all)
	}
}
