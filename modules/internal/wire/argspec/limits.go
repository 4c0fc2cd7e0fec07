// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// choose checks v, or each element of it, against the choices.
func (w *walk) choose(o *Option, v any, path []string) any {
	if len(o.Choices) == 0 {
		return v
	}
	choices := o.choices()
	if list, ok := v.([]any); ok {
		var strange []string
		for _, item := range list {
			if text := text(item); !slices.Contains(choices, text) {
				strange = append(strange, text)
			}
		}
		if len(strange) > 0 {
			w.value(path, o.Name, fmt.Sprintf("must be one or more of: %s. Got no match for: %s", strings.Join(choices, ", "), strings.Join(strange, ", ")))
		}
		return v
	}
	if word, ok := unboolean(v, choices); ok {
		return word
	}
	if !slices.Contains(choices, text(v)) {
		w.value(path, o.Name, fmt.Sprintf("must be one of: %s, got: %s", strings.Join(choices, ", "), o.show(v)))
	}
	return v
}

func (o *Option) choices() []string {
	all := make([]string, len(o.Choices))
	for i, choice := range o.Choices {
		all[i] = fmt.Sprint(choice)
	}
	return all
}

// unboolean undoes what YAML does to yes and no, where just one choice can be meant.
func unboolean(v any, choices []string) (string, bool) {
	text, ok := v.(string)
	if !ok || slices.Contains(choices, text) || text != "True" && text != "False" {
		return "", false
	}
	meant := slices.DeleteFunc(slices.Clone(choices), func(choice string) bool {
		b, err := ToBool(choice)
		return err != nil || choice != strings.ToLower(choice) || b != (text == "True")
	})
	if len(meant) != 1 {
		return "", false
	}
	return meant[0], true
}

// limits says what the schema's limits demand of v and don't get.
func (o *Option) limits(v any) []string {
	s := o.schema
	switch v := v.(type) {
	case string:
		length := uint64(utf8.RuneCountInString(v)) //nolint:gosec // a length is never negative
		return notEmpty([]string{
			atLeast(s.MinLength, length, "character"),
			atMost(s.MaxLength, length, "character"),
			o.mismatch(v),
		})
	case int:
		return o.within(float64(v))
	case float64:
		return o.within(v)
	case []any:
		length := uint64(len(v))
		return notEmpty([]string{atLeast(s.MinItems, length, "item"), atMost(s.MaxItems, length, "item")})
	}
	return nil
}

func (o *Option) mismatch(v string) string {
	if o.schema.Pattern == "" {
		return ""
	}
	if ok, err := regexp.MatchString(o.schema.Pattern, v); ok || err != nil {
		return ""
	}
	return "must match " + o.schema.Pattern
}

func atLeast(limit *uint64, n uint64, unit string) string {
	if limit == nil || n >= *limit {
		return ""
	}
	return fmt.Sprintf("must have at least %d %s", *limit, plural(*limit, unit))
}

func atMost(limit *uint64, n uint64, unit string) string {
	if limit == nil || n <= *limit {
		return ""
	}
	return fmt.Sprintf("must have at most %d %s", *limit, plural(*limit, unit))
}

func plural(n uint64, unit string) string {
	if n == 1 {
		return unit
	}
	return unit + "s"
}

func (o *Option) within(v float64) []string {
	s := o.schema
	return notEmpty([]string{
		limit(s.Minimum, "must be %s or more", func(f float64) bool { return v >= f }),
		limit(s.ExclusiveMinimum, "must be more than %s", func(f float64) bool { return v > f }),
		limit(s.Maximum, "must be %s or less", func(f float64) bool { return v <= f }),
		limit(s.ExclusiveMaximum, "must be less than %s", func(f float64) bool { return v < f }),
	})
}

func limit(bound json.Number, text string, holds func(float64) bool) string {
	if bound == "" {
		return ""
	}
	if f, err := bound.Float64(); err != nil || holds(f) {
		return ""
	}
	return fmt.Sprintf(text, bound)
}

// Longer values are not shown in a message. They are not cut either: half a secret would not be found by the mask.
const longestShown = 200

// show is how a value appears in a message; empty for what is too big to help, and for the text of a dict, which may
// hold secrets that nobody can find in it because it can't be read.
func (o *Option) show(v any) string {
	if o.NoLog {
		return mask.Hidden
	}
	if o.Type == Dict || o.Elements == Dict {
		return ""
	}
	switch v.(type) {
	case map[string]any, []any, nil:
		return ""
	}
	if shown := text(v); len(shown) <= longestShown {
		return shown
	}
	return ""
}

func text(v any) string {
	if s, err := ToStr(v); err == nil {
		return s
	}
	return fmt.Sprint(v)
}

func notEmpty(all []string) []string {
	var kept []string
	for _, s := range all {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}
