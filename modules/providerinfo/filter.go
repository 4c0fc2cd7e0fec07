// SPDX-License-Identifier: Apache-2.0

package providerinfo

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/selection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

// Filters choose among the resource providers. One that is left has to pass all of them.
type Filters struct {
	Pattern   string         `json:"pattern" jsonschema_description:"Shell pattern that the whole name of a provider must match, such as C(compute-0*). It matches child providers too."`
	Resources map[string]int `json:"resources" jsonschema_description:"Amounts by resource class. Return only providers that have room for all of them at once, as Placement judges it."`
	Required  []string       `json:"required" jsonschema_extras:"x-ansible-commas=any-of" jsonschema_description:"Traits that a provider has to have, all of them. The entry C(in:A,B) asks for one of them, from microversion 1.39 of Placement (Yoga) on."`
	Forbidden []string       `json:"forbidden" jsonschema_description:"Traits that a provider must not have."`
	MemberOf  []string       `json:"member_of" jsonschema_extras:"x-ansible-commas=any-of" jsonschema_description:"Aggregates that a provider has to be a member of, all of them: each a UUID of Placement, or the name or number of a Nova host aggregate. The entry C(in:A,B) asks for one of them, C(!A) and C(!in:A,B) for none, the latter from microversion 1.32 of Placement (Train) on."`
	Zone      string         `json:"zone" jsonschema_description:"Nova availability zone. Return only providers in the trees of its compute nodes."`
}

// faults refuses what no filter can be.
func (f *Filters) faults(call *ansible.Call) []error {
	faults := append(tags.AnyOfFaults("required", f.Required), tags.NameFaults("forbidden", f.Forbidden)...)
	faults = append(faults, tags.NameFaults("resources", slices.Sorted(maps.Keys(f.Resources)))...)
	for _, class := range slices.Sorted(maps.Keys(f.Resources)) {
		if n := f.Resources[class]; n < 1 {
			faults = append(faults, &ansible.OptionError{Option: "resources -> " + class, Value: strconv.Itoa(n), Reason: "must be at least 1"})
		}
	}
	for _, one := range []struct{ option, value string }{{"pattern", f.Pattern}, {"zone", f.Zone}} {
		if call.Given(one.option) && strings.TrimSpace(one.value) == "" {
			faults = append(faults, &ansible.OptionError{Option: one.option, Reason: "must not be empty"})
		}
	}
	faults = append(faults, f.memberFaults()...)
	if !openstack.Pattern(f.Pattern).Valid() {
		faults = append(faults, &ansible.OptionError{Option: "pattern", Value: f.Pattern, Reason: "must be a shell pattern, with each bracket closed"})
	}
	return faults
}

// query is what Placement can filter by; empty for nothing. members are the words of member_of.
func (f *Filters) query(members []string) url.Values {
	query := url.Values{}
	if len(f.Resources) > 0 {
		var words []string
		for _, class := range slices.Sorted(maps.Keys(f.Resources)) {
			words = append(words, fmt.Sprintf("%s:%d", class, f.Resources[class]))
		}
		query.Set("resources", strings.Join(words, ","))
	}
	if words := f.traits(); len(words) > 0 {
		query["required"] = words
	}
	if len(members) > 0 {
		query["member_of"] = members
	}
	return query
}

// passing keeps the providers that pass all filters.
func (f *Filters) passing(ctx context.Context, call *ansible.Call, clients *connection.Clients, list []openstack.Provider) ([]openstack.Provider, error) {
	if err := f.unspoken(clients.Placement.Lacks); err != nil {
		return nil, err
	}
	members, err := f.members(ctx, clients)
	if err != nil {
		return nil, err
	}
	if query := f.query(members); len(query) > 0 {
		found, err := clients.Placement.Providers(ctx, query)
		if err != nil {
			return nil, err
		}
		list = kept(list, uuids(found), func(p openstack.Provider) string { return p.UUID })
	}
	if f.Zone != "" {
		zone := selection.Meant{Zone: f.Zone}
		found, err := zone.FindToRead(ctx, call, clients)
		if err != nil {
			return nil, err
		}
		list = kept(list, uuids(found), rootOf)
	}
	if f.Pattern == "" {
		return list, nil
	}
	return slices.DeleteFunc(list, func(p openstack.Provider) bool { return !openstack.Pattern(f.Pattern).Matches(p.Name) }), nil
}

func uuids(list []openstack.Provider) map[string]bool {
	out := map[string]bool{}
	for _, p := range list {
		out[p.UUID] = true
	}
	return out
}

// kept keeps the providers of which a UUID is among those.
func kept(list []openstack.Provider, among map[string]bool, of func(openstack.Provider) string) []openstack.Provider {
	return slices.DeleteFunc(list, func(p openstack.Provider) bool { return !among[of(p)] })
}
