// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// flag is the value of one option. What it may be is judged where Ansible's arguments are.
type flag struct {
	option *argspec.Option
	values []string
	// secret says that a value may be a credential, so that no error quotes it.
	secret bool
}

// String is what was given.
func (f *flag) String() string { return strings.Join(f.values, ",") }

// Set takes a value. It never fails: pflag would quote the value.
func (f *flag) Set(text string) error {
	f.values = append(f.values, text)
	return nil
}

// Type is what stands for the value in the help.
func (f *flag) Type() string {
	switch f.option.Type {
	case argspec.Bool:
		return "bool"
	case argspec.Int:
		return "N"
	case argspec.Float:
		return "X"
	case argspec.Path:
		return "FILE"
	case argspec.Dict:
		return "JSON"
	case argspec.List:
		if f.option.Options != nil || f.option.Elements == argspec.Dict {
			return "JSON"
		}
		if f.option.Commas == argspec.AnyOf {
			return "NAME,…|in:NAME,…"
		}
		return "NAME,…"
	}
	return "TEXT"
}

// arg is the value as the argument of the module. A list takes more than one.
func (f *flag) arg() (any, error) {
	if len(f.values) > 1 && f.option.Type != argspec.List {
		return nil, fmt.Errorf("--%s was given twice", flagName(f.option.Name))
	}
	first := strings.TrimSpace(f.values[0])
	switch {
	case f.option.Type == argspec.Dict || f.option.Type == argspec.Raw && strings.HasPrefix(first, "{"):
		return f.parsed(first)
	case f.option.Type != argspec.List:
		return f.values[0], nil
	}
	list := []any{}
	for _, text := range f.values {
		entries, err := f.entries(text)
		if err != nil {
			return nil, err
		}
		list = append(list, entries...)
	}
	return list, nil
}

// entries are those that one value of a list gives: in JSON, or as a playbook's text. A dict has commas of its own.
func (f *flag) entries(text string) ([]any, error) {
	value, err := f.parsed(strings.TrimSpace(text))
	if list, is := value.([]any); is || err != nil {
		return list, err
	}
	if _, is := value.(map[string]any); is {
		return []any{value}, nil
	}
	if f.option.Elements == argspec.Dict {
		return []any{text}, nil
	}
	return f.option.Entries(text), nil
}

// parsed reads JSON. A dict may be written as key=value too, as in a task.
func (f *flag) parsed(text string) (any, error) {
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return text, nil
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err == nil && !decoder.More() {
		return value, nil
	}
	if f.secret {
		return nil, fmt.Errorf("--%s must be JSON", flagName(f.option.Name))
	}
	return nil, fmt.Errorf("--%s must be JSON, got: %s", flagName(f.option.Name), text)
}

func flagName(option string) string { return strings.ReplaceAll(option, "_", "-") }

// addFlags makes a flag of each option. Those that log in, and those that are not to be logged, may hold credentials.
func addFlags(set *pflag.FlagSet, table []*argspec.Option, login []string) map[string]*flag {
	flags := map[string]*flag{}
	for _, o := range table {
		f := &flag{option: o, secret: o.NoLog || slices.Contains(login, o.Name)}
		flags[o.Name] = f
		for _, name := range append([]string{o.Name}, o.Aliases...) {
			added := set.VarPF(f, flagName(name), "", "")
			added.Hidden = name != o.Name
			if o.Type == argspec.Bool {
				added.NoOptDefVal = "true"
			}
		}
	}
	return flags
}

// args are the arguments that the flags give.
func args(flags map[string]*flag) (map[string]any, error) {
	out := map[string]any{}
	for name, f := range flags {
		if len(f.values) == 0 {
			continue
		}
		value, err := f.arg()
		if err != nil {
			return nil, err
		}
		out[name] = value
	}
	return out, nil
}

// shortFlags is the error of an unknown flag of one letter. pflag quotes all that stands behind the dash, which may be a secret.
func shortFlags(err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "" {
		return fmt.Errorf("unknown flag: -%s", unknown.GetSpecifiedName())
	}
	return err
}
