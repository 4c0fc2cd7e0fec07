// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/jsontext"
)

// Arguments are held in memory several times over; no play has as much to say.
const largestArgs = 64 << 20

// Process is what a run touches of the process it is in.
type Process struct {
	Args   []string
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// StdinIsPipe reports whether somebody has put something on Stdin. If not, it is never read.
	StdinIsPipe func() bool
	// Setenv receives the task's environment.
	Setenv func(key, value string) error
	// Sleep is how [Call.Sleep] waits; nil waits in earnest.
	Sleep func(context.Context, time.Duration) error
	// Now is the clock of [Call.Now]; nil is the real one.
	Now func() time.Time
}

// ThisProcess is the real one. What is printed to os.Stdout from now on, by whatever library, ends on stderr.
func ThisProcess() Process {
	stdout := os.Stdout
	os.Stdout = os.Stderr
	return Process{
		Args: os.Args, Stdin: os.Stdin, Stdout: stdout, Stderr: os.Stderr,
		StdinIsPipe: stdinIsPipe, Setenv: os.Setenv,
	}
}

// stdinIsPipe is false for a terminal and for /dev/null.
func stdinIsPipe() bool {
	info, err := os.Stdin.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice == 0
}

// Main answers one call of Ansible's with one JSON object, and returns the exit code: 0, or 1 if the module failed. Ansible reads
// the JSON and not the code; 255 would make it call the host unreachable.
func Main(mods []*Module, p Process) int {
	answer := Ask(mods, p).Do()
	if err := answer.WriteJSON(p.Stdout); err != nil || answer.Failed() {
		return 1
	}
	return 0
}

// command is what the command line says.
type command struct {
	program string
	word    string // argv[1] if it is meant as a module's name
	module  *Module
	file    string // the args file
	extra   []string
}

func commandOf(mods []*Module, argv []string) command {
	c := command{program: "placement"}
	if len(argv) > 0 {
		c.program = strings.TrimPrefix(filepath.Base(argv[0]), "AnsiballZ_")
		argv = argv[1:]
	}
	for _, word := range argv {
		switch {
		case c.word == "" && c.file == "" && !IsFile(mods, word):
			c.word, c.module = word, Find(mods, word)
		case c.file == "":
			c.file = word
		default:
			c.extra = append(c.extra, word)
		}
	}
	return c
}

// IsFile tells an args file from a module's name. Ansible always gives the file with its directory.
func IsFile(mods []*Module, word string) bool {
	if Find(mods, word) != nil {
		return false
	}
	info, err := os.Stat(word)
	return strings.ContainsRune(word, os.PathSeparator) || err == nil && !info.IsDir()
}

// Find returns the module of that name: in full, without the collection, or short; nil if there is none.
func Find(mods []*Module, name string) *Module {
	_, last, found := cutLast(name, ".")
	if found {
		name = last
	}
	for _, m := range mods {
		if m.Name == name || m.ShortName() == name {
			return m
		}
	}
	return nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// prepare finds the module and its arguments, takes Ansible's own words out of them and sets the environment.
func (c command) prepare(mods []*Module, p Process, call *Call) (*Module, map[string]any, error) {
	if len(c.extra) > 0 {
		return nil, nil, errors.New("too many words: " + strings.Join(c.extra, " "))
	}
	if c.file == "" && !p.StdinIsPipe() {
		return nil, nil, errors.New("the arguments of a module are expected on stdin or in a file")
	}
	args, err := c.read(p)
	if err != nil {
		return nil, nil, err
	}
	call.mask.AddBelow(args)
	words := map[string]any{}
	maps.DeleteFunc(args, func(key string, value any) bool {
		word, own := strings.CutPrefix(key, "_ansible_")
		if own {
			words[word] = value
		}
		return own
	})
	if err := setenv(p, words["environment"]); err != nil {
		return nil, nil, err
	}
	call.told(words)
	module, err := c.choose(mods, words["module_name"])
	return module, args, err
}

func (c command) read(p Process) (map[string]any, error) {
	text, from, err := []byte(nil), "stdin", error(nil)
	if c.file == "" {
		text, err = io.ReadAll(io.LimitReader(p.Stdin, largestArgs+1))
	} else {
		from = "file " + c.file
		text, err = readFile(c.file)
	}
	if err != nil {
		return nil, fmt.Errorf("read the arguments from %s: %w", from, err)
	}
	if len(text) > largestArgs {
		return nil, fmt.Errorf("the arguments from %s are larger than %d MiB", from, largestArgs>>20)
	}
	args, err := jsontext.ParseObject(text)
	if err != nil {
		return nil, fmt.Errorf("the arguments from %s are not one JSON object: %w", from, err)
	}
	return args, nil
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, largestArgs+1))
}

// choose names the module: by the command line, else by Ansible's word, else by the name of the program.
func (c command) choose(mods []*Module, word any) (*Module, error) {
	if c.module != nil {
		return c.module, nil
	}
	candidates := []string{c.word}
	if c.word == "" {
		told, _ := word.(string)
		candidates = []string{told, c.program}
	}
	candidates = slices.DeleteFunc(candidates, func(name string) bool { return name == "" })
	for _, name := range candidates {
		if m := Find(mods, name); m != nil {
			return m, nil
		}
	}
	var names []string
	for _, m := range mods {
		names = append(names, m.Name)
	}
	slices.Sort(names)
	return nil, fmt.Errorf("there is no module %s in version %s; there are: %s",
		strings.Join(candidates, " or "), Version, strings.Join(names, ", "))
}

// told takes over what Ansible says about the run. Words that are not known, or not as expected, are ignored: newer
// versions of Ansible have more of them.
func (c *Call) told(words map[string]any) {
	c.CheckMode, _ = argspec.ToBool(words["check_mode"])
	c.Diff, _ = argspec.ToBool(words["diff"])
	c.Verbosity, _ = argspec.ToInt(words["verbosity"])
	c.AnsibleVersion, _ = words["version"].(string)
}

// setenv sets the task's environment.
func setenv(p Process, environment any) error {
	if environment == nil {
		return nil
	}
	dict, ok := environment.(map[string]any)
	if !ok {
		return errors.New("_ansible_environment is not a dict")
	}
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		value, err := argspec.ToStr(dict[key])
		if err == nil {
			err = p.Setenv(key, value)
		}
		if err != nil {
			return fmt.Errorf("set the environment variable %q of the task: %w", key, err)
		}
	}
	return nil
}
