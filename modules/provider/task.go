// SPDX-License-Identifier: Apache-2.0

package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	edge "github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/repair"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// task is one run of the module.
type task struct {
	call    *ansible.Call
	o       *Options
	clients *connection.Clients
	client  *placement.Client
	writer  *edge.Writer
	journal string // its path
	have    *openstack.Provider
	changes []repair.Change // in their order
}

func (t *task) run(ctx context.Context) (*Result, error) {
	if err := t.find(ctx); err != nil {
		return nil, err
	}
	plan := t.present
	if t.o.State == "absent" {
		plan = t.absent
	}
	if err := plan(ctx); err != nil {
		return t.refused(err), err
	}
	if len(t.changes) == 0 {
		return t.result(nil), nil
	}
	if err := t.clients.OpenJournal(t.call, t.writer, t.journal); err != nil {
		return nil, err
	}
	if t.call.CheckMode {
		return t.result(t.changes), nil
	}
	made, err := t.write(ctx)
	return t.result(made), several.Join(err, t.writer.Journal.Close())
}

// refused tells who is in the way of a deletion.
func (t *task) refused(err error) *Result {
	r := t.result(nil)
	var held *heldError
	if errors.As(err, &held) {
		r.Holders = held.holders
	}
	return r
}

// write makes the changes, until one fails, and returns those that it made.
func (t *task) write(ctx context.Context) (made []repair.Change, err error) {
	for _, c := range t.changes {
		out := t.writer.Do(ctx, c, "")
		if out.End == edge.Done {
			c.After = out.Left
			made = append(made, c)
		}
		if err := out.Err(); err != nil {
			return made, err
		}
	}
	return made, nil
}

// find finds the provider that is meant; there may be none.
func (t *task) find(ctx context.Context) error {
	found, err := t.client.Find(ctx, t.o.Provider)
	switch {
	case err != nil:
		return err
	case len(found) > 1:
		return &ansible.OptionError{Option: "provider", Value: t.o.Provider, Reason: fmt.Sprintf(
			"must identify one resource provider; it is the UUID of %s and the name of %s", found[0].Name, found[1].UUID)}
	case len(found) == 1:
		t.have = &found[0]
	}
	return nil
}

// present plans to make the provider, or to give it its name and its parent.
func (t *task) present(ctx context.Context) error {
	parent, err := t.parent(ctx)
	if err != nil {
		return err
	}
	if t.have == nil {
		return t.create(parent)
	}
	was := repair.Provider{UUID: t.have.UUID, Name: t.have.Name, Parent: t.have.ParentUUID, Generation: t.have.Generation}
	is := was
	if t.o.Name != "" {
		is.Name = t.o.Name
	}
	if t.o.Parent != "" || t.o.Root {
		is.Parent = parent
	}
	if is.Same(was) {
		return nil
	}
	t.changes = []repair.Change{{
		Op: repair.UpdateProvider, Before: repair.State{Providers: []repair.Provider{was}}, After: repair.State{Providers: []repair.Provider{is}},
	}}
	return nil
}

func (t *task) parent(ctx context.Context) (string, error) {
	if t.o.Parent == "" {
		return "", nil
	}
	p, err := connection.FindProvider(ctx, t.client, "parent", t.o.Parent)
	return p.UUID, err
}

// create plans to make a provider.
func (t *task) create(parent string) error {
	made := repair.Provider{Name: t.o.Name, Parent: parent}
	if rest.IsUUID(t.o.Provider) {
		made.UUID = rest.CanonicalUUID(t.o.Provider)
		if made.Name == "" {
			return &ansible.OptionError{Option: "name", Reason: "must be given: no resource provider has the UUID " + made.UUID + ", and one is to be made"}
		}
	} else if made.Name == "" {
		made.Name = t.o.Provider
	}
	if made.Name != t.o.Provider && !rest.IsUUID(t.o.Provider) {
		return &ansible.OptionError{Option: "provider", Value: t.o.Provider, Reason: "must be a UUID to give a resource provider another name: there is none of this name"}
	}
	if t.o.UUID != "" {
		made.UUID = rest.CanonicalUUID(t.o.UUID) // Validate: not beside a provider that is a UUID
	}
	if made.UUID == "" {
		id, err := uuid.NewV4()
		if err != nil {
			return err
		}
		made.UUID = id.String()
	}
	none := made
	none.Absent = true
	t.changes = []repair.Change{{
		Op: repair.CreateProvider, Before: repair.State{Providers: []repair.Provider{none}}, After: repair.State{Providers: []repair.Provider{made}},
	}}
	return nil
}
