// SPDX-License-Identifier: Apache-2.0

// Package logs finds the logs of services and reads them line by line, in bounded memory: files with their rotated
// generations, units of the journal, containers. It remembers how far it came. What a line means is not its business.
package logs

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// LongestLine is how long a line can be, in bytes. Of a longer one the first part is given.
const LongestLine = 1 << 20

// Line is one line, without its end. Its bytes are good until the next one.
type Line struct {
	Text []byte
	// Cut lines are longer than [LongestLine].
	Cut bool
}

// Lines gives every line of r to each, in its order. A last line without an end is given too, unless it may still be
// written: then it is left, and not counted. It returns how many bytes were used.
func Lines(ctx context.Context, r io.Reader, growing bool, each func(Line)) (used int64, err error) {
	l := lines{buf: make([]byte, LongestLine), each: each}
	for err == nil {
		if ctx.Err() != nil {
			return l.used, context.Cause(ctx)
		}
		var n int
		n, err = r.Read(l.buf[l.end:])
		l.end += n
		l.whole()
	}
	if !errors.Is(err, io.EOF) {
		return l.used, err
	}
	if !growing && l.end > 0 && !l.skipping {
		each(Line{Text: l.buf[:l.end]})
	}
	if !growing {
		l.used += int64(l.end)
	}
	return l.used, nil
}

type lines struct {
	buf      []byte
	end      int   // of what was read and not given yet
	used     int64 // bytes of what was given
	skipping bool  // the rest of a line that is too long
	each     func(Line)
}

// whole gives the whole lines in the buffer, and makes room for the rest.
func (l *lines) whole() {
	begin := 0
	for {
		at := bytes.IndexByte(l.buf[begin:l.end], '\n')
		if at < 0 {
			break
		}
		if !l.skipping {
			l.each(Line{Text: l.buf[begin : begin+at]})
		}
		l.skipping = false
		begin += at + 1
	}
	l.used += int64(begin)
	l.end = copy(l.buf, l.buf[begin:l.end])
	if l.end == len(l.buf) {
		if !l.skipping {
			l.each(Line{Text: l.buf, Cut: true})
		}
		l.skipping = true
		l.used += int64(l.end)
		l.end = 0
	}
}
