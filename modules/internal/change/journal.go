// SPDX-License-Identifier: Apache-2.0

package change

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/files"
)

// Entry is one line of a journal. An intended entry is on disk before its write is sent; the entry that tells how the
// write ended follows it. An intended entry without one was interrupted: Settled tells from the provider what became
// of it.
type Entry struct {
	Time       time.Time   `json:"time"`
	Op         string      `json:"op"`
	Provider   string      `json:"provider"`
	Name       string      `json:"name"`
	Generation int         `json:"generation"` // that the write was bound to; of an ended one: that it made
	State      Mark        `json:"state"`
	Before     Inventories `json:"before,omitempty"`
	After      Inventories `json:"after,omitempty"`
	Reason     string      `json:"reason,omitempty"`
}

// What a journal entry is about.
const (
	OpInventories = "inventories"
	OpDrain       = "drain"
	OpUndrain     = "undrain"
)

// Mark says how far a write came.
type Mark string

// The marks of entries.
const (
	Intended   Mark = "intended"
	Written    Mark = "written"
	NotWritten Mark = "not written"
	Unknown    Mark = "unknown" // the answer was lost and reading did not settle it either
)

// Journal appends entries to a file, each on disk before Add returns. One process uses it at a time; lines of several
// processes may be mixed, as each line is one write to a file opened for appending.
type Journal struct {
	Path string
	file *os.File
	now  func() time.Time
}

// OpenJournal opens the journal for appending, or makes it, readable for its owner only. It is an error if another user could
// have written it.
func OpenJournal(path string, now func() time.Time) (*Journal, error) {
	file, err := files.AppendOwn(path)
	if err != nil {
		return nil, err
	}
	return &Journal{Path: path, file: file, now: now}, nil
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

// Add appends an entry and waits until it is on disk. A newline before it keeps it apart from a line that was cut, by whatever
// process.
func (j *Journal) Add(e Entry) error {
	e.Time = j.now().UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write journal %s: %w", j.Path, err)
	}
	if _, err := j.file.Write(slices.Concat([]byte("\n"), line, []byte("\n"))); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// ReadJournal returns the entries of a journal, none if there is no file. A line that was cut by a crash or a full disk is
// left out: its write was never sent. So are the NUL bytes that a power loss leaves where a line was not on disk yet. Any
// other line that is no entry is an error, as is a journal that another user could have written.
func ReadJournal(path string) ([]Entry, error) {
	data, err := files.ReadOwn(path, files.MaxJournal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Entry
	scanner := bufio.NewScanner(bytes.NewReader(data))
	scanner.Buffer(nil, len(data)+1)
	for n := 1; scanner.Scan(); n++ {
		var e Entry
		line := bytes.Trim(scanner.Bytes(), "\x00")
		if err := json.Unmarshal(line, &e); err != nil {
			if isCut(line) {
				continue
			}
			return nil, fmt.Errorf("journal %s, line %d is no entry: %w", path, n, err)
		}
		all = append(all, e)
	}
	return all, scanner.Err()
}

// isCut says whether a line is the beginning of an entry, or nothing.
func isCut(line []byte) bool {
	err := json.NewDecoder(bytes.NewReader(line)).Decode(&Entry{})
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Settled tells what became of an intended write, from what the provider has now: its generation moves by one with each
// write and with each allocation.
func Settled(e Entry, generation int, now Inventories) Mark {
	switch {
	case generation == e.Generation:
		return NotWritten
	case same(now, e.After):
		return Written
	case generation == e.Generation+1:
		return NotWritten // somebody else made the only generation there was to make
	}
	return Unknown // somebody wrote after it, perhaps what was there before
}
