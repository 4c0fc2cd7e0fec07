// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// Summary is what an answer about allocation candidates says of a provider: of all its classes, not only of the one that
// was asked for (since 1.27).
type Summary struct {
	Capacity, Used map[string]int
}

// Candidates asks who has one unit of a class to give away, and returns what that says of each provider: those with room,
// the rest of their trees (since 1.29), and what shares the class with them. One answer takes the place of two requests a
// provider. Providers without room, and those that a limit of the server leaves out, are missing.
func (c *Client) Candidates(ctx context.Context, class string) (map[string]Summary, error) {
	query := url.Values{"resources": {class + ":1"}}
	return rest.Get(ctx, c.sc, "list allocation candidates with "+class, "allocation_candidates?"+query.Encode(),
		func(a *candidates) (map[string]Summary, error) { return converted(a.Summaries, summary.data), nil })
}

// Lands reports whether Placement finds a candidate for these amounts in the tree of a provider.
func (c *Client) Lands(ctx context.Context, root string, resources map[string]int) (bool, error) {
	words := make([]string, 0, len(resources))
	for _, class := range slices.Sorted(maps.Keys(resources)) {
		words = append(words, fmt.Sprintf("%s:%d", class, resources[class]))
	}
	query := url.Values{"resources": {strings.Join(words, ",")}, "in_tree": {root}, "limit": {"1"}}
	return rest.Get(ctx, c.sc, "list allocation candidates in the tree of "+root, "allocation_candidates?"+query.Encode(),
		func(a *candidates) (bool, error) { return len(a.Summaries) > 0, nil })
}

// Landing is a way to serve a request for allocation candidates.
type Landing struct {
	Takes map[string]map[string]int // amounts by class, by provider
	By    map[string][]string       // UUIDs of providers by suffix of the group that they serve (since 1.34)
}

// Landings asks for allocation candidates with a query that Placement takes as it stands, and returns them with what the answer says
// of each provider in their trees.
func (c *Client) Landings(ctx context.Context, query url.Values) ([]Landing, map[string]Summary, error) {
	got, err := rest.Get(ctx, c.sc, "list allocation candidates", "allocation_candidates?"+query.Encode(),
		func(a *landings) (*landings, error) { return a, nil })
	if err != nil {
		return nil, nil, err
	}
	out := make([]Landing, 0, len(got.Requests))
	for _, one := range got.Requests {
		out = append(out, one.data())
	}
	return out, converted(got.Summaries, summary.data), nil
}

// KnownTraits returns those of the traits that Placement has: asking for the holders of another is an error.
func (c *Client) KnownTraits(ctx context.Context, names []string) ([]string, error) {
	query := url.Values{"name": {"in:" + strings.Join(names, ",")}}
	return rest.Get(ctx, c.sc, "list traits", "traits?"+query.Encode(), func(a *traits) ([]string, error) { return a.Traits, nil })
}

// UnassignedTraits lists the custom traits that no provider has.
func (c *Client) UnassignedTraits(ctx context.Context) ([]string, error) {
	query := url.Values{"name": {"startswith:CUSTOM_"}, "associated": {"false"}}
	return rest.Get(ctx, c.sc, "list custom traits", "traits?"+query.Encode(), func(a *traits) ([]string, error) { return a.Traits, nil })
}

// consumerTypes is the first microversion in which usages are counted by consumer type, with the number of consumers.
const consumerTypes = "1.38"

// ConsumersOf counts the consumers of a project. Before 1.38 Placement does not count them: then -1 says that there
// are some.
func (c *Client) ConsumersOf(ctx context.Context, project string) (int, error) {
	op, path := "read usages of project "+project, "usages?"+url.Values{"project_id": {project}}.Encode()
	if rest.Compare(c.sc.Microversion, consumerTypes) >= 0 {
		return rest.Get(ctx, c.sc, op, path, func(a *usagesByType) (int, error) { return a.consumers(), nil })
	}
	return rest.Get(ctx, c.sc, op, path, func(a *usagesByClass) (int, error) { return -min(len(a.Usages), 1), nil })
}
