// SPDX-License-Identifier: Apache-2.0

//go:build lab

package resourceclassinfo_test

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/resourceclassinfo"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

func run(t *testing.T, l *live.Lab, args map[string]any) string {
	t.Helper()
	all := map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile}
	maps.Copy(all, args)
	answer := ansibletest.Run(t, resourceclassinfo.Module(), all)
	if answer["failed"] != false {
		t.Fatal(answer["msg"])
	}
	raw, _ := json.Marshal(answer["classes"])
	return string(raw)
}

// What was made is listed, and what the pattern does not match is not.
func TestLabList(t *testing.T) {
	l := live.FindProfile(t, "placement")
	raw := l.Bare()
	name := "CUSTOM_LIST_" + strings.ToUpper(strings.ReplaceAll(live.UUID(), "-", "_"))
	for _, suffix := range []string{"_A", "_B"} {
		raw.Must(t, "PUT", "/resource_classes/"+name+suffix, nil, nil)
		t.Cleanup(func() { raw.Do(context.WithoutCancel(t.Context()), "DELETE", "/resource_classes/"+name+suffix, nil) })
	}
	if got, want := run(t, l, map[string]any{"pattern": name + "_*"}), `[{"custom":true,"name":"`+name+`_A"},{"custom":true,"name":"`+name+`_B"}]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if all := run(t, l, nil); !strings.Contains(all, name+"_B") || !strings.Contains(all, `"custom":false`) {
		t.Error(all)
	}
}
