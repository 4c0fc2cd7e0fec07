// SPDX-License-Identifier: Apache-2.0

package placement

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/rest"
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
	op := "list allocation candidates with " + class
	var answer struct {
		Summaries *map[string]struct {
			Resources map[string]struct {
				Capacity *int `json:"capacity"`
				Used     *int `json:"used"`
			} `json:"resources"`
		} `json:"provider_summaries"`
	}
	query := url.Values{"resources": {class + ":1"}}
	if err := rest.Get(ctx, c.sc, op, "allocation_candidates?"+query.Encode(), &answer); err != nil {
		return nil, err
	}
	if answer.Summaries == nil {
		return nil, rest.Missing(op, "provider_summaries")
	}
	out := make(map[string]Summary, len(*answer.Summaries))
	for uuid, provider := range *answer.Summaries {
		s := Summary{make(map[string]int, len(provider.Resources)), make(map[string]int, len(provider.Resources))}
		for name, r := range provider.Resources {
			if r.Capacity == nil || r.Used == nil {
				return nil, rest.Missing(op, "capacity and used of "+name)
			}
			s.Capacity[name], s.Used[name] = *r.Capacity, *r.Used
		}
		out[uuid] = s
	}
	return out, nil
}

// KnownTraits returns those of the traits that Placement has: asking for the holders of another is an error.
func (c *Client) KnownTraits(ctx context.Context, names []string) ([]string, error) {
	const op = "list traits"
	var answer struct {
		Traits *[]string `json:"traits"`
	}
	query := url.Values{"name": {"in:" + strings.Join(names, ",")}}
	if err := rest.Get(ctx, c.sc, op, "traits?"+query.Encode(), &answer); err != nil {
		return nil, err
	}
	if answer.Traits == nil {
		return nil, rest.Missing(op, "traits")
	}
	return *answer.Traits, nil
}

// consumerTypes is the microversion from which on usages are counted by consumer type, with the number of consumers.
const consumerTypes = "1.38"

// ConsumersOf counts the consumers of a project. Before 1.38 Placement does not count them: then -1 says that there
// are some.
func (c *Client) ConsumersOf(ctx context.Context, project string) (int, error) {
	op := "read usages of project " + project
	var answer struct {
		Usages *map[string]json.RawMessage `json:"usages"`
	}
	if err := rest.Get(ctx, c.sc, op, "usages?"+url.Values{"project_id": {project}}.Encode(), &answer); err != nil {
		return 0, err
	}
	if answer.Usages == nil {
		return 0, rest.Missing(op, "usages")
	}
	if len(*answer.Usages) == 0 {
		return 0, nil
	}
	if rest.Compare(c.sc.Microversion, consumerTypes) < 0 {
		return -1, nil
	}
	sum := 0
	for kind, raw := range *answer.Usages {
		var ofKind struct {
			Count *int `json:"consumer_count"`
		}
		if json.Unmarshal(raw, &ofKind) != nil || ofKind.Count == nil {
			return 0, rest.Missing(op, "consumer_count of "+kind)
		}
		sum += *ofKind.Count
	}
	return sum, nil
}
