// SPDX-License-Identifier: Apache-2.0

// Package trees is the command placement tree: the resource providers of a cloud, or of a saved snapshot, tree by tree.
package trees

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/trees"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

//go:embed doc.yml
var doc []byte

// Command returns placement tree.
func Command() terminal.Command {
	return terminal.Command{Module: ansible.Define("placement_tree", doc, run), Argument: "provider"}
}

// Options are the options of placement tree.
type Options struct {
	config.Options
	survey.Asked

	Provider string  `json:"provider,omitempty" jsonschema_description:"Name or UUID of a resource provider: its whole tree is shown in full. Without it, all trees are shown in a table."`
	Snapshot string  `json:"snapshot,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Show this saved snapshot instead of a cloud."`
	NearFull float64 `json:"near_full" jsonschema:"default=0.9,minimum=0,maximum=1" jsonschema_description:"Fraction of its capacity at which a provider counts as nearly full."`
}

// Validate finds what is wrong with the options.
func (o *Options) Validate(*ansible.Call) error {
	err := o.Asked.Faults()
	if o.Snapshot == "" {
		err = several.Join(err, connection.Faults(&o.Options))
	}
	return err
}

// Result is what there is on the providers.
type Result struct {
	Changed   bool             `json:"changed"`
	Msg       string           `json:"msg"`
	Providers []trees.Provider `json:"providers"`
	Unread    []snapshot.Part  `json:"unread"`
	NotRun    []string         `json:"not_run"`

	full bool
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	v := survey.New(&o.Asked, o.Settings(o.NearFull))
	v.More = trees.Parts()
	s, err := o.read(ctx, call, v)
	if err != nil {
		return nil, err
	}
	wanted := func(p openstack.Provider) bool { return p.UUID == o.Provider || p.Name == o.Provider }
	if o.Provider == "" {
		wanted = nil
	}
	t := trees.Of(s, v.Judge(s), wanted)
	if len(t.Providers) == 0 && o.Provider != "" {
		return nil, &ansible.OptionError{Option: "provider", Value: o.Provider, Reason: "must be the name or UUID of a resource provider"}
	}
	return &Result{
		Msg: fmt.Sprintf("resource providers: %d", len(t.Providers)), Providers: t.Providers, Unread: append([]snapshot.Part{}, t.Unread...),
		NotRun: append([]string{}, t.NotRun...), full: o.Provider != "",
	}, nil
}

// read reads the cloud, or the file.
func (o *Options) read(ctx context.Context, call *ansible.Call, v *survey.Survey) (*snapshot.Snapshot, error) {
	if o.Snapshot != "" {
		s, err := survey.Load(o.Snapshot)
		if err != nil {
			return nil, err
		}
		return s, v.Limit(s)
	}
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	return v.Read(ctx, call, clients)
}

// Show is the trees as text.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	t := trees.Trees{Providers: r.Providers, Unread: r.Unread, NotRun: r.NotRun}
	if r.full {
		t.Full(p)
	} else {
		t.Table(p)
	}
	return p.Lines()
}

// ExitCode is 3 if something could not be read.
func (r *Result) ExitCode() int {
	if len(r.Unread)+len(r.NotRun) > 0 {
		return terminal.Incomplete
	}
	return terminal.Done
}
