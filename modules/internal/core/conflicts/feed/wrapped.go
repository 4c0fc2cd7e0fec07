// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"bytes"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// How wide text is wrapped that people paste, and how many lines become of one.
const (
	narrowest  = 30
	widest     = 250
	mostPieces = 24
)

// wrapped is a line of a paste that may go on in the next ones: mail, trackers and terminals wrap what is too wide.
type wrapped struct {
	head   []byte   // the line; empty if none may go on
	unread bool     // it was counted as one that could not be understood
	pieces [][]byte // the next ones, which were not looked at yet
	width  int      // of the widest
}

// assembled puts together a line that containerd or CRI-O cut into pieces, which are marked P, but for the last, which is marked F. It
// is nil while pieces are missing.
func (f *Log) assembled(text []byte) []byte {
	mark, body := lines.Piece(text)
	if mark == 0 || mark == 'F' && f.partial == nil {
		return text
	}
	if f.partial != nil {
		f.Counts.Lines--
		text = body
	}
	whole := append(f.partial, text...)
	if f.partial = nil; mark == 'P' && len(whole) < longestPretty {
		f.partial = bytes.Clone(whole)
		return nil
	}
	return whole
}

// starts notes a line that was understood as nothing, if it may be the beginning of one that was wrapped.
func (w *wrapped) starts(text []byte, unread bool) {
	w.head, w.pieces = w.head[:0], w.pieces[:0]
	if len(text) >= narrowest && len(text) <= widest && lines.Begins(text) {
		w.head, w.unread, w.width = append(w.head, text...), unread, len(text)
	}
}

// takes keeps a line that may be a piece of the one before, if it is one that begins nothing, and that would not have had room
// there.
func (w *wrapped) takes(text []byte) bool {
	word := bytes.TrimLeft(text, " \t>|")
	if len(w.head) == 0 || len(w.pieces) >= mostPieces || len(text) > widest || alone(word) || lines.Begins(text) || lines.Timed(text) {
		return false
	}
	long := false // a word that is wider than the text
	if end := bytes.IndexByte(word, ' '); end > 0 {
		word = word[:end]
	} else {
		long = len(text) > w.width
	}
	last := w.head
	if n := len(w.pieces); n > 0 {
		last = w.pieces[n-1]
	}
	if !long {
		w.width = max(w.width, len(text))
	}
	if len(last)+1+len(word) <= w.width {
		return false
	}
	w.pieces = append(w.pieces, bytes.Clone(text))
	return true
}

// alone reports whether a line is surely no piece: empty, a record in JSON, or one of a traceback.
func alone(word []byte) bool {
	return len(word) == 0 || word[0] == '{' && (len(word) == 1 || word[len(word)-1] == '}') ||
		bytes.HasPrefix(word, []byte(`File "`)) || bytes.HasPrefix(word, []byte("Traceback "))
}

// even reports whether the lines end where the width ends, which may be within a word.
func (w *wrapped) even() bool {
	for _, piece := range w.pieces[:len(w.pieces)-1] {
		if len(piece) != w.width {
			return false
		}
	}
	return len(w.head) == w.width
}

// chopped is the line as it was before a terminal broke it wherever the width ended.
func (w *wrapped) chopped() []byte {
	text := bytes.Clone(w.head)
	for _, piece := range w.pieces {
		text = append(text, bytes.TrimLeft(piece, ">|")...)
	}
	return text
}

// whole is the line as it was before it was broken between words, or after a hyphen.
func (w *wrapped) whole() []byte {
	text := bytes.Clone(w.head)
	for _, piece := range w.pieces {
		if !bytes.HasSuffix(text, []byte("-")) || bytes.HasSuffix(text, []byte(" -")) {
			text = append(text, ' ')
		}
		text = append(text, bytes.TrimLeft(piece, " \t>|")...)
	}
	return text
}

// tells reads the line as a whole.
func (w *wrapped) tells(p *lines.Parser) (lines.Event, bool) {
	if w.even() {
		if e, outcome := p.Whole(w.chopped()); outcome == lines.Found {
			return e, true
		}
	}
	e, outcome := p.Whole(w.whole())
	return e, outcome == lines.Found
}

// unwrap looks at a line that was wrapped as a whole. If that tells nothing, its pieces are the lines that they are.
func (f *Log) unwrap() {
	w := &f.wrapped
	if len(w.pieces) == 0 {
		w.head = w.head[:0]
		return
	}
	e, found := w.tells(f.Parser)
	pieces := w.pieces
	w.pieces = nil
	if found {
		if w.unread {
			f.Counts.Unread--
		}
		if w.unread && lines.Doubtful(w.head) {
			f.Counts.Doubtful--
		}
		if f.Counts.Unread == 0 {
			f.Counts.FirstUnread = 0
		}
		w.head, f.known = w.head[:0], true
		f.take(e, lines.Found)
		return
	}
	w.head = w.head[:0]
	f.Counts.Lines -= len(pieces)
	for _, piece := range pieces {
		f.Counts.Lines++
		f.read(piece)
	}
}
