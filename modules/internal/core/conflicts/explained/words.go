// SPDX-License-Identifier: Apache-2.0

package explained

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// sentence says in one line what happened to what, how often, and whether it is over.
func (c *Conflict) sentence() string {
	done := "refused"
	if c.Status == 0 {
		done = "reported"
	}
	text := fmt.Sprintf("%s: %s was %s %s", c.Conflict, c.Target, done, times(c.Count))
	if c.First != nil && c.Count > 1 {
		text += fmt.Sprintf(" from %s to %s", clock(c.First), clock(c.Last))
	} else if c.First != nil {
		text += " at " + clock(c.First)
	}
	return text + c.numbers() + c.outcome() + c.aside()
}

// outcome is the part of the sentence that tells if it is over.
func (c *Conflict) outcome() string {
	if c.Status == 0 {
		return c.noted()
	}
	switch rule, _ := c.Evidence["rule"].(string); rule {
	case RuleThrough:
		return "; it went through at " + clock(c.SucceededAfter) + ": nothing to do"
	case RulePermanent:
		return c.parts() + "; this will not resolve by itself"
	case RuleRepeated:
		return c.parts() + fmt.Sprintf(", %v of them with nothing that went through since", c.Evidence["not_settled"])
	case RuleStorm:
		return fmt.Sprintf(", up to %v times a minute by one client", c.Evidence["busiest_minute"])
	case RuleMaybe:
		return "; the same went through later, but it is unknown whether for the same client"
	case RuleUndated:
		return "; the log has no time that can be read, so it is unknown when"
	}
	return "; nothing was seen of it after that"
}

// noted is that part for what is no refusal.
func (c *Conflict) noted() string {
	switch rule, _ := c.Evidence["rule"].(string); rule {
	case RuleThrough:
		return "; its allocations were written at " + clock(c.SucceededAfter) + ": nothing to do"
	case RuleStarted:
		return "; its compute service is up, with its last heartbeat at " + clock(c.SucceededAfter) + ": nothing to do"
	case RulePermanent:
		return "; this will not resolve by itself"
	case RuleRepeated:
		return "; it is still so"
	}
	return ""
}

// numbers says how much is there of what is over capacity.
func (c *Conflict) numbers() string {
	capacity, ok := c.Evidence["capacity"]
	if !ok {
		return ""
	}
	return fmt.Sprintf(" (needed %v, used %v, capacity %v)", c.Evidence["needed"], c.Evidence["used"], capacity)
}

// aside says what only some conflicts have: that the answer is unknown, and who else writes.
func (c *Conflict) aside() string {
	text := ""
	if n, _ := c.Evidence["answer_unknown"].(int); n > 0 {
		text += "; answer unknown, see placement-api.log"
		if len(c.Requests) > 0 {
			text += " (" + c.Requests[len(c.Requests)-1] + ")"
		}
	}
	if others, _ := c.Evidence["other_clients"].([]string); len(others) > 0 {
		text += "; another client (" + strings.Join(others, ", ") + ") went through meanwhile: there are two writers"
	}
	return text
}

// parts says how many went through where others did not.
func (c *Conflict) parts() string {
	if n, _ := c.Evidence["settled"].(int); n > 0 {
		return fmt.Sprintf(" (%d went through later)", n)
	}
	return ""
}

func clock(t *time.Time) string {
	if t == nil {
		return "an unknown time"
	}
	return t.UTC().Format(time.RFC3339)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// String names the target in a sentence.
func (t Target) String() string {
	switch {
	case t.Name != "" && t.UUID != "":
		return fmt.Sprintf("%s %s (%s)", t.Type, t.Name, t.UUID)
	case t.Name != "" || t.UUID != "":
		return fmt.Sprintf("%s %s", t.Type, cmp.Or(t.Name, t.UUID))
	}
	return fmt.Sprintf("a %s that no log names", t.Type)
}
