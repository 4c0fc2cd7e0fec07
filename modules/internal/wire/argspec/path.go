// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"os"
	"os/user"
	"regexp"
	"strings"
)

var variable = regexp.MustCompile(`\$(\w+|\{[^}]*\})`)

// toPath expands variables and a leading tilde. What is not known stays as it is.
func toPath(v any) (string, error) {
	text, err := ToStr(v)
	if err != nil {
		return "", err
	}
	text = variable.ReplaceAllStringFunc(text, func(match string) string {
		if value, ok := os.LookupEnv(strings.Trim(match, "${}")); ok {
			return value
		}
		return match
	})
	if !strings.HasPrefix(text, "~") {
		return text, nil
	}
	name, rest, _ := strings.Cut(text[1:], "/")
	home := homeOf(name)
	if home == "" {
		return text, nil
	}
	if len(text) > len(name)+1 {
		rest = "/" + rest
	}
	if expanded := strings.TrimRight(home, "/") + rest; expanded != "" {
		return expanded, nil
	}
	return "/", nil
}

func homeOf(name string) string {
	if name != "" {
		if u, err := user.Lookup(name); err == nil {
			return u.HomeDir
		}
		return ""
	}
	if home, ok := os.LookupEnv("HOME"); ok {
		return home
	}
	if u, err := user.Current(); err == nil {
		return u.HomeDir
	}
	return ""
}
