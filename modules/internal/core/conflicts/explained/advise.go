// SPDX-License-Identifier: Apache-2.0

package explained

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Known is what the texts of a conflict are made of, beside the conflict itself.
type Known struct {
	Match   catalogue.Match
	Request string // method and route, for what no entry tells
	Family  string // of the services that were refused, empty if there are several
	// Silent clients do not log the answer, although another log has the request.
	Silent bool
	// Unanswered is what only a client tells of, which does not log the answer.
	Unanswered bool
}

// Explain adds the texts to a conflict that has its verdict, its counts and its evidence.
func (c *Conflict) Explain(k Known) {
	code := c.Code
	c.describe(k)
	c.advise(k)
	c.Code = cmp.Or(code, c.Code)
	c.Message = c.sentence()
}

// describe adds what the catalogue says.
func (c *Conflict) describe(k Known) {
	e := k.Match.Entry
	if e == nil {
		c.Request = k.Request
		c.Meaning, c.Remedy = c.unexplainedTexts()
		c.Retried = "Not known."
		return
	}
	c.Act = c.Act && !e.Harmless
	c.Meaning, c.Remedy, c.Retried, c.Code = e.Meaning, e.Remedy, e.Retried, e.Code
	if len(e.On) > 0 {
		c.Request = e.On[0].Method + " " + e.On[0].Route
	}
}

const unexplained = "The logs that were read do not show which conflict this is."

// unexplainedTexts are what is said of what no log explains.
func (c *Conflict) unexplainedTexts() (meaning, remedy string) {
	meaning, remedy = unexplained, "Read the log of the service that sent it too: only that log has what Placement answered."
	if c.Detail != "" {
		meaning, remedy = "docs/conflicts.md does not list this refusal.", "Correct what the text of the answer says, in the configuration of the client or in what it writes to."
	}
	if c.Status == 400 {
		meaning = "Placement refused the request as invalid, and the client sends it again and again."
		remedy += " Correct its configuration."
	}
	return meaning, remedy
}

// advise fits the remedy to the client and to what the conflict is about.
func (c *Conflict) advise(k Known) {
	if e := k.Match.Entry; e != nil {
		c.Remedy = cmp.Or(e.RemedyOf[k.Family], e.Remedy)
		c.Command = commandFor(e, c.Target)
		return
	}
	if k.Silent {
		c.Remedy = "No log has what Placement answered, because this client does not log it. Check what the target holds, and which providers are below it."
	}
	if len(k.Match.Among) > 0 {
		c.Meaning += " By the request it is one of: " + strings.Join(k.Match.Among, ", ") + "."
		c.Remedy += " placement explain NAME says what to do about each."
		if about := c.Target; about.Type == catalogue.OfProvider && strings.HasPrefix(c.Request, "DELETE ") {
			c.Command = command("openstack", "resource", "provider", "show", "--allocations", about.UUID)
		}
	}
	if k.Unanswered {
		c.Meaning = strings.Replace(c.Meaning, unexplained, "A client was refused by Placement, and does not log what Placement answered.", 1)
		c.Remedy = "Read placement-api.log of the hosts that run Placement together with this log: the request id joins them."
		if n := len(c.Requests); n > 0 {
			c.Command = command("grep", c.Requests[n-1], "placement-api.log")
		}
	}
}

// commandFor returns the command that shows what stands in the way, if there is one.
func commandFor(e *catalogue.Entry, about Target) string {
	provider := []string{"openstack", "resource", "provider"}
	switch {
	case e.Name == "duplicate-name" || e.Name == "rename-taken":
		return command(append(provider, "list", "--name", about.Name)...)
	case e.Name == "provider-has-children":
		return command(append(provider, "list", "--in-tree", about.UUID)...)
	case e.Name == "trait-in-use":
		return command(append(provider, "list", "--required", about.Name)...)
	case about.Type == catalogue.OfConsumer:
		return command(append(provider, "allocation", "show", about.UUID)...)
	case about.Type == catalogue.OfProvider && strings.Contains(e.Name, "in-use"):
		return command(append(provider, "show", "--allocations", about.UUID)...)
	}
	return ""
}

// command joins words to a command, none if one of them is missing or can't be written.
func command(words ...string) string {
	for i, word := range words {
		words[i] = foreign.Word(word)
	}
	if slices.ContainsFunc(words, func(w string) bool { return w == "" || foreign.Altered(w) }) {
		return ""
	}
	return strings.Join(words, " ")
}
