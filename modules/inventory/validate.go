// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// The largest ratio that Placement takes, and the form of a resource class (placement/schemas).
const largestRatio = 3.40282e+38

var className = regexp.MustCompile(`^[A-Z0-9_]{1,255}$`)

// Validate refuses what Placement would refuse, before it is asked, all at once.
func (o *Options) Validate(call *ansible.Call) error {
	faults := []error{connection.Faults(&o.Options)}
	if call.Given("inventories") && len(o.Inventories) == 0 {
		faults = append(faults, &ansible.OptionError{Option: "inventories", Value: "{}", Reason: "must name at least one resource class"})
	}
	faults = append(faults, o.Meant.Faults(call)...)
	for _, class := range slices.Sorted(maps.Keys(o.Inventories)) {
		faults = append(faults, o.classFaults(class, o.Inventories[class])...)
	}
	return several.Join(faults...)
}

func (o *Options) classFaults(class string, w Wanted) []error {
	var faults []error
	fault := func(name, value, reason string) {
		path := "inventories -> " + class
		if name != "" {
			path += " -> " + name
		}
		faults = append(faults, &ansible.OptionError{Option: path, Value: value, Reason: reason})
	}
	if !className.MatchString(class) {
		fault("", class, "must be a resource class: capitals, digits and underscores, such as "+example(class))
	}
	for _, f := range w.fields() {
		if f.value != nil && (*f.value < f.min || *f.value > f.max) {
			fault(f.name, strconv.Itoa(*f.value), fmt.Sprintf("must be from %d to %d", f.min, f.max))
		}
	}
	if r := w.AllocationRatio; r != nil && (*r < 0 || *r > largestRatio || math.IsNaN(*r)) {
		fault("allocation_ratio", strconv.FormatFloat(*r, 'g', -1, 64), "must be from 0 to 3.40282e+38")
	}
	if w.Total != nil && w.Reserved != nil && *w.Reserved > max(*w.Total, 0) {
		fault("reserved", strconv.Itoa(*w.Reserved), fmt.Sprintf("must not be more than the total of %d", *w.Total))
	}
	if o.State == string(change.Exact) && w.Total == nil {
		fault("total", "", "is needed with state=exact: it has no default")
	}
	if o.State == string(change.Absent) && w != (Wanted{}) {
		fault("", "", "must be an empty dictionary with state=absent: the whole inventory is removed")
	}
	return faults
}

// example makes a resource class of what was probably meant.
func example(class string) string {
	fixed := regexp.MustCompile(`[^A-Z0-9_]+`).ReplaceAllString(strings.ToUpper(strings.TrimSpace(class)), "_")
	if fixed == "" || fixed == "_" {
		return "VCPU"
	}
	return fixed
}

// wishes gives the options the form in which they are judged.
func (o *Options) wishes() map[string]change.Wish {
	out := map[string]change.Wish{}
	for class, w := range o.Inventories {
		out[class] = change.Wish(w)
	}
	return out
}
