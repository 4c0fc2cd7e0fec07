// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// telling reports whether a line may tell of a conflict. It is asked of every line, so it has to be quick.
func telling(line []byte) bool {
	if status409(line) || bytes.Contains(line, []byte("onflict")) {
		return true
	}
	for _, part := range []string{
		`"errors":`, `\"errors\":`, "out of retries", "Created resource provider record via placement", "Unable to delete compute service",
		"successive generation conflicts", lostUUID,
	} {
		if bytes.Contains(line, []byte(part)) {
			return true
		}
	}
	return false
}

const (
	// lostUUID is what Nova says, without the answer, when its provider was created by another at the same moment.
	lostUUID = "Another thread already created a resource provider with the UUID"
	// thrown stands before the answers of nova-api in its log.
	thrown = "HTTP exception thrown: "
)

// status409 looks for the number as a word: UUIDs are full of it.
func status409(line []byte) bool {
	for at := 0; ; at += 3 {
		next := bytes.Index(line[at:], []byte("409"))
		if next < 0 {
			return false
		}
		at += next
		if (at == 0 || line[at-1] == ' ' || line[at-1] == '(') && (at+3 == len(line) || bytes.IndexByte([]byte(":, )}{\n"), line[at+3]) >= 0) {
			return true
		}
	}
}

// operation is what a client was doing when it was refused, by what it says.
type operation struct {
	says, method, route string
}

// operations of Nova (nova/scheduler/client/report.py, of Rocky to 2025.2).
func operations() []operation {
	return []operation{
		{"Failed to create resource provider record", "POST", catalogue.Providers},
		{"Failed to update inventory", "PUT", catalogue.Inventories},
		{"Failed to update traits", "PUT", catalogue.ProviderTags},
		{"Failed to update aggregates", "PUT", catalogue.Aggregates},
		{"Failed to delete resource provider", "DELETE", catalogue.Provider},
		{"Failed to delete inventory", "DELETE", catalogue.Inventories},
		{"Failed to save allocation for", "PUT", catalogue.Allocation},
		{"Unable to submit allocation for instance", "PUT", catalogue.Allocation},
		{"Unable to post allocations for consumer", "POST", catalogue.Allocations},
		{"Failed to move allocations from consumer", "POST", catalogue.Allocations},
		{"Unable to delete allocation for", "PUT", catalogue.Allocation},
		{"attempting to reshape", "POST", catalogue.Reshaper},
		{"inventory and allocation data migration failed", "POST", catalogue.Reshaper},
		{"Unable to delete compute service", "DELETE", catalogue.NovaService},
	}
}

var (
	ownID      = regexp.MustCompile(`^(?:\[instance: [^\]]*\] )?\[(req-[0-9a-f-]+)\]`)
	statusSaid = regexp.MustCompile(`(?:Got |HTTP |\()([45]\d\d)\b[:) ]*`)
	createdFor = regexp.MustCompile(`with UUID (\S+) and name (.+?)\.?$`)
)

// report reads what a client of Placement says.
func (p *Parser) report(e Event, message []byte) (Event, Outcome) {
	text := strings.TrimPrefix(string(message), thrown)
	if m := ownID.FindStringSubmatch(text); m != nil {
		e.RequestID = m[1]
		text = text[len(m[0]):] // its id is no provider's
	}
	switch {
	case strings.Contains(text, "Created resource provider record"):
		return created(e, text)
	case strings.Contains(text, "out of retries"), strings.Contains(text, "multiple successive generation conflicts"):
		e.What, e.UUID = GaveUp, catalogue.UUIDPattern.FindString(text)
		return e, Found
	case strings.Contains(text, lostUUID):
		return lost(e, text)
	}
	e.What = Reported
	before, after := e.split(text)
	outcome := e.readBody(after)
	if outcome != Found {
		return Event{}, outcome
	}
	e.readOperation(before)
	e.clean() // it is judged as it is kept: patterns take long on a long text
	if e.Logger != "" && e.CallerID+e.RequestID+e.Method == "" && !statusSaid.MatchString(text) {
		return Event{}, Other // the end of a traceback: a line before it has the answer
	}
	fromPlacement := e.Method != "" && e.RequestID != "" || strings.Contains(after, `"errors"`)
	if catalogue.Classify(e.answer()).Entry == nil && (e.Status != 409 || !fromPlacement) {
		return Event{}, Other // speaks of a conflict, but of none that was just answered
	}
	return e, Found
}

// lost makes the answer of what Nova says that it lost.
func lost(e Event, text string) (Event, Outcome) {
	_, after, _ := strings.Cut(text, lostUUID)
	e.What, e.Status, e.Method, e.Path = Reported, 409, "POST", catalogue.Providers
	e.UUID = catalogue.UUIDPattern.FindString(after)
	e.Detail = "Conflicting resource provider uuid: " + e.UUID + " already exists."
	return e, Found
}

func created(e Event, text string) (Event, Outcome) {
	m := createdFor.FindStringSubmatch(text)
	if m == nil {
		return Event{}, Other
	}
	e.What, e.UUID, e.Name = Created, m[1], m[2]
	return e, Found
}

// split finds the status that a client says it got; what is before it says what it was doing, what follows is the answer.
func (e *Event) split(text string) (before, after string) {
	if m := statusSaid.FindStringSubmatchIndex(text); m != nil {
		e.Status = number([]byte(text[m[2]:m[3]]))
		return text[:m[0]], text[m[1]:]
	}
	e.Status = 409
	if at := strings.Index(text, `{"errors`); at >= 0 {
		return text[:at], text[at:]
	}
	return text, text
}

// readBody reads the answer: Placement's JSON, with whatever surrounds it, or words.
func (e *Event) readBody(text string) Outcome {
	begin := strings.IndexByte(text, '{')
	if begin < 0 || !strings.Contains(text, "errors") && balanced(text[begin:]) > 0 {
		e.Detail = strings.TrimRight(strings.TrimSpace(text), ")")
		return Found
	}
	end := balanced(text[begin:])
	if end < 0 {
		return Open
	}
	var body struct {
		Errors []struct {
			Status    int    `json:"status"`
			Code      string `json:"code"`
			Detail    string `json:"detail"`
			RequestID string `json:"request_id"`
		} `json:"errors"`
	}
	// JSON allows no line breaks in its strings, and a wrapped log has some.
	if json.Unmarshal([]byte(foreign.Line(text[begin:begin+end])), &body) != nil || len(body.Errors) == 0 {
		return Unread
	}
	said := body.Errors[0]
	e.Code, e.Detail = said.Code, said.Detail
	if said.Status != 0 {
		e.Status = said.Status
	}
	if e.RequestID == "" {
		e.RequestID = said.RequestID
	}
	return Found
}

// balanced returns how long the JSON object is that the text begins with, -1 if it does not end.
func balanced(text string) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// readOperation tells what was requested from what the client says that it was doing.
func (e *Event) readOperation(before string) {
	for _, o := range operations() {
		at := strings.Index(before, o.says)
		if at < 0 {
			continue
		}
		e.UUID = catalogue.UUIDPattern.FindString(before[at+len(o.says):])
		e.Method = o.method
		e.Path = strings.NewReplacer("{uuid}", e.UUID, "{consumer}", e.UUID, "{id}", "").Replace(o.route)
		return
	}
	e.UUID = catalogue.UUIDPattern.FindString(before)
}

// answer is what the event tells of the answer.
func (e *Event) answer() catalogue.Answer {
	return catalogue.Answer{
		Method: e.Method, Path: e.Path, Status: e.Status, Code: e.Code, Detail: e.Detail, Length: e.Length, Microversion: e.Microversion,
	}
}
