// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"fmt"
	"slices"
	"strings"
)

// column is what the client prints in these columns, row by row, sorted. What the other side made is left out.
func column(names ...string) func(any) any {
	return func(said any) any {
		rows, many := said.([]any)
		if !many {
			rows = []any{said}
		}
		out := []string{}
		for _, row := range rows {
			var words []string
			values, _ := row.(map[string]any)
			if !slices.ContainsFunc(names, func(name string) bool { return values[name] != nil }) {
				continue // a row that says nothing of what was asked for
			}
			for _, name := range names {
				words = append(words, fmt.Sprint(values[name]))
			}
			out = append(out, strings.Join(words, " "))
		}
		return own(out)
	}
}

// own sorts, without what only the other side has.
func own(all []string) []string {
	all = slices.DeleteFunc(all, func(text string) bool { return strings.HasPrefix(text, "CUSTOM_CLIENT") })
	slices.Sort(all)
	return all
}

// entries is what a module returns under these keys of the entries of a list.
func entries(key string, names ...string) func(map[string]any) any {
	return func(answer map[string]any) any { return column(names...)(answer[key]) }
}

// first is the only entry of a list that a module returns.
func first(answer map[string]any, key string) map[string]any {
	all, _ := answer[key].([]any)
	if len(all) != 1 {
		return nil
	}
	entry, _ := all[0].(map[string]any)
	return entry
}

// list is a list of texts of the only provider.
func list(key string) func(map[string]any) any {
	return func(answer map[string]any) any {
		out := []string{}
		all, _ := first(answer, "providers")[key].([]any)
		for _, one := range all {
			out = append(out, fmt.Sprint(one))
		}
		return own(out)
	}
}

// inventories are those of the only provider, as the client's table has them; without leaves the name of the class out.
func inventories(without ...string) func(map[string]any) any {
	return func(answer map[string]any) any {
		out := []string{}
		of, _ := first(answer, "providers")["inventories"].(map[string]any)
		for class, inventory := range of {
			values, _ := inventory.(map[string]any)
			text := class + " "
			if len(without) > 0 {
				text = strings.TrimPrefix(text, without[0])
			}
			out = append(out, text+fmt.Sprint(values["total"], " ", values["reserved"], " ", values["allocation_ratio"], " ",
				values["min_unit"], " ", values["max_unit"], " ", values["step_size"]))
		}
		return own(out)
	}
}

// allocations are those of the only consumer.
func allocations(answer map[string]any) any {
	consumer := first(answer, "consumers")
	out := []string{}
	all, _ := consumer["allocations"].([]any)
	for _, one := range all {
		share, _ := one.(map[string]any)
		out = append(out, fmt.Sprint(share["uuid"], " ", share["resources"], " ", consumer["project_id"], " ", consumer["user_id"]))
	}
	return own(out)
}

// used are the amounts of the only entry.
func used(key string) func(map[string]any) any {
	return func(answer map[string]any) any {
		out := []string{}
		of, _ := first(answer, key)["resources"].(map[string]any)
		for class, amount := range of {
			if values, is := amount.(map[string]any); is {
				amount = values["used"]
			}
			out = append(out, class+" "+fmt.Sprint(amount))
		}
		return own(out)
	}
}

// takers are the providers of all candidates.
func takers(answer map[string]any) any {
	out := []string{}
	all, _ := answer["fits"].([]any)
	for _, one := range all {
		candidate, _ := one.(map[string]any)
		takes, _ := candidate["takes"].(map[string]any)
		for uuid := range takes {
			out = append(out, uuid)
		}
	}
	return own(out)
}
