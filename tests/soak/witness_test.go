// SPDX-License-Identifier: Apache-2.0

//go:build lab

package soak_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// witness sees what is written without asking the program that writes: the database has the rows of each consumer, and Placement's log
// the user of each request. Nova has a user of its own.
type witness struct {
	*soak

	path  string // of Placement's log
	known int    // how much of it is older
	still []string
}

func (s *soak) newWitness() *witness {
	s.t.Helper()
	w := &witness{soak: s, path: s.lab.Logs["placement"]}
	text, err := os.ReadFile(w.path)
	if err != nil {
		s.t.Fatal(err)
	}
	w.known = len(text)
	if w.still = w.rows(); len(w.still) == 0 {
		s.t.Fatal("no server stays as it is")
	}
	return w
}

// rows is what the database has of the consumers that nobody does anything to: those of the lab's own servers. A write makes new rows,
// whatever is in them.
func (w *witness) rows() []string {
	w.t.Helper()
	rows, err := w.lab.Query(w.t.Context(), `SELECT c.uuid, c.generation, a.id, a.resource_provider_id, a.resource_class_id, a.used
		FROM placement.consumers c JOIN placement.allocations a ON a.consumer_id = c.uuid JOIN (
			SELECT uuid, deleted, display_name FROM nova_cell1.instances) i ON i.uuid = c.uuid
		WHERE i.deleted = 0 AND i.display_name NOT LIKE '`+prefix+`-%' ORDER BY a.id`)
	if err != nil {
		w.t.Error(err)
	}
	return rows
}

// watch looks at the rows until all is quiet.
func (w *witness) watch(idle *atomic.Bool) {
	for looks := 1; ; looks++ {
		last := idle.Load()
		if now := w.rows(); !slices.Equal(now, w.still) {
			w.t.Errorf("somebody wrote what a live server holds, which nobody works on:\n%s\nwas\n%s", strings.Join(now, "\n"), strings.Join(w.still, "\n"))
			return
		}
		if last {
			w.t.Logf("SOAK the %d rows of the lab's own servers were the same in %d looks", len(w.still), looks)
			return
		}
		time.Sleep(time.Second)
	}
}

// logged is a write of an allocation in Placement's log: its user, and the consumer, if the request names one.
var logged = regexp.MustCompile(`requestlog \[\S+ req-\S+ (\w+) .*"(?:PUT|POST|DELETE) /allocations/?([0-9a-f-]*)" status: (\d+)`)

// judge fails for each write of ours that is about a server which nobody broke, and for each action of Nova's that failed.
func (w *witness) judge(made map[string]bool) {
	w.t.Helper()
	text, err := os.ReadFile(w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	ours, theirs := "", map[string]int{}
	all := logged.FindAllStringSubmatch(string(text[w.known:]), -1)
	for _, match := range all { // who made the faults
		if made[match[2]] {
			ours = match[1]
		}
	}
	mine := 0
	for _, match := range all {
		user, consumer := match[1], match[2]
		if user != ours {
			theirs[match[3]]++
			continue
		}
		mine++
		if !made[consumer] && !w.left(consumer) {
			w.t.Errorf("we wrote what %q holds, which nobody broke: %s", consumer, match[0])
		}
	}
	if mine == 0 || len(theirs) == 0 {
		w.t.Errorf("the log shows %d writes of ours and %v of Nova's", mine, theirs)
	}
	w.t.Logf("SOAK Placement's log has %d writes of ours, none of a live server's allocation; Nova's by status: %v", mine, theirs)
	w.log.mutex.Lock()
	defer w.log.mutex.Unlock()
	for name, outcomes := range w.log.counts {
		if outcomes["failed"] > 0 {
			w.t.Errorf("%d %s failed; the run's log says why", outcomes["failed"], name)
		}
	}
}
