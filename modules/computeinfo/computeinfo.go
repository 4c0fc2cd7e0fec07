// SPDX-License-Identifier: Apache-2.0

// Package computeinfo is the module placement_compute_info: it reads compute services with their compute nodes and resource
// providers, says which have not reported, and what Kolla-Ansible would do to their identities.
package computeinfo

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_compute_info.
func Module() *ansible.Module {
	return ansible.Define("placement_compute_info", doc, run)
}

// Options are the options of placement_compute_info.
type Options struct {
	config.Options
	address.Where

	Hosts []string `json:"hosts,omitempty" jsonschema_description:"Service hosts to return. All of them if not given."`
	Since string   `json:"since,omitempty" jsonschema_description:"Count a compute service as reported only if it did so after this time: what an earlier run returned as I(latest)."`

	Servers   bool     `json:"servers" jsonschema:"default=false" jsonschema_description:"Also read which servers are on I(hosts), and which moves from or to them are under way."`
	Consumers []string `json:"consumers,omitempty" jsonschema_description:"With I(servers), UUIDs of consumers in Placement. The result says whether each is a server or a migration, and whether an evacuated server has an allocation on its present host."`

	Identities []OnHost `json:"identities,omitempty" jsonschema_description:"What was read on the compute hosts. The result says what Kolla-Ansible's step that writes compute_id (20.5.0, 21.2.0, 22.1.0 and later) would do to each."`
}

// OnHost is what was read on one compute host.
type OnHost struct {
	Host      string `json:"host" jsonschema:"required" jsonschema_description:"What to call the host."`
	Nodename  string `json:"nodename,omitempty" jsonschema_description:"Name that the host gives itself, as C(uname -n) and the fact C(ansible_facts.nodename) do."`
	ComputeID string `json:"compute_id,omitempty" jsonschema_description:"Content of the host's file compute_id. Empty if there is none."`
	Unread    string `json:"unread,omitempty" jsonschema_description:"Why I(nodename) and I(compute_id) could not be read."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{RequiredIf: []ansible.RequiredIf{{Option: "servers", Value: true, Options: []string{"hosts"}}}}
}

// Validate reports faults in the options.
func (o *Options) Validate(*ansible.Call) error {
	faults := several.Join(connection.DatabaseFaults(&o.Where, 0), o.sinceFault(), o.identityFaults())
	if !o.Used() {
		return several.Join(connection.Faults(&o.Options), faults)
	}
	if o.Servers {
		faults = several.Join(faults, &ansible.OptionError{
			Option: "servers", Value: "true", Reason: "must be false with source: database, which does not read the servers of single hosts",
		})
	}
	return faults
}

func (o *Options) sinceFault() error {
	if o.Since == "" {
		return nil
	}
	if _, err := time.Parse(time.RFC3339Nano, o.Since); err != nil {
		return &ansible.OptionError{Option: "since", Value: o.Since, Reason: "must be a time such as 2026-11-22T10:00:00Z, as returned in latest"}
	}
	return nil
}

func (o *Options) identityFaults() error {
	var faults []error
	for i, h := range o.Identities {
		if h.Unread == "" && h.Nodename == "" {
			faults = append(faults, &ansible.OptionError{
				Option: fmt.Sprintf("identities[%d].nodename", i), Value: "", Reason: "must not be empty, unless unread says why it is",
			})
		}
	}
	return several.Join(faults...)
}

// Result is what placement_compute_info returns.
type Result struct {
	Changed    bool                 `json:"changed"`
	Msg        string               `json:"msg"`
	Complete   bool                 `json:"complete"`
	NotRead    []Unread             `json:"not_read"`
	Computes   []Compute            `json:"computes"`
	Silent     []string             `json:"silent"`
	Latest     *time.Time           `json:"latest,omitempty"`
	Identities []computeid.Identity `json:"identities"`
	Unseen     []string             `json:"unseen"`
	Hosts      []openstack.OnHost   `json:"hosts"`
	Consumers  []openstack.Holder   `json:"consumers"`
	Requests   map[string]int       `json:"requests"`
}

// Unread is a list that could not be read.
type Unread struct {
	Part   string `json:"part"`
	Reason string `json:"reason"`
}

// Compute is one nova-compute.
type Compute struct {
	UUID       string     `json:"uuid,omitempty"`
	Host       string     `json:"host"`
	State      string     `json:"state"`
	Status     string     `json:"status"`
	ForcedDown bool       `json:"forced_down"`
	Updated    *time.Time `json:"updated_at,omitempty"`
	Reported   bool       `json:"reported"`
	// Nodes are its compute nodes, Providers the resource providers of the same UUIDs.
	Nodes     []computeid.Named `json:"nodes"`
	Providers []computeid.Named `json:"providers"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	if o.Used() {
		return o.fromDatabases(ctx, call)
	}
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	src := collect.Source{Placement: clients.Placement, Concurrency: clients.Session.Concurrency(), Now: call.Now, Sleep: call.Sleep}
	if src.Compute, err = clients.Compute(ctx); err != nil {
		return nil, err
	}
	src.Admin = clients.Session.HasRole("admin")
	s := collect.Read(ctx, src, o.parts())
	if st := s.Parts[snapshot.Services]; !st.Read {
		return nil, errors.New(st.Reason)
	}
	r := o.result(s)
	o.occupy(ctx, src, s, r)
	r.Requests = clients.Session.Requests()
	return r, nil
}

// fromDatabases reads the databases instead, and sends no request.
func (o *Options) fromDatabases(ctx context.Context, call *ansible.Call) (*Result, error) {
	src, err := connection.Databases(call, &o.Where)
	if err != nil {
		return nil, err
	}
	s := database.Read(ctx, src, o.parts())
	if st := s.Parts[snapshot.Services]; !st.Read {
		return nil, errors.New(st.Reason)
	}
	r := o.result(s)
	r.Requests = map[string]int{}
	return r, nil
}

func (o *Options) parts() []snapshot.Part {
	all := []snapshot.Part{snapshot.Providers, snapshot.Services, snapshot.Hypervisors}
	if o.Servers {
		all = append(all, snapshot.Migrations)
	}
	return all
}

// occupy adds what is on the hosts. It needs all that was read before.
func (o *Options) occupy(ctx context.Context, src collect.Source, s *snapshot.Snapshot, r *Result) {
	if !o.Servers || !r.Complete {
		return
	}
	found, err := collect.ReadHosts(ctx, src, s, o.Hosts, o.Consumers)
	if err != nil {
		r.Complete, r.NotRead = false, append(r.NotRead, Unread{Part: string(snapshot.Servers), Reason: err.Error()})
		r.Msg = r.message(o)
		return
	}
	r.Hosts, r.Consumers = found.Hosts, found.Holders
}
