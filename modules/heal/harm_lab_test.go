// SPDX-License-Identifier: Apache-2.0

//go:build lab

package heal_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change/changetest"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// broken is a bed in which all faults are made; whatever happens they are healed in the end.
func broken(t *testing.T) (b *sickbed, healthy, ill map[string]string) {
	t.Helper()
	b = bed(t)
	b.clean()
	healthy = b.rows()
	t.Cleanup(func() { b.heal(nil) })
	b.breakAll()
	return b, healthy, b.rows()
}

// impatience is how many seconds a request may take whose answer does not come: what is not held back takes less on any machine.
const impatience = 8

func isWrite(r *http.Request) bool { return r.Method != http.MethodGet && r.Method != http.MethodHead }

// entries is the journal as it is.
func (b *sickbed) entries() string {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.dir, "own", "journal.jsonl"))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

// runs lists the runs of the journal that wrote something, newest first.
func (b *sickbed) runs() []string {
	b.t.Helper()
	var all []string
	for line := range strings.Lines(b.entries()) {
		var e change.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			b.t.Fatal(err)
		}
		if e.State == change.Intended && e.Undoes == "" && !slices.Contains(all, e.Run) {
			all = append(all, e.Run)
		}
	}
	slices.Reverse(all)
	return all
}

// request is one request of a run: its method and path, and its number among all with these.
type request struct {
	what string
	nth  int
}

// counted sees requests go by.
type counted struct {
	mu   sync.Mutex
	seen map[string]int
	all  []request
}

func (c *counted) next(r *http.Request) request {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[string]int{}
	}
	what := r.Method + " " + r.URL.RequestURI()
	c.seen[what]++
	c.all = append(c.all, request{what, c.seen[what]})
	return c.all[len(c.all)-1]
}

// harm is one fault: it meets one request, or that and all like it that come later.
type harm struct {
	request
	kind    changetest.Fault
	forever bool
}

func (h harm) String() string {
	often := map[bool]string{true: " and later", false: ""}[h.forever]
	return strings.ReplaceAll(fmt.Sprintf("%s, %s, no. %d%s", h.kind, h.what, h.nth, often), "/", "_")
}

// decide chooses the fault of a request.
func (h harm) decide(c *counted) func(*http.Request) changetest.Fault {
	return func(r *http.Request) changetest.Fault {
		if now := c.next(r); now == h.request || h.forever && now.what == h.what && now.nth > h.nth {
			return h.kind
		}
		return changetest.None
	}
}

// slow reports whether the client waits in vain.
func (h harm) slow() bool { return h.kind == changetest.TooSlow || h.kind == changetest.Lost }

// between has runs reach Placement and Nova through proxies that decide alike.
func (b *sickbed) between(decide func(*http.Request) changetest.Fault) (placement, nova *changetest.Proxy, args map[string]any) {
	const path = "/v2.1"
	placement = b.proxy(decide)
	nova = changetest.NewProxy(b.t, strings.TrimSuffix(b.Endpoints["nova"], path), decide)
	return placement, nova, map[string]any{"placement_endpoint": placement.URL, "compute_endpoint": nova.URL + path}
}

// reading are the kinds of faults that a request which reads can meet, and which a client notices.
func reading() []changetest.Fault {
	return []changetest.Fault{
		changetest.Cut, changetest.HalfDone, changetest.TooSlow, changetest.Broken, changetest.Busy, changetest.Gateway, changetest.Torn, changetest.Empty,
	}
}

// harms lists each kind of fault of each write, and one kind of each request that reads.
func harms(all []request) []harm {
	var out []harm
	for i, r := range all {
		if kinds := reading(); strings.HasPrefix(r.what, http.MethodGet) {
			out = append(out, harm{r, kinds[i%len(kinds)], i/len(kinds)%2 == 0})
			continue
		}
		for kind := changetest.None + 1; kind < changetest.Faults; kind++ {
			out = append(out, harm{r, kind, (i+int(kind))%2 == 0})
		}
	}
	return out
}

// alike puts requests into an order that is the same for each lab, whatever its UUIDs are and whichever request was faster.
func alike(all []request) []request {
	uuid := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	slices.SortStableFunc(all, func(a, b request) int {
		return cmp.Or(cmp.Compare(uuid.ReplaceAllString(a.what, ""), uuid.ReplaceAllString(b.what, "")), cmp.Compare(a.nth, b.nth))
	})
	return all
}

// part takes the part of the faults that PLACEMENT_HEAL_PART names: all by default.
func part(t *testing.T, all []harm) []harm {
	t.Helper()
	text := cmp.Or(os.Getenv("PLACEMENT_HEAL_PART"), "1/1")
	var nth, of int
	if _, err := fmt.Sscanf(text, "%d/%d", &nth, &of); err != nil || nth < 1 || nth > of {
		t.Fatalf("PLACEMENT_HEAL_PART=%s: 2/4 is the second of four parts", text)
	}
	var own []harm
	for i := nth - 1; i < len(all); i += of {
		own = append(own, all[i])
	}
	t.Logf("%d of %d faults are tried here", len(own), len(all))
	return own
}

// Whatever happens to a request to Placement or to Nova: each write that arrived is reported, the journal tells the truth of each, and
// the next run heals what is left. PLACEMENT_HEAL_HARMS says how many faults are tried, PLACEMENT_HEAL_SEED which come first, and
// PLACEMENT_HEAL_PART which of them are tried here: 1/4, 2/4, 3/4 and 4/4 try all, each on a lab of its own. PLACEMENT_HEAL_FROM goes on
// with the fault of that number where a run with the same seed was ended.
func TestLabHealHarmed(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b, healthy, ill := broken(t)
	var seen counted
	_, nova, args := b.between(func(r *http.Request) changetest.Fault { seen.next(r); return changetest.None })
	b.fine(b.heal(args), "done", 10)
	if nova.Hits()[changetest.None] == 0 {
		t.Fatal("no request to Nova was seen")
	}
	b.undoAll(ill)
	all := dealt(t, part(t, harms(alike(seen.all))))
	all = all[min(len(all), int(live.Number(t, "PLACEMENT_HEAL_FROM", 1))-1):]
	start, few, ends := time.Now(), min(int(live.Number(t, "PLACEMENT_HEAL_HARMS", 4)), len(all)), map[string]int{}
	for _, h := range all[:few] {
		fine := t.Run(h.String(), func(t *testing.T) { ends[b.in(t).harmed(h, healthy, ill)]++ })
		if !fine && len(differences(ill, b.rows())) > 0 {
			return // the next one would be about something else
		}
	}
	t.Logf("HEAL %d of %d faults of %d requests, %.1f s each: %v", few, len(all), len(seen.all), time.Since(start).Seconds()/float64(few), ends)
}

// harmed heals while a proxy does harm, has another run finish what is left, and undoes both.
func (b *sickbed) harmed(h harm, healthy, ill map[string]string) string {
	var seen counted
	placement, nova, args := b.between(h.decide(&seen))
	if h.slow() {
		args["api_timeout"] = impatience
	}
	first := b.heal(args)
	b.truthful(first, placement.Reached())
	if sent := nova.Reached(); len(sent) > 0 {
		b.t.Errorf("sent to Nova: %v", sent)
	}
	if first["failed"] == true || len(differences(healthy, b.rows())) > 0 {
		if rest := b.heal(nil); rest["failed"] != false {
			b.t.Fatalf("%v\n%s", rest["msg"], text(rest["steps"]))
		}
		b.cured(healthy)
	}
	b.undoAll(ill)
	if placement.Hits()[h.kind]+nova.Hits()[h.kind] == 0 {
		return "not met"
	}
	return map[bool]string{true: "failed", false: "fine"}[first["failed"] == true]
}

// A step of which only the first of two writes goes through has changed something, and says so.
func TestLabHealHalf(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b := bed(t)
	b.clean()
	healthy, root, child := b.rows(), live.UUID(), live.UUID()
	t.Cleanup(func() { b.heal(nil) })
	b.makeProvider(root, "gone-host", "")
	b.makeProvider(child, "gone-host-numa", root)
	proxy := b.proxy(func(r *http.Request) changetest.Fault {
		if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, root) {
			return changetest.Broken
		}
		return changetest.None
	})
	answer := b.heal(map[string]any{"placement_endpoint": proxy.URL})
	b.truthful(answer, proxy.Reached())
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || answer["changed"] != true || !strings.Contains(msg, "1 of 2 changes are written, then: ") {
		t.Errorf("%v\n%s", msg, text(answer["steps"]))
	}
	b.fine(b.heal(nil), "done", 1)
	b.cured(healthy)
}

// A write that Placement gets only once the run has ended, and has not seen it, is undone as any other.
func TestLabHealLate(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b := bed(t)
	b.clean()
	t.Cleanup(func() { b.heal(nil) })
	orphan := live.UUID()
	b.hold(orphan, map[string]live.Share{b.provider["cn1"]: share(1, 512, 1)})
	ill, ended := b.rows(), make(chan struct{})
	proxy := b.proxy(func(*http.Request) changetest.Fault { return changetest.None })
	proxy.Arrived = func(r *http.Request) {
		if isWrite(r) && strings.HasSuffix(r.URL.Path, orphan) {
			<-ended
		}
	}
	answer := b.heal(map[string]any{"placement_endpoint": proxy.URL, "api_timeout": impatience})
	close(ended)
	if sent := proxy.Reached(); len(sent) != 1 || sent[0].Status != http.StatusNoContent {
		t.Fatalf("%+v", sent)
	}
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "is unknown") {
		t.Errorf("%v", msg)
	}
	others := func(row string) bool { return !strings.Contains(row, orphan) }
	if left := differences(ill, b.rows()); len(left) == 0 || slices.ContainsFunc(left, others) {
		t.Fatalf("the late write left:\n%s", strings.Join(left, "\n"))
	}
	b.undoAll(ill)
}

// While a cell does not answer nothing is taken away, and why is said.
func TestLabHealCellDown(t *testing.T) {
	live.OneIsEnough(t, "zed")
	b := bed(t)
	b.clean()
	t.Cleanup(func() { b.heal(nil) })
	orphan := live.UUID()
	b.hold(orphan, map[string]live.Share{b.provider["cn1"]: share(1, 512, 1)})
	b.Command(t, "seed", "cell-down")
	up := func() { b.Command(t, "unseed", "cell-down") }
	t.Cleanup(up)
	writes := b.Watch(t)
	answer := b.heal(nil)
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || answer["changed"] != false || !strings.Contains(msg, "nothing is changed") {
		t.Errorf("%v", text(answer))
	}
	if sent := writes.Writes(t); len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
}
