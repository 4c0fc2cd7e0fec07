// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

type deletedServers struct {
	List []serverID `json:"servers" strict:"required"`
}

type serverID struct {
	ID string `json:"id" strict:"required,id"`
}

type actions struct {
	List []action `json:"instanceActions" strict:"required"`
}

type action struct {
	Started when `json:"start_time" strict:"required"`
	Updated when `json:"updated_at" strict:"optional"` // from 2.58 on
}

// last is when anything was done with the server for the last time; zero if Nova has no action of it.
func (a *actions) last() (at time.Time) {
	for _, one := range a.List {
		for _, t := range []time.Time{one.Started.Time, one.Updated.Time} {
			if t.After(at) {
				at = t
			}
		}
	}
	return at
}

// DeletedSince returns those of the servers that were deleted since then, as far as they are on one page (1,000 unless Nova is configured
// otherwise): nova-compute may still be cleaning up after them. The short list, because Nova 34 answers 500 to the
// detailed one when it looks for the flavor of a server whose rows it has just deleted (nova/objects/instance.py,
// _load_flavor).
func (c *Client) DeletedSince(ctx context.Context, since time.Time, among []string) ([]string, error) {
	query := url.Values{"all_tenants": {"True"}, "deleted": {"True"}, "changes-since": {since.UTC().Format(time.RFC3339)}}
	listed, err := rest.Get(ctx, c.sc, "list servers deleted lately", "servers?"+query.Encode(), func(a *deletedServers) ([]string, error) {
		return each(a.List, func(s serverID) (string, error) { return s.ID, nil })
	})
	return slices.DeleteFunc(listed, func(uuid string) bool { return !slices.Contains(among, uuid) || c.restsSince(ctx, uuid, since) }), err
}

// restsSince reports whether the last action of a deleted server was before that time. The list says only that its row was changed since:
// nova-compute changes it once more, minutes later, when it has removed the server's files (nova/compute/manager.py, _run_pending_deletes).
// If Nova does not show the actions, nothing is known, and the server counts as deleted lately.
func (c *Client) restsSince(ctx context.Context, uuid string, since time.Time) bool {
	last, err := rest.Get(ctx, c.sc, "list actions of server "+uuid, "servers/"+url.PathEscape(uuid)+"/os-instance-actions",
		func(a *actions) (time.Time, error) { return a.last(), nil })
	return err == nil && !last.IsZero() && last.Before(since)
}
