// SPDX-License-Identifier: Apache-2.0

package connection

import (
	"context"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// JournalOption is the option of every module that writes.
type JournalOption struct {
	Journal string `json:"journal" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Journal on the target. Before each write is sent, what is needed to undo it is added to this file. C($XDG_STATE_HOME/openstack_ops.placement/journal.jsonl) if not given; below C(~/.local/state) if C(XDG_STATE_HOME) is not set."`
}

// JournalPath returns where the journal is, or a fault in the option.
func (o JournalOption) JournalPath() (string, error) {
	path, err := change.Path(o.Journal)
	if err != nil {
		return "", &ansible.OptionError{Option: "journal", Reason: fmt.Sprintf("must be given (%v)", err)}
	}
	return path, nil
}

// clockSkew is how far the clocks of the control plane and of this machine may be apart.
const clockSkew = 10 * time.Minute

// Writer makes a writer of repairs. Where the cloud has a Nova, it is looked at before each write; moves that have begun since
// now are looked for.
func (c *Clients) Writer(ctx context.Context, call *ansible.Call) (*repair.Writer, error) {
	w := &repair.Writer{Placement: c.Placement, Sleep: call.Sleep}
	if !c.Session.HasCompute() {
		call.Warn("the catalogue has no compute service: the servers that hold something are not checked")
		return w, nil
	}
	compute, err := c.Compute(ctx)
	if err != nil {
		return nil, fmt.Errorf("the servers have to be read before an allocation is written: %w", err)
	}
	w.Nova = &repair.Nova{Compute: compute, Admin: c.Session.HasRole("admin"), Since: call.Now().Add(-clockSkew)}
	return w, nil
}

// OpenJournal opens the journal of a writer. In check mode it only makes sure that it could be.
func (c *Clients) OpenJournal(call *ansible.Call, w *repair.Writer, path string) (err error) {
	if call.CheckMode {
		if err = files.Unappendable(path); err == nil {
			_, err = change.ReadJournal(path) // whole, or nothing is appended to it
		}
	} else {
		w.Journal, err = change.OpenJournal(path, c.Session.Cloud(), time.Now)
	}
	if err != nil {
		return &ansible.OptionError{
			Option: "journal", Value: path, Reason: fmt.Sprintf("must be a file that can be written: nothing is changed without it (%v)", err),
		}
	}
	return nil
}
