// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// Window is the time that is asked for; zero is no bound.
type Window struct {
	Since, Until time.Time
}

// Unit gives the journal's records of a unit to each, as JSON. A cursor is where the last reading ended; it returns the
// new one.
func Unit(ctx context.Context, unit, cursor string, w Window, each func(Line)) (now string, err error) {
	args := unitArgs(unit)
	if cursor != "" {
		args = append(args, "--after-cursor", cursor)
	} else if !w.Since.IsZero() {
		args = append(args, "--since", "@"+strconv.FormatInt(w.Since.Unix(), 10))
	}
	if !w.Until.IsZero() {
		args = append(args, "--until", "@"+strconv.FormatInt(w.Until.Unix()+1, 10))
	}
	now = cursor
	err = output(ctx, exec.CommandContext(ctx, "journalctl", args...), func(l Line) {
		if c, ok := cursorOf(l.Text); ok {
			now = c
		}
		if !bytes.HasPrefix(l.Text, []byte("-- ")) { // journalctl's own: no entries, a reboot
			each(l)
		}
	})
	return now, err
}

// unitArgs asks for whole messages (--all: journalctl leaves out those above 4 KiB in JSON). It is not --quiet: what it
// says on standard error tells that a user may not see the system's journal.
func unitArgs(unit string) []string {
	return []string{"--unit", unit, "--output", "json", "--output-fields", "MESSAGE,_HOSTNAME", "--all", "--no-pager"}
}

// UnitKnown reports whether the journal has any record of a unit, at whatever time.
func UnitKnown(ctx context.Context, unit string) (bool, error) {
	known := false
	err := output(ctx, exec.CommandContext(ctx, "journalctl", append(unitArgs(unit), "--lines", "1")...), func(l Line) {
		known = known || bytes.HasPrefix(l.Text, []byte("{"))
	})
	return known, err
}

// cursorOf finds the cursor of a record without reading the record.
func cursorOf(record []byte) (string, bool) {
	_, after, ok := bytes.Cut(record, []byte(`"__CURSOR":"`))
	if !ok {
		_, after, ok = bytes.Cut(record, []byte(`"__CURSOR" : "`))
	}
	c, _, ended := bytes.Cut(after, []byte(`"`))
	return string(c), ok && ended
}

// Container gives what a container wrote to its output to each. The engine is docker or podman.
func Container(ctx context.Context, engine, name string, w Window, each func(Line)) error {
	args := []string{"logs"}
	if !w.Since.IsZero() {
		args = append(args, "--since", w.Since.UTC().Format(time.RFC3339Nano))
	}
	if !w.Until.IsZero() {
		args = append(args, "--until", w.Until.UTC().Format(time.RFC3339Nano))
	}
	cmd := exec.CommandContext(ctx, engine, append(args, name)...)
	return output(ctx, cmd, each)
}

// mostSaid is how much is told of what a command says, in characters.
const mostSaid = 300

// output gives what a command writes to each. What the engine of a container says itself comes in the same stream as
// what the container wrote, so a line tells why a command failed if it is the only one: others may hold anything.
func output(ctx context.Context, cmd *exec.Cmd, each func(Line)) error {
	var only []byte
	written := 0
	var said bytes.Buffer
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if containers := cmd.Args[1] == "logs"; containers {
		cmd.Stderr = cmd.Stdout
	} else {
		cmd.Stderr = &said
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", cmd.Args[0], err)
	}
	_, failed := Lines(ctx, out, false, func(l Line) {
		if written++; written == 1 {
			only = append(only, l.Text[:min(len(l.Text), mostSaid)]...)
		}
		each(l)
	})
	if written > 1 {
		only = nil
	}
	if err := cmd.Wait(); err != nil {
		return several.Join(failed, fmt.Errorf("%s: %w: %s", cmd.Args[0], err, foreign.Short(said.String()+" "+string(only), mostSaid)))
	}
	if hint := foreign.Short(said.String(), mostSaid); strings.Contains(hint, "not seeing messages") {
		return several.Join(failed, errors.New(hint))
	}
	return failed
}
