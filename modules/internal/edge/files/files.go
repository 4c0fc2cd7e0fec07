// SPDX-License-Identifier: Apache-2.0

// Package files reads and replaces the files that options name. It takes regular files only, and not more of one than the
// caller allows. A file is never written through a link that another user could have made. A file that decides what is
// written to a cloud is believed only if nobody but this user and root could have written it.
package files

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// The modes of new files.
const (
	Private = 0o600
	Public  = 0o644
)

// The largest files that are read, in bytes.
const (
	MaxConfig   = 16 << 20  // a clouds.yaml, certificates
	MaxState    = 64 << 20  // a state file
	MaxJournal  = 256 << 20 // a journal
	MaxSnapshot = 512 << 20 // a snapshot or a report; 10,000 computes with 100,000 servers take about 100 MiB
)

var (
	errDirectory  = errors.New("it is a directory")
	errNotRegular = errors.New("it is not a regular file")
)

// Real returns the path that two names of one file have in common, as far as it exists.
func Real(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		return followed
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(dir, filepath.Base(path))
	}
	return path
}

// Cause returns what is wrong with a path, without the path: the caller names that anyway.
func Cause(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
