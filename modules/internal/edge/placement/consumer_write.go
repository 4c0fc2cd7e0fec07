// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// writeBack is the newest microversion at which what was read of a consumer of Nova's can be written back: from 1.38 on a write
// has to name the consumer's type, and Placement refuses the one that it gives to consumers without any (unknown).
const writeBack = "1.37"

// Claim is what one consumer is to hold, in place of all that it holds.
type Claim struct {
	Consumer, ProjectID, UserID string
	// Generation is the consumer's when it was read; nil for one that Placement does not know.
	Generation *int
	// Held is by provider and resource class. Empty takes away everything, and Placement forgets the consumer.
	Held map[string]map[string]int
}

type claim struct {
	Allocations map[string]share `json:"allocations"`
	ProjectID   string           `json:"project_id"`
	UserID      string           `json:"user_id"`
	Generation  *int             `json:"consumer_generation"`
}

func (c Claim) wire() claim {
	return claim{
		converted(c.Held, func(amounts map[string]int) share { return share{amounts} }), c.ProjectID, c.UserID, c.Generation,
	}
}

// PutAllocations writes what one consumer holds, if it still has its generation.
func (c *Client) PutAllocations(ctx context.Context, one Claim) error {
	return rest.PutOnly(ctx, c.forWriteBack(), rest.Write{
		Op: "write allocations of consumer " + one.Consumer, Path: "allocations/" + url.PathEscape(one.Consumer),
		Body: one.wire(), OK: []int{http.StatusNoContent},
	})
}

// PostAllocations writes what several consumers hold: all of it, if each still has its generation, or nothing.
func (c *Client) PostAllocations(ctx context.Context, all []Claim) error {
	body := map[string]claim{}
	for _, one := range all {
		body[one.Consumer] = one.wire()
	}
	return rest.PostOnly(ctx, c.forWriteBack(), rest.Write{
		Op: "write allocations of several consumers", Path: "allocations", Body: body, OK: []int{http.StatusNoContent},
	})
}

// DeleteAllocations takes away all that a consumer holds, whatever its generation: what was read of it has to hold by itself.
func (c *Client) DeleteAllocations(ctx context.Context, consumer string) error {
	return rest.Delete(ctx, c.sc, rest.Write{
		Op: "delete allocations of consumer " + consumer, Path: "allocations/" + url.PathEscape(consumer), OK: []int{http.StatusNoContent},
	})
}

func (c *Client) forWriteBack() *gophercloud.ServiceClient {
	if rest.Compare(c.sc.Microversion, writeBack) <= 0 {
		return c.sc
	}
	return rest.At(c.sc, writeBack)
}
