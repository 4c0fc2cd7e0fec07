// SPDX-License-Identifier: Apache-2.0

package restore

import (
	"fmt"
	"strings"
)

// lines is the result for a person: the sentence, and a line for each step.
func (r *Result) lines() []string {
	out := []string{r.Msg, ""}
	for _, s := range r.Steps {
		line := fmt.Sprintf("step %d %s: undo %q of %s", s.Step, s.State, s.Op, strings.Join(s.Target, ", "))
		if s.Reason != "" {
			line += " | " + s.Reason
		}
		out = append(out, line)
	}
	return out
}
