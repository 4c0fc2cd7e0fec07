// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
)

// Position is how far a log was read.
type Position struct {
	// Head is the SHA-256 of the first HeadLength bytes: a file that begins otherwise is another one, whatever its name.
	Head       string `json:"head"`
	HeadLength int    `json:"head_length"`
	Offset     int64  `json:"offset"`
}

// Read is what became of one file.
type Read struct {
	Path  string
	Bytes int64
	// Lost says that what was read last time could not be found again: lines may be missing between.
	Lost bool
}

// Read gives the lines of all generations and then of the live file to each, from the position on; nil is the beginning,
// as far as lines are wanted. With again, it will be called again with the new position: a last line that may still be
// written is then left for that. It returns what was read and the new position; failures beside what could be read.
func (f File) Read(ctx context.Context, from *Position, again bool, each func(Line)) (done []Read, now *Position, failed []Failure) {
	r := &fileReader{ctx: ctx, each: each, head: f.Head, again: again, now: from, found: f.Size, most: math.MaxInt64}
	if f.Bound {
		r.most = f.Size
	}
	left, at, lost := f.resume(from)
	for i, path := range left {
		if i > 0 {
			at = 0
		}
		if err := r.generation(path, at, false); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.failed = append(r.failed, Failure{path, reason(err)})
		}
	}
	if len(left) > 0 {
		at = 0
	}
	if err := r.live(f.Path, at); err != nil && (f.Size > 0 || !errors.Is(err, fs.ErrNotExist)) {
		r.failed = append(r.failed, Failure{f.Path, reason(err)})
	}
	if lost && len(r.done) > 0 {
		r.done[0].Lost = true
	}
	return r.done, r.now, r.failed
}

// resume finds where the reading goes on: which generations are left, and where in the first of them or, if there is
// none, in the live file.
func (f File) resume(from *Position) (left []string, offset int64, lost bool) {
	if from == nil || from.HeadLength == 0 {
		return f.wanted(0), 0, false
	}
	if begins(f.Path, from) {
		return nil, from.Offset, false
	}
	for i := len(f.Older) - 1; i >= 0; i-- {
		if begins(f.Older[i].Path, from) {
			return append([]string{f.Older[i].Path}, f.wanted(i+1)...), from.Offset, false
		}
	}
	return f.wanted(0), 0, true
}

// wanted lists the generations from this one on that may hold lines which are wanted.
func (f File) wanted(first int) []string {
	var paths []string
	for _, g := range f.Older[first:] {
		if !g.Written.Before(f.Since) {
			paths = append(paths, g.Path)
		}
	}
	return paths
}

// begins reports whether the file begins as the one of the position, and is long enough to be it.
func begins(path string, from *Position) bool {
	in, err := open(path)
	if err != nil {
		return false
	}
	defer in.Close()
	head := make([]byte, from.HeadLength)
	if _, err := io.ReadFull(in, head); err != nil || sum(head) != from.Head {
		return false
	}
	info, err := in.file.Stat()
	return err == nil && (in.converted || info.Size() >= from.Offset)
}

type fileReader struct {
	ctx    context.Context //nolint:containedctx // of one reading
	each   func(Line)
	head   func([]byte)
	again  bool
	done   []Read
	failed []Failure
	now    *Position
	found  int64 // the size of the live file when it was found
	most   int64 // how far the live file is read
}

// generation reads a file to its end, where a line that may still be written is left if the file is growing.
func (r *fileReader) generation(path string, offset int64, growing bool) error {
	in, err := open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	start, err := readStart(in)
	if err != nil {
		return err
	}
	head := start[:min(len(start), headLength)]
	if err := in.skip(offset, len(start)); err != nil {
		return fmt.Errorf("skip what was read before: %w", err)
	}
	r.heads(start, offset)
	used, err := Lines(r.ctx, in, growing, r.each)
	r.done = append(r.done, Read{Path: path, Bytes: used})
	if n := int(min(int64(len(head)), offset+used)); n > 0 || !growing { // whole lines only
		r.now = &Position{Head: sum(head[:n]), HeadLength: n, Offset: offset + used}
	}
	return err
}

// live reads the file that is still written to. An empty one has no position: what was read before stands then.
func (r *fileReader) live(path string, offset int64) error {
	in, err := open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	if in.converted {
		return r.generation(path, offset, r.again && !in.packed)
	}
	before, err := in.file.Stat()
	if err != nil {
		return err
	}
	start, err := readStart(in)
	if err != nil {
		return err
	}
	head := start[:min(len(start), headLength)]
	if _, err := in.file.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	r.heads(start, offset)
	// Where the bound cuts a line, the line stays for the next reading too.
	used, err := Lines(r.ctx, io.LimitReader(in.file, r.most-offset), r.again || before.Size() > r.most, r.each)
	r.done = append(r.done, Read{Path: path, Bytes: used})
	if err != nil {
		return err
	}
	if after, err := in.file.Stat(); err == nil && after.Size() < max(before.Size(), r.found) {
		return errors.New("was rotated while it was read, so lines may be missing: read it again")
	}
	if n := int(min(int64(len(head)), offset+used)); n > 0 { // whole lines only
		r.now = &Position{Head: sum(head[:n]), HeadLength: n, Offset: offset + used}
	}
	return nil
}

// heads gives the first line of a file of which the beginning was read before, and nothing of another, which gives it with the
// others. A line that is longer than any names of columns is none.
func (r *fileReader) heads(start []byte, offset int64) {
	if r.head == nil {
		return
	}
	end := bytes.IndexByte(start, '\n')
	if offset == 0 || end < 0 {
		r.head(nil)
		return
	}
	r.head(start[:end])
}
