// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// readCustoms reads the names before the providers are read: a class that is made and offered meanwhile is not among them then.
func (r *reader) readCustoms(ctx context.Context) {
	names, err := customNames(ctx, r.Placement)
	r.s.Custom = names
	r.settle(snapshot.Customs, err)
}

func customNames(ctx context.Context, p *placement.Client) (*snapshot.Names, error) {
	classes, err := p.Classes(ctx)
	if err != nil {
		return nil, err
	}
	traits, err := p.UnassignedTraits(ctx)
	if err != nil {
		return nil, err
	}
	return snapshot.CustomNames(classes, traits), nil
}

func (l *looker) readCustoms(ctx context.Context, needed []snapshot.Part) {
	if !slices.Contains(needed, snapshot.Customs) || !l.hasRead(snapshot.Customs) {
		return
	}
	names, err := customNames(ctx, l.Placement)
	l.look.Custom = names
	l.settle(snapshot.Customs, err)
}
