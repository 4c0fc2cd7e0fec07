// SPDX-License-Identifier: Apache-2.0

// Package connection opens the clients that a module works with, and says what is wrong with the options for it in the
// words of the wire. It holds what every module would otherwise repeat; it reads nothing itself.
package connection

import (
	"context"
	"errors"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/nova"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Clients are the services of one cloud.
type Clients struct {
	Session   *cloud.Session
	Placement *placement.Client
}

// Faults returns what is wrong with the connection options, as far as they tell by themselves.
func Faults(o *config.Options) error {
	return optionErrors(o.Faults())
}

func optionErrors(faults []config.Fault) error {
	var all []error
	for _, f := range faults {
		all = append(all, &ansible.OptionError{Option: f.Option, Value: f.Value, Reason: f.Reason})
	}
	return several.Join(all...)
}

// Open logs in and opens Placement. Close the session when done.
func Open(ctx context.Context, call *ansible.Call, o *config.Options) (*Clients, error) {
	session, err := cloud.Connect(ctx, o, call)
	if err != nil {
		return nil, optionError(err)
	}
	session.PauseWith(call.Sleep)
	sc, err := session.Placement()
	if err != nil {
		session.Close()
		return nil, optionError(err)
	}
	client, err := placement.New(ctx, sc)
	if err != nil {
		session.Close()
		return nil, err
	}
	return &Clients{Session: session, Placement: client}, nil
}

// optionError gives a fault in the options the form that all faults in options have.
func optionError(err error) error {
	var config *config.Error
	if errors.As(err, &config) {
		return optionErrors(config.Faults)
	}
	return err
}

// Compute opens Nova. The error says why it can't be read.
func (c *Clients) Compute(ctx context.Context) (*nova.Client, error) {
	sc, err := c.Session.Compute()
	if err != nil {
		return nil, err
	}
	return nova.New(ctx, sc)
}
