// SPDX-License-Identifier: Apache-2.0

package allocation

import (
	"context"
	"fmt"

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
	names   map[string]string
}

func (t *task) run(ctx context.Context) (*Result, error) {
	t.names = map[string]string{}
	c, err := t.change(ctx)
	if err != nil {
		return nil, err
	}
	if c.Before.Same(c.After) {
		return t.result(c, c.Before, false), nil
	}
	if err := t.fits(ctx, c); err != nil {
		return nil, err
	}
	if err := t.clients.OpenJournal(t.call, t.writer, t.journal); err != nil {
		return nil, err
	}
	if t.call.CheckMode {
		return t.rehearse(ctx, c)
	}
	out := t.writer.Do(ctx, c, "")
	err = several.Join(out.Err(), t.writer.Journal.Close())
	return t.result(c, out.Left, out.End == edge.Done), err
}

// rehearse says what the real run would do.
func (t *task) rehearse(ctx context.Context, c repair.Change) (*Result, error) {
	out, err := t.writer.Judge(ctx, c)
	if err == nil {
		err = out.Err()
	}
	return t.result(c, c.After, err == nil && out.End == ""), err
}

// change says what the options mean for what is there.
func (t *task) change(ctx context.Context) (repair.Change, error) {
	have, err := t.consumer(ctx, t.o.Consumer)
	if err != nil {
		return repair.Change{}, err
	}
	c := repair.Change{Op: repair.Allocations, Before: repair.State{Consumers: []repair.Consumer{have}}}
	switch t.o.State {
	case "absent":
		err = t.take(ctx, &c, have)
	case "moved":
		err = t.move(ctx, &c, have)
	default:
		err = t.set(ctx, &c, have)
	}
	return c, err
}

func (t *task) consumer(ctx context.Context, uuid string) (repair.Consumer, error) {
	return edge.ReadConsumer(ctx, t.client, rest.CanonicalUUID(uuid))
}

// set has the consumer hold what is wanted.
func (t *task) set(ctx context.Context, c *repair.Change, have repair.Consumer) error {
	want, err := t.owned(have)
	if err != nil {
		return err
	}
	var faults []error
	want.Held = repair.Held{}
	for name, amounts := range t.o.Allocations {
		p, err := connection.FindProvider(ctx, t.client, "allocations -> "+name, name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		t.names[p.UUID], want.Held[p.UUID] = p.Name, amounts
	}
	c.After.Consumers = []repair.Consumer{want}
	return several.Join(faults...)
}

// owned is the consumer with its project and its user.
func (t *task) owned(have repair.Consumer) (repair.Consumer, error) {
	var faults []error
	for _, f := range []struct {
		option, given string
		into          *string
	}{{"project", t.o.Project, &have.ProjectID}, {"user", t.o.User, &have.UserID}} {
		if f.given != "" {
			*f.into = f.given
		}
		if *f.into == "" {
			faults = append(faults, &ansible.OptionError{Option: f.option, Reason: "must be given: the consumer holds nothing yet, so Placement knows none"})
		}
	}
	return have, several.Join(faults...)
}

// take takes away what the consumer holds, or its share on one provider.
func (t *task) take(ctx context.Context, c *repair.Change, have repair.Consumer) error {
	want := have
	want.Held = repair.Held{}
	if t.o.Provider != "" {
		p, err := connection.FindProvider(ctx, t.client, "provider", t.o.Provider)
		if err != nil {
			return err
		}
		t.names[p.UUID] = p.Name
		want.Held = have.Held.Clone()
		delete(want.Held, p.UUID)
	}
	c.After.Consumers = []repair.Consumer{want}
	return nil
}

// move moves a share to another provider, to another consumer, or both.
func (t *task) move(ctx context.Context, c *repair.Change, have repair.Consumer) error {
	from, err := t.from(ctx, have)
	if err != nil || from == "" {
		c.After.Consumers = c.Before.Consumers
		return err
	}
	to := from
	if t.o.To != "" {
		p, err := connection.FindProvider(ctx, t.client, "to", t.o.To)
		if err != nil {
			return err
		}
		to, t.names[p.UUID] = p.UUID, p.Name
	}
	giver := have
	giver.Held = have.Held.Clone()
	share := giver.Held[from]
	delete(giver.Held, from)
	if t.o.ToConsumer == "" {
		giver.Held = giver.Held.Plus(to, share)
		c.After.Consumers = []repair.Consumer{giver}
		return nil
	}
	taker, err := t.consumer(ctx, t.o.ToConsumer)
	if err != nil {
		return err
	}
	c.Before.Consumers = append(c.Before.Consumers, taker)
	if taker.Generation == nil {
		taker.ProjectID, taker.UserID = have.ProjectID, have.UserID
	}
	taker.Held = taker.Held.Plus(to, share)
	c.After.Consumers = []repair.Consumer{giver, taker}
	return nil
}

// from is the provider of which the share moves; empty if the consumer holds nothing there any more.
func (t *task) from(ctx context.Context, have repair.Consumer) (string, error) {
	if t.o.Provider != "" {
		p, err := connection.FindProvider(ctx, t.client, "provider", t.o.Provider)
		t.names[p.UUID] = p.Name
		if _, holds := have.Held[p.UUID]; !holds {
			return "", err
		}
		return p.UUID, err
	}
	for uuid := range have.Held {
		if len(have.Held) == 1 {
			return uuid, nil
		}
		return "", &ansible.OptionError{Option: "provider", Reason: fmt.Sprintf("must be given: consumer %s holds something on %d providers", have.UUID, len(have.Held))}
	}
	return "", nil
}
