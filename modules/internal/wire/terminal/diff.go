// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// differences shows what an answer changes, below the header of each: what goes behind -, what comes behind +. Below stands the journal
// that has what was there before. It reports whether there is anything to show.
func differences(p *screen.Page, answer []byte) bool {
	var result struct {
		Diff []struct {
			Header string          `json:"after_header"`
			Before json.RawMessage `json:"before"`
			After  json.RawMessage `json:"after"`
		} `json:"diff"`
		Journal string `json:"journal"`
	}
	if json.Unmarshal(answer, &result) != nil {
		return false
	}
	found := false
	for _, d := range result.Diff {
		changes := marked(asLines(d.Before), asLines(d.After), p.View)
		if len(changes) == 0 {
			continue
		}
		found = true
		p.Blank()
		p.Line("%s", foreign.Line(d.Header))
		for _, change := range changes {
			p.Line("%s", change)
		}
	}
	if found && result.Journal != "" {
		p.Blank()
		p.Text(0, "What was there before is in "+foreign.Line(result.Journal))
	}
	return found
}

// marked are the lines of a unified diff, without its header and its line numbers.
func marked(before, after []byte, v screen.View) []string {
	var lines []string
	for i, line := range strings.Split(strings.TrimRight(string(diff.Diff("before", before, "after", after)), "\n"), "\n") {
		switch {
		case i < 3 || strings.HasPrefix(line, "@@"): // diff, ---, +++
			continue
		case strings.HasPrefix(line, "-"):
			line = v.Paint(screen.Worse, line)
		case strings.HasPrefix(line, "+"):
			line = v.Paint(screen.Good, line)
		}
		lines = append(lines, "  "+line)
	}
	return lines
}

// asLines is a value as YAML; nothing if there is none.
func asLines(value json.RawMessage) []byte {
	var node yaml.Node
	if len(value) == 0 || bytes.Equal(value, []byte("null")) || yaml.Unmarshal(value, &node) != nil { // JSON is YAML
		return nil
	}
	text, err := encoded(&node)
	if err != nil {
		return nil
	}
	return text
}
