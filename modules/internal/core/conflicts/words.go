// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"fmt"
	"time"
)

// sentence says in one line what happened to what, how often, and whether it is over.
func (c *Conflict) sentence() string {
	text := fmt.Sprintf("%s: %s was refused %s", c.Conflict, c.Target, times(c.Count))
	if c.First != nil && c.Count > 1 {
		text += fmt.Sprintf(" from %s to %s", clock(c.First), clock(c.Last))
	} else if c.First != nil {
		text += " at " + clock(c.First)
	}
	switch rule, _ := c.Evidence["rule"].(string); rule {
	case ruleThrough:
		return text + "; it went through at " + clock(c.SucceededAfter) + ": nothing to do"
	case rulePermanent:
		return text + c.parts() + "; this will not resolve by itself"
	case ruleRepeated:
		return text + c.parts() + fmt.Sprintf(", %v of them with nothing that went through since", c.Evidence["not_settled"])
	case ruleStorm:
		return text + fmt.Sprintf(", up to %v times a minute by one client", c.Evidence["busiest_minute"])
	}
	return text + "; nothing was seen of it after that"
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
		return fmt.Sprintf("%s %s", t.Type, first(t.Name, t.UUID))
	}
	return fmt.Sprintf("a %s that no log names", t.Type)
}
