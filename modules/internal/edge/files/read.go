// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// Open opens a regular file for reading. It does not wait for the other end of a FIFO, and touches no device. Errors are of
// type *fs.PathError.
func Open(path string) (*os.File, error) {
	info, err := os.Stat(path) // opening a device can do something
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: Cause(err)}
	}
	if err := regular(path, info); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	if info, err = file.Stat(); err == nil {
		err = regular(path, info) // it may have been replaced since
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func regular(path string, info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return &fs.PathError{Op: "open", Path: path, Err: errDirectory}
	case !info.Mode().IsRegular():
		return &fs.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	return nil
}

// Read returns the content of a regular file. One of more than limit bytes is an error, and not read to its end. Errors are
// of type *fs.PathError.
func Read(path string, limit int64) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(file, path, limit)
}

// ReadGuarded is Read for a file that says where secrets are sent: one that everybody can write is an error.
func ReadGuarded(path string, limit int64) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	const everybody = 0o002
	if info, err := file.Stat(); err == nil && info.Mode().Perm()&everybody != 0 {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fmt.Errorf("every user can write it (mode %04o)", info.Mode().Perm())}
	}
	return readAll(file, path, limit)
}

func readAll(file *os.File, path string, limit int64) ([]byte, error) {
	info, err := file.Stat()
	if err == nil && info.Size() > limit {
		return nil, tooLarge(path, limit)
	}
	var data bytes.Buffer
	if err == nil { // what the kernel makes up has size 0
		data.Grow(int(info.Size()) + bytes.MinRead)
	}
	_, err = data.ReadFrom(io.LimitReader(file, limit+1))
	if err == nil && int64(data.Len()) > limit {
		return nil, tooLarge(path, limit)
	}
	return data.Bytes(), err
}

func tooLarge(path string, limit int64) error {
	return &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it is larger than %d MiB", limit>>20)}
}
