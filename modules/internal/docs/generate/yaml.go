// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Prose is wrapped at this width; `ansible-test sanity` allows lines of 160 characters.
const proseWidth = 100

// mapping is a YAML mapping that keeps its order. What is empty is left out.
type mapping struct{ node yaml.Node }

func newMapping() *mapping {
	return &mapping{yaml.Node{Kind: yaml.MappingNode}}
}

func (m *mapping) set(key string, value *yaml.Node) {
	if value == nil || value.Kind == yaml.MappingNode && len(value.Content) == 0 {
		return
	}
	m.node.Content = append(m.node.Content, scalar(key), value)
}

// put sets a key to a Go value, if it is not the zero value.
func (m *mapping) put(key string, value any) error {
	v := reflect.ValueOf(value)
	if !v.IsValid() || v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 {
		return nil
	}
	return m.force(key, value)
}

// force sets a key even to a zero value, which a default may be.
func (m *mapping) force(key string, value any) error {
	node := &yaml.Node{}
	if err := node.Encode(value); err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	m.set(key, node)
	return nil
}

func scalar(text string) *yaml.Node {
	node := &yaml.Node{}
	node.SetString(text)
	return node
}

// prose is a list of paragraphs.
func prose(paragraphs []string) *yaml.Node {
	if len(paragraphs) == 0 {
		return nil
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, text := range paragraphs {
		list.Content = append(list.Content, paragraph(text))
	}
	return list
}

var markup = regexp.MustCompile(`\b[OVE]\(`)

// paragraph is a text in Ansible's markup. O(), V() and E() are of 2.15 and later; C() is understood by all.
func paragraph(text string) *yaml.Node {
	text = markup.ReplaceAllString(strings.Join(strings.Fields(text), " "), "C(")
	node := scalar(text)
	fold(node)
	return node
}

// fold wraps what is long and has single spaces only. The encoder can't break lines, so the text is written as a literal
// block and the mark changed to folding.
func fold(node *yaml.Node) {
	if len(node.Value) > proseWidth && node.Value == strings.Join(strings.Fields(node.Value), " ") {
		node.Value, node.Style = wrap(node.Value), yaml.LiteralStyle
	}
}

func wrap(text string) string {
	var b strings.Builder
	width := 0
	for _, word := range strings.Fields(text) {
		switch {
		case width == 0:
		case width+1+len(word) > proseWidth:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String()
}

// proseIn wraps the descriptions and the long texts in a tree that was read from a file, and keeps those that have line
// breaks from being folded.
func proseIn(node *yaml.Node, key string) {
	switch {
	case node.Kind == yaml.ScalarNode && key == "description":
		*node = *paragraph(node.Value)
	case node.Kind == yaml.ScalarNode && strings.Contains(node.Value, "\n"):
		node.Style = yaml.DoubleQuotedStyle
	case node.Kind == yaml.ScalarNode && node.Tag == "!!str":
		fold(node)
	}
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode {
			if i%2 == 1 {
				proseIn(child, node.Content[i-1].Value)
			}
			continue
		}
		proseIn(child, key)
	}
}

var literal = regexp.MustCompile(`(?m)^([ ]*(?:- )*(?:[a-z_0-9]+: )?)\|-$`)

// encode writes a tree and makes sure that it reads back as what it is.
func encode(node *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	text := literal.ReplaceAll(b.Bytes(), []byte("${1}>-"))
	var want, have any
	if err := node.Decode(&want); err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	if err := yaml.Unmarshal(text, &have); err != nil {
		return nil, fmt.Errorf("read back: %w", err)
	}
	if !reflect.DeepEqual(flat(want), flat(have)) {
		return nil, fmt.Errorf("YAML does not read back as it was meant:\n%s", text)
	}
	return text, nil
}

// flat takes the line breaks of wrapped prose out of a value.
func flat(v any) any {
	switch v := v.(type) {
	case string:
		return strings.Join(strings.Fields(v), " ")
	case []any:
		for i := range v {
			v[i] = flat(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = flat(v[key])
		}
	}
	return v
}
