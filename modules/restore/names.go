// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"context"
	"fmt"
	"net/url"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

// taken says which other provider has the name that an undoing gives back; empty if none has it then. left is what the undoing of
// later steps leaves.
func (t *task) taken(ctx context.Context, back repair.Change, left map[string]repair.State) (string, error) {
	for i, p := range back.After.Providers {
		was := back.Before.Providers[i]
		if p.Absent || !was.Absent && was.Name == p.Name {
			continue
		}
		list, err := t.clients.Placement.Providers(ctx, url.Values{"name": {p.Name}})
		if err != nil {
			return "", err
		}
		for _, other := range list {
			if other.UUID != p.UUID && !frees(left, other) {
				return fmt.Sprintf("resource provider %s has taken the name %s", other.UUID, p.Name), nil
			}
		}
	}
	return "", nil
}

// frees reports whether the undoing of a later step takes its name from a provider.
func frees(left map[string]repair.State, other openstack.Provider) bool {
	for _, op := range []repair.Op{repair.CreateProvider, repair.UpdateProvider} {
		for _, p := range left[op.About()+" "+other.UUID].Providers {
			if p.Absent || p.Name != other.Name {
				return true
			}
		}
	}
	return false
}
