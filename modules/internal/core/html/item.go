// SPDX-License-Identifier: Apache-2.0

package html

import (
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/pasted"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// item is one entry that a person may have to act on: a finding, a reason of a verdict, a step, a conflict.
type item struct {
	Keys    string // by which filters find it: s-<severity>, c-<check>, t-<state>
	Badge   string
	Tone    string // a severity, or good
	State   string
	Code    string
	Name    string
	Subject string
	Message string
	Under   string // one more line of the summary
	Reason  string
	Remedy  string
	Where   string // where the command runs
	Command string
	Task    string
	Page    string // id of the check whose page is in the page
	Below   []item

	Evidence []fact
}

// ofCause is a finding with those that follow from it.
func ofCause(c *report.Cause) item {
	one := ofFinding(c.Finding)
	for _, b := range c.Below {
		one.Below = append(one.Below, ofCause(b))
	}
	switch n := c.Size(); {
	case n == 1:
		one.Under = "1 more finding follows from it."
	case n > 1:
		one.Under = number(n) + " more findings follow from it."
	}
	one.Keys = strings.Join(slices.Compact(slices.Sorted(slices.Values(keysOf(c)))), " ")
	return one
}

func keysOf(c *report.Cause) []string {
	keys := []string{"s-" + token(string(c.Severity)), "c-" + token(c.ID), "t-" + token(string(c.State))}
	for _, b := range c.Below {
		keys = append(keys, keysOf(b)...)
	}
	return keys
}

// token returns a text as it may stand in a list of keys.
func token(text string) string {
	return strings.Map(func(r rune) rune {
		if !pasted.Word(r) {
			return '_'
		}
		return r
	}, text)
}

func ofFinding(f check.Finding) item {
	one := item{
		Badge: string(f.Severity), Tone: tone(f.Severity), State: string(f.State), Code: f.ID, Name: f.Name, Subject: f.Subject.Name,
		Message: f.Message, Remedy: f.Remedy.Text, Command: f.Remedy.Command, Page: f.ID, Evidence: evidence(f.Evidence),
	}
	if f.Remedy.Module != "" {
		one.Task = pasted.Task(pasted.Collection+f.Remedy.Module, f.Remedy.Args)
	}
	one.Evidence = append(one.Evidence, fact{"fingerprint", f.Fingerprint})
	return one
}

// tone returns the severity if it is one that has a colour.
func tone(s check.Severity) string {
	if slices.Contains(check.Severities(), s) {
		return string(s)
	}
	return string(check.Info)
}

// evidence lists the keys by name. Numbers and texts stand as they are, all others as YAML.
func evidence(of map[string]any) []fact {
	var all []fact
	for _, key := range slices.Sorted(maps.Keys(of)) {
		all = append(all, fact{key, pasted.Value(of[key])})
	}
	return all
}
