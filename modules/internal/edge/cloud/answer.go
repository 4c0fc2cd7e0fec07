// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// answer is what the body of a refusal says.
type answer struct{ code, detail, requestID string }

// parseAnswer reads the shapes in use: Placement's list of errors, {"error": {"message"}} of Keystone and of the
// middleware before Placement, {"itemNotFound": {"message"}} of Nova, and the bare {"message", "title"} that the
// middleware sends while Keystone is down.
func parseAnswer(body []byte, contentType string) answer {
	var top map[string]json.RawMessage
	if json.Unmarshal(body, &top) != nil {
		return answer{detail: plain(string(body), contentType)}
	}
	if a, ok := placementAnswer(top["errors"]); ok {
		return a
	}
	if text := message(body); text != "" {
		return answer{detail: oneLine(text)}
	}
	for _, raw := range top {
		if text := message(raw); text != "" && len(top) == 1 {
			return answer{detail: oneLine(text)}
		}
	}
	return answer{detail: oneLine(string(body))}
}

func placementAnswer(raw json.RawMessage) (answer, bool) {
	var list []struct {
		Title     string `json:"title"`
		Detail    string `json:"detail"`
		Code      string `json:"code"`
		RequestID string `json:"request_id"`
	}
	if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
		return answer{}, false
	}
	first := list[0]
	if first.Detail == "" {
		first.Detail = first.Title
	}
	return answer{code: foreign.Line(first.Code), detail: oneLine(first.Detail), requestID: foreign.Line(first.RequestID)}, true
}

func message(raw []byte) string {
	var m struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(raw, &m) != nil {
		return ""
	}
	return m.Message
}

var title = regexp.MustCompile(`(?is)<title>(.*?)</title>`)

// plain is the title of a web page, or the text.
func plain(body, contentType string) string {
	if !strings.Contains(contentType, "html") && !strings.HasPrefix(strings.TrimSpace(body), "<") {
		return oneLine(body)
	}
	if found := title.FindStringSubmatch(body); found != nil {
		return "a web page, " + oneLine(found[1])
	}
	return "a web page"
}

// maxDetail is enough for the longest details of Placement, those that quote a JSON schema excepted.
const maxDetail = 500

// oneLine drops tags and line breaks, and the final period.
func oneLine(text string) string {
	text = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`).ReplaceAllString(text, " ")
	text = strings.TrimRight(foreign.Line(text), ". ")
	if len(text) <= maxDetail {
		return text
	}
	cut := maxDetail
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}
