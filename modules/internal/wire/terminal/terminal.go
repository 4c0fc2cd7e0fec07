// SPDX-License-Identifier: Apache-2.0

// Package terminal is the program as a command for people: flags from the options of the modules, text, other formats, help,
// completion, and exit codes that tell a clean cloud from one with faults. Calls of Ansible's it hands on as they are.
package terminal

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// The exit codes for people. They are Terraform's, with one more for what could not be read.
const (
	Done       = 0 // clean, or done
	Failed     = 1 // a mistake in the command line, no connection, a refusal
	Found      = 2 // something to act on, such as findings at or above the severity, or changes that would be made
	Incomplete = 3 // not everything could be read, and nothing was found
)

// Graded is a result that says itself what the exit code is.
type Graded interface{ ExitCode() int }

// Shown is a result with a text for people, line by line.
type Shown interface {
	Show(v screen.View) []string
}

// Printed is a result that can be printed in formats of report files.
type Printed interface {
	Formats() []string
	Print(format string) ([]byte, error)
}

// Command is what only a person calls, beside the modules.
type Command struct {
	Module *ansible.Module // its options and its work; its result is Shown
	// Argument is the option that the word behind the command is the value of; empty if there is none.
	Argument string
	// Words completes the argument.
	Words func() []string
}

// Program is all that the program can do.
type Program struct {
	Modules  []*ansible.Module
	Commands []Command
	// Login are the names of the options that log in.
	Login   []string
	Process ansible.Process
	// Columns is the width of the terminal on stdout; 0 if it is none.
	Columns func() int
	// Env is the environment, for NO_COLOR and TERM.
	Env func(string) string
	// Talks reports whether a person sees stderr.
	Talks func() bool
}

// Main answers one call and returns the exit code.
func (p Program) Main() int {
	begin := min(1, len(p.Process.Args))
	words := p.inFull(p.Process.Args[begin:])
	p.Process.Args = slices.Concat(p.Process.Args[:begin], words)
	switch {
	case p.briefly(words):
		return p.brief()
	case p.ofAnsible(words):
		return ansible.Main(p.Modules, p.Process)
	}
	if err := p.unknown(words); err != nil {
		return p.refuse(err)
	}
	code := Done
	root := p.root(&code)
	root.SetArgs(p.unlinked(words))
	root.SetOut(p.Process.Stdout)
	root.SetErr(p.Process.Stderr)
	if err := root.Execute(); err != nil {
		return p.refuse(err)
	}
	return code
}

func (p Program) refuse(err error) int {
	say(p.Process.Stderr, "placement: "+foreign.Line(err.Error())+"\n")
	return Failed
}

// unknown refuses a first word that is no command.
func (p Program) unknown(words []string) error {
	i := slices.IndexFunc(words, func(w string) bool { return !strings.HasPrefix(w, "-") })
	if i < 0 || p.own(words[i]) || p.module(words[i]) != nil || p.linked() != nil {
		return nil
	}
	return fmt.Errorf("there is no command %s; %splacement --help lists the commands", words[i], p.meant(words[i]))
}

// meant asks for the commands whose names are like a word, if there are any.
func (p Program) meant(word string) string {
	root := p.root(new(int))
	root.SuggestionsMinimumDistance = 2
	alike := root.SuggestionsFor(word)
	if word == "" || len(alike) == 0 { // every name begins with nothing
		return ""
	}
	slices.Sort(alike)
	return "did you mean " + strings.Join(alike, " or ") + "? "
}

// ofAnsible reports whether Ansible calls, or somebody as Ansible does: with JSON in a file or on standard input, without flags.
func (p Program) ofAnsible(words []string) bool {
	if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") }) || len(words) > 0 && p.own(words[0]) {
		return false
	}
	return p.Process.StdinIsPipe() || slices.ContainsFunc(words, func(w string) bool { return ansible.IsFile(p.Modules, w) })
}

// briefly reports whether JSON comes with the flag --brief and no other: a timer calls.
func (p Program) briefly(words []string) bool {
	rest := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "--brief" })
	return len(rest) < len(words) && p.ofAnsible(rest)
}

// inFull puts the name of a module in place of its short one, capacity_info for capacity, if that is the first word.
func (p Program) inFull(words []string) []string {
	i := slices.IndexFunc(words, func(w string) bool { return !strings.HasPrefix(w, "-") })
	if i < 0 || p.linked() != nil {
		return words
	}
	for _, m := range p.Modules {
		if p.short(m) == words[i] && words[i] != "" {
			return slices.Concat(words[:i], []string{m.ShortName()}, words[i+1:])
		}
	}
	return words
}

// short is the name of a module without _info; empty if it has no _info, or if that is the name of another command.
func (p Program) short(m *ansible.Module) string {
	short, is := strings.CutSuffix(m.ShortName(), "_info")
	if !is || p.own(short) || p.module(short) != nil {
		return ""
	}
	return short
}

// own reports whether a word is a command that is no module.
func (p Program) own(word string) bool {
	return word == "help" || word == "completion" || strings.HasPrefix(word, "__complete") ||
		slices.ContainsFunc(p.Commands, func(c Command) bool { return c.Module.ShortName() == word })
}

// unlinked puts the name of the module before the words of a program that is named like one, as in library/.
func (p Program) unlinked(words []string) []string {
	if m := p.linked(); m != nil {
		return append([]string{m.ShortName()}, words...)
	}
	if len(words) > 1 && words[0] == "--help" || len(words) > 1 && words[0] == "-h" {
		return append(words[1:], words[0])
	}
	return words
}

// linked is the module that the program is named like; nil if it has its own name.
func (p Program) linked() *ansible.Module {
	if len(p.Process.Args) == 0 {
		return nil
	}
	return ansible.Find(p.Modules, filepath.Base(p.Process.Args[0]))
}

func (p Program) root(code *int) *cobra.Command {
	var version *bool
	root := &cobra.Command{
		Use: "placement", Short: "Find where OpenStack's Placement and Nova disagree, and repair it",
		SilenceUsage: true, SilenceErrors: true, Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if *version {
				*code = say(p.Process.Stdout, "placement "+ansible.Version+"\n")
				return nil
			}
			return cmd.Help()
		},
	}
	version = root.Flags().Bool("version", false, "print the version")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; %s --help lists the flags", shortFlags(err), cmd.CommandPath())
	})
	root.SetHelpFunc(p.help)
	root.SetUsageFunc(func(*cobra.Command) error { return nil })
	root.CompletionOptions.DisableDefaultCmd = false
	for _, m := range p.Modules {
		root.AddCommand(p.command(Command{Module: m}, code))
	}
	for _, c := range p.Commands {
		root.AddCommand(p.command(c, code))
	}
	return root
}

// names are the commands, as help lists them.
func (p Program) names() []string {
	var names []string
	for _, m := range p.Modules {
		names = append(names, m.ShortName())
	}
	for _, c := range p.Commands {
		names = append(names, c.Module.ShortName())
	}
	slices.Sort(names)
	return names
}

func say(w io.Writer, text string) int {
	if _, err := io.WriteString(w, text); err != nil {
		return Failed
	}
	return Done
}
