// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
)

const (
	// saysConflict is how the texts of Placement's refusals begin.
	saysConflict = "There was a conflict when trying to complete your request."
	// saysUpdate is how Nova's exceptions of lost races begin.
	saysUpdate = "A conflict was encountered attempting to "
	// saysInUse is the exception that Nova and Cyborg raise of one of them.
	saysInUse = catalogue.InUse
)

// inUse is that exception, not the word in a sentence.
var inUse = regexp.MustCompile(`(?m)\b` + saysInUse + `(?::|[ \t]*$)`)

// ofConsumers are the words of exceptions about allocations.
var ofConsumers = regexp.MustCompile(`llocations (?:for|from) consumer `)

// quotes reports whether an exception of a client quotes a refusal without its status.
func quotes(logger, text string) bool {
	if statusSaid.MatchString(text) || strings.Contains(text, `{"errors`) {
		return false
	}
	return inUse.MatchString(text) || strings.Contains(text, saysUpdate) || strings.Contains(text, saysConflict) && (ofPlacement.MatchString(logger+" "+text) || ofConsumers.MatchString(text))
}

// quoted reads what such an exception says. The text of the answer may be on the next lines, or be cut off. The client may have
// told of it before, with the whole answer.
func (e Event) quoted(text string, whole bool) (Event, Outcome) {
	e.What, e.Status, e.Said, e.Retold = Reported, 409, text, true
	e.Detail = catalogue.Find(text)
	switch bare := e.Detail == "" || e.Detail == saysInUse; {
	case bare && !whole:
		return Event{}, Begun
	case e.Detail == "" && e.CallerID+e.RequestID == "":
		return Event{}, Other // the end of a traceback: a line before it says more
	}
	if e.readOperation(text, text); e.Method == "" && inUse.MatchString(text) {
		e.asks("PUT", strings.Replace(catalogue.Inventories, "{uuid}", e.UUID, 1))
	}
	return e, Found
}

var consumerSaid = regexp.MustCompile(`for consumer (` + catalogue.UUIDPattern.String() + `)`)

// gaveUp reads that Nova tried a write of allocations four times in vain. It logs the single refusals at DEBUG only.
func gaveUp(e Event, text string) (Event, Outcome) {
	e.What, e.Status, e.Said = GaveUp, 409, text
	if m := consumerSaid.FindStringSubmatch(text); m != nil {
		e.UUID = m[1]
		e.asks("PUT", strings.Replace(catalogue.Allocation, "{consumer}", e.UUID, 1))
		return e, Found
	}
	e.asks("", catalogue.Allocations)
	return e, Found
}
