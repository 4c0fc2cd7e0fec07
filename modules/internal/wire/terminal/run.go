// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// wishes are the flags that every command has: how it answers, and whether it may write.
type wishes struct {
	output, colour string
	wide, brief    bool
	check, diff    bool
	flags          bool   // the options were given as flags
	argument       string // the option that was given without one
}

func (w *wishes) add(cmd *cobra.Command) {
	set := cmd.Flags()
	set.StringVarP(&w.output, "output", "o", "text", "print the answer as text, json, yaml or brief, and as markdown, html, junit or prometheus where it is a report")
	set.StringVar(&w.colour, "color", "auto", "colours: auto, always or never")
	set.BoolVar(&w.wide, "wide", false, "shorten nothing and leave nothing out")
	set.BoolVar(&w.brief, "brief", false, "print one sentence: --output brief")
	set.BoolVar(&w.check, "check", false, "write nothing, and say what would be written")
	set.BoolVar(&w.diff, "diff", false, "show what changes, before and after")
	_ = cmd.RegisterFlagCompletionFunc("color", fixed("auto", "always", "never"))
	_ = cmd.RegisterFlagCompletionFunc("output", fixed(outputs()...))
}

func outputs() []string {
	return []string{"text", "json", "yaml", "brief", "markdown", "html", "junit", "prometheus"}
}

func fixed(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}

// command makes a command of a module.
func (p Program) command(c Command, code *int) *cobra.Command {
	name := c.Module.ShortName()
	cmd := &cobra.Command{Use: name, Aliases: []string{c.Module.Name, c.Module.FullName()}, Args: cobra.NoArgs}
	if short := p.short(c.Module); short != "" {
		cmd.Aliases = append(cmd.Aliases, short)
	}
	if doc, err := c.Module.Doc(); err == nil {
		cmd.Short = doc.ShortDescription
	}
	w := &wishes{flags: true}
	w.add(cmd)
	schema := cmd.Flags().Bool("schema", false, "print the JSON Schema of the options")
	table, err := c.Module.Options()
	flags := addFlags(cmd.Flags(), table, p.Login)
	for _, o := range table {
		p.completes(cmd, o)
	}
	if show := cmd.Flags().Lookup("show"); show != nil {
		show.Hidden = true // it is for plays
	}
	if c.Argument != "" {
		cmd.Args = cobra.MaximumNArgs(1)
		cmd.Use += " [" + strings.ToUpper(c.Argument) + "]"
		if c.Words != nil {
			cmd.ValidArgsFunction = fixed(c.Words()...)
		}
	}
	cmd.RunE = func(_ *cobra.Command, words []string) error {
		if err != nil {
			return err
		}
		if *schema {
			text, err := c.Module.SchemaJSON()
			*code = say(p.Process.Stdout, string(text))
			return err
		}
		given, err := args(flags)
		if err != nil {
			return err
		}
		if len(words) > 0 {
			given[c.Argument], w.argument = words[0], c.Argument
		}
		*code, err = p.run(c.Module, given, w)
		return err
	}
	return cmd
}

// completes offers the choices of an option, and files only where it takes one.
func (p Program) completes(cmd *cobra.Command, o *argspec.Option) {
	var words []string
	for _, choice := range o.Choices {
		words = append(words, fmt.Sprint(choice))
	}
	if o.Type != argspec.Path {
		_ = cmd.RegisterFlagCompletionFunc(flagName(o.Name), fixed(words...))
	}
}

// run runs the module and prints its answer.
func (p Program) run(m *ansible.Module, given map[string]any, w *wishes) (int, error) {
	if err := w.fault(); err != nil {
		return Failed, err
	}
	task := ansible.NewTask(m, given, p.Process)
	task.Call.CheckMode, task.Call.Diff, task.Call.Format = w.check, w.diff, w.output
	bar := p.watch(task.Call)
	answer := task.Do()
	bar.stop()
	return p.tell(answer, w, p.view(w, given)), nil
}

// fault refuses a format that there is not.
func (w *wishes) fault() error {
	if w.brief {
		w.output = "brief"
	}
	if !slices.Contains(outputs(), w.output) {
		return fmt.Errorf("--output must be one of: %s, got: %s", strings.Join(outputs(), ", "), w.output)
	}
	if !slices.Contains([]string{"auto", "always", "never"}, w.colour) {
		return fmt.Errorf("--color must be one of: auto, always, never, got: %s", w.colour)
	}
	return nil
}

// view is how the text is shown: as wide as the terminal, in colours where it has them.
func (p Program) view(w *wishes, given map[string]any) screen.View {
	columns := p.Columns()
	colour := columns > 0 && p.Env("NO_COLOR") == "" && p.Env("TERM") != "dumb"
	if w.colour != "auto" {
		colour = w.colour == "always"
	}
	if columns == 0 {
		columns = p.elsewhere()
	}
	return screen.View{Width: columns, Colour: colour, Wide: w.wide, Cloud: cloudFlags(given)}
}

// elsewhere is how wide text is that goes to a file or a pipe: as COLUMNS says, or as it reads well.
func (p Program) elsewhere() int {
	const narrowest, readable = 40, 100
	if n, err := strconv.Atoi(p.Env("COLUMNS")); err == nil && n >= narrowest {
		return n
	}
	return readable
}

// cloudFlags are the flags that name the same cloud again.
func cloudFlags(given map[string]any) string {
	var flags []string
	for _, option := range []string{"cloud", "clouds_file", "region_name"} {
		text, isText := given[option].(string)
		if word := foreign.Word(text); isText && word == text {
			flags = append(flags, "--"+flagName(option), word)
		}
	}
	return strings.Join(flags, " ")
}
