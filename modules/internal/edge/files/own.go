// SPDX-License-Identifier: Apache-2.0

package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// ReadOwn returns the content of a file that decides what is written, such as a journal or a state file. It is an error if
// the file belongs to another user than this one and root, if others can write it, or if it lies where others can put
// another one in its place. One of more than limit bytes is an error too.
func ReadOwn(path string, limit int64) ([]byte, error) {
	p, err := find(path, false)
	if err != nil {
		return nil, err
	}
	defer p.close()
	file, err := p.openOwn(path, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(file, path, limit)
}

// AppendOwn opens such a file to read it and to append to it. It makes the file and the folders above it if they are
// missing, for this user only, and they are on disk then. From a file that others can read it takes that right.
func AppendOwn(path string) (*os.File, error) {
	p, err := find(path, true)
	if err != nil {
		return nil, err
	}
	defer p.close()
	file, err := p.openOwn(path, unix.O_RDWR|unix.O_APPEND)
	if errors.Is(err, fs.ErrNotExist) {
		file, err = p.openOwn(path, unix.O_RDWR|unix.O_APPEND|unix.O_CREAT|unix.O_EXCL)
	}
	if errors.Is(err, fs.ErrExist) { // another process was faster
		file, err = p.openOwn(path, unix.O_RDWR|unix.O_APPEND)
	}
	if err != nil {
		return nil, err
	}
	if err := several.Join(tighten(file), syncFolder(p.folder)); err != nil {
		return nil, several.Join(err, file.Close())
	}
	return file, nil
}

// Unappendable returns why AppendOwn would fail; nil if it seems that it would not. It makes nothing.
func Unappendable(path string) error {
	p := &place{folder: -1}
	defer p.close()
	err := p.walk(path)
	if err == nil {
		var file *os.File
		if file, err = p.openOwn(path, unix.O_RDWR|unix.O_APPEND); err == nil {
			return file.Close()
		}
	}
	if errors.Is(err, fs.ErrNotExist) { // the file, or a folder above it
		return p.makeable()
	}
	return err
}

// makeable returns why nothing can be made in the folder. A new name is brought to disk through its folder, so that has to be
// readable as well.
func (p *place) makeable() error {
	if err := p.exposed(); err != nil {
		return err
	}
	const all = unix.R_OK | unix.W_OK | unix.X_OK
	if err := unix.Faccessat(p.folder, ".", all, unix.AT_EACCESS); err != nil {
		return &fs.PathError{Op: "write to", Path: p.path, Err: err}
	}
	return nil
}

// openOwn opens the file and looks at what it has opened.
func (p *place) openOwn(path string, flags int) (*os.File, error) {
	if err := p.exposed(); err != nil {
		return nil, err
	}
	const careful = unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_CLOEXEC
	if at, err := p.stat(); err == nil && !isKind(at, unix.S_IFREG) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	fd, err := unix.Openat(p.folder, p.name(), flags|careful, Private)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	file := os.NewFile(uintptr(fd), path)
	if err := foreign(fd); err != nil {
		return nil, several.Join(&fs.PathError{Op: "open", Path: path, Err: err}, file.Close())
	}
	return file, nil
}

// exposed returns how others can put another file in the place of this one; nil if they can't.
func (p *place) exposed() error {
	var folder unix.Stat_t
	if err := unix.Fstat(p.folder, &folder); err != nil {
		return err
	}
	if !isOurs(folder.Uid) {
		return fmt.Errorf("its directory %s belongs to another user (uid %d)", p.path, folder.Uid)
	}
	if writableByOthers(&folder) && !isSticky(&folder) {
		return fmt.Errorf("other users can write to its directory %s (mode %04o)", p.path, folder.Mode&0o7777)
	}
	return nil
}

// foreign returns how another user than this one and root could have written the open file; nil if none could.
func foreign(fd int) error {
	var at unix.Stat_t
	if err := unix.Fstat(fd, &at); err != nil {
		return err
	}
	switch {
	case !isKind(&at, unix.S_IFREG):
		return errNotRegular
	case !isOurs(at.Uid):
		return fmt.Errorf("it belongs to another user (uid %d)", at.Uid)
	case writableByOthers(&at):
		return fmt.Errorf("other users can write it (mode %04o)", at.Mode&0o7777)
	}
	return nil
}

func tighten(file *os.File) error {
	info, err := file.Stat()
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return file.Chmod(Private)
}
