// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// help answers the commands of a person.
func (c command) help(mods []*Module, p Process) int {
	if c.word != "" && c.module == nil {
		return usage(mods, p, c.complaint())
	}
	if c.module == nil {
		c.module = find(mods, c.program)
	}
	switch c.flag {
	case "--version":
		return say(p.Stdout, "placement "+Version+"\n")
	case "--schema":
		if c.module != nil {
			return c.printed(p, c.module.SchemaJSON)
		}
		return usage(mods, p, "--schema needs a module")
	case "-h", "--help", "help":
		if c.module != nil {
			return c.printed(p, c.module.help)
		}
		return say(p.Stdout, overview(mods))
	}
	return usage(mods, p, "unknown flag "+c.flag)
}

// briefly runs the module and prints of its answer what a person reads, such as the journal of a timer: one line, and one for
// each warning. What failed is said on stderr. Secrets are masked as in the whole answer.
func (c command) briefly(mods []*Module, p Process) int {
	var whole bytes.Buffer
	toAnsible := p
	toAnsible.Stdout = &whole
	code := c.answer(mods, toAnsible)
	var answer struct {
		Msg      string   `json:"msg"`
		Changed  bool     `json:"changed"`
		Failed   bool     `json:"failed"`
		Warnings []string `json:"warnings"`
	}
	if err := json.Unmarshal(whole.Bytes(), &answer); err != nil {
		say(p.Stderr, "internal error: "+err.Error()+"\n")
		return exitFailed
	}
	for _, w := range answer.Warnings {
		say(p.Stderr, "warning: "+foreign.Line(w)+"\n")
	}
	switch {
	case answer.Failed:
		say(p.Stderr, "failed: "+foreign.Line(answer.Msg)+"\n")
		return max(code, exitFailed)
	case answer.Msg == "":
		answer.Msg = map[bool]string{true: "changed", false: "nothing changed"}[answer.Changed]
	}
	return max(code, say(p.Stdout, foreign.Line(answer.Msg)+"\n"))
}

func (c command) printed(p Process, text func() ([]byte, error)) int {
	out, err := text()
	if err != nil {
		say(p.Stderr, err.Error()+"\n")
		return exitFailed
	}
	return say(p.Stdout, string(out))
}

func say(w io.Writer, text string) int {
	if _, err := io.WriteString(w, text); err != nil {
		return exitFailed
	}
	return 0
}

func usage(mods []*Module, p Process, complaint string) int {
	say(p.Stderr, "placement: "+complaint+"\n\n"+overview(mods))
	return exitUsage
}

func overview(mods []*Module) string {
	var b strings.Builder
	b.WriteString("Ansible modules for OpenStack Placement, in one program. Ansible calls it; a person can:\n\n")
	b.WriteString("  placement MODULE < ARGS.json   run a module; the arguments are one JSON object\n")
	b.WriteString("  placement MODULE ARGS.json     the same\n")
	b.WriteString("  placement MODULE … --brief     the same, and print one sentence of the answer, not JSON\n")
	b.WriteString("  placement MODULE --help        show its options\n")
	b.WriteString("  placement MODULE --schema      print their JSON Schema\n")
	b.WriteString("  placement --version\n\nModules:\n")
	for _, m := range mods {
		about := ""
		if doc, err := m.Doc(); err == nil {
			about = doc.ShortDescription
		}
		fmt.Fprintf(&b, "  %-22s %s\n", m.ShortName(), about)
	}
	return b.String()
}

// help is the module's documentation for a terminal.
func (m *Module) help() ([]byte, error) {
	doc, err := m.Doc()
	if err != nil {
		return nil, err
	}
	table, err := m.Options()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s - %s\n\n", m.FullName(), doc.ShortDescription)
	for _, text := range append(doc.Description, m.Sentences()...) {
		b.WriteString(wrap(text, "") + "\n")
	}
	b.WriteString("\nOptions (= is required):\n\n")
	helpOptions(&b, table, "")
	if doc.Examples != "" {
		b.WriteString("Examples:\n\n" + doc.Examples)
	}
	return []byte(b.String()), nil
}

func helpOptions(b *strings.Builder, table []*Option, indent string) {
	for _, o := range table {
		mark := "-"
		if o.Required {
			mark = "="
		}
		fmt.Fprintf(b, "%s%s %s (%s)\n", indent, mark, o.Name, strings.Join(o.facts(), "; "))
		for _, text := range o.Description {
			b.WriteString(wrap(text, indent+"    ") + "\n")
		}
		b.WriteByte('\n')
		inner := o.Options
		if inner == nil && o.Values != nil {
			inner = o.Values.Options
		}
		helpOptions(b, inner, indent+"    ")
	}
}

func (o *Option) facts() []string {
	facts := []string{o.Type}
	if o.Values != nil {
		facts[0] += " of " + o.Values.Type
	} else if o.Elements != "" {
		facts[0] += " of " + o.Elements
	}
	if len(o.Aliases) > 0 {
		facts = append(facts, "alias "+strings.Join(o.Aliases, ", "))
	}
	if o.Default != nil {
		facts = append(facts, fmt.Sprintf("default %v", o.Default))
	}
	if len(o.Choices) > 0 {
		facts = append(facts, "one of "+strings.Join(o.choices(), ", "))
	}
	return facts
}

// A terminal is 80 columns wide, and the text is read with a margin.
const lineWidth = 78

// markup is Ansible's, such as C(name).
var markup = regexp.MustCompile(`\b[BCEIOV]\(([^()]*)\)`)

func wrap(text, indent string) string {
	text = markup.ReplaceAllString(text, "$1")
	var b strings.Builder
	width := 0
	for _, word := range strings.Fields(text) {
		switch {
		case width == 0:
			b.WriteString(indent)
			width = len(indent)
		case width+1+len(word) > lineWidth:
			b.WriteString("\n" + indent)
			width = len(indent)
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String()
}
