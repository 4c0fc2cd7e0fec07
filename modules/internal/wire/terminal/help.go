// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// markup is Ansible's, such as C(name).
var markup = regexp.MustCompile(`\b[BCEIMOV]\(([^()]*)\)`)

func plain(text string) string {
	return strings.ReplaceAll(markup.ReplaceAllString(text, "$1"), ansible.Collection+".", "")
}

// sentence is the first sentence of a text.
func sentence(text string) string {
	if i := strings.Index(text, ". "); i >= 0 {
		return text[:i+1]
	}
	return text
}

// helpWidth is how wide help is where stdout is no terminal, and at most: longer lines are hard to read.
const helpWidth, widestHelp = 80, 100

// help prints the help of a command, or of the whole program.
func (p Program) help(cmd *cobra.Command, _ []string) {
	width := min(p.Columns(), widestHelp)
	if width == 0 {
		width = helpWidth
	}
	wide, _ := cmd.Flags().GetBool("wide")
	h := &helper{screen.New(screen.View{Width: width, Wide: wide}), p}
	if m := p.module(cmd.Name()); m != nil {
		h.command(cmd, m)
	} else if cmd.HasParent() {
		h.cobra(cmd)
	} else {
		h.overview()
	}
	say(p.Process.Stdout, h.String())
}

// module is the module of a command.
func (p Program) module(name string) *ansible.Module {
	if m := ansible.Find(p.Modules, name); m != nil {
		return m
	}
	i := slices.IndexFunc(p.Commands, func(c Command) bool { return c.Module.ShortName() == name })
	if i < 0 {
		return nil
	}
	return p.Commands[i].Module
}

type helper struct {
	*screen.Page
	Program
}

// cobra is the help of what cobra brings: completion.
func (h *helper) cobra(cmd *cobra.Command) {
	h.Text(0, cmd.Short)
	h.Blank()
	for _, line := range strings.Split(strings.TrimSpace(cmd.Long), "\n") {
		h.Line("%s", line)
	}
	for _, sub := range cmd.Commands() {
		h.Hang(fmt.Sprintf("  %-12s", sub.Name()), 14, sub.Short)
	}
}

func (h *helper) overview() {
	h.Text(0, "placement finds where OpenStack's Placement and Nova disagree, and repairs it.")
	h.Blank()
	h.Line("Usage:")
	h.Line("  placement COMMAND [FLAGS]      for people; --help lists the flags")
	h.Line("  placement MODULE < ARGS.json   for Ansible: JSON in, JSON out")
	h.Line("  placement MODULE ARGS.json     the same; --brief: one sentence")
	h.Blank()
	h.Line("Start here:")
	h.Command(2, "placement audit --cloud NAME")
	h.Blank()
	h.Line("Commands:")
	names, width := append(h.names(), "completion"), 0
	for _, name := range names {
		width = max(width, len(name)+1)
	}
	for _, name := range names {
		about := "Print a script that completes commands and flags in bash, zsh or fish"
		if m := h.module(name); m != nil {
			if doc, err := m.Doc(); err == nil {
				about = doc.ShortDescription
			}
		}
		h.Hang(fmt.Sprintf("  %-*s", width, name), width+2, about)
	}
	h.codes(anything)
}

// anything is what exit code 2 says of most commands.
const anything = "something to act on, or changes that --check would make"

// finds is what exit code 2 says of a command.
func finds(cmd *cobra.Command) string {
	if cmd.Flags().Lookup("severity") != nil {
		return "findings at or above --severity"
	}
	return anything
}

// codes explains the exit codes.
func (h *helper) codes(found string) {
	h.Blank()
	h.Line("Exit codes:")
	h.Hang("  0  ", 5, "clean, or done")
	h.Hang("  1  ", 5, "failed: a mistake in the command line, no connection, a refusal")
	h.Hang("  2  ", 5, found)
	h.Hang("  3  ", 5, "incomplete: not everything could be read, and nothing was found")
}

func (h *helper) command(cmd *cobra.Command, m *ansible.Module) {
	doc, err := m.Doc()
	if err != nil {
		h.Text(0, err.Error())
		return
	}
	h.Text(0, cmd.CommandPath()+" - "+doc.ShortDescription)
	h.Blank()
	for _, text := range append(slices.Clone(doc.Description), m.Sentences()...) {
		h.Text(0, plain(text))
	}
	h.Blank()
	h.Line("Usage:")
	h.Line("  placement %s [FLAGS]", cmd.Use)
	if len(doc.Commands) > 0 {
		h.Blank()
		h.Line("Examples:")
		for _, c := range doc.Commands {
			h.Hang("  # ", 4, c.About)
			h.Command(2, c.Command)
		}
	}
	h.flags(cmd, m)
	h.codes(finds(cmd))
}

// flags lists the flags: those of the command, those that log in, and those of every command.
func (h *helper) flags(cmd *cobra.Command, m *ansible.Module) {
	table, err := m.Options()
	if err != nil {
		h.Text(0, err.Error())
		return
	}
	var own, login []*argspec.Option
	for _, o := range table {
		if o.Name == "show" { // it is for plays
			continue
		}
		if slices.Contains(h.Login, o.Name) {
			login = append(login, o)
			continue
		}
		own = append(own, o)
	}
	for _, part := range []struct {
		title   string
		options []*argspec.Option
	}{{"Flags:", own}, {"To log in:", login}} {
		if len(part.options) == 0 {
			continue
		}
		h.Blank()
		h.Line("%s", part.title)
		for _, o := range part.options {
			h.option(o)
		}
	}
	h.Blank()
	h.Line("For every command:")
	options := map[string]bool{}
	for _, o := range table {
		options[flagName(o.Name)] = true
	}
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && !options[f.Name] {
			h.flag(f)
		}
	})
	if !h.Wide {
		h.Blank()
		h.Text(0, "With --wide the flags are described in full.")
	}
}

// Where the descriptions of flags begin.
const ofDescription = 6

func (h *helper) option(o *argspec.Option) {
	f := flag{option: o}
	begin := "  --" + flagName(o.Name)
	if o.Type != argspec.Bool {
		begin += " " + f.Type()
	}
	h.Line("%s%s", begin, facts(o))
	for i, text := range o.Description {
		if !h.Wide {
			text = sentence(text)
		}
		if i == 0 || h.Wide {
			h.Text(ofDescription, plain(text))
		}
	}
}

// facts are what else is known of an option, behind its name.
func facts(o *argspec.Option) string {
	var words []string
	if o.Required {
		words = append(words, "required")
	}
	if len(o.Choices) > 0 {
		choices := make([]string, len(o.Choices))
		for i, c := range o.Choices {
			choices[i] = fmt.Sprint(c)
		}
		words = append(words, strings.Join(choices, ", "))
	}
	if o.Default != nil && o.Default != false {
		words = append(words, fmt.Sprintf("default %v", o.Default))
	}
	switch o.Commas {
	case argspec.AnyOf:
		words = append(words, "give it again for more")
	case argspec.OneEntry:
		words = append(words, "one list of names; give it again for more")
	}
	if len(words) == 0 {
		return ""
	}
	return "  (" + strings.Join(words, "; ") + ")"
}

func (h *helper) flag(f *pflag.Flag) {
	begin := "  --" + f.Name
	if f.Shorthand != "" {
		begin = "  -" + f.Shorthand + ", --" + f.Name
	}
	if f.Value.Type() == "string" {
		begin += " TEXT"
	}
	if f.DefValue != "" && f.DefValue != "false" {
		begin += "  (default " + f.DefValue + ")"
	}
	h.Line("%s", begin)
	h.Text(ofDescription, strings.ToUpper(f.Usage[:1])+f.Usage[1:]+".")
}
