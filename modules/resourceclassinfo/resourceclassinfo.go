// SPDX-License-Identifier: Apache-2.0

// Package resourceclassinfo is the module placement_resource_class_info: it reads the resource classes that Placement knows.
package resourceclassinfo

import (
	"context"
	_ "embed"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/tags"
)

//go:embed doc.yml
var doc []byte

// Module returns placement_resource_class_info.
func Module() *ansible.Module {
	return ansible.Define("placement_resource_class_info", doc, run)
}

// Options are the options of placement_resource_class_info.
type Options struct {
	config.Options

	Pattern string `json:"pattern" jsonschema:"default=*" jsonschema_description:"Shell pattern that the whole name must match, such as C(CUSTOM_*)."`
}

// Validate refuses what makes no sense before a cloud is asked.
func (o *Options) Validate(*ansible.Call) error {
	return several.Join(connection.Faults(&o.Options), tags.PatternFault(o.Pattern))
}

// Result is what placement_resource_class_info returns.
type Result struct {
	Changed  bool           `json:"changed"`
	Msg      string         `json:"msg"`
	Classes  []Class        `json:"classes"`
	Requests map[string]int `json:"requests"`
}

// Class is one resource class.
type Class struct {
	Name   string `json:"name"`
	Custom bool   `json:"custom"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	clients, err := connection.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, err
	}
	defer clients.Session.Close()
	names, err := clients.Placement.Classes(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	names = slices.DeleteFunc(names, func(name string) bool { return !openstack.Pattern(o.Pattern).Matches(name) })
	r := &Result{Msg: tags.Counted(names, "resource class"), Classes: []Class{}}
	for _, name := range names {
		r.Classes = append(r.Classes, Class{Name: name, Custom: tags.Custom(name)})
	}
	r.Requests = clients.Session.Requests()
	return r, nil
}
