// SPDX-License-Identifier: Apache-2.0

//go:build lab

package soak_test

import (
	"context"
	"fmt"
	"math/rand"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

const (
	actors   = 4
	most     = 3               // servers that an actor has at once
	patience = 4 * time.Minute // for one action
	alone    = "cn6"           // the one host of the lab's second cell
	amid     = 0.06            // share of the actions in whose midst the server is deleted
)

// action is something that an actor does to a server.
type action struct {
	name    string
	weight  int
	status  string // that the server needs
	request string // Nova's name of it
	becomes string // the status afterwards; empty: it is gone
}

// actions lists what there is to be done. Resize, and create, are special: they need a flavor.
func actionsFor(status string) []action {
	all := []action{
		{"resize", 4, "ACTIVE", "resize", "VERIFY_RESIZE"},
		{"migrate", 3, "ACTIVE", "migrate", "VERIFY_RESIZE"},
		{"live-migrate", 4, "ACTIVE", "os-migrateLive", "ACTIVE"},
		{"shelve", 3, "ACTIVE", "shelve", "SHELVED_OFFLOADED"},
		{"delete", 2, "ACTIVE", "", ""},
		{"confirm", 4, "VERIFY_RESIZE", "confirmResize", "ACTIVE"},
		{"revert", 4, "VERIFY_RESIZE", "revertResize", "ACTIVE"},
		{"delete", 1, "VERIFY_RESIZE", "", ""},
		{"unshelve", 6, "SHELVED_OFFLOADED", "unshelve", "ACTIVE"},
		{"delete", 1, "SHELVED_OFFLOADED", "", ""},
		{"delete", 1, "ERROR", "", ""},
	}
	return slices.DeleteFunc(all, func(a action) bool { return a.status != status })
}

// actor owns a few servers, and does one thing after the other to them.
type actor struct {
	*soak
	name    string
	random  *rand.Rand
	servers []*owned
	made    int
}

// owned is a server of an actor's.
type owned struct {
	uuid, status, host, flavor string
	moves                      []string // UUIDs of its migrations
}

// run does things until it is enough. Requests that are under way then are brought to their end.
func (a *actor) run(ctx context.Context) {
	for a.goes() {
		free := slices.DeleteFunc(slices.Clone(a.servers), func(o *owned) bool { return a.held(o.uuid) })
		switch {
		case len(a.servers) < most && (len(free) == 0 || a.random.Intn(3) == 0):
			a.create(ctx)
		case len(free) > 0:
			o := free[a.random.Intn(len(free))]
			a.act(ctx, o, a.choose(o))
		default:
			time.Sleep(time.Second)
		}
	}
}

// choose picks what to do next. A server that is alone with its host in a cell is rarely moved: it can't be, and is to go.
func (a *actor) choose(o *owned) action {
	possible := actionsFor(o.status)
	for i, p := range possible {
		if o.host == alone && strings.Contains("resize migrate live-migrate", p.name) {
			possible[i].weight = 1
		}
	}
	sum := 0
	for _, p := range possible {
		sum += p.weight
	}
	n := a.random.Intn(sum)
	for _, p := range possible {
		if n -= p.weight; n < 0 {
			return p
		}
	}
	return possible[0]
}

func (a *actor) create(ctx context.Context) {
	a.scheduling.RLock()
	defer a.scheduling.RUnlock()
	a.made++
	start := time.Now()
	o := &owned{flavor: tiny}
	var err error
	o.uuid, err = a.cloud.Boot(ctx, fmt.Sprintf("%s-%s-%d", prefix, a.name, a.made), a.image, o.flavor, "")
	if err != nil {
		a.log.add(entry{Kind: "action", Actor: a.name, Action: "create", Outcome: "refused", Error: err.Error()})
		time.Sleep(time.Second)
		return
	}
	a.servers = append(a.servers, o)
	a.settle(ctx, o, action{name: "create", becomes: "ACTIVE"}, start)
}

func (a *actor) act(ctx context.Context, o *owned, what action) {
	a.scheduling.RLock()
	defer a.scheduling.RUnlock()
	start := time.Now()
	if err := a.ask(ctx, o, what); err != nil {
		a.log.add(entry{
			Kind: "action", Actor: a.name, Action: what.name, Server: o.uuid, From: o.host, Outcome: "refused",
			Error: err.Error(), Millis: time.Since(start).Milliseconds(),
		})
		a.look(ctx, o)
		return
	}
	a.settle(ctx, o, what, start)
}

// ask sends the request for an action.
func (a *actor) ask(ctx context.Context, o *owned, what action) error {
	switch what.name {
	case "delete":
		return a.cloud.Delete(ctx, o.uuid)
	case "resize":
		flavor := small
		if o.flavor == small {
			flavor = tiny
		}
		return a.cloud.Act(ctx, o.uuid, what.request, map[string]any{"flavorRef": flavor})
	case "live-migrate":
		return a.cloud.Act(ctx, o.uuid, what.request, map[string]any{"host": nil, "block_migration": "auto"})
	}
	return a.cloud.Act(ctx, o.uuid, what.request, nil)
}

// settle waits for the end of an action, or deletes the server in its midst, and writes it down.
func (a *actor) settle(ctx context.Context, o *owned, what action, start time.Time) {
	e := entry{Kind: "action", Actor: a.name, Action: what.name, Server: o.uuid, From: o.host, Outcome: "ok"}
	var err error
	switch {
	case what.becomes == "":
		err = a.cloud.Gone(ctx, o.uuid, patience)
	case a.random.Float64() < amid:
		e.Action = "delete-amid-" + what.name
		time.Sleep(time.Duration(a.random.Intn(1200)) * time.Millisecond)
		a.lookAtMoves(ctx, o) // afterwards Nova shows them no more
		err = a.deleteAmid(ctx, o.uuid)
	default:
		_, err = a.cloud.Settle(ctx, o.uuid, patience, what.becomes)
	}
	before := o.status
	a.look(ctx, o)
	if err != nil {
		e.Outcome, e.Error = "failed", err.Error()
	}
	if err != nil && o.status == before { // there was no room elsewhere
		e.Outcome = "went back"
	}
	e.To, e.Moves, e.Millis = o.host, o.moves, time.Since(start).Milliseconds()
	a.log.add(e)
}

// deleteAmid deletes a server whatever is done with it. Nova refuses that for a moment in some states, and stumbles in others.
func (a *actor) deleteAmid(ctx context.Context, uuid string) error {
	err := a.cloud.Delete(ctx, uuid)
	for end := time.Now().Add(patience); (live.Refused(err, http.StatusConflict) || stumbled(err)) && time.Now().Before(end); {
		a.log.add(entry{Kind: "note", Actor: a.name, Action: "delete-again", Server: uuid, Outcome: "tried", Error: err.Error()})
		time.Sleep(time.Second)
		err = a.cloud.Delete(ctx, uuid)
	}
	if err != nil {
		return err
	}
	return a.cloud.Gone(ctx, uuid, patience)
}

// stumbled reports whether nova-api failed over a race of its own between a delete and what is under way: nova-compute has given the
// server another host (ObjectActionError: host changed), or ended its move (AttributeError: no migration context), since nova-api read it.
// Its traceback has no answer of Placement's. The next delete has to go through.
func stumbled(err error) bool {
	return live.Refused(err, http.StatusInternalServerError) &&
		(strings.Contains(err.Error(), "nova.exception.ObjectActionError") || strings.Contains(err.Error(), "<class 'AttributeError'>"))
}

// look finds out what has become of a server, and forgets it if it is gone. One that stays busy is looked at again later.
func (a *actor) look(ctx context.Context, o *owned) {
	for range 3 {
		s, found, err := a.cloud.Server(ctx, o.uuid)
		switch {
		case err != nil:
			time.Sleep(time.Second)
			continue
		case !found:
			a.servers = slices.DeleteFunc(a.servers, func(other *owned) bool { return other == o })
			return
		case len(actionsFor(s.Status)) == 0: // built, stopped, or on its way to something else
			s.Status = "ERROR"
		}
		o.status, o.host = s.Status, s.Host
		a.lookAtMoves(ctx, o)
		if s.Flavor.RAM > 512 {
			o.flavor = small
		} else {
			o.flavor = tiny
		}
		return
	}
}

func (a *actor) lookAtMoves(ctx context.Context, o *owned) {
	moves, _ := a.cloud.Moves(ctx, o.uuid) // only the log wants them
	o.moves = nil
	for _, m := range moves {
		o.moves = append(o.moves, m.UUID)
	}
}
