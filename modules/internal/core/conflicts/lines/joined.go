// SPDX-License-Identifier: Apache-2.0

package lines

import "bytes"

// Worth reports whether lines that are joined may be of interest. It is asked of many, so it has to be quick.
func Worth(text []byte) bool { return worth(text) || bytes.Contains(text, []byte(saysUsed)) }

// Sure reports whether an event stands by itself, whatever stood around its text: the catalogue has the answer, or it is in Placement's own
// form. That the first of several lines is of a client of Placement, say, proves nothing of the others.
func (e *Event) Sure() bool {
	return e.What != Reported || e.entry() != nil || e.Code != "" || e.Retold && e.Name != ""
}
