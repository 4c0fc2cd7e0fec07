// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Terminal is where an operator types commands, as the lab's administrator. The lab has no openstack client: its commands are sent
// as the requests that python-openstackclient and osc-placement make of them, at the microversion that is typed, else at theirs.
type Terminal struct {
	lab         *Lab
	place, nova *Raw
}

// Terminal is one with the login of r, which is Placement's.
func (l *Lab) Terminal(r *Raw) *Terminal { return &Terminal{l, r, l.Nova(r)} }

// Type runs one line and returns what it prints. A line that is not understood, or is refused, fails the test.
func (s *Terminal) Type(t testing.TB, line string) string {
	t.Helper()
	words := strings.Fields(line)
	if words[0] != "openstack" {
		return s.program(t, words)
	}
	typed := parse(words[1:])
	for _, c := range commands() {
		rest, is := typed.after(c.words)
		if !is {
			continue
		}
		typed.args = rest
		return c.run(&session{Terminal: s, t: t, typed: typed})
	}
	t.Fatalf("the terminal does not know: %s", line)
	return ""
}

// program runs one of those of the lab. What only looks may end with any code.
func (s *Terminal) program(t testing.TB, words []string) string {
	t.Helper()
	out, err := exec.CommandContext(context.WithoutCancel(t.Context()), filepath.Join(s.lab.Root, "bin", words[0]), words[1:]...).CombinedOutput()
	looks := words[0] == "nova-status" || slices.Contains(words, "verify_instance")
	if err != nil && !looks {
		t.Fatalf("%v: %v\n%s", words, err, out)
	}
	return string(out)
}

// typed is a command line taken apart.
type typed struct {
	args    []string
	options map[string][]string
}

// parse takes a command line apart. An option without a value has an empty one.
func parse(words []string) typed {
	out := typed{options: map[string][]string{}}
	flags := []string{"--amend", "--allocations", "--offload", "--hard"}
	for i := 0; i < len(words); i++ {
		name, value, given := strings.Cut(words[i], "=")
		switch {
		case !strings.HasPrefix(name, "--"):
			out.args = append(out.args, words[i])
			continue
		case !given && !slices.Contains(flags, name) && i+1 < len(words):
			i++
			value = words[i]
		}
		out.options[name] = append(out.options[name], value)
	}
	return out
}

// after returns the arguments behind a command's own words, if it is that command.
func (c typed) after(words string) ([]string, bool) {
	own := strings.Fields(words)
	if len(c.args) < len(own) || !slices.Equal(c.args[:len(own)], own) {
		return nil, false
	}
	return c.args[len(own):], true
}

func (c typed) option(name string) string {
	if values := c.options[name]; len(values) > 0 {
		return values[len(values)-1]
	}
	return ""
}

// session is one command that runs.
type session struct {
	*Terminal
	t testing.TB
	typed
}

// placement sends a request to Placement. Its client asks for 1.0 unless it is told otherwise.
func (s *session) placement(method, path string, body any) string {
	s.t.Helper()
	return s.send(s.place.At(orElse(s.option("--os-placement-api-version"), "1.0")), method, path, body)
}

// compute sends a request to Nova. Its client asks for 2.1 unless it is told otherwise.
func (s *session) compute(method, path string, body any) string {
	s.t.Helper()
	return s.send(s.nova.At(orElse(s.option("--os-compute-api-version"), "2.1")), method, path, body)
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (s *session) send(client *Raw, method, path string, body any) string {
	s.t.Helper()
	answer := client.Do(context.WithoutCancel(s.t.Context()), method, path, body)
	if answer.Err != nil || answer.Status >= http.StatusMultipleChoices {
		s.t.Fatalf("openstack %v: %s %s: %d %s %v", s.args, method, path, answer.Status, answer.Body, answer.Err)
	}
	return string(answer.Body)
}

// read decodes what Placement answers to a GET.
func (s *session) read(path string, into any) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(s.placement(http.MethodGet, path, nil)), into); err != nil {
		s.t.Fatal(err)
	}
}

// query is what of the options goes into an address, under the names that the service has for them.
func (s *session) query(names map[string]string) string {
	values := url.Values{}
	for option, name := range names {
		if value := s.option(option); value != "" {
			values.Set(name, value)
		}
	}
	return "?" + values.Encode()
}
