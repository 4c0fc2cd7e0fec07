// SPDX-License-Identifier: Apache-2.0

//go:build lab

package candidates_test

import (
	"cmp"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// answer is what the module returns, as far as these tests need it.
type answer struct {
	Failed     bool
	Msg        string
	Lands      bool
	Refused    string
	Candidates int
	Fits       []struct {
		Name, Host, Refused string
		Provider            string `json:"provider_name"`
		UUID                string `json:"provider_uuid"`
	}
	Rejected []struct {
		Provider string `json:"provider_name"`
		Reasons  []struct{ Kind, Text string }
	}
	Funnel []struct {
		Stage string
		Left  int
	}
	Move *struct {
		Server   string `json:"server_uuid"`
		From, To string
	}
	Contradictions []string
	NotJudged      []string `json:"not_judged"`
}

// stand is the lab with two trees of ours: one has a device below it, the other is small.
type stand struct {
	t          *testing.T
	lab        *live.Lab
	raw        *live.Raw
	big, small string
	device     string
	aggregate  string
}

func newStand(t *testing.T) *stand {
	t.Helper()
	s := &stand{
		t: t, lab: live.FindProfile(t, cmp.Or(os.Getenv("PLACEMENT_CANDIDATES_PROFILE"), "placement")),
		big: live.UUID(), small: live.UUID(), device: live.UUID(), aggregate: live.UUID(),
	}
	s.raw = s.lab.Raw(t).At("1.39")
	s.lab.Build(t)
	for _, path := range []string{"/resource_classes/CUSTOM_WHY_CPU", "/resource_classes/CUSTOM_WHY_GPU", "/traits/CUSTOM_WHY_FAST", "/traits/CUSTOM_WHY_OLD"} {
		s.do(http.MethodPut, path, nil)
	}
	s.provider(s.big, "", dict{"CUSTOM_WHY_CPU": dict{"total": 16}}, []string{"CUSTOM_WHY_FAST"}, s.aggregate)
	s.provider(s.device, s.big, dict{"CUSTOM_WHY_GPU": dict{"total": 1}}, []string{}, "")
	s.provider(s.small, "", dict{"CUSTOM_WHY_CPU": dict{"total": 2}}, []string{"CUSTOM_WHY_OLD"}, "")
	return s
}

func (s *stand) do(method, path string, body any) {
	s.t.Helper()
	if a := s.raw.Do(s.t.Context(), method, path, body); a.Err != nil || a.Status >= http.StatusMultipleChoices {
		s.t.Fatalf("%s %s: %d %s %v", method, path, a.Status, a.Body, a.Err)
	}
}

func (s *stand) provider(uuid, parent string, inventories dict, traits []string, aggregate string) {
	s.t.Helper()
	body := dict{"uuid": uuid, "name": "why-" + uuid}
	if parent != "" {
		body["parent_provider_uuid"] = parent
	}
	path := "/resource_providers/" + uuid
	s.do(http.MethodPost, "/resource_providers", body)
	s.t.Cleanup(func() { // the last first
		if a := s.raw.Do(s.t.Context(), http.MethodDelete, path, nil); a.Status != http.StatusNoContent && s.t.Context().Err() == nil {
			s.t.Errorf("%s stays: %d %s", path, a.Status, a.Body)
		}
	})
	s.do(http.MethodPut, path+"/inventories", dict{"resource_provider_generation": 0, "inventories": inventories})
	generation := 1
	if len(traits) > 0 {
		s.do(http.MethodPut, path+"/traits", dict{"resource_provider_generation": generation, "traits": traits})
		generation++
	}
	if aggregate != "" {
		s.do(http.MethodPut, path+"/aggregates", dict{"resource_provider_generation": generation, "aggregates": []string{aggregate}})
	}
}

// ask runs the module, and returns the roots that fit and the kinds of reasons of ours that do not.
func (s *stand) ask(options dict) (fits []string, kinds map[string][]string, a answer) {
	s.t.Helper()
	if err := s.lab.Module(s.t.Context(), "placement_candidates_info", options, &a); err != nil || a.Failed {
		s.t.Fatal(options, err, a.Msg)
	}
	for _, f := range a.Fits {
		fits = append(fits, f.UUID)
	}
	kinds = map[string][]string{}
	for _, r := range a.Rejected {
		for _, reason := range r.Reasons {
			uuid := strings.TrimPrefix(r.Provider, "why-")
			kinds[uuid] = append(kinds[uuid], reason.Kind)
		}
	}
	return fits, kinds, a
}

// Each option of a request reaches Placement, and the answer agrees with it: nothing is contradicted.
func TestLabCandidates(t *testing.T) {
	s := newStand(t)
	cpu := func(n int) dict { return dict{"CUSTOM_WHY_CPU": n} }
	for name, c := range map[string]struct {
		options    dict
		big, small string // kind of the reason; empty if it fits
	}{
		"little":                {dict{"resources": cpu(2)}, "", ""},
		"more":                  {dict{"resources": cpu(4)}, "", "full"},
		"required":              {dict{"resources": cpu(2), "required": []string{"CUSTOM_WHY_FAST"}}, "", "trait-missing"},
		"required, one of":      {dict{"resources": cpu(2), "required": []string{"in:CUSTOM_WHY_FAST,CUSTOM_WHY_OLD"}}, "", ""},
		"forbidden":             {dict{"resources": cpu(2), "forbidden": []string{"CUSTOM_WHY_OLD"}}, "", "trait-forbidden"},
		"member_of":             {dict{"resources": cpu(2), "member_of": []string{s.aggregate}}, "", "aggregate-missing"},
		"member_of, one of":     {dict{"resources": cpu(2), "member_of": []string{"in:" + s.aggregate + "," + s.big}}, "", "aggregate-missing"},
		"member_of, not":        {dict{"resources": cpu(2), "member_of": []string{"!" + s.aggregate}}, "aggregate-forbidden", ""},
		"in_tree":               {dict{"resources": cpu(2), "in_tree": s.device}, "", "other-tree"},
		"root_required":         {dict{"resources": cpu(2), "root_required": []string{"CUSTOM_WHY_FAST"}}, "", "root-trait"},
		"root_forbidden":        {dict{"resources": cpu(2), "root_forbidden": []string{"CUSTOM_WHY_OLD"}}, "", "root-trait"},
		"groups":                {dict{"resources": cpu(2), "groups": []dict{{"name": "_GPU", "resources": dict{"CUSTOM_WHY_GPU": 1}}}}, "", "no-inventory"},
		"group_policy, isolate": {dict{"groups": []dict{{"name": "1", "resources": cpu(1)}, {"name": "2", "resources": cpu(1)}}, "group_policy": "isolate"}, "isolate", "isolate"},
		"same_subtree": {
			dict{"groups": []dict{{"name": "1", "resources": cpu(1)}, {"name": "_GPU", "resources": dict{"CUSTOM_WHY_GPU": 1}}}, "group_policy": "none", "same_subtree": []string{"1,_GPU"}},
			"", "no-inventory",
		},
	} {
		fits, kinds, a := s.ask(c.options)
		for uuid, kind := range map[string]string{s.big: c.big, s.small: c.small} {
			if slices.Contains(fits, uuid) != (kind == "") || kind != "" && !slices.Equal(kinds[uuid], []string{kind}) {
				t.Errorf("%s: %s fits %v, want %q; %v", name, uuid, fits, kind, kinds[uuid])
			}
		}
		if len(a.Contradictions) > 0 || a.Lands != (c.big == "" || c.small == "") || (a.Candidates > 0) != a.Lands {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

// What Placement refuses is an error in its words, never an empty answer.
func TestLabCandidatesRefused(t *testing.T) {
	s := newStand(t)
	for name, options := range map[string]dict{
		"a class": {"resources": dict{"CUSTOM_WHY_NOTHING": 1}}, "a trait": {"resources": dict{"CUSTOM_WHY_CPU": 1}, "required": []string{"CUSTOM_WHY_NOTHING"}},
	} {
		var a answer
		if err := s.lab.Module(t.Context(), "placement_candidates_info", options, &a); err != nil || !a.Failed || !strings.Contains(a.Msg, "CUSTOM_WHY_NOTHING") {
			t.Errorf("%s: %v %v %s", name, err, a.Failed, a.Msg)
		}
	}
}
