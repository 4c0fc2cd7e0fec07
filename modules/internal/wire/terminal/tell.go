// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// tell prints an answer in the format that was asked for, warnings and failures on stderr, and returns the exit code.
func (p Program) tell(answer ansible.Answer, w *wishes, v screen.View) int {
	for _, warning := range answer.Warnings() {
		say(p.Process.Stderr, v.Paint(screen.Warn, "warning:")+" "+warning+"\n")
	}
	if answer.Failed() {
		say(p.Process.Stderr, v.Paint(screen.Worse, "failed:")+" "+w.why(answer)+"\n")
		if answer.Result() == nil && w.output != "json" && w.output != "yaml" {
			return Failed
		}
	}
	text, err := printed(answer, w.output, v)
	if err != nil {
		say(p.Process.Stderr, "failed: "+foreign.Line(answer.Masked(err.Error()))+"\n")
		return Failed
	}
	return max(say(p.Process.Stdout, text), codeOf(answer))
}

// why is what failed: the sentence, or each fault of the flags on a line.
func (w *wishes) why(answer ansible.Answer) string {
	if !w.flags {
		return answer.Message()
	}
	faults := answer.Faults(w.called)
	switch len(faults) {
	case 0:
		return answer.Message()
	case 1:
		return faults[0]
	}
	return fmt.Sprintf("%d faults in the flags\n  %s", len(faults), strings.Join(faults, "\n  "))
}

// called is how an option is named in the command line.
func (w *wishes) called(option string) string {
	if option == w.argument {
		return strings.ToUpper(option)
	}
	return "--" + flagName(option)
}

// codeOf is the exit code of an answer.
func codeOf(answer ansible.Answer) int {
	if answer.Failed() {
		return Failed
	}
	if graded, ok := answer.Result().(Graded); ok {
		return graded.ExitCode()
	}
	if answer.WouldChange() {
		return Found
	}
	return Done
}

// printed is the answer in a format.
func printed(answer ansible.Answer, format string, v screen.View) (string, error) {
	switch format {
	case "json":
		return indented(answer)
	case "yaml":
		var line bytes.Buffer
		if err := answer.WriteJSON(&line); err != nil {
			return "", err
		}
		return asYAML(line.Bytes(), func(string, *yaml.Node) bool { return true })
	case "brief":
		return brief(answer) + "\n", nil
	case "text":
		return answer.Masked(strings.Join(shown(answer, v), "\n") + "\n"), nil
	}
	report, ok := answer.Result().(Printed)
	if !ok || !slices.Contains(report.Formats(), format) {
		return "", fmt.Errorf("--output must be one of: %s, got: %s", strings.Join(formats(report), ", "), format)
	}
	text, err := report.Print(format)
	return answer.Masked(string(text)), err
}

func formats(report Printed) []string {
	all := []string{"text", "json", "yaml", "brief"}
	if report != nil {
		all = append(all, slices.DeleteFunc(report.Formats(), func(f string) bool { return f == "json" })...)
	}
	return all
}

// shown is the answer as text: what the result shows of itself, else its sentence, and what it changes or its data.
func shown(answer ansible.Answer, v screen.View) []string {
	if result, ok := answer.Result().(Shown); ok {
		return result.Show(v)
	}
	p := screen.New(v)
	p.Headline(brief(answer))
	var line bytes.Buffer
	if answer.WriteJSON(&line) != nil {
		return p.Lines()
	}
	if differences(p, line.Bytes()) { // they have all that the data has
		if answer.WouldChange() {
			p.Dry()
		}
		return p.Lines()
	}
	text, err := asYAML(line.Bytes(), func(key string, value *yaml.Node) bool {
		return !slices.Contains([]string{"msg", "changed", "failed", "warnings", "invocation", "requests", "microversions", "text", "diff"}, key) && !empty(value)
	})
	if err != nil || strings.TrimSpace(text) == "{}" {
		return p.Lines()
	}
	return append(p.Lines(), "", strings.TrimRight(text, "\n"))
}

// empty reports whether a value says nothing: an empty list, dict or text, or null.
func empty(value *yaml.Node) bool {
	return len(value.Content) == 0 && (value.Kind != yaml.ScalarNode || value.Value == "" || value.Tag == "!!null")
}

// brief is the answer in a sentence.
func brief(answer ansible.Answer) string {
	if msg := answer.Message(); msg != "" {
		return msg
	}
	if answer.Changed() {
		return "changed"
	}
	return "nothing changed"
}

func indented(answer ansible.Answer) (string, error) {
	var line, text bytes.Buffer
	if err := answer.WriteJSON(&line); err != nil {
		return "", err
	}
	err := json.Indent(&text, bytes.TrimSpace(line.Bytes()), "", "  ")
	return text.String() + "\n", err
}

// asYAML writes the keys that are wanted of an answer in JSON as YAML, in their order.
func asYAML(answer []byte, wanted func(key string, value *yaml.Node) bool) (string, error) {
	var node yaml.Node
	if err := yaml.Unmarshal(answer, &node); err != nil { // JSON is YAML
		return "", err
	}
	root := node.Content[0]
	var kept []*yaml.Node
	for i := 0; i+1 < len(root.Content); i += 2 {
		if wanted(root.Content[i].Value, root.Content[i+1]) {
			kept = append(kept, root.Content[i], root.Content[i+1])
		}
	}
	root.Content = kept
	text, err := encoded(&node)
	return string(text), err
}

func encoded(node *yaml.Node) ([]byte, error) {
	block(node)
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	err := encoder.Encode(node)
	return text.Bytes(), err
}

// block writes lists and dicts below each other, and texts without quotes where they need none.
func block(node *yaml.Node) {
	node.Style = 0
	for _, child := range node.Content {
		block(child)
	}
}

// brief answers a call with JSON by one sentence, for the journal of a timer.
func (p Program) brief() int {
	words := slices.DeleteFunc(slices.Clone(p.Process.Args), func(w string) bool { return w == "--brief" })
	process := p.Process
	process.Args = words
	return p.tell(ansible.Ask(p.Modules, process).Do(), &wishes{output: "brief"}, screen.View{})
}
