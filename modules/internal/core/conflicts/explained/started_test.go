// SPDX-License-Identifier: Apache-2.0

package explained

import (
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

func TestStarted(t *testing.T) {
	first := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	reports := func(host, state string, after time.Duration) openstack.ComputeService {
		at := first.Add(after)
		return openstack.ComputeService{Binary: "nova-compute", Host: host, State: state, Updated: &at}
	}
	fenced, never := reports("cn1", "up", time.Hour), reports("cn1", "up", time.Hour)
	fenced.ForcedDown, never.Updated = true, nil
	conductor := reports("cn1", "up", time.Hour)
	conductor.Binary = "nova-conductor"
	for name, test := range map[string]struct {
		count    int // of refusals, one a minute
		services []openstack.ComputeService
		over     bool
	}{
		"up for long":               {1, []openstack.ComputeService{reports("other", "down", 0), reports("cn1", "up", 2*time.Minute)}, true},
		"by its short name":         {1, []openstack.ComputeService{reports("CN1.example.org", "up", 2*time.Minute)}, true},
		"down":                      {1, []openstack.ComputeService{reports("cn1", "down", time.Hour)}, false},
		"its cell is silent":        {1, []openstack.ComputeService{reports("cn1", openstack.Unknown, time.Hour)}, false},
		"up at that time":           {1, []openstack.ComputeService{reports("cn1", "up", 30*time.Second)}, false},
		"between two refusals":      {5, []openstack.ComputeService{reports("cn1", "up", 6*time.Minute)}, false},
		"when more would have come": {5, []openstack.ComputeService{reports("cn1", "up", 8*time.Minute)}, true},
		"fenced":                    {1, []openstack.ComputeService{fenced}, false},
		"never reported":            {1, []openstack.ComputeService{never}, false},
		"another service":           {1, []openstack.ComputeService{conductor}, false},
		"another host":              {1, []openstack.ComputeService{reports("cn2", "up", time.Hour)}, false},
		"two of one name":           {1, []openstack.ComputeService{reports("cn1", "up", time.Hour), reports("cn1", "down", 0)}, false},
		"two of one short name":     {1, []openstack.ComputeService{reports("cn1.a", "up", time.Hour), reports("cn1.b", "up", time.Hour)}, false},
		"no service":                {1, nil, false},
	} {
		last := first.Add(time.Duration(test.count-1) * time.Minute)
		c := Conflict{
			Conflict: "compute-duplicate", Verdict: Lasting, Act: true, Target: Target{Type: "host", Name: "cn1"}, Count: test.count,
			First: &first, Last: &last, Evidence: map[string]any{"rule": RulePermanent},
		}
		if !c.RefusesToStart() {
			t.Fatal("it is not known as a refusal to start")
		}
		c.Started(test.services)
		if over := c.Verdict == Passed && !c.Act && c.SucceededAfter != nil && strings.Contains(c.Message, "is up"); over != test.over {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// Refusals of two incidents don't make a host wait for longer than a supervisor does.
func TestQuiet(t *testing.T) {
	first := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	last, beat := first.Add(4*time.Hour), first.Add(4*time.Hour+11*time.Minute)
	c := Conflict{Conflict: "compute-not-new", Verdict: Lasting, Target: Target{Name: "cn1.dc1"}, Count: 2, First: &first, Last: &last, Evidence: map[string]any{}}
	c.Started([]openstack.ComputeService{{Binary: "nova-compute", Host: "cn1.dc2", State: "up", Updated: &beat}})
	if c.Verdict != Lasting {
		t.Error("a host of another domain is taken for it")
	}
	c.Started([]openstack.ComputeService{{Binary: "nova-compute", Host: "cn1", State: "up", Updated: &beat}})
	if c.Verdict != Passed {
		t.Error("it is not settled")
	}
}

// What is no refusal to start of the named host, or has no time, is not settled by its service.
func TestNoRefusalToStart(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]Conflict{
		"no time":            {Conflict: "compute-duplicate", Verdict: Lasting},
		"some have no time":  {Conflict: "compute-duplicate", Verdict: Lasting, Last: &at, Evidence: map[string]any{"undated": 1}},
		"it runs":            {Conflict: "compute-duplicate", Verdict: Lasting, Last: &at, Detail: "Error updating resources for node a.: Duplicate compute node record found for host a node a"},
		"names another host": {Conflict: "compute-renamed", Verdict: Lasting, Last: &at},
		"of Placement":       {Conflict: "duplicate-name", Verdict: Lasting, Last: &at},
		"passed":             {Conflict: "compute-duplicate", Verdict: Passed, Last: &at},
	} {
		if c.RefusesToStart() {
			t.Errorf("%s: it is taken for a refusal to start", name)
		}
	}
}
