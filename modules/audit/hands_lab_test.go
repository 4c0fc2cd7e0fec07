// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
)

// hand does what a remedy says where that is not its command alone.
type hand func(o *operator, f check.Finding)

// hands are those by the beginning of the remedy's row: id and text, or the text.
func hands() map[string]hand {
	all := ofServers()
	maps.Copy(all, ofProviders())
	for _, begins := range []string{
		"First give", "First make room", "First end", "PLC103 Find out", "PLC110 Find out", "…. First give", "…. First let", "First put", "First free",
	} {
		all[begins] = nothing // the other finding's remedy comes first
	}
	return all
}

// ofServers are those of what servers and migrations hold, and of what Nova does with them.
func ofServers() map[string]hand {
	return map[string]hand{
		"Cold-migrate server":                 coldMigrate,
		"Unpause server":                      backToActive,
		"Resume server":                       backToActive,
		"Unrescue server":                     backToActive,
		"Reboot server … hard":                backToActive,
		"Confirm or revert":                   confirm,
		"Abort live migration":                abort,
		"Delete server":                       deleteServer,
		"PLC505 Make sure":                    deleteServer,
		"…: PUT /allocations/":                writeShare,
		"Write all of server":                 writeShare,
		"Give server … what migration":        giveBack,
		"Map the instances of its cell again": mapInstances,
		"PLC111":                              backToHost,
		"PLC502 …":                            endByHand,
		"PLC502 Make sure that server …, which Nova no longer lists, is gone, then set": endByHand,
		"Keep the state of server …: once":                                              offloadAgain,
		"Keep the state of server …: Nova":                                              endTask,
		"End the task of server …, which is on no host":                                 deleteAgain,
		"PLC111 Correct the host":                                                       nameAsService,
		"PLC103 Restart nova-compute":                                                   restartNamed,
		"Start nova-compute on …, and audit":                                            startAgain,
		"PLC111 Find out whether host":                                                  startAgain,
		"First make room for server …: …. Give it":                                      swapShares,
	}
}

// ofProviders are those of hosts, providers and services.
func ofProviders() map[string]hand {
	return map[string]hand{
		"Restart nova-compute":                    restartHost,
		"Look into the log of nova-compute":       restartHost,
		"Bring back the inventory":                restartHost,
		"Find out whether … have one pool":        limitPool,
		"Take resource provider":                  leaveAggregates,
		"Make resource provider … a root":         makeRoot,
		"Find out which service made":             removeChild,
		"Bring the cell's database back":          func(o *operator, _ check.Finding) { o.Command(o.t, "unseed", "cell-down") },
		"Upgrade Placement":                       func(o *operator, _ check.Finding) { delete(o.options, "placement_endpoint") },
		"Find out whether another Nova":           func(o *operator, _ check.Finding) { o.options["owned"] = map[string]any{"providers": "cn*"} },
		"PLC101 Find out whose":                   ownProvoked,
		"Add hosts, or move servers":              moveOne,
		"PLC301 Raise the capacity":               raiseRatio,
		"Raise allocation_ratio":                  raiseRatio,
		"Find out why the service that":           offerAgain,
		"Set these fields":                        fitMaxUnit,
		"Move the servers of host":                func(o *operator, f check.Finding) { o.reregister("seed-renamed-host", text(f, "host")) },
		"Correct what nova.conf":                  reserveLess,
		"Start nova-compute on … if":              startAgain,
		"PLC203 Give resource provider … another": makeWay,
		"Give all but one of the hosts":           ownName,
		"Put resource provider":                   joinHosts,
		"Give resource provider … the trait":      addTrait,
		"See what is held":                        reread,
		"PLC202 List the consumers":               moveToTwin,
	}
}

func nothing(*operator, check.Finding) {}

// text is one value of a finding's evidence.
func text(f check.Finding, key string) string { return fmt.Sprint(f.Evidence[key]) }

// writeShare gives a server what its flavor asks for on the provider of its own host, and nothing else: by the command, if there is one.
func writeShare(o *operator, f check.Finding) {
	o.t.Helper()
	if f.Remedy.Command != "" {
		o.run1(f.Remedy.Command)
		return
	}
	s := o.server[o.nameOf(f.Subject.UUID)]
	h := o.on(o.provider[s.Host])
	h.Project, h.User = s.Project, s.User
	o.hold(s.ID, h)
}

// giveBack sends the request that the finding holds.
func giveBack(o *operator, f check.Finding) {
	o.t.Helper()
	request, _ := f.Evidence["request"].(map[string]any)
	o.send(o.place.At(fmt.Sprint(request["microversion"])), fmt.Sprint(request["method"]), fmt.Sprint(request["path"]), request["body"], nil)
}

// limitPool has all nodes together give out no more than the pool has.
func limitPool(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	list, _ := f.Evidence["providers"].([]any)
	for _, provider := range list {
		o.run1(fmt.Sprintf("openstack resource provider inventory set --amend --resource DISK_GB:allocation_ratio=%.3f %s",
			0.9/float64(len(list)), provider))
	}
}

// leaveAggregates sets the list of a provider's aggregates without those of the finding.
func leaveAggregates(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	uuid, keep := f.Subject.UUID, ""
	stale := fmt.Sprint(f.Evidence["stale"])
	for _, one := range o.stateOf(uuid).aggregates {
		if !strings.Contains(stale, one) {
			keep += " --aggregate " + one
		}
	}
	o.run1(fmt.Sprintf("openstack --os-placement-api-version 1.19 resource provider aggregate set%s --generation %d %s", keep, o.generation(uuid), uuid))
}

func makeRoot(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	o.under(f.Subject.Name, nil)
}

func removeChild(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	o.run1("openstack resource provider delete " + f.Subject.UUID)
}

// raiseRatio sets the ratio of each class so that its capacity covers what is used.
func raiseRatio(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	list, _ := f.Evidence["classes"].([]any)
	for _, one := range list {
		class, _ := one.(map[string]any)
		o.run1(fmt.Sprintf("openstack resource provider inventory set --amend --resource %s:allocation_ratio=4 %s", class["class"], f.Subject.UUID))
	}
}

// offerAgain is what the service does that keeps a child: it offers what is used.
func offerAgain(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	o.amend(f.Subject.UUID, "CUSTOM_PROVOKED", inventory{"total": 4, "max_unit": 4})
}

func fitMaxUnit(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	o.run1("openstack resource provider inventory set --amend --resource CUSTOM_PROVOKED:reserved=0 " + f.Subject.UUID)
}

// ownProvoked says that the roots that the test made are this Nova's, as somebody does who has found it out.
func ownProvoked(o *operator, _ check.Finding) {
	o.options["owned"] = map[string]any{"providers": []string{"cn*", ours + "*"}}
}

// reread looks at a provider, and audits with what answers again.
func reread(o *operator, f check.Finding) {
	o.t.Helper()
	o.run1(f.Remedy.Command)
	delete(o.options, "placement_endpoint")
}

// query changes the lab's databases behind the services' backs.
func (b *bench) query(statement string) {
	b.t.Helper()
	if err := b.SQL(context.WithoutCancel(b.t.Context()), statement); err != nil {
		b.t.Fatal(err)
	}
}

// newPart makes a provider below one, with an inventory.
func (b *bench) newPart(p labProvider, inventories map[string]inventory) {
	b.t.Helper()
	b.send(b.place, http.MethodPost, "/resource_providers", p, nil)
	b.put(p.UUID, "inventories", inventories)
}
