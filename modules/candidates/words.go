// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"cmp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
)

// inWords is what keeps a request out of a tree, without the amounts: what several trees have in common.
func inWords(kinds map[string]string, reason candidates.Reason) string {
	words := cmp.Or(kinds[reason.Kind], reason.Kind)
	if strings.Contains(words, "CLASS") {
		return strings.ReplaceAll(words, "CLASS", reason.Class)
	}
	about := cmp.Or(strings.Join(reason.Traits, " or "), reason.Class)
	if about == "" || reason.Kind == candidates.KindDisabled { // its trait says nothing more
		return words
	}
	return words + ": " + about
}

// kinds has words for each kind of reason.
func kinds() map[string]string {
	return map[string]string{
		candidates.KindDisabled:    "has the trait COMPUTE_STATUS_DISABLED",
		candidates.KindRootTrait:   "trait of the root missing or forbidden",
		candidates.KindOtherTree:   "not the tree that is asked for",
		candidates.KindTrait:       "trait missing",
		candidates.KindForbidden:   "forbidden trait",
		candidates.KindAggregate:   "not in an aggregate that is asked for",
		candidates.KindNoAggregate: "in a forbidden aggregate",
		candidates.KindNoInventory: "no inventory of CLASS",
		candidates.KindNotShared:   "in no aggregate with a provider that shares CLASS",
		candidates.KindFull:        "not enough CLASS left",
		candidates.KindReserved:    "too much CLASS reserved",
		candidates.KindMaxUnit:     "more CLASS than max_unit",
		candidates.KindMinUnit:     "less CLASS than min_unit",
		candidates.KindStepSize:    "CLASS not a multiple of step_size",
		candidates.KindIsolate:     "not each group on a provider of its own",
		candidates.KindSameSubtree: "not all groups below one provider",
		candidates.KindTogether:    "each part fits, but not all at once",
		candidates.KindNotJudged:   "too many ways to try all",
		candidates.KindUnused:      "not used by Nova",
	}
}
