// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
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
		saysOut, "Created resource provider record via placement", "Unable to delete compute service", lostUUID,
		saysUncreated, saysCreating, saysUpdating, saysSaving, saysOver, "efusing to start", saysNodes, saysStale, saysInUse, saysTwice, saysRecord, saysIdentity, saysOrphan,
	} {
		if bytes.Contains(line, []byte(part)) {
			return true
		}
	}
	if bytes.Contains(line, []byte("errors")) && (bytes.Contains(line, []byte(`errors":`)) || bytes.Contains(line, []byte(`errors\":`))) {
		return true
	}
	return bytes.Contains(line, []byte("allocation")) && (bytes.Contains(line, []byte(saysMoved)) || bytes.Contains(line, []byte(saysOther)) ||
		bytes.Contains(line, []byte(saysNone)) || bytes.Contains(line, []byte(saysChanged)))
}

const (
	// lostUUID is what Nova says, without the answer, when its provider was created by another at the same moment.
	lostUUID = "Another thread already created a resource provider with the UUID"
	// oldUpdate is what Nova up to Train says, without the answer, when the generation of its provider was another.
	oldUpdate = "Inventory update conflict for "
	// saysUncreated is what Nova says, without the answer, when its provider could not be created; the client said before it
	// what Placement answered.
	saysUncreated = "ResourceProviderCreationFailed: Failed to create resource provider "
	saysCreating  = "Failed to create resource provider record"
	saysUpdating  = "Failed to update inventory to "
	saysSaving    = "Failed to save allocation for "
	// saysOut and saysInVain are what Nova says when it tried a write four times.
	saysOut    = "scheduler client operation"
	saysInVain = "multiple successive generation conflicts"
	// bareConflict is what services log that send requests to Placement without a client of its own.
	bareConflict = "keystoneauth1.exceptions.http.Conflict"
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

var (
	ownID      = regexp.MustCompile(`^(?:\[instance: [^\]]*\] )?\[(req-[0-9a-f-]+)\]`)
	theirID    = regexp.MustCompile(`\(?Request-ID:? (req-[0-9a-f-]+)\)?`) // of Placement, as keystoneauth says it
	statusSaid = regexp.MustCompile(`(?:Got |HTTP |RESP: \[|\(|^)([45]\d\d)\b[:) \]]*|\b(409):? (?:Conflict|Client Error)\b[:) ]*`)
	reasonSaid = regexp.MustCompile(`^(?:Conflict|Client Error|Bad Request)\b[:) ]*`)
	createdFor = regexp.MustCompile(`with UUID (\S+) and name (.+?)\.?$`)
	// ofPlacement tells a conflict of Placement's from those of other services, where a client says no more than the status.
	ofPlacement = regexp.MustCompile(`(?i)placement|resource_provider|resource provider|resource_class|scheduler\.client\.report|/allocations\b|/reshaper\b`)
	// ofOthers are conflicts of other services.
	ofOthers = regexp.MustCompile(`(?i)nova(client|api|_api|\.notifier)|notifiers\.(nova|ironic)|cinder|ironic|glance|swift|volume|/(servers|ports|networks|os-[a-z])`)
)

// report reads what a client of Placement says.
func (p *Parser) report(e Event, message []byte) (Event, Outcome) {
	if len(message) > longestSaid {
		return p.clipped(e, message)
	}
	text := strings.TrimPrefix(string(message), thrown)
	if m := ownID.FindStringSubmatch(text); m != nil {
		e.RequestID = m[1]
		text = text[len(m[0]):] // its id is no provider's
	}
	if m := theirID.FindStringSubmatchIndex(text); m != nil {
		e.RequestID = first(e.RequestID, text[m[2]:m[3]])
		text = strings.TrimRight(text[:m[0]], " ") + text[m[1]:]
	}
	switch {
	case strings.Contains(text, "Created resource provider record"):
		return created(e, text)
	case strings.Contains(text, saysOut), strings.Contains(text, saysInVain):
		return gaveUp(e, text)
	case strings.Contains(text, lostUUID):
		return lost(e, text)
	case strings.Contains(text, saysUncreated):
		return uncreated(e, text)
	case strings.Contains(text, oldUpdate):
		return updated(e, text)
	case strings.Contains(text, saysOver) && strings.Contains(text, "Capacity: "):
		return trace(e, nil, text)
	}
	if m := catalogue.Note(text); m.Entry != nil {
		e.What, e.Detail, e.UUID = Noted, m.Text, m.Values["uuid"]
		return e, Found
	}
	switch {
	case e.said(text):
		return e, Found
	case quotes(e.Logger, text):
		return e.quoted(text, p.whole)
	}
	return e.refusal(text, p.whole)
}

// longestSaid is how much of what a client says is looked at: patterns take long on a long text.
const longestSaid = 1 << 16

// clipped reads the beginning and the end of what is too long. It is not known to be of no interest.
func (p *Parser) clipped(e Event, message []byte) (Event, Outcome) {
	text := slices.Concat(message[:longestSaid/2], []byte(" "), message[len(message)-longestSaid/2+1:])
	e, outcome := p.report(e, bytes.ToValidUTF8(text, nil))
	if outcome == Other {
		return Event{}, Unread
	}
	return e, outcome
}

// refusal reads a status, and the answer if there is one. A whole text does not go on in the next line.
func (e Event) refusal(text string, whole bool) (Event, Outcome) {
	e.What = Reported
	before, after := e.split(text)
	if e.Status != 409 && strings.Contains(before, saysCreating) {
		e.What = Answered
		return e, Found
	}
	if cutShort(text) {
		return Event{}, Unread
	}
	outcome := e.readBody(after)
	if outcome != Found {
		return Event{}, outcome
	}
	e.readOperation(before, text)
	explicit, quoted := statusSaid.MatchString(text), strings.Contains(after, `"errors"`)
	if !quoted && explicit && e.entry() == nil {
		e.Detail = catalogue.Find(text) // with other words around it, or none
	}
	e.clean() // it is judged as it is kept: patterns take long on a long text
	if e.Logger != "" && e.CallerID+e.RequestID+e.Method == "" && !explicit {
		return Event{}, Other // the end of a traceback: a line before it has the answer
	}
	if e.entry() != nil {
		return e, Found
	}
	if !whole && !quoted && explicit && e.goesOn(before, after) {
		return Event{}, Begun
	}
	return e.unexplained(text, explicit, quoted)
}

// cutShort reports whether a text of Nova's ends before the status, which it always has.
func cutShort(text string) bool {
	for _, says := range []string{saysCreating, saysUpdating, saysSaving} {
		if strings.Contains(text, says) {
			return !statusSaid.MatchString(text) && !strings.Contains(text, `{"errors`) && !strings.Contains(text, "onflict")
		}
	}
	return false
}

// longestDoubt is how long a line can be of which it is looked at what its refusal is of.
const longestDoubt = 1 << 16

// Doubtful reports whether a line that could not be understood seems to tell of a refusal of Placement's.
func Doubtful(line []byte) bool {
	if len(line) > longestDoubt {
		return telling(line) || traces(line) // patterns take long on so much
	}
	return status409(line) && ofPlacement.Match(line) || bytes.Contains(line, []byte(`{"errors`)) || cutShort(string(line)) ||
		traces(line) || bytes.Contains(line, []byte(`status: 409`)) || telling(line) && catalogue.Note(string(line)).Entry != nil
}

// goesOn reports whether the answer, or the rest of it, may be on the next line.
func (e *Event) goesOn(before, after string) bool {
	if strings.Trim(after, " .)") == "" {
		return e.RequestID == "" && (e.Method != "" || before == "")
	}
	return catalogue.Begins(strings.TrimSpace(after))
}

// unexplained says what becomes of a refusal of which the line does not tell which one it is.
func (e Event) unexplained(text string, explicit, quoted bool) (Event, Outcome) {
	switch known := e.Method != "" && e.RequestID != "" || quoted; {
	case known && (e.Status == 409 || e.Status == 400 && e.Method != ""):
		if e.Detail == "" {
			e.Said = text
		}
		return e, Found
	case e.Status != 409 || !explicit:
		return Event{}, Other // speaks of a conflict, but of none that was just answered
	case ofPlacement.MatchString(e.Logger + " " + text), strings.Contains(text, bareConflict) && !ofOthers.MatchString(e.Logger+" "+text):
		e.Said = text
		return e, Found
	case e.RequestID != "":
		e.What = Mentioned
		return e, Found
	}
	return Event{}, Other
}

// entry is that of the catalogue, nil if it can't be told by the text.
func (e *Event) entry() *catalogue.Entry {
	if e.Detail == "" {
		return nil
	}
	return catalogue.Classify(e.answer()).Entry
}

// lost makes the answer of what Nova says that it lost.
func lost(e Event, text string) (Event, Outcome) {
	_, after, _ := strings.Cut(text, lostUUID)
	e.What, e.Status = Reported, 409
	e.asks("POST", catalogue.Providers)
	e.UUID = catalogue.UUIDPattern.FindString(after)
	e.Detail = "Conflicting resource provider uuid: " + e.UUID + " already exists."
	return e, Found
}

// uncreated tells that a provider was not created. Its name is the last word.
func uncreated(e Event, text string) (Event, Outcome) {
	e.What, e.Status = Reported, 409
	e.asks("POST", catalogue.Providers)
	e.Said = text[strings.Index(text, saysUncreated):]
	name, _, _ := strings.Cut(strings.TrimPrefix(e.Said, saysUncreated), "\n")
	e.Name, e.Retold = strings.TrimRight(strings.TrimSpace(name), "."), true
	return e, Found
}

// updated makes the answer of what an old Nova says about it.
func updated(e Event, text string) (Event, Outcome) {
	_, after, _ := strings.Cut(text, oldUpdate)
	e.UUID = catalogue.UUIDPattern.FindString(after)
	e.What, e.Status = Reported, 409
	e.asks("PUT", catalogue.Providers+"/"+e.UUID+"/inventories")
	e.Detail = "resource provider generation conflict"
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
		at := max(m[2], m[4])
		e.Status = number([]byte(text[at : at+3]))
		after = text[m[1]:]
		return text[:m[0]], after[len(reasonSaid.FindString(after)):]
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

// answer is what the event tells of the answer.
func (e *Event) answer() catalogue.Answer {
	return catalogue.Answer{
		Method: e.Method, Place: e.Place, Status: e.Status, Code: e.Code, Detail: e.Detail, Length: e.Length, Microversion: e.Microversion,
		Guessed: e.View == FromClient,
	}
}
