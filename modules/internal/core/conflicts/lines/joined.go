// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"regexp"
)

// Worth reports whether lines that are joined may be of interest. It is asked of many, so it has to be quick.
func Worth(text []byte) bool { return worth(text) || bytes.Contains(text, []byte(saysUsed)) }

// answers are how clients write that a request was answered: a status, and the id of the request after it.
var answers = regexp.MustCompile(`(?:\bGot |\(HTTP )[45]\d\d\b|\(?Request-ID: ?req-`)

// Answers counts the answers in a text that clients tell of: a second status is one of another request, as is a second id, or a status
// after an id.
func Answers(text []byte) int {
	n, status, id := 0, false, false
	for _, found := range answers.FindAll(text, -1) {
		isID := bytes.HasSuffix(found, []byte("req-"))
		if n == 0 || id || status && !isID {
			n, status, id = n+1, false, false
		}
		status, id = status || !isID, id || isID
	}
	return n
}

// Sure reports whether an event stands by itself, whatever stood around its text: the catalogue has the answer, or it is in Placement's own
// form. That the first of several lines is of a client of Placement, say, proves nothing of the others.
func (e *Event) Sure() bool {
	return e.What != Reported || e.entry() != nil || e.Code != "" || e.Retold && e.Name != ""
}
