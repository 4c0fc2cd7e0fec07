// SPDX-License-Identifier: Apache-2.0

package address

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// oslo is a file of oslo.config: group and name -> value. The last of several values counts.
type oslo struct {
	option, path string
	values       map[string]string
	spare        bool // the options say where the databases are; nobody named the file
}

// readOslo reads the file of an option. Its errors say what that must be.
func readOslo(option, path string) (*oslo, error) {
	data, err := files.Read(path, files.MaxConfig)
	if err != nil {
		return nil, fmt.Errorf("must be a file that can be read (%w)", files.Cause(err))
	}
	values, err := parseOslo(string(data))
	if err != nil {
		return nil, fmt.Errorf("must be a configuration file of an OpenStack service (%w)", err)
	}
	return &oslo{option: option, path: path, values: values}, nil
}

// parseOslo reads groups in brackets, comments, names with values, and lines that go on with a blank at their beginning. Its errors
// have no content of the file in them: it may be a secret.
func parseOslo(text string) (map[string]string, error) {
	values := map[string]string{}
	group, last := "DEFAULT", ""
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, " \t\r\n")
		trimmed := strings.TrimSpace(line)
		name, value, pair := cut(line)
		switch {
		case trimmed == "":
			last = ""
		case trimmed[0] == '#' || trimmed[0] == ';':
		case line[0] == ' ' || line[0] == '\t':
			if last == "" {
				return nil, fmt.Errorf("line %d continues a value, but there is none before it", number)
			}
			values[last] += "\n" + trimmed
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			group, last = strings.TrimSpace(line[1:len(line)-1]), ""
		case pair:
			last = group + "." + strings.TrimSpace(name)
			values[last] = unquoted(strings.TrimSpace(value))
		default:
			return nil, fmt.Errorf("line %d has neither a group nor a value", number)
		}
	}
	return values, nil
}

// cut splits a line at its first = or colon, as oslo.config does.
func cut(line string) (name, value string, pair bool) {
	i := strings.IndexAny(line, "=:")
	if i < 0 {
		return line, "", false
	}
	return line[:i], line[i+1:], true
}

func unquoted(text string) string {
	if n := len(text); n > 1 && text[0] == text[n-1] && (text[0] == '"' || text[0] == '\'') {
		return text[1 : n-1]
	}
	return text
}

// get returns a value, in which $$ and \$ stand for one $. False if there is none.
func (f *oslo) get(group, name string) (string, bool, error) {
	value, there := f.values[group+"."+name]
	value = strings.ReplaceAll(value, `\$`, "$$")
	rest := strings.ReplaceAll(value, "$$", "")
	if i := strings.IndexByte(rest, '$'); i >= 0 && i+1 < len(rest) && (rest[i+1] == '{' || letter(rest[i+1])) {
		return "", true, fmt.Errorf("[%s] %s refers to another value with $, which is not followed: write the value itself", group, name)
	}
	return strings.ReplaceAll(value, "$$", "$"), there && value != "", nil
}

func letter(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
