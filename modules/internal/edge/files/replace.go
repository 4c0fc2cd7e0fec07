// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// Unwritable returns why no file can be put at path; nil if it seems that one can. It makes nothing.
func Unwritable(path string) error {
	p, err := find(path, false)
	if err != nil {
		return trouble(err)
	}
	defer p.close()
	if _, err := p.earlier(); err != nil {
		return err
	}
	const writeAndSearch = unix.W_OK | unix.X_OK
	if err := unix.Faccessat(p.folder, ".", writeAndSearch, unix.AT_EACCESS); err != nil {
		return fmt.Errorf("directory %s: %w", p.path, err)
	}
	return nil
}

// trouble leaves out the path of a file, which the caller names, but not that of a folder.
func trouble(err error) error {
	if pathErr, ok := err.(*fs.PathError); ok { //nolint:errorlint // find returns it unwrapped
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("directory %s: %w", pathErr.Path, pathErr.Err)
		}
		return pathErr.Err
	}
	return err
}

// earlier returns the file that will be replaced; nil if there is none. It is an error if that can't be replaced.
func (p *place) earlier() (*unix.Stat_t, error) {
	at, err := p.stat()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // none is not an error
	}
	var folder unix.Stat_t
	if err := several.Join(err, unix.Fstat(p.folder, &folder)); err != nil {
		return nil, err
	}
	switch me := uint32(os.Geteuid()); { //nolint:gosec // never negative on the systems this is built for
	case isKind(at, unix.S_IFDIR):
		return nil, errDirectory
	case !isKind(at, unix.S_IFREG):
		return nil, errNotRegular
	case isSticky(&folder) && me != 0 && me != at.Uid && me != folder.Uid:
		return nil, errors.New("it belongs to another user")
	}
	return at, nil
}

// Replace writes beside the target and puts it in its place, so that no half of a file is ever found there. A file that is
// this user's own passes its mode on, as far as that lets nobody else write; a new one has the given mode.
func Replace(path string, data []byte, mode fs.FileMode) error {
	return ReplaceBy(path, mode, func(to io.Writer) error {
		_, err := to.Write(data)
		return err
	})
}

// ReplaceBy replaces a file as Replace does, with what write writes.
func ReplaceBy(path string, mode fs.FileMode, write func(io.Writer) error) error {
	p, err := find(path, false)
	if err != nil {
		return trouble(err)
	}
	defer p.close()
	old, err := p.earlier()
	if err != nil {
		return err
	}
	if old != nil && int(old.Uid) == os.Geteuid() {
		const readable = 0o755
		mode = fs.FileMode(old.Mode) & readable
	}
	return p.put(write, mode)
}

func (p *place) put(write func(io.Writer) error, mode fs.FileMode) error {
	name := "." + p.name() + "." + rand.Text()
	fd, err := unix.Openat(p.folder, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, Private)
	if err != nil {
		return err
	}
	tmp := os.NewFile(uintptr(fd), name)
	err = several.Join(write(tmp), tmp.Chmod(mode), tmp.Sync(), tmp.Close())
	if err == nil {
		err = unix.Renameat(p.folder, name, p.folder, p.name())
	}
	if err != nil {
		return several.Join(Cause(err), unix.Unlinkat(p.folder, name, 0))
	}
	return nil
}
