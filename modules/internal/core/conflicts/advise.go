// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

const unexplained = "A conflict of which the logs that were read do not tell which it is."

// unexplainedTexts are what is said of what no log explains.
func (c *Conflict) unexplainedTexts() (meaning, remedy string) {
	meaning, remedy = unexplained, "Read the log of the service that sent it too: what Placement answered is only there."
	if c.Detail != "" {
		meaning, remedy = "A refusal that docs/conflicts.md does not have.", "Correct what the text of the answer says, in the configuration of the client or in what it writes to."
	}
	if c.Status == 400 {
		meaning = "Placement refused the request as invalid, and the client sends it again and again."
		remedy += " Correct its configuration."
	}
	return meaning, remedy
}

// advise fits the remedy to the client and to what the conflict is about.
func (c *Conflict) advise(t *tally) {
	if e := t.match.Entry; e != nil {
		c.Remedy = first(e.RemedyOf[t.family()], e.Remedy)
		c.Command = commandFor(e, c.Target)
		return
	}
	if t.silent > 0 {
		c.Remedy = "No log has what Placement answered, as this client does not write it down. Look at what the target holds, and what is below it."
	}
	if len(t.match.Among) > 0 {
		c.Meaning += " By the request it is one of: " + strings.Join(t.match.Among, ", ") + "."
		c.Remedy += " docs/conflicts.md has what to do about each."
		if about := c.Target; about.Type == catalogue.OfProvider && strings.HasPrefix(c.Request, "DELETE ") {
			c.Command = command("openstack", "resource", "provider", "show", "--allocations", about.UUID)
		}
	}
	if t.unanswered > 0 {
		c.Meaning = strings.Replace(c.Meaning, unexplained, "A client was refused by Placement, and does not log what Placement answered.", 1)
		c.Remedy = "Read placement-api.log of the hosts that run Placement together with this log: the request id joins them."
		if n := len(c.Requests); n > 0 {
			c.Command = command("grep", c.Requests[n-1], "placement-api.log")
		}
	}
}

// family is the kind of service that was refused, empty if there are several.
func (t *tally) family() string {
	found := ""
	for who := range t.clients {
		one := familyOf(who.Service)
		if found != "" && one != found {
			return ""
		}
		found = one
	}
	return found
}

func familyOf(service string) string {
	if service == "nova-compute" || strings.HasPrefix(service, "nova-compute-") {
		return catalogue.NovaCompute
	}
	family, _, _ := strings.Cut(service, "-")
	return family
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
