// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// patience is how long a run may take before a person is shown how far it is.
const patience = 2 * time.Second

// bar shows on stderr what a run is at, and how far.
type bar struct {
	mu      sync.Mutex
	writer  progress.Writer
	tracker *progress.Tracker
	timer   *time.Timer
}

// watch shows the progress of a call, if a person sees stderr, until stop is called.
func (p Program) watch(call *ansible.Call) *bar {
	if !p.Talks() {
		return &bar{}
	}
	b := &bar{writer: progress.NewWriter(), tracker: &progress.Tracker{
		Message: "working", AutoStopDisabled: true, RemoveOnCompletion: true, // all is read between two parts too
	}}
	b.writer.SetOutputWriter(p.Process.Stderr)
	b.writer.SetAutoStop(false)
	b.writer.SetUpdateFrequency(200 * time.Millisecond)
	b.writer.SetStyle(progress.StyleBlocks)
	b.writer.Style().Visibility.ETA = true
	b.writer.Style().Visibility.Value = false // the message says how many of how many
	b.writer.Style().Options.TimeInProgressPrecision = time.Second
	b.writer.Style().Options.TimeDonePrecision = time.Second
	b.writer.Style().Options.PercentFormat = "%3.0f%%"
	b.writer.Style().Options.PercentIndeterminate = ""
	b.writer.Style().Options.Separator = " "
	b.writer.SetTrackerLength(10)
	b.writer.SetTrackerPosition(progress.PositionRight)
	b.writer.AppendTracker(b.tracker)
	b.timer = time.AfterFunc(patience, func() { b.writer.Render() })
	call.OnProgress(func(what string, done, total int) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if total > 0 {
			what = fmt.Sprintf("%s %d of %d", what, done, total)
		}
		b.tracker.UpdateMessage(what)
		b.tracker.UpdateTotal(int64(total))
		b.tracker.SetValue(int64(done))
	})
	return b
}

// stop takes the bar away.
func (b *bar) stop() {
	if b.timer == nil || b.timer.Stop() {
		return
	}
	b.tracker.MarkAsDone()
	b.writer.Stop()
	for b.writer.IsRenderInProgress() {
		time.Sleep(10 * time.Millisecond)
	}
}
