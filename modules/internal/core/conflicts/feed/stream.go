// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"bytes"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// stream is what is known of the lines before, of those that belong together: all of a log, or those of one pod, container or
// file, where a log has several and says before each line which one it is of.
type stream struct {
	prefix         lines.Prefix
	pod, container string // which it names

	wrapped wrapped // a line that may go on, as one that was wrapped

	pending       []byte // an event that goes on in the next line
	parts         int    // how many lines it has beyond the first
	start         int    // the number of the first
	known         bool   // the line before was understood
	words         bool   // what goes on is words that were wrapped
	dated         []byte // the time of the newest line that has one, as it is written
	clock         time.Time
	near          bool   // the clock is that of the event before, for the lines that follow it without a time
	host, service string // which wrote that event
	indent        int    // how far the next lines of a message are indented
}

// mostStreams is of how many prefixes the lines are kept apart, those that were seen last.
const mostStreams = 64

// follow finds the stream that a line is of, and takes its prefix off. A prefix is learned from the lines that have a form of
// their own behind it; the others have none that could be told without it.
func (f *Log) follow(text []byte) []byte {
	if lines.Timed(text) {
		f.stream, f.own.indent = &f.own, lines.Within(text)
		return text
	}
	if found, length := f.streamOf(text); found >= 0 {
		if _, more := lines.PrefixOf(text[length:]); more == 0 {
			f.turn(found)
			return text[length:]
		}
	}
	prefix, length := lines.PrefixOf(text)
	switch {
	case length > 0:
		f.learn(prefix)
	case f.stream != &f.own && lines.Begins(text):
		f.stream = &f.own
	case f.stream == &f.own && f.own.indent > 0:
		return f.unindented(text)
	}
	return text[length:]
}

// unindented takes off the blanks that journalctl writes before all but the first line of a message.
func (f *Log) unindented(text []byte) []byte {
	if n := f.own.indent; len(text) > n && len(bytes.TrimLeft(text[:n], " ")) == 0 {
		return text[n:]
	}
	return text
}

// streamOf returns the stream with the longest prefix that a line has, and how long that is.
func (f *Log) streamOf(text []byte) (found, length int) {
	found = -1
	for i, s := range f.others {
		n := s.prefix.In(text)
		if n <= length || s.prefix.Weak() && s != f.stream && !lines.Begins(text[n:]) {
			continue
		}
		found, length = i, n
	}
	return found, length
}

// turn makes a stream the one that the lines are of.
func (f *Log) turn(i int) {
	f.stream = f.others[i]
	if i < len(f.others)-1 {
		f.others = append(slices.Delete(f.others, i, i+1), f.stream)
	}
}

// learn begins a stream. The one that was silent for longest is given up for it.
func (f *Log) learn(prefix lines.Prefix) {
	if len(f.others) >= mostStreams {
		f.stream = f.others[0]
		f.unwrap()
		f.drop()
		f.others = slices.Delete(f.others, 0, 1)
	}
	f.stream = &stream{prefix: prefix}
	f.stream.pod, f.stream.container = writer(prefix.Name())
	f.others = append(f.others, f.stream)
}

// longest is how long a JSON text over many lines may get.
func (f *Log) longest() int {
	if f.stream == &f.own {
		return longestPretty
	}
	return longestEvent
}
