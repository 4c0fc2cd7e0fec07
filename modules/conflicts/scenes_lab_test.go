// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/audit"
	"github.com/openstack-ops/ansible-collection-placement/modules/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// A nova-compute whose name a provider under another UUID has is refused forever: that is one conflict, which needs action,
// and the provider behind the name is named, as in the audit's finding. What the remedy says ends it.
func TestLabFightOverAName(t *testing.T) {
	p := placeOf(t)
	stale := p.provider()
	host := ours + stale[:8]
	log, stop := p.compute(host)
	p.until("three refusals", 4*time.Minute, func() bool { return p.refusals(log) >= 3 })
	if out, err := exec.Command(filepath.Join(p.Root, "bin/nova-manage"), "cell_v2", "discover_hosts").CombinedOutput(); err != nil {
		t.Fatalf("discover_hosts: %v\n%s", err, out) // until then Nova does not show the hypervisor
	}
	options := map[string]any{"lookup": true, "cloud": p.Cloud, "clouds_file": p.CloudsFile, "findings": p.findings("PLC203")}
	result := p.explain(options, log, p.log("placement"))
	c := p.single(result)
	if c.Verdict != explained.Lasting || !c.Act || c.Target.Name != host || c.Evidence["provider_uuid"] != stale || c.Count < 3 || c.SucceededAfter != nil {
		t.Errorf("%+v", c)
	}
	if !slices.Contains(c.Findings, "PLC203:provider:"+stale) || result.Clean || result.Summary.Act != 1 {
		t.Errorf("findings %v, %s", c.Findings, result.Msg)
	}
	if len(c.Clients) != 1 || c.Clients[0].Service != "nova-compute" || c.Clients[0].Address != "127.0.0.1" {
		t.Errorf("clients %+v", c.Clients)
	}
	p.remove(stale) // the remedy
	p.until("a provider of its own", 4*time.Minute, func() bool { return p.says(log, "Created resource provider record") })
	p.retire(host, stop)
	result = p.explain(nil, log, p.log("placement"))
	if c := p.single(result); c.Verdict != explained.Passed || c.Act || c.SucceededAfter == nil || !result.Clean {
		t.Errorf("after the remedy: %+v", c)
	}
}

// refusals counts how often the name was refused, in a log that may not be there yet.
func (p *place) refusals(log string) int {
	if _, err := os.Stat(log); err != nil {
		return 0
	}
	return strings.Count(p.readFile(log), "Failed to create resource provider record")
}

// single returns the only conflict, which must be the name.
func (p *place) single(r conflicts.Result) explained.Conflict {
	p.t.Helper()
	if len(r.Conflicts) != 1 || r.Conflicts[0].Conflict != "duplicate-name" {
		p.t.Fatalf("%s: %+v", r.Msg, r.Conflicts)
	}
	return r.Conflicts[0]
}

// findings are those of one check in an audit of the lab.
func (p *place) findings(check string) []any {
	p.t.Helper()
	in, err := json.Marshal(map[string]any{"cloud": p.Cloud, "clouds_file": p.CloudsFile, "checks": check, "grace": 1})
	if err != nil {
		p.t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	ansible.Main([]*ansible.Module{audit.Module()}, ansible.Process{
		Args: []string{"placement", "placement_audit"}, Stdin: bytes.NewReader(in), Stdout: &out, Stderr: &stderr,
		StdinIsPipe: func() bool { return true }, Setenv: func(string, string) error { return nil },
	})
	var answer struct{ Findings []any }
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		p.t.Fatalf("placement_audit: %v\n%s\n%s", err, out.String(), stderr.String())
	}
	return answer.Findings
}

// How many allocate at once in a burst.
const burstClients = 200

// A burst of allocations on one provider, with clients that try again: every refusal is in the result, once, all have
// passed, and none needs action. The requests go to two Placements, as they do with several control hosts.
func TestLabBurst(t *testing.T) {
	p := placeOf(t)
	other, log := p.impatient()
	rp := p.provider()
	p.must(p.putInventories(rp, 0, map[string]any{"VCPU": map[string]any{"total": 4096}}), nil)
	var group sync.WaitGroup
	for i := range burstClients {
		group.Go(func() {
			to := other
			if i%4 == 0 {
				to = p.placement
			}
			p.insist(to.At(usual), claim(live.UUID(), nil, rp, "VCPU", 1))
		})
	}
	group.Wait()
	result := p.explain(nil, p.log("placement"), log)
	want, got, records := map[string]bool{}, map[string]bool{}, p.byID(result)
	for _, s := range p.shots {
		want[s.id] = true
		p.answer(s, "allocation-race")
		if said := p.agree(s, of(records[s.id])); said != byText {
			t.Errorf("%s: Placement's log tells %s", s.id, said)
		}
	}
	for id := range records {
		got[id] = true
	}
	if len(want) < burstClients/10 || !maps.Equal(want, got) || result.Summary.Conflicts != len(want) {
		t.Errorf("the clients were refused %d times, the logs tell of %d (%s)", len(want), len(got), result.Msg)
	}
	t.Logf("%s; by conflict %v, by verdict %v", result.Msg, result.Summary.ByConflict, result.Summary.ByVerdict)
	if verdicts := result.Summary.ByVerdict; len(verdicts) != 1 || verdicts[string(explained.Passed)] == 0 || result.Summary.Act != 0 || !result.Clean {
		t.Errorf("%s: %v", result.Msg, verdicts)
	}
}

// insist sends a request until it goes through. Only a conflict is a reason to send it again.
func (p *place) insist(to *live.Raw, r request) {
	for try := range 100 {
		s := p.keep(r, to.Do(p.t.Context(), r.method, r.path, r.body))
		switch {
		case s.Status < http.StatusMultipleChoices:
			return
		case !catalogue.Passes(s.Answer):
			p.t.Errorf("%s %s: %d %s", r.method, r.path, s.Status, s.body)
			return
		}
		time.Sleep(rand.N(time.Duration(try+1) * 50 * time.Millisecond))
	}
	p.t.Errorf("%s %s never went through", r.method, r.path)
}
