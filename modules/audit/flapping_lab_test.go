// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Two writers of one provider are found, with the field that they fight about, and so are two that write the same. Beside a
// provider on which only consumers come and go they are all that is found, and when one of them stops nothing is.
func TestLabFlapping(t *testing.T) {
	b := benchOf(t)
	fought := labProvider{UUID: live.UUID(), Name: ours + "fought"}
	busy := labProvider{UUID: live.UUID(), Name: ours + "busy"}
	for _, p := range []labProvider{fought, busy} {
		b.makeProvider(p)
		b.put(p.UUID, "inventories", map[string]inventory{"VCPU": {"total": 8, "max_unit": 8}})
	}
	options := map[string]any{"checks": "PLC210", "watch": 12}
	b.meanwhile(func(ctx context.Context) { b.churn(ctx, busy.UUID) })

	stop := b.meanwhile(func(ctx context.Context) { b.insist(ctx, fought.UUID, 8, false) })
	stopSecond := b.meanwhile(func(ctx context.Context) { b.insist(ctx, fought.UUID, 16, false) })
	b.backAndForth(options, fought.UUID)
	stopSecond() // the remedy
	time.Sleep(2 * time.Second)
	b.expect(options)
	stop()

	stop = b.meanwhile(func(ctx context.Context) { b.insist(ctx, fought.UUID, 8, true) })
	finding := b.fight(options, fought.UUID)
	if message, _ := finding["message"].(string); !strings.Contains(message, "the same values again and again") {
		t.Errorf("%s", message)
	}
	stop()
}

// backAndForth audits until a finding shows that VCPU had a value again that it had before. Which of the two values a sample meets
// is chance: few samples on a busy machine may meet one first, and then only the other. VCPU is the only field at any time.
func (b *bench) backAndForth(options map[string]any, uuid string) {
	b.t.Helper()
	var values []any
	for attempt := 0; attempt < 5 && len(values) < 3; attempt++ {
		fields, _ := dig(b.fight(options, uuid), "evidence", "fields").(map[string]any)
		values, _ = fields["VCPU.total"].([]any)
		if len(fields) > 1 || len(fields) != min(1, len(values)) {
			b.t.Fatalf("fields %v", fields)
		}
	}
	if len(values) < 3 {
		b.t.Errorf("VCPU was %v, and never had a value again", values)
	}
}

// fight audits the lab and returns its only finding, that this provider is fought about.
func (b *bench) fight(options map[string]any, uuid string) map[string]any {
	b.t.Helper()
	args := map[string]any{"cloud": b.Cloud, "clouds_file": b.CloudsFile, "grace": 1}
	for name, value := range options {
		args[name] = value
	}
	answer := runModule(b.t, args)
	findings, _ := answer["findings"].([]any)
	if len(findings) != 1 || answer["complete"] != true || fingerprints(answer)[0] != "PLC210:provider:"+uuid {
		b.t.Fatalf("findings %v, not run %v", findings, notRun(answer))
	}
	finding, _ := findings[0].(map[string]any)
	remedy, _ := dig(finding, "remedy", "text").(string)
	b.followed[rowsOf(b.t, "PLC210", remedy)[0].key()] = true // the test stops one of the two
	return finding
}

// meanwhile does something until it is stopped, at the latest before the test puts everything back.
func (b *bench) meanwhile(do func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	var done sync.WaitGroup
	done.Go(func() { do(ctx) })
	stop = func() {
		cancel()
		done.Wait()
	}
	b.t.Cleanup(stop)
	return stop
}

// insist sets the VCPU of a provider again and again, where they are others or always. Conflicts are tried again.
func (b *bench) insist(ctx context.Context, uuid string, total int, always bool) {
	path := "/resource_providers/" + uuid + "/inventories"
	for ctx.Err() == nil {
		var now struct {
			Generation  int                  `json:"resource_provider_generation"`
			Inventories map[string]inventory `json:"inventories"`
		}
		answer := b.place.Do(ctx, http.MethodGet, path, nil)
		if ctx.Err() != nil {
			return
		}
		if err := json.Unmarshal(answer.Body, &now); err != nil {
			b.t.Errorf("%s: %d %s %v", path, answer.Status, answer.Body, err)
			return
		}
		if always || now.Inventories["VCPU"]["total"] != float64(total) {
			now.Inventories["VCPU"]["total"] = total
			answer = b.place.Do(ctx, http.MethodPut, path, map[string]any{
				"resource_provider_generation": now.Generation, "inventories": now.Inventories,
			})
			if ctx.Err() == nil && answer.Status != http.StatusOK && answer.Status != http.StatusConflict {
				b.t.Errorf("PUT %s: %d %s %v", path, answer.Status, answer.Body, answer.Err)
			}
		}
		wait(ctx, time.Duration(100+total*10)*time.Millisecond)
	}
}

// churn has consumers come, grow and go on a provider: some for a moment, some for seconds.
func (b *bench) churn(ctx context.Context, uuid string) {
	for i := 0; ctx.Err() == nil; i++ {
		consumer, generation := "/allocations/"+live.UUID(), 1
		h := holding{Allocations: map[string]amounts{uuid: {Resources: map[string]int{"VCPU": 1}}}, Project: "p", User: "u"}
		for _, next := range []*int{nil, &generation} {
			h.Generation = next
			answer := b.place.Do(ctx, http.MethodPut, consumer, h)
			if ctx.Err() == nil && answer.Status != http.StatusNoContent {
				b.t.Errorf("PUT %s: %d %s %v", consumer, answer.Status, answer.Body, answer.Err)
			}
			wait(ctx, time.Duration(i%4)*500*time.Millisecond)
		}
		b.place.Do(context.WithoutCancel(ctx), http.MethodDelete, consumer, nil)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
