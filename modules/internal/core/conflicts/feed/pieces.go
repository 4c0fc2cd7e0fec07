// SPDX-License-Identifier: Apache-2.0

package feed

import "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"

// longestWhole is how long a line gets that is put together.
const longestWhole = 1 << 20

// pieces are what came of a line that a container's engine cut, on one of the two streams that it has.
type pieces struct {
	text  []byte
	begun bool // the end is missing
	over  bool // it is too long, and was counted: what is left of it is skipped
	seen  bool // a line came before: the next one is not the rest of one that an earlier reading had
}

// assembled puts together a line that containerd or CRI-O cut into pieces, which are marked P, but for the last, which is marked F. It
// reports whether the line is whole, and not counted yet.
func (f *Log) assembled(text []byte) ([]byte, bool) {
	mark, errors, body := lines.Piece(text)
	if mark == 0 {
		f.abandon()
		return text, true
	}
	c := &f.cut[0]
	if errors {
		c = &f.cut[1]
	}
	if mark == 'F' && !c.begun {
		return f.whole(c, text, body)
	}
	f.collect(c, text, body)
	if mark == 'P' {
		return nil, false
	}
	whole, over := c.text, c.over
	c.text, c.begun, c.over = nil, false, false
	if over {
		return nil, false
	}
	_, _, body = lines.Piece(whole)
	return f.whole(c, whole, body)
}

// collect takes a piece. One that goes on has no line of its own.
func (f *Log) collect(c *pieces, text, body []byte) {
	if c.begun {
		f.Counts.Lines--
		text = body
	}
	c.begun = true
	if c.over {
		return
	}
	if c.text = append(c.text, text...); len(c.text) > longestWhole {
		f.unread(c.text)
		c.text, c.over, c.seen = nil, true, true
	}
}

// whole takes a whole line. The first of a stream may be the end of one whose beginning is not here: it counts as unread unless it has a
// form of its own.
func (f *Log) whole(c *pieces, text, body []byte) ([]byte, bool) {
	if c.seen {
		return text, true
	}
	c.seen = true
	if _, outcome := f.Parser.Parse(body); outcome == lines.Unread && !lines.Belongs(body) {
		f.unread(text)
		return nil, false
	}
	return text, true
}

// abandon counts the lines whose ends never came.
func (f *Log) abandon() {
	for i := range f.cut {
		c := &f.cut[i]
		if c.begun && !c.over {
			f.unread(c.text)
		}
		c.text, c.begun, c.over = nil, false, false
	}
}
