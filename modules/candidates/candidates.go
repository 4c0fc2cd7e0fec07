// SPDX-License-Identifier: Apache-2.0

// Package candidates is the module placement_candidates_info: it says where a flavor or a request of resources can land, and of every
// other tree of resource providers why it can't. The command placement why is the same for people.
package candidates

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

//go:embed doc.yml
var doc []byte

//go:embed why.yml
var why []byte

// Module returns placement_candidates_info.
func Module() *ansible.Module {
	return ansible.Define("placement_candidates_info", doc, run)
}

// Command returns placement why.
func Command() terminal.Command {
	return terminal.Command{Module: ansible.Define("placement_why", why, run), Argument: "flavor"}
}

// Options are the options of placement_candidates_info.
type Options struct {
	config.Options
	ansible.Shown

	Flavor           string            `json:"flavor,omitempty" jsonschema_description:"Name or UUID of a flavor. With I(snapshot), the name of the flavor of a server in it."`
	Server           string            `json:"server,omitempty" jsonschema_description:"UUID of a server. Its flavor, as Nova shows it, is requested, for its project, in the availability zone that it is pinned to, and with the properties of its image, as far as this Nova shows them. I(not_judged) names what it does not show."`
	FromVolume       bool              `json:"from_volume" jsonschema:"default=false" jsonschema_description:"With I(flavor), count the server as booted from a volume: its root disk takes no space on the host."`
	Image            string            `json:"image,omitempty" jsonschema_description:"With I(flavor) or I(server), the name or UUID of an image. Its properties are read from Glance and judged as I(image_properties) are. With I(flavor), I(refused) says whether Nova refuses to build the flavor from it: an image that is not active, or needs more memory or disk."`
	ImageProperties  map[string]string `json:"image_properties,omitempty" jsonschema_description:"With I(flavor) or I(server), the properties of the image. Nova turns those that begin with C(trait:) into required traits, and requests CPUs, memory encryption, a TPM, secure boot, devices and the like as it does for extra specs. How it treats other properties depends on nova.conf; they are listed in I(not_judged)."`
	Project          string            `json:"project,omitempty" jsonschema_description:"With I(flavor) or I(server), UUID of the project that builds the server. With I(server), that of the server if unset. Host aggregates that name this or other projects (C(filter_tenant_id)) are listed in I(not_judged), because only nova.conf says whether Nova restricts them."`
	AvailabilityZone string            `json:"availability_zone,omitempty" jsonschema_description:"With I(flavor) or I(server), the availability zone to land in. With I(server), the one that it is pinned to if unset."`
	Host             string            `json:"host,omitempty" jsonschema_description:"With I(flavor) or I(server), the service host to land on."`

	Resources     map[string]int `json:"resources,omitempty" jsonschema_description:"Amounts by resource class. They may come from any providers of one tree, and from providers that share with it."`
	Required      []string       `json:"required,omitempty" jsonschema_extras:"x-ansible-commas=any-of" jsonschema_description:"Traits that the providers must have together. The entry C(in:A,B) asks for one of them."`
	Forbidden     []string       `json:"forbidden,omitempty" jsonschema_description:"Traits that none of the providers may have."`
	MemberOf      []string       `json:"member_of,omitempty" jsonschema_extras:"x-ansible-commas=any-of" jsonschema_description:"UUIDs of aggregates to be in. The entry C(in:A,B) asks for one of them, C(!A) and C(!in:A,B) for none."`
	InTree        string         `json:"in_tree,omitempty" jsonschema_description:"UUID of a resource provider whose tree to land in."`
	Groups        []Group        `json:"groups,omitempty" jsonschema_description:"Request groups. Each group takes all its resources from one provider."`
	GroupPolicy   string         `json:"group_policy,omitempty" jsonschema:"enum=none,enum=isolate" jsonschema_description:"Whether two of I(groups) may take from the same provider (C(none)) or not (C(isolate)). Required if there are several groups."`
	SameSubtree   []string       `json:"same_subtree,omitempty" jsonschema_extras:"x-ansible-commas=one-entry" jsonschema_description:"Lists of names of I(groups): each entry is one list, with commas between the names. The providers of the groups in one list must all be in the subtree of one of them."`
	RootRequired  []string       `json:"root_required,omitempty" jsonschema_description:"Traits that the root of the tree must have."`
	RootForbidden []string       `json:"root_forbidden,omitempty" jsonschema_description:"Traits that the root of the tree must not have. Nova always forbids C(COMPUTE_STATUS_DISABLED) here. With I(resources), it is forbidden only if you give it."`

	Snapshot string `json:"snapshot,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"Judge this saved snapshot of M(openstack_ops.placement.placement_audit) instead of a cloud. Placement is not asked then."`
}

// Group is a group of the request that one provider serves.
type Group struct {
	Name      string         `json:"name" jsonschema:"required" jsonschema_description:"Suffix of the group: digits, letters, C(_) and C(-)."`
	Resources map[string]int `json:"resources,omitempty" jsonschema_description:"Amounts by resource class. May be left out only if I(same_subtree) names the group."`
	Required  []string       `json:"required,omitempty" jsonschema_extras:"x-ansible-commas=any-of" jsonschema_description:"Like I(required) of the request, for this group."`
	Forbidden []string       `json:"forbidden,omitempty" jsonschema_description:"Like I(forbidden) of the request, for this group."`
	MemberOf  []string       `json:"member_of,omitempty" jsonschema_extras:"x-ansible-commas=any-of" jsonschema_description:"Like I(member_of) of the request, for this group. An aggregate of the root does not count for a provider below it."`
	InTree    string         `json:"in_tree,omitempty" jsonschema_description:"Like I(in_tree) of the request, for this group."`
}

// Constraints are the rules between options.
func (o *Options) Constraints() ansible.Constraints {
	return ansible.Constraints{
		MutuallyExclusive: [][]string{{"flavor", "server", "resources"}, {"flavor", "server", "groups"}, {"host", "in_tree"}, {"image", "image_properties"}, {"image", "snapshot"}},
		RequiredOneOf:     [][]string{{"flavor", "server", "resources", "groups"}},
	}
}

// Validate reports all faults in the options.
func (o *Options) Validate(call *ansible.Call) error {
	err := several.Join(o.requestFaults(), o.formFaults(call))
	if o.Snapshot == "" {
		err = several.Join(err, connection.Faults(&o.Options))
	}
	return err
}

// Result is what placement_candidates_info returns.
type Result struct {
	Changed        bool               `json:"changed"`
	Msg            string             `json:"msg"`
	Lands          bool               `json:"lands"`
	Refused        string             `json:"refused"` // why Nova's API refuses the image with the flavor, or Placement the request; empty if nothing says so
	Query          string             `json:"query"`
	Candidates     *int               `json:"candidates,omitempty"` // Placement's, unless a snapshot was judged
	Fits           []Fit              `json:"fits"`
	Rejected       []Rejected         `json:"rejected"`
	Funnel         []candidates.Stage `json:"funnel"`
	Trees          int                `json:"trees"`
	Nearest        []Rejected         `json:"nearest"`
	Help           []string           `json:"help"`
	Move           *Move              `json:"move,omitempty"`
	Contradictions []string           `json:"contradictions"`
	NotJudged      []string           `json:"not_judged"`
	Text           []string           `json:"text,omitempty"`
	Requests       map[string]int     `json:"requests"`

	title string
	unit  string // what its trees are called, one of them
	bad   bool   // it is Placement that refuses
}

// Fit is a tree in which the request lands.
type Fit struct {
	UUID    string                    `json:"provider_uuid"`
	Name    string                    `json:"provider_name"`
	Host    string                    `json:"host"`    // service host; empty if Nova was not asked or has none
	Takes   map[string]map[string]int `json:"takes"`   // one way to land: amounts by class, by provider
	Refused string                    `json:"refused"` // why Nova's filters leave it out all the same; empty if nothing says so

	help string // what would make Nova use it
}

// Rejected is a tree in which the request does not land.
type Rejected struct {
	UUID    string              `json:"provider_uuid"`
	Name    string              `json:"provider_name"`
	Host    string              `json:"host"`
	Reasons []candidates.Reason `json:"reasons"`
}

func run(ctx context.Context, call *ansible.Call, o *Options) (*Result, error) {
	t, err := o.task(ctx, call)
	if err != nil {
		return nil, err
	}
	defer t.close()
	if err := t.ask(ctx); err != nil {
		return nil, err
	}
	r := t.result()
	t.move(ctx, r)
	if o.Show {
		r.Text = r.Show(screen.InPlay())
	}
	return r, nil
}

// message is the answer in a sentence or two.
func (r *Result) message() string {
	judged, because := r.judged()
	return r.answer(judged + because)
}

// headline is the message without the reasons that the text has below it.
func (r *Result) headline() string {
	judged, _ := r.judged()
	text := r.answer(judged)
	return strings.ToUpper(text[:1]) + text[1:]
}

// answer is what is said of all trees, by what is said of those that were judged.
func (r *Result) answer(judged string) string {
	switch {
	case r.bad:
		return fmt.Sprintf("%s lands nowhere: %s. %s", r.title, r.Refused, r.Help[0])
	case r.Refused != "":
		return fmt.Sprintf("%s lands nowhere: Nova's API refuses it, because %s", r.title, r.Refused)
	}
	switch n := len(r.Contradictions); n {
	case 0:
		return judged
	case r.Trees:
		return r.title + ": it is unknown whether it lands, because Placement's answer and what was read of the resource providers differ"
	default:
		return fmt.Sprintf("%s. For %d it is unknown, because Placement's answer and what was read of them differ", judged, n)
	}
}

// judged is what is said of the trees that were judged, and behind it the reasons of one of them.
func (r *Result) judged() (judged, because string) {
	used := len(r.used())
	switch {
	case r.Lands && used < len(r.Fits):
		return fmt.Sprintf("%s. Placement has room in %d more, which Nova does not use", r.where(used), len(r.Fits)-used), ""
	case r.Lands:
		return r.where(used), ""
	case len(r.Fits) == 1:
		return r.where(0) + ". Placement has room in 1, which Nova does not use", r.Fits[0].because()
	case len(r.Fits) > 0:
		return fmt.Sprintf("%s. Placement has room in %d, but Nova uses none of them", r.where(0), len(r.Fits)), r.Fits[0].because()
	case r.Trees == 0:
		return r.where(0) + ": there are no resource providers", ""
	case len(r.Nearest) == 0 && r.Trees == 1:
		return r.where(0) + ", which has not all that it asks for", ""
	}
	return r.where(0), r.falls() + r.lacks()
}

// falls counts what is left behind each stage that takes some away, until nothing is left.
func (r *Result) falls() string {
	if r.Trees == 1 || len(r.Contradictions) > 0 {
		return ""
	}
	var words []string
	before := r.Trees
	for _, s := range r.Funnel {
		if s.Left < before {
			words = append(words, fmt.Sprintf("%d %s", s.Left, s.Text))
		}
		if before = s.Left; before == 0 {
			break
		}
	}
	return ": " + strings.Join(words, ", ")
}

// because is why Nova leaves it out.
func (f Fit) because() string { return "; " + f.Name + ": " + f.Refused }

// lacks are the reasons of the nearest tree.
func (r *Result) lacks() string {
	if len(r.Nearest) == 0 {
		return ""
	}
	var texts []string
	for _, reason := range r.Nearest[0].Reasons {
		if !slices.Contains(texts, reason.Text) { // two groups may lack the same
			texts = append(texts, reason.Text)
		}
	}
	begin := ". The nearest: "
	if r.Trees == 1 {
		begin = ": "
	}
	return begin + strings.Join(texts, "; ")
}

// where says in how many trees it lands.
func (r *Result) where(used int) string {
	switch {
	case r.Trees == 1 && used == 1:
		return fmt.Sprintf("%s lands %s the only %s", r.title, r.in(), r.unit)
	case r.Trees == 1:
		return fmt.Sprintf("%s does not land %s the only %s", r.title, r.in(), r.unit)
	case used == 0:
		return fmt.Sprintf("%s lands %s none of %d %ss", r.title, r.in(), r.Trees, r.unit)
	}
	return fmt.Sprintf("%s lands %s %d of %d %ss", r.title, r.in(), used, r.Trees, r.unit)
}

// What trees are called: those that a flavor lands on are compute nodes.
const (
	unitTree = "tree"
	unitHost = "host"
)

// in is the preposition of what trees are called.
func (r *Result) in() string {
	if r.unit == unitHost {
		return "on"
	}
	return "in"
}

// used are the trees in which it lands and that Nova does not leave out.
func (r *Result) used() []Fit {
	return slices.DeleteFunc(slices.Clone(r.Fits), func(f Fit) bool { return f.Refused != "" })
}

// ExitCode is that of findings if the request lands nowhere, and that of what could not be read if it is unknown whether it does.
func (r *Result) ExitCode() int {
	switch {
	case r.Lands:
		return terminal.Done
	case len(r.Contradictions) > 0 && r.Refused == "":
		return terminal.Incomplete
	}
	return terminal.Found
}
