// SPDX-License-Identifier: Apache-2.0

//go:build lab

package candidates_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// compute is the lab with Nova.
type compute struct {
	t     *testing.T
	lab   *live.Lab
	cloud *live.Cloud
}

func newCompute(t *testing.T) *compute {
	t.Helper()
	c := &compute{t: t, lab: live.Find(t)}
	c.cloud = c.lab.Login(t)
	c.lab.Build(t)
	return c
}

func (c *compute) nova(method, path string, body, out any) {
	c.t.Helper()
	if err := c.cloud.Nova(context.WithoutCancel(c.t.Context()), method, path, body, out); err != nil {
		c.t.Fatal(err)
	}
}

func (c *compute) ask(options dict) answer {
	c.t.Helper()
	var a answer
	if err := c.lab.Module(c.t.Context(), "placement_candidates_info", options, &a); err != nil || a.Failed {
		c.t.Fatal(options, err, a.Msg)
	}
	return a
}

func (a answer) hosts() []string {
	var out []string
	for _, f := range a.Fits {
		if f.Refused == "" {
			out = append(out, f.Host)
		}
	}
	slices.Sort(out)
	return out
}

// service is a compute service that is up.
func (c *compute) service(host string) string {
	c.t.Helper()
	var list struct{ Services []struct{ ID, Host string } }
	c.nova(http.MethodGet, "/os-services?binary=nova-compute", nil, &list)
	for _, s := range list.Services {
		if s.Host == host {
			return s.ID
		}
	}
	c.t.Fatal("no compute service on " + host)
	return ""
}

// A flavor is asked for as Nova asks for it: on a host, in a zone, around a disabled service with its reason, and for a server.
func TestLabCandidatesOfFlavor(t *testing.T) {
	live.OneIsEnough(t, "zed") // newer Novas move no host with servers into another zone
	c := newCompute(t)
	all := c.ask(dict{"flavor": "m1.small"})
	hosts := all.hosts()
	if len(hosts) < 2 || len(all.Contradictions) > 0 {
		t.Fatalf("%+v", all)
	}
	host, other := hosts[0], hosts[1]
	if a := c.ask(dict{"flavor": "2", "host": host}); !slices.Equal(a.hosts(), []string{host}) || len(a.Contradictions) > 0 {
		t.Errorf("on %s: %+v", host, a)
	}
	c.zone(host, other)
	c.disabled(host, hosts)
	c.server(host)
}

// zone puts one host into a zone of its own.
func (c *compute) zone(host, other string) {
	c.t.Helper()
	var made struct{ Aggregate struct{ ID int } }
	name := "why-" + live.UUID()[:8]
	c.nova(http.MethodPost, "/os-aggregates", dict{"aggregate": dict{"name": name, "availability_zone": name}}, &made)
	path := fmt.Sprintf("/os-aggregates/%d", made.Aggregate.ID)
	act := func(action string) { c.nova(http.MethodPost, path+"/action", dict{action: dict{"host": host}}, nil) }
	act("add_host")
	a := c.ask(dict{"flavor": "m1.small", "availability_zone": name})
	act("remove_host")
	c.nova(http.MethodDelete, path, nil, nil)
	if !slices.Equal(a.hosts(), []string{host}) || len(a.Contradictions) > 0 {
		c.t.Errorf("in the zone: %+v", a)
	}
	for _, r := range a.Rejected {
		if r.Provider == other && (r.Reasons[0].Kind != "aggregate-missing" || !strings.Contains(r.Reasons[0].Text, name+" (availability zone "+name+")")) {
			c.t.Errorf("%+v", r)
		}
	}
}

// disabled disables a service with a reason, until Placement has the trait.
func (c *compute) disabled(host string, hosts []string) {
	c.t.Helper()
	path := "/os-services/" + c.service(host)
	c.nova(http.MethodPut, path, dict{"status": "disabled", "disabled_reason": "a new disk"}, nil)
	defer c.nova(http.MethodPut, path, dict{"status": "enabled"}, nil)
	for end := time.Now().Add(3 * time.Minute); ; time.Sleep(time.Second) {
		a := c.ask(dict{"flavor": "m1.small"})
		if slices.Contains(a.hosts(), host) || len(a.hosts()) != len(hosts)-1 {
			c.t.Fatalf("%s is disabled: %+v", host, a)
		}
		for _, r := range a.Rejected {
			if r.Reasons[0].Kind == "disabled" && strings.Contains(r.Reasons[0].Text, "nova-compute on "+host+" is disabled: a new disk") {
				return
			}
		}
		if time.Now().After(end) {
			c.t.Fatalf("no reason: %+v", a)
		}
	}
}

// server asks for the flavor of a server.
func (c *compute) server(host string) {
	c.t.Helper()
	ctx := context.WithoutCancel(c.t.Context())
	uuid, err := c.cloud.Boot(ctx, "why", c.cloud.Image(c.t), "2", host)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() {
		if err := c.cloud.Delete(ctx, uuid); err != nil {
			c.t.Error(err)
		}
	}()
	if a := c.ask(dict{"server": uuid}); !a.Lands || !strings.Contains(a.Msg, "flavor m1.small") {
		c.t.Errorf("%+v", a)
	}
}

// An image of Glance requires a trait that no host has. Two images may have one name.
func TestLabCandidatesOfImage(t *testing.T) {
	c := newCompute(t)
	ctx, name := context.WithoutCancel(t.Context()), "why "+live.UUID()[:8]
	for range 2 {
		uuid, err := c.cloud.MakeImage(ctx, name, dict{"trait:HW_CPU_X86_SSE4A": "required"})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := c.cloud.DeleteImage(ctx, uuid); err != nil {
				t.Error(err)
			}
		}()
		a := c.ask(dict{"flavor": "m1.small", "image": uuid})
		if a.Lands || len(a.Rejected) == 0 || !strings.Contains(a.Rejected[0].Reasons[0].Text, "HW_CPU_X86_SSE4A") || len(a.Contradictions) > 0 {
			t.Errorf("%+v", a)
		}
	}
	for image, want := range map[string]string{
		name: "must be the UUID of one image: several have this name, ", "why not": "must be the name or UUID of an image that this login can see",
	} {
		var a answer
		_ = c.lab.Module(t.Context(), "placement_candidates_info", dict{"flavor": "m1.small", "image": image}, &a)
		if !a.Failed || !strings.Contains(a.Msg, want) {
			t.Errorf("%s: %q", image, a.Msg)
		}
	}
	if a := c.ask(dict{"flavor": "m1.small", "image": "lab"}); !a.Lands {
		t.Errorf("%+v", a)
	}
}

type unfitCase struct {
	members     dict
	ours, novas string
}

// Nova's API refuses each image for the reason that the module gives.
func TestLabCandidatesOfUnfitImage(t *testing.T) {
	unfit(t, map[string]unfitCase{
		"queued": {dict{}, "the image is queued, not active", "is not active"},
		"ram":    {dict{"min_ram": 1 << 20}, "(min_ram), and the flavor has", "memory is too small"},
		"disk":   {dict{"min_disk": 1 << 20}, "(min_disk), and that of the flavor has", "smaller than the minimum size"},
	})
}

func unfit(t *testing.T, cases map[string]unfitCase) {
	t.Helper()
	c := newCompute(t)
	ctx := context.WithoutCancel(t.Context())
	for name, fault := range cases {
		uuid, err := c.cloud.MakeImage(ctx, "unfit "+name, fault.members)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := c.cloud.DeleteImage(ctx, uuid); err != nil {
				t.Error(err)
			}
		}()
		if name != "queued" {
			if err := c.cloud.FillImage(ctx, uuid); err != nil {
				t.Fatal(err)
			}
		}
		a := c.ask(dict{"flavor": "m1.small", "image": uuid})
		if a.Lands || !strings.Contains(a.Refused, fault.ours) || !strings.Contains(a.Msg, "lands nowhere: Nova's API refuses it, because ") {
			t.Errorf("%s: %+v", name, a)
		}
		if _, err := c.cloud.Boot(ctx, "unfit", uuid, "2", ""); err == nil || !strings.Contains(err.Error(), fault.novas) {
			t.Errorf("%s: Nova says %v", name, err)
		}
	}
}

// A flavor that asks for what Placement does not know gets an answer that names it, though Placement refuses the request.
func TestLabCandidatesOfUnknownNames(t *testing.T) {
	c := newCompute(t)
	id := live.UUID()
	trait, class := "CUSTOM_WHY_"+strings.ToUpper(id[:8]), "CUSTOM_WHY_"+strings.ToUpper(id[9:13])
	flavor := c.cloud.Flavor(t, "why-"+id[:8], 512, 1, 1)
	c.nova(http.MethodPost, "/flavors/"+flavor+"/os-extra_specs", dict{"extra_specs": dict{"trait:" + trait: "required", "resources:" + class: "1"}}, nil)
	a := c.ask(dict{"flavor": flavor})
	want := "Placement does not know the trait " + trait + " and the resource class " + class + ", which the flavor or the image asks for, and refuses the request"
	if a.Lands || a.Refused != want || len(a.Rejected) == 0 || len(a.Contradictions) > 0 || !strings.Contains(a.Msg, "lands nowhere: "+want) {
		t.Errorf("%+v", a)
	}
}
