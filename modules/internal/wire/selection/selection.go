// SPDX-License-Identifier: Apache-2.0

// Package selection finds the resource providers that a module is to write to: one, several by name, or those of an aggregate, of
// an availability zone or of a name pattern. It never selects nothing.
package selection

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// Meant says which resource providers are meant.
type Meant struct {
	Provider  string   `json:"provider" jsonschema_extras:"x-ansible-aliases=name" jsonschema_description:"Name or UUID of the resource provider."`
	Providers []string `json:"providers" jsonschema_description:"Names or UUIDs of several resource providers. A module that writes judges all of them before its first write."`
	Aggregate string   `json:"aggregate" jsonschema_description:"Select the providers of this Nova host aggregate (name, number or UUID) or Placement aggregate (UUID)."`
	Pattern   string   `json:"pattern" jsonschema_description:"Shell pattern that the whole name of a root provider must match, such as C(compute-0*). With I(aggregate) or I(zone), it selects among their providers. In check mode, a module that writes lists the providers that match. The task fails if none matches."`
	Zone      string   `json:"zone" jsonschema_description:"Select the compute nodes of this Nova availability zone, including those of disabled services."`
}

// Exclusive are the options that exclude each other.
func Exclusive() [][]string {
	return [][]string{{"provider", "providers", "aggregate"}, {"provider", "providers", "pattern"}, {"provider", "providers", "zone"}, {"aggregate", "zone"}}
}

// Names are the options, of which one has to be given to select something.
func Names() []string { return []string{"provider", "providers", "aggregate", "pattern", "zone"} }

// Faults refuses what says nothing: an empty name often comes from a variable that is not set.
func (o *Meant) Faults(call *ansible.Call) []error {
	var faults []error
	if call.Given("providers") && len(o.Providers) == 0 {
		faults = append(faults, &ansible.OptionError{Option: "providers", Value: "[]", Reason: "must name at least one resource provider"})
	}
	for _, f := range []struct{ option, value string }{
		{"provider", o.Provider}, {"aggregate", o.Aggregate}, {"pattern", o.Pattern}, {"zone", o.Zone},
	} {
		if call.Given(f.option) && strings.TrimSpace(f.value) == "" {
			faults = append(faults, &ansible.OptionError{Option: f.option, Reason: "must not be empty"})
		}
	}
	for i, name := range o.Providers {
		if strings.TrimSpace(name) == "" {
			faults = append(faults, &ansible.OptionError{Option: fmt.Sprintf("providers[%d]", i), Reason: "must not be empty"})
		}
	}
	if !openstack.Pattern(o.Pattern).Valid() {
		faults = append(faults, &ansible.OptionError{Option: "pattern", Value: o.Pattern, Reason: "must be a shell pattern, with each bracket closed"})
	}
	return faults
}

// Any reports whether a provider is selected at all.
func (o *Meant) Any() bool {
	return o.Provider != "" || len(o.Providers) > 0 || o.Aggregate != "" || o.Pattern != "" || o.Zone != ""
}

// Find finds the providers that the options name, to write to them, each once, by name. There is one at least, or an error. A
// host of an aggregate or a zone that has no provider is an error too.
func (o *Meant) Find(ctx context.Context, call *ansible.Call, clients *connection.Clients) ([]openstack.Provider, error) {
	return (&finder{call: call, clients: clients, client: clients.Placement, o: o}).find(ctx)
}

// FindToRead is Find for what is only read: a host without a provider is named in a warning, and left out.
func (o *Meant) FindToRead(ctx context.Context, call *ansible.Call, clients *connection.Clients) ([]openstack.Provider, error) {
	return (&finder{call: call, clients: clients, client: clients.Placement, o: o, reading: true}).find(ctx)
}

func (f *finder) find(ctx context.Context) ([]openstack.Provider, error) {
	switch o := f.o; {
	case o.Aggregate != "":
		return f.matching(f.members(ctx))
	case o.Zone != "":
		return f.matching(f.ofZone(ctx))
	case o.Pattern != "":
		return f.matching(f.roots(ctx))
	}
	return f.named(ctx)
}

// named finds the providers that are named one by one.
func (f *finder) named(ctx context.Context) ([]openstack.Provider, error) {
	option, names := "providers", f.o.Providers
	if f.o.Provider != "" {
		option, names = "provider", []string{f.o.Provider}
	}
	var found []openstack.Provider
	var faults []error
	for _, name := range names {
		p, err := connection.FindProvider(ctx, f.client, option, name)
		var fault *ansible.OptionError
		switch {
		case errors.As(err, &fault):
			faults = append(faults, err)
		case err != nil:
			return nil, err
		case !slices.ContainsFunc(found, func(q openstack.Provider) bool { return q.UUID == p.UUID }):
			found = append(found, p)
		}
	}
	if len(faults) > 0 {
		return nil, several.Join(faults...)
	}
	return found, nil
}
