// SPDX-License-Identifier: Apache-2.0

//go:build lab

package providerinfo_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/providerinfo"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Each filter leaves the providers that Placement has so, and several together those that pass all.
func TestLabFilters(t *testing.T) {
	l := live.FindProfile(t, "placement")
	raw := l.Bare()
	name := "filter-" + live.UUID()
	big, small := raw.Make(t, name+"-big"), raw.Make(t, name+"-small")
	aggregate := live.UUID()
	for uuid, total := range map[string]int{big: 8, small: 2} {
		raw.Must(t, "PUT", "/resource_providers/"+uuid+"/inventories", map[string]any{
			"resource_provider_generation": 0, "inventories": map[string]any{"VCPU": map[string]any{"total": total}},
		}, nil)
	}
	raw.Must(t, "PUT", "/resource_providers/"+big+"/traits", map[string]any{"resource_provider_generation": 1, "traits": []string{"HW_CPU_X86_VMX"}}, nil)
	raw.Must(t, "PUT", "/resource_providers/"+small+"/aggregates", map[string]any{"resource_provider_generation": 1, "aggregates": []string{aggregate}}, nil)
	raw.Must(t, "PUT", "/resource_providers/"+small+"/traits", map[string]any{"resource_provider_generation": 2, "traits": []string{"HW_CPU_X86_AVX2"}}, nil)
	for _, c := range []struct {
		args map[string]any
		want string
	}{
		{map[string]any{}, "big small"},
		{map[string]any{"resources": map[string]any{"VCPU": 2}}, "big small"},
		{map[string]any{"resources": map[string]any{"VCPU": 3}}, "big"},
		{map[string]any{"resources": map[string]any{"VCPU": 9}}, ""},
		{map[string]any{"required": []string{"HW_CPU_X86_VMX"}}, "big"},
		{map[string]any{"required": "in:HW_CPU_X86_VMX,HW_CPU_X86_AVX2"}, "big small"},
		{map[string]any{"required": []string{"in:HW_CPU_X86_VMX,HW_CPU_X86_AVX2", "in:HW_CPU_X86_AVX2,HW_CPU_X86_SSE"}}, "small"},
		{map[string]any{"required": []string{"in:HW_CPU_X86_VMX,HW_CPU_X86_AVX2", "HW_CPU_X86_VMX"}, "forbidden": []string{"HW_CPU_X86_SSE"}}, "big"},
		{map[string]any{"required": []string{"HW_CPU_X86_VMX", "HW_CPU_X86_AVX2"}}, ""},
		{map[string]any{"forbidden": []string{"HW_CPU_X86_VMX"}}, "small"},
		{map[string]any{"member_of": "in:" + live.UUID() + "," + aggregate}, "small"},
		{map[string]any{"member_of": []string{"!" + aggregate}}, "big"},
		{map[string]any{"member_of": "!in:" + live.UUID() + "," + aggregate}, "big"},
		{map[string]any{"member_of": []string{aggregate, live.UUID()}}, ""},
		{map[string]any{"member_of": []string{strings.ToUpper(aggregate)}}, "small"},
		{map[string]any{"member_of": []string{aggregate}, "required": []string{"HW_CPU_X86_VMX"}}, ""},
		{map[string]any{"provider": small, "tree": true, "resources": map[string]any{"VCPU": 1}}, "small"},
	} {
		args := map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile, "details": []string{}, "pattern": name + "-*"}
		maps.Copy(args, c.args)
		answer := ansibletest.Run(t, providerinfo.Module(), args)
		list, ok := answer["providers"].([]any)
		if !ok {
			t.Fatalf("%v: %v", c.args, answer["msg"])
		}
		got := shortly(list, name+"-")
		if strings.Join(got, " ") != c.want || len(got) != len(list) {
			t.Errorf("%v: %v of %d, want %s", c.args, got, len(list), c.want)
		}
	}
	answer := ansibletest.Run(t, providerinfo.Module(), map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile, "required": []string{"CUSTOM_NONE_SUCH"}})
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "CUSTOM_NONE_SUCH") {
		t.Errorf("an unknown trait: %v", answer)
	}
}

// shortly names those of the test's two providers that are in a list.
func shortly(list []any, prefix string) []string {
	var got []string
	for _, p := range list {
		provider, _ := p.(map[string]any)
		if short, is := strings.CutPrefix(fmt.Sprint(provider["name"]), prefix); is && slices.Contains([]string{"big", "small"}, short) {
			got = append(got, short)
		}
	}
	slices.Sort(got)
	return got
}
