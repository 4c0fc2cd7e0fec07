// SPDX-License-Identifier: Apache-2.0

package repair_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	core "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
)

// errTraits is how Placement answers a write of traits that has lost a race (recorded of 8.0.0).
var errTraits = &cloud.Error{
	Op: "write", Method: http.MethodPut, URL: "http://p/resource_providers/" + provider + "/traits", Status: http.StatusInternalServerError,
	Code: "placement.undefined_code",
	Detail: "The server has either erred or is incapable of performing the requested operation.\n\n " +
		"Another thread concurrently updated the resource provider data. Please retry your update  ",
}

// racing is a provider whose traits another client may write at the moment of a PUT.
type racing struct {
	repair.Placement

	generation int
	traits     []string
	others     int // writes of another client that are still to come
	puts       int
}

func (r *racing) Provider(context.Context, string) (openstack.Provider, error) {
	return openstack.Provider{UUID: provider, Name: "p", Generation: r.generation}, nil
}

func (r *racing) Traits(context.Context, string) ([]string, error) { return r.traits, nil }

func (r *racing) PutTraits(_ context.Context, _ string, _ int, names []string) (int, error) {
	r.puts++
	if r.others > 0 {
		r.others--
		r.generation++
		r.traits = append(r.traits, "CUSTOM_OF_ANOTHER")
		return 0, errTraits
	}
	r.generation++
	r.traits = names
	return r.generation, nil
}

// A race that Placement tells of as of a fault of its own is a lost race: nothing was written, and the journal says so.
func TestLostRaceOfTraits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "own", "journal")
	journal, err := change.OpenJournal(path, openstack.Cloud{Endpoints: []string{"http://p"}}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	f := &racing{generation: 4, traits: []string{"CUSTOM_A"}, others: 1}
	w := &repair.Writer{Placement: f, Journal: journal, Sleep: func(context.Context, time.Duration) error { return nil }}
	was := core.Provider{UUID: provider, Name: "p", Generation: 4, Traits: []string{"CUSTOM_A"}}
	is := was
	is.Traits = []string{"CUSTOM_A", "CUSTOM_B"}
	out := w.Do(t.Context(), core.Change{
		Op: core.Traits, Before: core.State{Providers: []core.Provider{was}}, After: core.State{Providers: []core.Provider{is}},
	}, "")
	if out.End != repair.Skipped || !strings.Contains(out.Reason, "has changed since it was judged") || f.puts != 1 {
		t.Errorf("%s after %d PUTs: %s", out.End, f.puts, out.Reason)
	}
	if marks := marksOf(t, path); marks != "intended not written" {
		t.Errorf("the journal says %q", marks)
	}
}

// late is a provider that another client writes between two requests of one reading.
type late struct {
	racing

	deleted bool // by the last of them
}

func (l *late) Provider(ctx context.Context, uuid string) (openstack.Provider, error) {
	if l.deleted && l.others == 0 {
		return openstack.Provider{}, &cloud.Error{Status: http.StatusNotFound}
	}
	return l.racing.Provider(ctx, uuid)
}

func (l *late) Traits(context.Context, string) ([]string, error) {
	if l.others > 0 {
		l.others--
		l.generation++
		l.traits = append(l.traits, "CUSTOM_OF_ANOTHER")
	}
	return l.traits, nil
}

// What is read of a provider is of one generation, however late a write arrives; one that never rests is not read.
func TestReadOfOneGeneration(t *testing.T) {
	like := core.Provider{UUID: provider, Traits: []string{}}
	for others, want := range map[int]int{0: 4, 1: 5, 3: 7} {
		got, err := repair.ReadProvider(t.Context(), &late{racing: racing{generation: 4, others: others}}, like)
		if err != nil || got.Generation != want || len(got.Traits) != others {
			t.Errorf("%d writes of others: %+v, %v", others, got, err)
		}
	}
	if got, err := repair.ReadProvider(t.Context(), &late{racing: racing{others: 1}, deleted: true}, like); err != nil || !got.Absent {
		t.Errorf("deleted meanwhile: %+v, %v", got, err)
	}
	if got, err := repair.ReadProvider(t.Context(), &late{racing: racing{others: 100}}, like); err == nil || !strings.Contains(err.Error(), "written by another client") {
		t.Errorf("never at rest: %+v, %v", got, err)
	}
}
