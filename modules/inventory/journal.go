// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

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
