// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// incompleteOwner is what Placement has for a project and a user that it was not told.
const incompleteOwner = "00000000-0000-0000-0000-000000000000"

// consumerFaults are about what servers and migrations hold. The servers are those of TestLabProvoked.
func consumerFaults() []provocation {
	var ended string
	return []provocation{{
		checks: "PLC102",
		provoke: func(b *bench) []string {
			ended = b.moveOf(ours + "moved")
			b.hold(ended, b.on(b.provider["cn2"]))
			return []string{"PLC102:consumer:" + ended}
		},
	}, {
		checks: "PLC107",
		provoke: func(b *bench) []string {
			server := b.server[ours+"shelved"].ID
			b.hold(server, b.on(b.provider["cn5"]))
			return []string{"PLC107:server:" + server}
		},
	}, {
		checks: "PLC108",
		provoke: func(b *bench) []string {
			server := b.server["s1"].ID
			h := b.held(server)
			h.Project, h.User = incompleteOwner, incompleteOwner
			b.hold(server, h)
			return []string{"PLC108:consumer:" + server}
		},
	}, {
		checks: "PLC110 PLC307",
		provoke: func(b *bench) []string {
			b.amend(b.provider["cn6"], "MEMORY_MB", inventory{"step_size": 3000})
			return []string{"PLC110:consumer:" + b.server["s6"].ID, "PLC307:provider:" + b.provider["cn6"]}
		},
	}, {
		checks:  "PLC502",
		provoke: func(b *bench) []string { return []string{"PLC502:consumer:" + b.moveOf(ours+"resized")} },
	}}
}

// providerFaults are about providers and their inventories.
func providerFaults() []provocation {
	root, child := labProvider{UUID: live.UUID(), Name: ours + "root"}, labProvider{UUID: live.UUID(), Name: ours + "child"}
	child.Parent = root.UUID
	device := labProvider{UUID: live.UUID(), Name: ours + "device"}
	return []provocation{{
		checks: "PLC212",
		provoke: func(b *bench) []string {
			device.Parent = b.provider["cn5"]
			b.makeProvider(device)
			return []string{"PLC212:provider:" + device.UUID}
		},
	}, {
		checks: "PLC201 PLC206",
		provoke: func(b *bench) []string {
			b.makeProvider(root)
			b.makeProvider(child)
			return []string{"PLC201:provider:" + root.UUID, "PLC206:provider:" + child.UUID}
		},
	}, {
		checks: "PLC204",
		provoke: func(b *bench) []string {
			b.rename(b.provider["cn6"], ours+"renamed")
			return []string{"PLC204:provider:" + b.provider["cn6"]}
		},
	}, {
		checks: "PLC302",
		provoke: func(b *bench) []string { // two servers of 2048 MB each are there
			total, _ := b.stateOf(b.provider["cn4"]).inventories["MEMORY_MB"]["total"].(float64)
			b.amend(b.provider["cn4"], "MEMORY_MB", inventory{"reserved": int(total) - 4096, "allocation_ratio": 1.0})
			return []string{"PLC302:provider:" + b.provider["cn4"]}
		},
	}, {
		checks: "PLC303",
		provoke: func(b *bench) []string {
			b.amend(b.provider["cn6"], "DISK_GB", inventory{"max_unit": 2000})
			return []string{"PLC303:provider:" + b.provider["cn6"]}
		},
	}}
}

// aggregateFaults are about host aggregates.
func aggregateFaults() []provocation {
	return []provocation{{
		checks: "PLC304",
		provoke: func(b *bench) []string {
			uuid := b.aggregate("ratios", "cn1", "cn2", "cn3")
			b.put(b.provider["cn6"], "aggregates", []string{uuid}) // the one of PLC402 that Nova has
			b.amend(b.provider["cn1"], "VCPU", inventory{"allocation_ratio": 3.0})
			return []string{"PLC304:provider:" + b.provider["cn1"]}
		},
	}, {
		checks: "PLC401",
		provoke: func(b *bench) []string {
			b.aggregate("missing", "cn4")
			b.put(b.provider["cn4"], "aggregates", []string{})
			return []string{"PLC401:provider:" + b.provider["cn4"]}
		},
	}, {
		checks: "PLC402",
		provoke: func(b *bench) []string {
			b.put(b.provider["cn5"], "aggregates", []string{live.UUID()})
			return []string{"PLC402:provider:" + b.provider["cn5"], "PLC402:provider:" + b.provider["cn6"]}
		},
	}}
}

// poolFaults are of disks that look like one pool. nova-compute puts back what is written here, within minutes.
func poolFaults() []provocation {
	hosts := []string{"cn4", "cn5", "cn6"}
	set := func(b *bench, host string, total any) {
		b.amend(b.provider[host], "DISK_GB", inventory{"total": total, "max_unit": total})
	}
	return []provocation{{
		checks: "PLC306 PLC305",
		provoke: func(b *bench) []string {
			var want, uuids []string
			for _, host := range hosts {
				set(b, host, 200000)
				uuids = append(uuids, b.provider[host])
				want = append(want, "PLC305:provider:"+b.provider[host])
			}
			return append(want, "PLC306:provider:"+slices.Min(uuids))
		},
	}}
}

// treeFaults are of providers in a wrong tree.
func treeFaults() []provocation {
	root := labProvider{UUID: live.UUID(), Name: ours + "above"}
	return []provocation{{
		checks: "PLC211",
		provoke: func(b *bench) []string {
			b.send(b.place, http.MethodPost, "/resource_providers", root, nil)
			b.under("cn6", root.UUID)
			return []string{"PLC211:provider:" + b.provider["cn6"]}
		},
	}}
}

// under gives the provider of a host a parent, or none.
func (b *bench) under(host string, parent any) {
	b.t.Helper()
	b.send(b.place.At("1.37"), http.MethodPut, "/resource_providers/"+b.provider[host], map[string]any{"name": host, "parent_provider_uuid": parent}, nil)
}

// computeFaults are those that nova-compute mends. Each has a host to itself. A provider can't be deleted, nor its inventories,
// while its server holds something there: so that servers lose their allocations first (PLC105), and are healed at the end.
func computeFaults() []provocation {
	usurper := labProvider{UUID: live.UUID(), Name: "cn3"}
	return []provocation{{
		checks: "PLC208 PLC209 PLC305",
		provoke: func(b *bench) []string {
			cn1 := b.provider["cn1"]
			b.setTrait(cn1, "COMPUTE_STATUS_DISABLED", true)
			b.setTrait(cn1, "COMPUTE_NODE", false)
			b.amend(cn1, "VCPU", inventory{"total": 12, "max_unit": 12})
			return []string{"PLC208:provider:" + cn1, "PLC209:provider:" + cn1, "PLC305:provider:" + cn1}
		},
	}, {
		checks: "PLC207 PLC208 PLC105",
		provoke: func(b *bench) []string {
			cn2, s2 := b.provider["cn2"], b.server["s2"].ID
			b.enable("cn2", "disabled")
			b.until("trait of cn2", func() bool { return slices.Contains(b.stateOf(cn2).traits, "COMPUTE_STATUS_DISABLED") })
			b.setTrait(cn2, "COMPUTE_STATUS_DISABLED", false)
			b.unset(s2)
			b.put(cn2, "inventories", map[string]inventory{})
			return []string{"PLC207:provider:" + cn2, "PLC208:provider:" + cn2, "PLC105:server:" + s2}
		},
	}, {
		checks: "PLC203 PLC205",
		provoke: func(b *bench) []string {
			b.unset(b.server["s3"].ID)
			b.remove(b.provider["cn3"])
			b.makeProvider(usurper)
			return []string{
				"PLC203:provider:" + usurper.UUID, "PLC201:provider:" + usurper.UUID,
				"PLC205:provider:" + b.provider["cn3"], "PLC105:server:" + b.server["s3"].ID,
			}
		},
	}, {
		checks: "PLC205 PLC104",
		provoke: func(b *bench) []string {
			b.split("s4", map[string][]string{"cn5": {"VCPU", "MEMORY_MB", "DISK_GB"}})
			b.remove(b.provider["cn4"])
			return []string{"PLC205:provider:" + b.provider["cn4"], "PLC104:server:" + b.server["s4"].ID}
		},
	}}
}

// complete waits until nova-compute has written all that it writes when it starts: the inventory first, the traits last.
func (b *bench) complete(host string, traits ...string) {
	b.t.Helper()
	path := "/resource_providers/" + b.provider[host]
	b.until("provider of "+host, func() bool {
		if b.place.Do(b.t.Context(), http.MethodGet, path, nil).Status == http.StatusNotFound {
			return false
		}
		now := b.stateOf(b.provider[host])
		for _, trait := range append(traits, "COMPUTE_NODE") {
			if !slices.Contains(now.traits, trait) {
				return false
			}
		}
		return now.inventories["VCPU"]["total"] == 10.0 && (len(traits) > 0 || !slices.Contains(now.traits, "COMPUTE_STATUS_DISABLED"))
	})
}

// changedVersion is a proxy before Placement that says in GET / that it has an older newest microversion.
func changedVersion(t *testing.T, placement, newest string) string {
	t.Helper()
	target := parsed(t, placement)
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(resp *http.Response) error { return rewriteNewest(resp, newest) },
	})
	t.Cleanup(server.Close)
	return server.URL
}

func parsed(t *testing.T, text string) *url.URL {
	t.Helper()
	out, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func rewriteNewest(resp *http.Response, newest string) error {
	if resp.Request.URL.Path != "/" {
		return nil
	}
	var versions struct {
		Versions []map[string]any `json:"versions"`
	}
	err := json.NewDecoder(resp.Body).Decode(&versions)
	for _, version := range versions.Versions {
		version["max_version"] = newest
	}
	text, err2 := json.Marshal(versions)
	resp.Body = io.NopCloser(bytes.NewReader(text))
	resp.ContentLength = int64(len(text))
	resp.Header.Set("Content-Length", strconv.Itoa(len(text)))
	if err != nil {
		return err
	}
	return err2
}
