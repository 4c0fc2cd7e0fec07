// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

// lands are flavors, by the hosts on which they can land.
func lands(hosts map[string][]string) *verdict.Capacity {
	all := []verdict.Landing{}
	for _, name := range []string{"m1", "m2", "m3", "a b"} {
		on, has := hosts[name]
		if !has {
			continue
		}
		l := verdict.Landing{Name: name, Now: capacity.Slots{Total: 2 * len(on), Count: len(on)}}
		for _, host := range on {
			l.Now.Hosts = append(l.Now.Hosts, capacity.Host{Name: host, Slots: 2})
		}
		all = append(all, l)
	}
	return &verdict.Capacity{Msg: "counted", Flavors: &all}
}

type comparison struct {
	now, before *verdict.Capacity
	want        []string
	text        string
	verdict     verdict.Verdict
}

func TestCapacityIsKept(t *testing.T) {
	all := map[string][]string{"m1": {"cn1", "cn2"}, "m2": {"cn1"}}
	nowhere := map[string][]string{"m1": {"cn1", "cn2"}, "m2": {}}
	compares(t, map[string]comparison{
		"not asked for":    {nil, nil, []string{}, "", verdict.Pass},
		"the same":         {lands(all), lands(all), []string{}, "Capacity: 2 flavors in use, 0 can land nowhere, 0 on fewer hosts than before the upgrade", verdict.Pass},
		"more":             {lands(all), lands(nowhere), []string{}, "Capacity: 2 flavors in use, 0 can land nowhere, 0 on fewer hosts", verdict.Pass},
		"fewer":            {lands(map[string][]string{"m1": {"cn1"}}), lands(all), []string{}, "Capacity: 1 flavor in use, 0 can land nowhere, 1 on fewer hosts", verdict.Pass},
		"nowhere before":   {lands(nowhere), lands(nowhere), []string{}, "Capacity: 2 flavors in use, 1 can land nowhere, 0 on fewer", verdict.Pass},
		"not there before": {lands(nowhere), lands(map[string][]string{"m1": {"cn1"}}), []string{}, "1 can land nowhere, 0 on fewer", verdict.Pass},
	})
}

func TestCapacityIsLost(t *testing.T) {
	all := map[string][]string{"m1": {"cn1", "cn2"}, "m2": {"cn1"}}
	nowhere := map[string][]string{"m1": {"cn1", "cn2"}, "m2": {}}
	compares(t, map[string]comparison{
		"nowhere any more": {
			lands(nowhere), lands(all),
			[]string{"high capacity: a server of flavor m2 can land on no host; before the upgrade it could land on 1 host (cn1)"},
			"placement why --flavor m2", verdict.Fail,
		},
		"many": {
			lands(map[string][]string{"a b": {}}), lands(map[string][]string{"a b": {"cn1", "cn2", "cn3", "cn4"}}),
			[]string{"high capacity: a server of flavor a b can land on no host; before the upgrade it could land on 4 hosts (cn1, cn2, cn3, …)"},
			"To do: Find out why", verdict.Fail,
		},
	})
}

func TestCapacityIsUnread(t *testing.T) {
	all := map[string][]string{"m1": {"cn1", "cn2"}, "m2": {"cn1"}}
	nowhere := map[string][]string{"m1": {"cn1", "cn2"}, "m2": {}}
	compares(t, map[string]comparison{
		"unread now": {
			&verdict.Capacity{Msg: "403"}, lands(all),
			[]string{"medium capacity: the capacity for the flavors in use could not be read: 403 (unread)"},
			"Capacity: not read", verdict.Warn,
		},
		"unread before": {
			lands(all), &verdict.Capacity{Msg: "no such file"},
			[]string{"medium capacity: the capacity from before the upgrade could not be read: no such file (unread)"},
			"Capacity: 2 flavors in use, 0 can land nowhere\n", verdict.Warn,
		},
		"not given before": {
			lands(nowhere), nil,
			[]string{"medium capacity: the capacity from before the upgrade could not be read: it was not given (unread)"},
			"Capacity: 2 flavors in use, 1 can land nowhere\n", verdict.Warn,
		},
		"nothing said": {
			&verdict.Capacity{}, lands(all), []string{"medium capacity: the capacity for the flavors in use could not be read: no reason was given (unread)"}, "not read", verdict.Warn,
		},
	})
}

func TestCapacityIsReadInPart(t *testing.T) {
	all := map[string][]string{"m1": {"cn1", "cn2"}, "m2": {"cn1"}}
	partly := lands(all)
	partly.NotRead = []string{"a cell does not answer"}
	compares(t, map[string]comparison{
		"read in part": {
			partly, partly, []string{
				"medium capacity: the capacity for the flavors in use could not be read to its end: a cell does not answer (unread)",
				"medium capacity: the capacity from before the upgrade could not be read to its end: a cell does not answer (unread)",
			}, "Capacity: 2 flavors", verdict.Warn,
		},
	})
}

func compares(t *testing.T, cases map[string]comparison) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := after(func(a *verdict.After) { a.Capacity = verdict.Capacities{Now: c.now, Before: c.before, Compared: true} })
			reasons := a.Reasons()
			if diff := cmp.Diff(c.want, told(reasons)); diff != "" {
				t.Error(diff)
			}
			text := strings.Join(a.Text(screen.View{Width: 200}, "msg", reasons, usual(), nil), "\n") + "\n"
			if got := usual().Judge(reasons); got != c.verdict || !strings.Contains(text, c.text) {
				t.Errorf("%s, want %s; no %q in %s", got, c.verdict, c.text, text)
			}
			if name == "many" && reasons[0].Command != "" {
				t.Errorf("no command can hold the name: %s", reasons[0].Command)
			}
		})
	}
}

// Before an upgrade there is nothing to compare with; what could not be read is a reason all the same.
func TestCapacityBefore(t *testing.T) {
	b := verdict.Before{Audit: audited(), Computes: reading(), Capacity: verdict.Capacities{Now: lands(map[string][]string{"m1": {}, "m2": {"cn1"}})}}
	if reasons := b.Reasons(); len(reasons) != 0 {
		t.Errorf("%v", told(reasons))
	}
	text := strings.Join(b.Text(screen.View{Width: 200}, "msg", nil, usual(), nil), "\n")
	page := string(b.Markdown(verdict.Pass, "msg", nil))
	if !strings.Contains(text, "Capacity: 2 flavors in use, 1 can land nowhere\n") || !strings.Contains(page, "| Flavor | Hosts | Servers that fit |\n| --- | --- | --- |\n| m1 | 0 | 0 |\n| m2 | 1 | 2 |\n") {
		t.Errorf("%s\n%s", text, page)
	}
	b.Capacity.Now = &verdict.Capacity{Msg: "403"}
	if got := told(b.Reasons()); len(got) != 1 || got[0] != "medium capacity: the capacity for the flavors in use could not be read: 403 (unread)" {
		t.Errorf("%v", got)
	}
}

// The page of an upgrade has both numbers of each flavor; of what is not known it says so.
func TestCapacityTable(t *testing.T) {
	a := after(func(a *verdict.After) {
		a.Capacity = verdict.Capacities{Now: lands(map[string][]string{"m1": {"cn1"}, "m3": {"cn1"}}), Before: lands(map[string][]string{"m1": {"cn1", "cn2"}}), Compared: true}
	})
	page := string(a.Markdown(verdict.Pass, "msg", nil))
	for _, want := range []string{"## Where the flavors in use can land", "| m1 | 2 | 1 | 4 | 2 |", "| m3 | not known | 1 | not known | 2 |"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %s", want, page)
		}
	}
}
