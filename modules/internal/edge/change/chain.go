// SPDX-License-Identifier: Apache-2.0

package change

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// ReadJournal returns the entries of a journal, none if there is no file. A last line that was cut by a crash or a full disk is
// left out: its write was never sent. So are the NUL bytes that a power loss leaves where a line was not on disk yet. It is an
// error if another user could have written the journal, if a line is no entry, and if a line does not follow the one before.
func ReadJournal(path string) ([]Entry, error) {
	data, err := files.ReadOwn(path, files.MaxJournal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var c chain
	if err := c.read(data); err != nil {
		return nil, fmt.Errorf("journal %s, %w", path, err)
	}
	return c.entries, nil
}

// chain is what was read of a journal. Each entry holds the digest of the line before, which shows a line that was changed,
// taken out or put in between.
type chain struct {
	entries []Entry
	lines   int
	end     int64  // of the last line
	last    string // its digest
	unended bool   // it is whole, without its end
}

// read takes in what follows the lines that were read.
func (c *chain) read(data []byte) error {
	for len(data) > 0 {
		line, rest, ended := bytes.Cut(data, []byte("\n"))
		e, err := entryOf(line)
		if err != nil && isDamage(data) {
			return nil
		}
		if err == nil && e.Previous != c.last {
			err = errors.New("does not follow the line before: a line was changed, taken out or put in")
		}
		if err != nil {
			return fmt.Errorf("line %d %w; move the journal away to begin a new one", c.lines+1, err)
		}
		c.entries, c.lines, c.last, c.unended = append(c.entries, e), c.lines+1, Digest(line), !ended
		c.end += int64(len(data) - len(rest))
		data = rest
	}
	return nil
}

func entryOf(line []byte) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(line, &e); err != nil {
		return e, fmt.Errorf("is no entry: %w", err)
	}
	if e.State == "" || e.Place == 0 {
		return e, errors.New("is not an entry: it has no state or no place in a run")
	}
	return e, nil
}

// isDamage reports whether the rest of a journal is what a crash leaves: the beginning of an entry, NUL bytes, or nothing.
func isDamage(rest []byte) bool {
	for line := range bytes.SplitSeq(rest, []byte("\n")) {
		err := json.NewDecoder(bytes.NewReader(bytes.Trim(line, "\x00"))).Decode(&Entry{})
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return false
		}
	}
	return true
}

// Digest names a text: its SHA-256, in hex.
func Digest(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}
