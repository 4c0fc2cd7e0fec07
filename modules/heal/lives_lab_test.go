// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// patience is for one action of Nova's.
const patience = 5 * time.Minute

// patient is a server with one fault.
type patient struct {
	*sickbed

	name, uuid, host string
	broken           string // the fingerprint that an audit has to find
}

// admit boots a server and breaks what it holds, by the name of the fault.
func (b *sickbed) admit(ctx context.Context, fault, host, other string) *patient {
	b.t.Helper()
	p := &patient{sickbed: b, name: fault, host: host}
	uuid, err := b.cloud.Boot(ctx, "heal-"+fault, b.cloud.Image(b.t), "1", host)
	if err != nil {
		b.t.Fatal(err)
	}
	p.uuid = uuid
	b.t.Cleanup(func() { _ = b.cloud.Delete(context.WithoutCancel(ctx), uuid) })
	p.settle(ctx, "ACTIVE")
	held := b.held(uuid).Allocations
	here, there := b.provider[host], b.provider[other]
	switch fault {
	case "missing":
		b.hold(uuid, nil)
		p.broken = "PLC105:server:" + uuid
	case "double":
		b.hold(uuid, map[string]live.Share{here: held[here], there: held[here]})
		p.broken = "PLC103:server:" + uuid
	case "misplaced":
		b.hold(uuid, map[string]live.Share{there: held[here]})
		p.broken = "PLC104:server:" + uuid
	case "drift":
		more := live.Share{Resources: maps.Clone(held[here].Resources)}
		more.Resources["MEMORY_MB"] += 64
		b.hold(uuid, map[string]live.Share{here: more})
		p.broken = "PLC106:server:" + uuid
	case "failed-migration":
		p.fail(ctx, held[here], there)
	}
	return p
}

// fail leaves what a cold migration leaves that fails half-way back: the server is where it was, and the migration holds its share
// there.
func (p *patient) fail(ctx context.Context, held live.Share, other string) {
	p.t.Helper()
	p.act(ctx, "migrate", nil, "VERIFY_RESIZE")
	p.act(ctx, "revertResize", nil, "ACTIVE")
	moves, err := p.cloud.Moves(ctx, p.uuid)
	if err != nil || len(moves) == 0 {
		p.t.Fatalf("%d migrations: %v", len(moves), err)
	}
	p.hold(p.uuid, map[string]live.Share{other: held})
	p.hold(moves[0].UUID, map[string]live.Share{p.provider[p.host]: held})
	p.broken = "PLC104:server:" + p.uuid
}

// act asks for an action, and waits for its end. It asks again while the scheduler finds no host: on a busy machine computes
// report too late and count as down.
func (p *patient) act(ctx context.Context, action string, with any, status string) {
	p.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Second) {
		err := p.try(ctx, action, with, status)
		var back *live.TakenBackError
		if errors.As(err, &back) && back.NoHost() && time.Now().Before(end) {
			continue
		}
		if err != nil {
			p.t.Errorf("%s: %s: %v\ncomputes: %s\n%s", p.name, action, err, p.cloud.Computes(ctx), p.LastLines("nova-scheduler", 10))
		}
		return
	}
}

func (p *patient) try(ctx context.Context, action string, with any, status string) error {
	if err := p.cloud.Act(ctx, p.uuid, action, with); err != nil {
		return err
	}
	s, err := p.cloud.Settle(ctx, p.uuid, patience, status)
	if err == nil && s.Fault.Message != "" {
		return fmt.Errorf("server %s: %s", p.uuid, s.Fault.Message)
	}
	return err
}

func (p *patient) settle(ctx context.Context, status string) {
	p.t.Helper()
	s, err := p.cloud.Settle(ctx, p.uuid, patience, status)
	if err != nil || s.Fault.Message != "" {
		p.t.Errorf("%s: server %s: %v %s", p.name, p.uuid, err, s.Fault.Message)
	}
}

// live does with the server what servers are there for, and deletes it. Nothing is left of it.
func (p *patient) live(ctx context.Context, larger string) {
	p.work(ctx, larger)
	if err := p.cloud.Delete(ctx, p.uuid); err != nil {
		p.t.Errorf("%s: %v", p.name, err)
	}
	if err := p.cloud.Gone(ctx, p.uuid, patience); err != nil {
		p.t.Errorf("%s: %v", p.name, err)
	}
}

// work resizes the server and moves it, live and cold.
func (p *patient) work(ctx context.Context, larger string) {
	p.act(ctx, "resize", map[string]any{"flavorRef": larger}, "VERIFY_RESIZE")
	p.act(ctx, "confirmResize", nil, "ACTIVE")
	p.moveLive(ctx)
	p.act(ctx, "migrate", nil, "VERIFY_RESIZE")
	p.act(ctx, "revertResize", nil, "ACTIVE")
}

// moveLive moves the server live. A live migration that fails leaves it ACTIVE too, on the host where it was.
func (p *patient) moveLive(ctx context.Context) {
	was, _, err := p.cloud.Server(ctx, p.uuid)
	if err != nil {
		p.t.Error(err)
	}
	p.act(ctx, "os-migrateLive", map[string]any{"host": nil, "block_migration": "auto"}, "ACTIVE")
	if is, _, err := p.cloud.Server(ctx, p.uuid); err != nil || is.Host == was.Host {
		p.t.Errorf("%s: the live migration left it on %s: %v", p.name, is.Host, err)
	}
}

// Servers that were healed are resized, moved cold and live, and deleted without an error, and nothing is left of them.
func TestLabHealedServersLive(t *testing.T) {
	b := bed(t)
	b.clean()
	healthy, ctx := b.records(), t.Context()
	t.Cleanup(func() { b.heal(nil) })
	var all []*patient
	var want []string
	for i, fault := range []string{"missing", "double", "misplaced", "drift", "failed-migration"} {
		hosts := []string{"cn1", "cn2", "cn3", "cn4"}
		p := b.admit(ctx, fault, hosts[i%4], hosts[(i+1)%4])
		all, want = append(all, p), append(want, p.broken)
	}
	found := b.found()
	for _, fingerprint := range want {
		if !slices.Contains(found, fingerprint) {
			t.Errorf("%s is not found: %v", fingerprint, found)
		}
	}
	ill := b.rows()
	b.fine(b.heal(nil), "done", len(want))
	b.undoAll(ill)
	b.fine(b.heal(nil), "done", len(want))
	if found := b.found(); len(found) > 0 {
		t.Errorf("healed, and found: %v", found)
	}
	// All of them fit on any host at once: Placement 8 lets too many on one when they come together, and then none away from it.
	larger := b.cloud.Flavor(t, "heal-larger", 1, 640, 1)
	var busy sync.WaitGroup
	for _, p := range all {
		busy.Go(func() { p.live(ctx, larger) })
	}
	busy.Wait()
	if found := b.found(); len(found) > 0 {
		t.Errorf("left: %v", found)
	}
	if left := differences(healthy, b.records()); len(left) > 0 {
		t.Errorf("not as before:\n%s", strings.Join(left, "\n"))
	}
}

// A target that changed after the plan was made is left as it is.
func TestLabHealChangedSince(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b := bed(t)
	b.clean()
	t.Cleanup(func() { b.heal(nil) })
	orphan, plan := live.UUID(), filepath.Join(b.dir, "plan.json")
	b.hold(orphan, map[string]live.Share{b.provider["cn1"]: share(1, 512, 1)})
	b.fine(b.heal(map[string]any{"plan": plan, "_ansible_check_mode": true}), "planned", 1)
	dry := b.heal(map[string]any{"plan": plan, "_ansible_check_mode": true})
	b.hold(orphan, map[string]live.Share{b.provider["cn2"]: share(1, 256, 1)})
	now, writes := b.held(orphan), b.Watch(t)
	answer := b.heal(map[string]any{"plan": plan, "confirm": digest(dry)[:12]})
	msg, _ := answer["msg"].(string)
	if answer["changed"] != false || steps(answer)["skipped"] != 1 || !strings.Contains(msg, "nothing is changed") {
		t.Errorf("%v\n%s", msg, text(answer["steps"]))
	}
	if sent := writes.Writes(t); len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
	if text(b.held(orphan)) != text(now) {
		t.Errorf("%s was %s", text(b.held(orphan)), text(now))
	}
	for name, args := range map[string]map[string]any{
		"an unknown provider": {"providers": []any{"nobody"}},
		"an unknown host":     {"hosts": []any{"nobody"}},
	} {
		args["_ansible_check_mode"] = true
		if refused := b.heal(args); refused["failed"] != true || !strings.Contains(text(refused["msg"]), "value of ") {
			t.Errorf("%s: %v", name, refused["msg"])
		}
	}
	if sent := writes.Writes(t); len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
}
