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

// differences shows what an answer changes, below the header of each: what goes behind -, what comes behind +.
func differences(answer []byte, v screen.View) []string {
	var result struct {
		Diff []struct {
			Header string          `json:"after_header"`
			Before json.RawMessage `json:"before"`
			After  json.RawMessage `json:"after"`
		} `json:"diff"`
	}
	if json.Unmarshal(answer, &result) != nil {
		return nil
	}
	var lines []string
	for _, d := range result.Diff {
		changes := marked(asLines(d.Before), asLines(d.After), v)
		if len(changes) == 0 {
			continue
		}
		lines = append(append(lines, "", foreign.Line(d.Header)), changes...)
	}
	return lines
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
