// SPDX-License-Identifier: Apache-2.0

package candidates

import "context"

// refusal is why Placement answers 400 to the request of a flavor, and what helps.
type refusal struct{ why, help string }

// unasked judges the providers without Placement, which would refuse the request.
func (t *task) unasked(ctx context.Context) error {
	if err := t.read(ctx); err != nil {
		return err
	}
	t.judgeAll()
	return nil
}

// refuse says that Placement refuses the request, unless Nova's API does before.
func (t *task) refuse(r *Result) {
	if t.bad.why != "" && r.Refused == "" {
		r.Refused, r.Help, r.bad = t.bad.why, []string{t.bad.help}, true
	}
}
