// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// byteOrder returns that of a text in UTF-16, as PowerShell and some editors save it: its byte order mark says it. It is nil
// for any other text.
func byteOrder(head []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	return nil
}

// wide reads a text in UTF-16 as UTF-8.
type wide struct {
	in    *bufio.Reader
	order binary.ByteOrder
	rest  []byte // what is converted and was not read yet
}

// newWide reads behind the byte order mark.
func newWide(in io.Reader, order binary.ByteOrder) (*wide, error) {
	w := &wide{in: bufio.NewReaderSize(in, 1<<16), order: order}
	_, err := w.unit()
	return w, err
}

// Read converts as much as the buffer holds. Half a character at the end is left out: it may still be written.
func (w *wide) Read(to []byte) (int, error) {
	for len(w.rest) == 0 {
		char, err := w.next()
		if err != nil {
			return 0, err
		}
		w.rest = utf8.AppendRune(w.rest, char)
		for len(w.rest) < len(to) && w.in.Buffered() >= 4 {
			if char, err = w.next(); err != nil {
				break
			}
			w.rest = utf8.AppendRune(w.rest, char)
		}
	}
	n := copy(to, w.rest)
	w.rest = w.rest[:copy(w.rest, w.rest[n:])]
	return n, nil
}

// next reads one character: two bytes, or four.
func (w *wide) next() (rune, error) {
	first, err := w.unit()
	if err != nil || !utf16.IsSurrogate(rune(first)) {
		return rune(first), err
	}
	two, err := w.in.Peek(2)
	if err != nil {
		return 0, err
	}
	char := utf16.DecodeRune(rune(first), rune(w.order.Uint16(two)))
	if char != utf8.RuneError { // else the first is half a character alone, and what follows stands for itself
		_, err = w.in.Discard(2)
	}
	return char, err
}

func (w *wide) unit() (uint16, error) {
	var two [2]byte
	if _, err := io.ReadFull(w.in, two[:]); errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, io.EOF
	} else if err != nil {
		return 0, err
	}
	return w.order.Uint16(two[:]), nil
}
