// SPDX-License-Identifier: Apache-2.0

package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// place is the name of a file in a folder that is held open: what others do to the path from now on has no effect. Names
// are looked up one by one, as the kernel does it, but a link is followed only if nobody but this user and root could
// have made it. The kernel's own rule (fs.protected_symlinks) can be off, and does not hold in a folder of another user.
type place struct {
	folder int      // descriptor
	path   string   // of the folder
	left   []string // names to look up; the last one is the file's
	links  int      // followed so far
	making bool     // folders that are missing are made, for this user only
}

const maxLinks = 40 // as in Linux

// find looks up a path. The caller closes the place. An error that wraps fs.ErrNotExist is of a folder.
func find(path string, makeFolders bool) (*place, error) {
	p := &place{folder: -1, making: makeFolders}
	if err := p.walk(path); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// walk looks up a path. Where it fails, the last folder that it came to is open.
func (p *place) walk(path string) error {
	if path == "" {
		return errors.New("it is empty")
	}
	err := p.begin(path)
	for done := false; err == nil && !done; {
		done, err = p.step()
	}
	return err
}

func (p *place) close() {
	if p.folder >= 0 {
		_ = unix.Close(p.folder)
		p.folder = -1
	}
}

func (p *place) name() string { return p.left[0] }

// begin starts at the root or, for a relative path, where the lookup stands.
func (p *place) begin(path string) error {
	names := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(names) == 0 || strings.HasSuffix(path, "/") && len(p.left) == 0 {
		return errDirectory
	}
	p.left = append(names, p.left...)
	if strings.HasPrefix(path, "/") {
		return p.enter("/")
	}
	if p.folder < 0 {
		return p.enter(".")
	}
	return nil
}

// enter goes into a folder of the present one.
func (p *place) enter(name string) error {
	from := p.folder
	if from < 0 {
		from = unix.AT_FDCWD
	}
	path := name
	if p.path != "" && !strings.HasPrefix(name, "/") {
		path = strings.TrimSuffix(p.path, "/") + "/" + name
	}
	fd, err := unix.Openat(from, name, search|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) && p.making {
		fd, err = makeFolder(from, name)
	}
	if err != nil {
		return fmt.Errorf("directory %s: %w", path, err)
	}
	p.close()
	p.folder, p.path = fd, path
	return nil
}

// makeFolder makes a folder that is still there after a power loss.
func makeFolder(in int, name string) (int, error) {
	if err := unix.Mkdirat(in, name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) { // another process may be at it
		return -1, err
	}
	if err := syncFolder(in); err != nil {
		return -1, err
	}
	return unix.Openat(in, name, search|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
}

// step looks up one name. It reports whether that was the last one.
func (p *place) step() (bool, error) {
	name, last := p.left[0], len(p.left) == 1
	if last && (name == "." || name == "..") {
		return false, errDirectory
	}
	at, err := p.stat()
	switch {
	case err == nil && isKind(at, unix.S_IFLNK):
		return false, p.follow(at)
	case err != nil && (!errors.Is(err, fs.ErrNotExist) || !last && !p.making):
		return false, &fs.PathError{Op: "open", Path: p.path + "/" + name, Err: err}
	case last:
		return true, nil
	}
	p.left = p.left[1:]
	return false, p.enter(name)
}

// stat looks at what has the name; at a link itself.
func (p *place) stat() (*unix.Stat_t, error) {
	var at unix.Stat_t
	err := unix.Fstatat(p.folder, p.name(), &at, unix.AT_SYMLINK_NOFOLLOW)
	return &at, err
}

// follow goes where a link of this user's or root's points to. In a folder where others can write, the link has to have one
// name only: another user can give root's links a second name there.
func (p *place) follow(link *unix.Stat_t) error {
	if p.links++; p.links > maxLinks {
		return unix.ELOOP
	}
	var folder unix.Stat_t
	if err := unix.Fstat(p.folder, &folder); err != nil {
		return err
	}
	shared := writableByOthers(&folder)
	if !isOurs(link.Uid) || !isOurs(folder.Uid) || shared && (!isSticky(&folder) || link.Nlink > 1) {
		return fmt.Errorf("%s/%s is a link that another user can have made; name the file itself", strings.TrimSuffix(p.path, "/"), p.name())
	}
	target := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(p.folder, p.name(), target)
	if err != nil {
		return err
	}
	p.left = p.left[1:]
	return p.begin(string(target[:n]))
}

// isOurs reports whether nobody but this user and root acts for the owner.
func isOurs(owner uint32) bool { return owner == 0 || int(owner) == os.Geteuid() }

// writableByOthers reports whether the mode lets others write. A group with the number of its user is that user's own, as
// useradd makes them.
func writableByOthers(at *unix.Stat_t) bool {
	return at.Mode&unix.S_IWOTH != 0 || at.Mode&unix.S_IWGRP != 0 && at.Gid != at.Uid
}

func isSticky(at *unix.Stat_t) bool { return at.Mode&unix.S_ISVTX != 0 }

func isKind(at *unix.Stat_t, kind uint32) bool {
	return uint32(at.Mode)&unix.S_IFMT == kind //nolint:unconvert // it has 16 bits on macOS
}

// syncFolder waits until the names in a folder are on disk. Some file systems take no such request, with EINVAL.
func syncFolder(folder int) error {
	fd, err := unix.Openat(folder, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	if err := unix.Fsync(fd); err != nil && !errors.Is(err, unix.EINVAL) {
		return err
	}
	return nil
}
