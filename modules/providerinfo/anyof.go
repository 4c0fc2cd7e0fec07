// SPDX-License-Identifier: Apache-2.0

package providerinfo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/selection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

// The first microversions of Placement that take these filters.
const (
	notInAggregate = "1.32"
	anyOfTraits    = "1.39"
)

// traits are the words of the query: one for all that are single, as an older Placement hears the last word only, and one for each in:.
func (f *Filters) traits() []string {
	var single, words []string
	for _, entry := range f.Required {
		if names := tags.AnyOf(entry); len(names) > 1 {
			words = append(words, "in:"+strings.Join(names, ","))
		} else {
			single = append(single, names[0])
		}
	}
	for _, name := range f.Forbidden {
		single = append(single, "!"+name)
	}
	if len(single) > 0 {
		words = append([]string{strings.Join(single, ",")}, words...)
	}
	return words
}

// members are the words of the query about aggregates.
func (f *Filters) members(ctx context.Context, clients *connection.Clients) ([]string, error) {
	lists := make([][]string, len(f.MemberOf))
	for i, entry := range f.MemberOf {
		lists[i] = parted(entry).names
	}
	uuids, err := selection.AggregateLists(ctx, clients, "member_of", lists)
	if err != nil {
		return nil, err
	}
	words := make([]string, len(uuids))
	for i, entry := range f.MemberOf {
		words[i] = member{parted(entry).not, uuids[i]}.word()
	}
	return words, nil
}

// member is an entry of member_of: one of the aggregates, or none of them.
type member struct {
	not   bool
	names []string
}

func parted(entry string) member {
	rest, not := strings.CutPrefix(strings.TrimSpace(entry), "!")
	return member{not, tags.AnyOf(rest)}
}

// word is what Placement's query has for it.
func (m member) word() string {
	word := strings.Join(m.names, ",")
	if len(m.names) > 1 {
		word = "in:" + word
	}
	if m.not {
		word = "!" + word
	}
	return word
}

func (f *Filters) memberFaults() []error {
	var faults []error
	for i, entry := range f.MemberOf {
		fault := &ansible.OptionError{Option: fmt.Sprintf("member_of[%d]", i)}
		switch {
		case !slices.Contains(parted(entry).names, ""):
			continue
		case strings.TrimSpace(entry) == "":
			fault.Reason = "must not be empty"
		default:
			fault.Value, fault.Reason = entry, "must be an aggregate, or in: and several of them with commas, with ! before it for those to keep out of"
		}
		faults = append(faults, fault)
	}
	return faults
}

// unspoken refuses what an older Placement would take for something else. lacks says what it does not have.
func (f *Filters) unspoken(lacks func(microversion, wish string) error) error {
	var faults []error
	for i, entry := range f.Required {
		if len(tags.AnyOf(entry)) > 1 {
			faults = append(faults, lacks(anyOfTraits, fmt.Sprintf("required[%d] (%s)", i, entry)))
		}
	}
	for i, entry := range f.MemberOf {
		if parted(entry).not {
			faults = append(faults, lacks(notInAggregate, fmt.Sprintf("member_of[%d] (%s)", i, entry)))
		}
	}
	return several.Join(faults...)
}
