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
	return readGuarded(path, limit, func(unix.Stat_t) error { return nil })
}

// ReadBeside is ReadGuarded for a file that was found beside another one and adds to it: it has to belong to this user, to root,
// or to the owner of the other one.
func ReadBeside(path, other string, limit int64) ([]byte, error) {
	return readGuarded(path, limit, func(at unix.Stat_t) error {
		var beside unix.Stat_t
		if err := unix.Stat(other, &beside); err != nil {
			return err
		}
		if !isOurs(at.Uid) && at.Uid != beside.Uid {
			return fmt.Errorf("it belongs to another user (uid %d) than %s", at.Uid, other)
		}
		return nil
	})
}

func readGuarded(path string, limit int64, refuse func(unix.Stat_t) error) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var at unix.Stat_t
	if err = unix.Fstat(int(file.Fd()), &at); err == nil {
		err = refuse(at)
	}
	if err == nil && at.Mode&unix.S_IWOTH != 0 {
		err = fmt.Errorf("every user can write it (mode %04o)", at.Mode&0o777)
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
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
