// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// Call is what Ansible says about this run, beside the options. Its methods may be called from several goroutines. The
// zero value is a plain run, good for tests.
type Call struct {
	// CheckMode is true when nothing may be changed.
	CheckMode bool
	// Diff is true when the user asked for the difference.
	Diff bool
	// Verbosity is the number of v in -vvv.
	Verbosity int
	// Format is the report format that a person wants printed; empty in a task.
	Format string
	// AnsibleVersion is the version of ansible-core on the controller, empty if it did not say.
	AnsibleVersion string

	mu       sync.Mutex
	warnings []string
	given    map[string]bool
	mask     mask.Secrets
	sleep    func(context.Context, time.Duration) error
	now      func() time.Time
	progress func(what string, done, total int)
}

// Warn adds a sentence to the warnings of the result. The same sentence is kept once.
func (c *Call) Warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.warnings, text) {
		c.warnings = append(c.warnings, text)
	}
}

// OnProgress sets what hears how far a run is.
func (c *Call) OnProgress(hear func(what string, done, total int)) { c.progress = hear }

// Progress tells what a run is at, and how many of how many it has done; a total of 0 where they are not counted. It may be
// called from several goroutines.
func (c *Call) Progress(what string, done, total int) {
	if c.progress != nil {
		c.progress(what, done, total)
	}
}

// Secret makes sure that value appears nowhere in the output.
func (c *Call) Secret(value string) {
	c.mask.Add(value)
}

// Masked is the text without the secrets that are known so far, for what is written elsewhere than to the output.
func (c *Call) Masked(text string) string {
	return c.mask.Masker().Text(text)
}

// Given reports whether the user set the option, by its name or an alias. A null does not count.
func (c *Call) Given(option string) bool {
	return c.given[option]
}

// Now is the time. In tests that don't wait, it moves on with each Sleep.
func (c *Call) Now() time.Time {
	if c.now != nil {
		return c.now()
	}
	return time.Now()
}

// Sleep waits, or ends early with the cause of the context's end. Tests don't wait: what happens meanwhile must not matter.
func (c *Call) Sleep(ctx context.Context, d time.Duration) error {
	if c.sleep != nil {
		return c.sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

func (c *Call) warned() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	lines := make([]string, len(c.warnings))
	for i, text := range c.warnings {
		lines[i] = c.line(text)
	}
	return lines
}

// line is the text without secrets on one line: the text of an error may quote anything. A secret is looked for before
// white space in it is changed.
func (c *Call) line(text string) string { return foreign.Line(c.Masked(text)) }
