// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/ansible"
)

func (t *task) journalPath() string {
	if t.o.Journal != "" {
		return t.o.Journal
	}
	state := os.Getenv("XDG_STATE_HOME")
	if home, err := os.UserHomeDir(); state == "" && err == nil {
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(cmp.Or(state, "/var/tmp"), "openstack_ops.placement", "journal.jsonl")
}

// journalFault is the fault of a journal that can't be written.
func (t *task) journalFault(err error) error {
	if err == nil {
		return nil
	}
	return &ansible.OptionError{
		Option: "journal", Value: t.journalPath(), Reason: fmt.Sprintf("must be a file that can be written: nothing is changed without it (%v)", err),
	}
}

// writable says whether the journal could be written if there were something to write. It makes neither file nor folder.
func (t *task) writable() error {
	if !t.changes() {
		return nil
	}
	file, err := os.OpenFile(t.journalPath(), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		return file.Close()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dir := filepath.Dir(t.journalPath())
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	const all = 0o7 // reading too: a new name is brought to disk through its folder
	if err := syscall.Access(dir, all); err != nil {
		return &fs.PathError{Op: "write to", Path: dir, Err: err}
	}
	return nil
}
