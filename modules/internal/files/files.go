// SPDX-License-Identifier: Apache-2.0

// Package files replaces files at once and says, before, why one can't be. It is for files that options name.
package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// The modes of new files.
const (
	Private = 0o600
	Public  = 0o644
)

// Unwritable says why no file can be put at path; nil if it seems that one can. It makes nothing.
func Unwritable(path string) error {
	if path == "" {
		return errors.New("it is empty")
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return errors.New("it is a directory")
	case err == nil && !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return Cause(err)
	}
	dir := filepath.Dir(Real(path))
	if info, err = os.Stat(dir); err != nil {
		return fmt.Errorf("directory %s: %w", dir, Cause(err))
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a directory", dir)
	}
	const writeAndSearch = 0o3
	if err := syscall.Access(dir, writeAndSearch); err != nil {
		return fmt.Errorf("directory %s: %w", dir, err)
	}
	return nil
}

// Real is the path that two names of one file have in common, as far as it exists.
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

// Replace writes beside the target and puts it in its place, so that no half of a file is ever found there. A file
// that is replaced passes its mode on.
func Replace(path string, data []byte, mode fs.FileMode) error {
	path = Real(path)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// Cause is what is wrong with a path, without the path: that is named anyway.
func Cause(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
