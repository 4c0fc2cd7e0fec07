// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// failing is a proxy before Placement behind which some paths answer 500.
func failing(t *testing.T, placement string, broken func(path string) bool) string {
	t.Helper()
	to := httputil.NewSingleHostReverseProxy(parsed(t, placement))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken(r.URL.Path) {
			http.Error(w, `{"errors": [{"status": 500, "title": "Internal Server Error"}]}`, http.StatusInternalServerError)
			return
		}
		to.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// everywhere makes faults in both cells and in Placement alone. It returns their fingerprints, with the hosts that each has to do with.
func (b *bench) everywhere() map[string]string {
	b.t.Helper()
	all := []string{"VCPU", "MEMORY_MB", "DISK_GB"}
	stray, far := live.UUID(), live.UUID()
	stale, child := labProvider{UUID: live.UUID(), Name: ours + "stale"}, labProvider{UUID: live.UUID(), Name: ours + "stale-child"}
	device := labProvider{UUID: live.UUID(), Name: ours + "device", Parent: b.provider["cn2"]}
	child.Parent = stale.UUID
	for _, p := range []labProvider{stale, child, device} {
		b.makeProvider(p)
	}
	b.unset(b.server["s2"].ID)
	b.unset(b.server["s6"].ID)
	b.hold(stray, b.on(b.provider["cn2"]))
	b.hold(far, b.on(b.provider["cn6"]))
	b.split("s3", map[string][]string{"cn3": all, "cn4": {"VCPU"}})
	b.split("s4", map[string][]string{"cn5": all})
	for _, host := range []string{"cn3", "cn5", "cn6"} {
		b.amend(b.provider[host], "DISK_GB", inventory{"max_unit": 2000})
	}
	b.put(b.provider["cn1"], "aggregates", []string{live.UUID()})
	return map[string]string{
		"PLC105:server:" + b.server["s2"].ID: "cn2", "PLC105:server:" + b.server["s6"].ID: "cn6",
		"PLC101:consumer:" + stray: "cn2", "PLC101:consumer:" + far: "cn6",
		"PLC103:server:" + b.server["s3"].ID: "cn3 cn4", "PLC104:server:" + b.server["s4"].ID: "cn4 cn5",
		"PLC303:provider:" + b.provider["cn3"]: "cn3", "PLC303:provider:" + b.provider["cn5"]: "cn5", "PLC303:provider:" + b.provider["cn6"]: "cn6",
		"PLC201:provider:" + stale.UUID: "", "PLC206:provider:" + child.UUID: "", "PLC212:provider:" + device.UUID: "cn2",
		"PLC402:provider:" + b.provider["cn1"]: "cn1",
	}
}

// One provider of ten answers 500, then one cell of two does not answer: what depends on it is missing and named, all else is found. The
// databases show the same as the APIs.
func TestLabPartialSight(t *testing.T) {
	b := benchOf(t)
	faults := b.everywhere()
	b.expect(nil, slices.Collect(maps.Keys(faults))...)

	unreadable := "/resource_providers/" + b.provider["cn3"]
	proxy := failing(t, b.Endpoints["placement"], func(path string) bool { return strings.HasPrefix(path, unreadable) })
	b.without("cn3", faults, map[string]any{"placement_endpoint": proxy})

	b.seed(t, "cell-down")
	b.without("cn6", faults, nil, "PLC501:cell:")
	b.without("cn6", faults, b.Databases(), "PLC501:cell:")
	b.obey(nil)
}

// without audits while a host can't be seen, and wants all findings but those that have to do with it. What can't be judged at all names
// the host, or its cell where the databases are read: the APIs name no cells.
func (b *bench) without(host string, faults map[string]string, options map[string]any, more ...string) {
	b.t.Helper()
	want := slices.Clone(more)
	for fingerprint, hosts := range faults {
		if !slices.Contains(strings.Fields(hosts), host) {
			want = append(want, fingerprint)
		}
	}
	slices.Sort(want)
	args, dark := map[string]any{"cloud": b.Cloud, "clouds_file": b.CloudsFile, "grace": 1}, b.provider[host]
	if options["source"] == "database" {
		args, dark = map[string]any{"grace": 1}, "the database of cell cell2"
	}
	maps.Copy(args, options)
	answer := runModule(b.t, args)
	if got := slices.DeleteFunc(fingerprints(answer), live.OnlyInDatabases); !slices.Equal(got, want) || answer["complete"] != false || answer["clean"] != false {
		b.t.Errorf("without %s: %v\nfound\n%s\nwant\n%s", host, answer["msg"], strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	list, _ := answer["not_run"].([]any)
	for _, one := range list {
		if said := fmt.Sprint(one); !strings.Contains(said, host) && !strings.Contains(said, dark) {
			b.t.Errorf("without %s: %v", host, one)
		}
	}
	if msg := fmt.Sprint(answer["msg"]); len(list) == 0 || !strings.Contains(msg, "judged without "+host) {
		b.t.Errorf("without %s: %s, %d not run", host, msg, len(list))
	}
}

// While no allocation can be read, a stale provider is kept. When they can, it goes.
func TestLabProvokedUnread(t *testing.T) {
	b := benchOf(t)
	stale := labProvider{UUID: live.UUID(), Name: ours + "unread"}
	b.makeProvider(stale)
	proxy := failing(t, b.Endpoints["placement"], func(path string) bool {
		return strings.HasPrefix(path, "/resource_providers/") && strings.HasSuffix(path, "/allocations")
	})
	b.obey(map[string]any{"placement_endpoint": proxy})
	b.expect(nil)
}
