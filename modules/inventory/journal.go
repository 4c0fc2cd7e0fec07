// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

var errNoHome = errors.New("there is no default: neither XDG_STATE_HOME nor HOME is set, and the system knows no home of this user")

// journalPath returns where the journal is: below the user's own home if the option does not say. A folder that all users
// share is never the default.
func (o *Options) journalPath() (string, error) {
	if o.Journal != "" {
		return o.Journal, nil
	}
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		state = filepath.Join(home(), ".local", "state")
	}
	if !filepath.IsAbs(state) {
		return "", errNoHome
	}
	return filepath.Join(state, "openstack_ops.placement", "journal.jsonl"), nil
}

// home returns the user's home; that of the system's list of users where the environment has none, as in a unit of systemd.
func home() string {
	if home, err := os.UserHomeDir(); err == nil {
		return home
	}
	if me, err := user.LookupId(fmt.Sprint(os.Geteuid())); err == nil {
		return me.HomeDir
	}
	return ""
}

// journalFault is the fault of a journal that can't be written.
func (t *task) journalFault(err error) error {
	if err == nil {
		return nil
	}
	return &ansible.OptionError{
		Option: "journal", Value: t.journal, Reason: fmt.Sprintf("must be a file that can be written: nothing is changed without it (%v)", err),
	}
}

// writable returns why the journal could not be written if there were something to write. It makes neither file nor folder.
func (t *task) writable() error {
	if !t.changes() {
		return nil
	}
	if err := files.Unappendable(t.journal); err != nil {
		return err
	}
	_, err := change.ReadJournal(t.journal) // whole, or nothing is appended to it
	return err
}
