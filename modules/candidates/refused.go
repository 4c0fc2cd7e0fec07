// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// refusal is why Placement answers 400 to the request of a flavor, and what helps.
type refusal struct{ why, help string }

// unasked judges the providers without Placement, which would refuse the request.
func (t *task) unasked(ctx context.Context) error {
	if err := t.read(ctx); err != nil {
		return err
	}
	t.judgeAll()
	return nil
}

// unknown looks whether Placement refused the request of a flavor because it does not know a trait or a resource class of it: no host has it
// then, and that is the answer. Otherwise the error stays what it is.
func (t *task) unknown(ctx context.Context, refused error) error {
	if !t.ofFlavor() {
		return refused
	}
	traits, err := t.src.Placement.KnownTraits(ctx, t.request.Traits())
	if err != nil {
		return refused
	}
	classes, err := t.src.Placement.Classes(ctx)
	if err != nil {
		return refused
	}
	strange := func(names, known []string) []string {
		return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(known, name) })
	}
	var why, help []string
	if list := strange(t.request.Traits(), traits); len(list) > 0 {
		why = append(why, "the trait "+foreign.List(list))
		help = append(help, "create the trait with placement_trait and give it to the hosts of which it is true")
	}
	if list := strange(slices.Sorted(maps.Keys(t.request.Amounts())), classes); len(list) > 0 {
		why = append(why, "the resource class "+foreign.List(list))
		help = append(help, "add inventories of the resource class with placement_inventory")
	}
	if len(why) == 0 {
		return refused
	}
	t.bad = refusal{
		why:  "Placement does not know " + strings.Join(why, " and ") + ", which the flavor or the image asks for, and refuses the request",
		help: "Take it out of the flavor or the image, or " + strings.Join(help, ", and "),
	}
	return t.unasked(ctx)
}

// refuse says that Placement refuses the request, unless Nova's API does before.
func (t *task) refuse(r *Result) {
	if t.bad.why != "" && r.Refused == "" {
		r.Refused, r.Help, r.bad = t.bad.why, []string{t.bad.help}, true
	}
}
