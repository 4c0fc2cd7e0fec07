// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Words tells a state, one line for each consumer, provider and name. Names are as others chose them.
func (s State) Words() []string {
	var all []string
	for _, c := range s.Consumers {
		all = append(all, c.words())
	}
	for _, p := range s.Providers {
		all = append(all, p.words())
	}
	for _, n := range s.Names {
		there := "exists"
		if n.Absent {
			there = "does not exist"
		}
		all = append(all, n.Name+" "+there)
	}
	return all
}

func (c Consumer) words() string {
	held := c.Held.without0()
	if len(held) == 0 {
		return "consumer " + c.UUID + " holds nothing"
	}
	var parts []string
	for _, provider := range slices.Sorted(maps.Keys(held)) {
		parts = append(parts, amounts(held[provider])+" on resource provider "+provider)
	}
	text := "consumer " + c.UUID + " holds " + strings.Join(parts, "; ")
	if c.Generation != nil {
		text += fmt.Sprintf(" (consumer generation %d)", *c.Generation)
	}
	return text
}

// amounts tells amounts of resource classes.
func amounts(of map[string]int) string {
	var all []string
	for _, class := range slices.Sorted(maps.Keys(of)) {
		all = append(all, fmt.Sprintf("%d of %s", of[class], class))
	}
	return strings.Join(all, ", ")
}

func (p Provider) words() string {
	text := "resource provider " + strings.TrimSpace(p.Name+" "+p.UUID)
	if p.Absent {
		return text + " does not exist"
	}
	parts := []string{fmt.Sprintf("generation %d", p.Generation)}
	if p.Inventories != nil {
		var classes []string
		for _, class := range slices.Sorted(maps.Keys(p.Inventories)) {
			i := p.Inventories[class]
			classes = append(classes, fmt.Sprintf("%s %d (reserved %d, allocation_ratio %v)", class, i.Total, i.Reserved, i.AllocationRatio))
		}
		parts = append(parts, listed("inventories", classes))
	}
	if p.Traits != nil {
		parts = append(parts, listed("traits", p.Traits))
	}
	if p.Aggregates != nil {
		parts = append(parts, listed("aggregates", p.Aggregates))
	}
	if p.Parent != "" {
		parts = append(parts, "parent "+p.Parent)
	}
	return text + ": " + strings.Join(parts, "; ")
}

// listed is a list with its title, or that there is none.
func listed(title string, all []string) string {
	if len(all) == 0 {
		return "no " + title
	}
	return title + " " + strings.Join(all, ", ")
}

// String tells what has to hold.
func (g Guard) String() string {
	switch {
	case g.Service:
		return fmt.Sprintf("nova-compute on %s is up and %s", g.Host, g.Status)
	case g.Server != "" && g.Host == "":
		return fmt.Sprintf("server %s is %s on no host, has no task under way, and was last updated at %s", g.Server, g.Status, g.Updated.UTC().Format(time.RFC3339))
	case g.Server != "":
		return fmt.Sprintf("server %s is %s on host %s, has no task under way, and was last updated at %s", g.Server, g.Status, g.Host, g.Updated.UTC().Format(time.RFC3339))
	case g.NoServer != "":
		return "there is no server and no migration " + g.NoServer
	case g.NoNode != "":
		return "there is no compute node " + g.NoNode
	}
	return fmt.Sprintf("resource provider %s is there and offers %s", g.Provider, strings.Join(g.Classes, ", "))
}
