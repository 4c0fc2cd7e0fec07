// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"bytes"
	"regexp"
	"strings"

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

// even reports whether the first n+1 lines end where the width ends, which may be within a word. The last of them need not.
func (w *wrapped) even(n int) bool {
	for _, piece := range w.pieces[:n-1] {
		if len(piece) != w.width {
			return false
		}
	}
	return len(w.head) == w.width
}

// chopped is the line and its first n pieces as they were before a terminal broke them wherever the width ended.
func (w *wrapped) chopped(n int) []byte {
	text := bytes.Clone(w.head)
	for _, piece := range w.pieces[:n] {
		text = append(text, bytes.TrimLeft(piece, ">|")...)
	}
	return text
}

// whole is the line and its first n pieces as they were before they were broken between words, or after a hyphen.
func (w *wrapped) whole(n int) []byte {
	text := bytes.Clone(w.head)
	for _, piece := range w.pieces[:n] {
		if !bytes.HasSuffix(text, []byte("-")) || bytes.HasSuffix(text, []byte(" -")) {
			text = append(text, ' ')
		}
		text = append(text, bytes.TrimLeft(piece, " \t>|")...)
	}
	return text
}

// tells reads the line with as few of the next ones as it takes to tell something, and with those that belong to it then. It returns
// how many those are; 0 if nothing is told. Doubtful is what seems to be refused, of which the words that were wrapped say too
// little: lines that have nothing to do with each other may look so.
func (w *wrapped) tells(p *lines.Parser) (told lines.Event, used int, doubtful []byte) {
	if all := len(w.pieces); !lines.Worth(w.whole(all)) && !lines.Worth(w.chopped(all)) {
		return told, 0, nil
	}
	for n := 1; n <= len(w.pieces) && !w.ends(p, n, used > 0); n++ {
		e, found, text := w.read(p, n)
		switch {
		case used > 0 && (!found || e.What != told.What || !strings.HasPrefix(e.Detail, told.Detail)):
			return told, used, nil
		case found && e.Sure():
			told, used = e, n
		case found:
			doubtful = text
		}
	}
	if used > 0 {
		doubtful = nil
	}
	return told, used, doubtful
}

// read reads the line and its first n pieces as one.
func (w *wrapped) read(p *lines.Parser, n int) (e lines.Event, found bool, text []byte) {
	if w.even(n) {
		text = w.chopped(n)
		if e, outcome := p.Whole(text); outcome == lines.Found {
			return e, true, text
		}
	}
	text = w.whole(n)
	e, outcome := p.Whole(text)
	return e, outcome == lines.Found, text
}

// ends reports whether the nth piece is surely no piece of what is before it: it tells something by itself, or there is a second
// answer in it. Where enough was told already, it suffices that it seems to tell something.
func (w *wrapped) ends(p *lines.Parser, n int, told bool) bool {
	piece := w.pieces[n-1]
	if e, outcome := p.Whole(piece); outcome == lines.Found && e.Sure() {
		return true
	}
	return told && lines.Doubtful(piece) || answersIn(w.whole(n)) > 1
}

// unwrap looks at a line that was wrapped as a whole. What of its pieces is no part of what that tells are the lines that they are.
func (f *Log) unwrap() {
	w := &f.wrapped
	if len(w.pieces) == 0 {
		w.head = w.head[:0]
		return
	}
	e, used, doubtful := w.tells(f.Parser)
	rest := w.pieces[used:]
	w.pieces = nil
	f.Counts.Lines -= len(rest)
	if used > 0 {
		f.recount()
		f.take(e, lines.Found)
	}
	w.head = w.head[:0]
	before := f.Counts
	for _, piece := range rest {
		f.Counts.Lines++
		f.read(piece)
	}
	if doubtful != nil && before.Unread == f.Counts.Unread && before.Events == f.Counts.Events && !w.unread {
		f.unread(doubtful)
	}
}

// recount takes off what was counted of the line, which is understood now.
func (f *Log) recount() {
	if f.wrapped.unread {
		f.Counts.Unread--
		if lines.Doubtful(f.wrapped.head) {
			f.Counts.Doubtful--
		}
	}
	if f.Counts.Unread == 0 {
		f.Counts.FirstUnread = 0
	}
	f.known = true
}

// answers are how clients write that a request was answered: a status, and the id of the request after it.
var answers = regexp.MustCompile(`(?:\bGot |\(HTTP )[45]\d\d\b|\(?Request-ID: ?req-`)

// answersIn counts the answers in a text that clients tell of: a second status is one of another request, as is a second id, or a status
// after an id.
func answersIn(text []byte) int {
	n, status, id := 0, false, false
	for _, found := range answers.FindAll(text, -1) {
		isID := bytes.HasSuffix(found, []byte("req-"))
		if n == 0 || id || status && !isID {
			n, status, id = n+1, false, false
		}
		status, id = status || !isID, id || isID
	}
	return n
}
