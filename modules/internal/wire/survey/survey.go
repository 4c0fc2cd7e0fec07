// SPDX-License-Identifier: Apache-2.0

// Package survey reads as much of a cloud as some checks need, looks twice at what they suspect, and says what they find: what
// every module does that judges a cloud. It has the options for that.
package survey

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// Asked are the options that say what is judged.
type Asked struct {
	Checks     []string `json:"checks,omitempty" jsonschema_description:"Ids or names of the checks to run. All of them if not given."`
	SkipChecks []string `json:"skip_checks,omitempty" jsonschema_description:"Ids or names of checks to leave out."`
	Grace      int      `json:"grace" jsonschema:"default=10,minimum=0" jsonschema_description:"Seconds between the first look and the second. Only what both show is a finding."`
	StuckAfter int      `json:"stuck_after" jsonschema:"default=86400,minimum=1" jsonschema_description:"Seconds after which a move in progress, a task or a build counts as stuck."`
	Providers  []string `json:"providers,omitempty" jsonschema_description:"Report only what concerns these resource providers (names or UUIDs) and their children: their consumers, and the servers on their compute nodes. The whole cloud is still read."`
	Hosts      []string `json:"hosts,omitempty" jsonschema_description:"Report only what concerns the compute nodes and the servers of these service hosts. Added to I(providers) and I(aggregates)."`
	Aggregates []string `json:"aggregates,omitempty" jsonschema_description:"Report only what concerns the hosts of these host aggregates (names, numbers or UUIDs). Added to I(providers) and I(hosts)."`
	Owned      *Owned   `json:"owned,omitempty" jsonschema_description:"Name what in Placement belongs to this Nova. Use it where another Nova or another service shares this Placement. Compute roots and consumers that neither Nova nor this option names are not judged; an audit counts them in C(summary.not_judged). What Nova shows is always judged. I(aggregates) and I(providers) select root providers and their consumers. If several of the other lists are given, a consumer must be in each of them."`
	Others     *Others  `json:"others,omitempty" jsonschema_description:"Name what in Placement belongs to others, such as Zun, Blazar, Cyborg or another Nova. It is not judged; an audit counts it in C(summary.not_judged). A consumer that one of the lists names belongs to others."`

	Usual  []string `json:"-"` // ids of the checks that run if none is named; empty: all
	Always []string `json:"-"` // ids of checks that run whatever is named
	Chosen Chosen   `json:"-"` // by Faults
}

// BadPattern says what a pattern has to be.
const BadPattern = "must be a pattern, in which each [ is closed by a ] and each \\ precedes a character"

// Nova deletes a server first and then its allocation; a slow Placement makes seconds of that.
const shortGrace = 5

// The check of servers without instance mapping, which the databases show at the first look.
const lostMapping = "PLC508"

// Up to so many providers inventories and memberships are read one by one; beyond, see collect.
const exactUpTo = 500

// Faults returns all that can be known to be wrong before a cloud is asked, and chooses the checks. Those run as well that
// demand one of these parts.
func (o *Asked) Faults(demanded ...snapshot.Part) error {
	chosen, unknown := o.choose(demanded)
	o.Chosen = chosen
	return several.Join(unknown, o.scopeFaults(), o.ownerFaults())
}

// Settings are the thresholds of the checks.
func (o *Asked) Settings(nearFull float64) check.Settings {
	return check.Settings{NearFull: nearFull, StuckAfter: time.Duration(o.StuckAfter) * time.Second, Owners: o.owners()}
}

// Survey is one reading of a cloud.
type Survey struct {
	Asked    *Asked
	Checks   []*check.Check
	Settings check.Settings
	Names    triage.Names    // what it is limited to
	More     []snapshot.Part // read these too
	Every    bool            // read every part, not only what the checks need
	Quick    bool            // read allocations only where usages do not fit
	Watch    time.Duration   // how long generations are watched

	database bool // the databases are read

	// Once the cloud is read: the scope in it, and the checks as they judge it.
	Scope   *triage.Scope
	Limited []*check.Check
}

// New makes a survey of the checks that the options have chosen.
func New(o *Asked, settings check.Settings) *Survey {
	return &Survey{Asked: o, Checks: o.Chosen.Run, Settings: settings, Names: o.Scope()}
}

// Read reads the cloud, and looks again at what is suspicious.
func (v *Survey) Read(ctx context.Context, call *ansible.Call, clients *connection.Clients) (*snapshot.Snapshot, error) {
	parts := v.parts()
	src := v.source(call, clients)
	if slices.ContainsFunc(parts, snapshot.Part.FromNova) {
		src.Compute, src.NoCompute = clients.Compute(ctx)
	}
	v.warnOfGrace(call)
	s := collect.Read(ctx, src, parts)
	if err := v.Limit(s); err != nil {
		return nil, err
	}
	s.Second = collect.LookAgain(ctx, src, s, v.suspects(s), time.Duration(v.Asked.Grace)*time.Second)
	return s, nil
}

// ReadDatabase reads the databases instead, and looks again at what is suspicious.
func (v *Survey) ReadDatabase(ctx context.Context, call *ansible.Call, src database.Source) (*snapshot.Snapshot, error) {
	v.database = true
	v.warnOfGrace(call)
	s := database.Read(ctx, src, v.parts())
	if err := v.Limit(s); err != nil {
		return nil, err
	}
	s.Second = database.LookAgain(ctx, src, s, v.suspects(s), time.Duration(v.Asked.Grace)*time.Second)
	return s, nil
}

func (v *Survey) warnOfGrace(call *ansible.Call) {
	if v.Asked.Grace < shortGrace {
		call.Warn("grace: %d seconds are short: the allocation of a server that is being deleted may still look orphaned", v.Asked.Grace)
	}
}

// suspects is what the second look is at: what the checks suspect, and all servers where that was asked for.
func (v *Survey) suspects(s *snapshot.Snapshot) snapshot.Suspects {
	suspects := check.Suspects(s, v.Limited, v.Settings)
	if s.Rows != nil && v.Asked.Chosen.Has(lostMapping) {
		suspects.Consumers = append(suspects.Consumers, s.Rows.Lost...)
		slices.Sort(suspects.Consumers)
		suspects.Consumers = slices.Compact(suspects.Consumers)
	}
	if v.Asked.Chosen.EachServer() {
		for _, server := range s.Servers() {
			suspects.Consumers = append(suspects.Consumers, server.UUID)
		}
		slices.Sort(suspects.Consumers)
		suspects.Consumers = slices.Compact(suspects.Consumers)
	}
	return suspects
}

// Source is where a task reads, but for Nova.
func Source(call *ansible.Call, clients *connection.Clients) collect.Source {
	return collect.Source{
		NoCompute: errors.New("nova was not asked for"),
		Placement: clients.Placement, Concurrency: clients.Session.Concurrency(), Now: call.Now, Sleep: call.Sleep,
		Admin: clients.Session.HasRole("admin"), Exact: exactUpTo,
		Progress: call.Progress,
	}
}

// source is where the survey reads, but for Nova.
func (v *Survey) source(call *ansible.Call, clients *connection.Clients) collect.Source {
	src := Source(call, clients)
	src.EveryMembership, src.Quick, src.Watch = v.Asked.Chosen.InFull(snapshot.Memberships), v.Quick, v.Watch
	if v.Quick {
		src.Exact = 0
	}
	return src
}

// parts lists what has to be read: what the checks need, or everything for a snapshot that is kept.
func (v *Survey) parts() []snapshot.Part {
	owning, _ := v.owning(nil, v.Names.Limit(v.Checks, nil)) // only a snapshot makes it fail
	parts := snapshot.Subset(append(check.Needs(owning), v.More...))
	if v.Every {
		parts = snapshot.AllParts()
	}
	wanted := func(p snapshot.Part) bool {
		return slices.ContainsFunc(v.Checks, func(c *check.Check) bool { return slices.Contains(c.Needs, p) })
	}
	return slices.DeleteFunc(parts, func(p snapshot.Part) bool {
		return p == snapshot.Generations && v.Watch == 0 || p == snapshot.Rows && !v.database || p == snapshot.Customs && !wanted(p)
	})
}

// Judge says what the checks find in what was read.
func (v *Survey) Judge(s *snapshot.Snapshot) check.Verdict {
	return check.Run(s, v.Limited, v.Settings)
}

// owning returns the checks with what they need to tell whose something is. It fails if owned names aggregates that Nova does
// not have.
func (v *Survey) owning(s *snapshot.Snapshot, checks []*check.Check) ([]*check.Check, error) {
	owners := v.Asked.owners()
	if s != nil && s.Parts[snapshot.Aggregates].Read {
		strange := slices.DeleteFunc(slices.Clone(owners.Owned.Aggregates), func(name string) bool {
			return slices.ContainsFunc(s.Aggregates(), func(a openstack.Aggregate) bool { return a.Named(name) })
		})
		if len(strange) > 0 {
			return nil, &ansible.OptionError{
				Option: "owned -> aggregates", Value: strings.Join(strange, ", "), Reason: "must be names, numbers or UUIDs of host aggregates that exist",
			}
		}
	}
	out := make([]*check.Check, len(checks))
	for i, c := range checks {
		out[i] = c
		if needs := owners.Needs(c.Subject); len(needs) > 0 {
			out[i] = c.Limited(needs, func(check.Subject) bool { return true })
		}
	}
	return out, nil
}
