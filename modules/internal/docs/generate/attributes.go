// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// attribute is what a module says about one of Ansible's features.
type attribute struct {
	Description string   `yaml:"description"`
	Support     string   `yaml:"support"`
	Details     string   `yaml:"details,omitempty"`
	Platforms   []string `yaml:"platforms,omitempty"`
	Membership  []string `yaml:"membership,omitempty"`
}

// attributes are the features of Ansible that a module supports. What it does in check mode is in its doc.yml; the rest follows
// from its options and results, and from the transport.
func attributes(m *ansible.Module, doc *ansible.Doc) (*yaml.Node, error) {
	if doc.CheckMode == "" {
		return nil, fmt.Errorf("doc.yml of %s: no check_mode", m.Name)
	}
	logsIn, err := connects(m)
	all := newMapping()
	if logsIn {
		err = several.Join(err, all.force("action_group", group()))
	}
	err = several.Join(err,
		all.force("async", attribute{
			Description: "Can run in the background, with the keyword C(async).", Support: "none",
			Details: "A task with C(async) is refused. It needs none: it ends by itself after I(timeout), where the module has that option.",
		}),
		all.force("check_mode", attribute{
			Description: "Can run in check mode, which changes nothing and predicts what a run would change.",
			Support:     "full", Details: doc.CheckMode,
		}),
		all.force("diff_mode", diffMode(doc)),
		all.force("platform", attribute{
			Description: "Operating systems of the targets.", Support: "full", Platforms: []string{"linux", "darwin"},
			Details: "The target needs no Python. The folder C(binaries) of the collection has a program for each platform.",
		}))
	proseIn(&all.node, "")
	return &all.node, err
}

func group() attribute {
	return attribute{
		Description: "Use C(group/openstack_ops.placement.placement) in C(module_defaults) to give all modules the same login.",
		Support:     "full", Membership: []string{ansible.Collection + ".placement"},
	}
}

func diffMode(doc *ansible.Doc) attribute {
	mode := attribute{Description: "Returns what changes, before and after, with the option C(--diff).", Support: "full"}
	if !slices.Contains(doc.ReturnKeys(), "diff") {
		mode.Support, mode.Details = "none", "The module changes nothing in the cloud."
	}
	return mode
}
