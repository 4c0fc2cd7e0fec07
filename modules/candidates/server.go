// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/filters"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/scheduler"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// ofServer reads the server that the options name, and what it was asked for with.
func (t *task) ofServer(ctx context.Context) (f openstack.Flavor, fromVolume bool, err error) {
	server, err := t.src.Compute.ListedServer(ctx, canonical(t.o.Server))
	if errors.Is(err, cloud.ErrNotFound) {
		err = t.unlisted(ctx)
	}
	if err != nil {
		return f, false, err
	}
	t.has(server)
	t.asked(ctx, server)
	return server.Flavor, server.FromVolume, nil
}

// unlisted says that there is no such server, unless a cell does not answer: the list lacks its servers then.
func (t *task) unlisted(ctx context.Context) error {
	services, err := t.src.Compute.Services(ctx)
	if err != nil {
		return err
	}
	if host := openstack.SilentCell(services); host != "" {
		return fmt.Errorf("it is unknown whether there is a server %s: a cell does not answer, nova shows the service on %s as UNKNOWN", t.o.Server, foreign.Line(host))
	}
	return &ansible.OptionError{Option: "server", Value: t.o.Server, Reason: "must be the UUID of a server"}
}

// asked reads what a server was asked for with. That it can't be read is told.
func (t *task) asked(ctx context.Context, server openstack.Server) {
	asked, err := t.src.Compute.Asked(ctx, server.UUID)
	if err != nil {
		t.open = append(t.open, t.ofBuild()+": "+err.Error())
		return
	}
	t.wasAsked(asked)
	t.open = append(t.open, filters.OfHints(asked.Hints)...)
	if err := t.grouped(ctx, server, asked); err != nil {
		t.open = append(t.open, "what the server group of the server asks for: "+err.Error())
	}
}

// ofBuild names what only the request of its build tells of a server, but for what the options give.
func (t *task) ofBuild() string {
	var words []string
	if t.o.AvailabilityZone == "" {
		words = append(words, "the availability zone that the server is pinned to")
	}
	if t.o.Image == "" && t.o.ImageProperties == nil {
		words = append(words, "what its image asks for")
	}
	return strings.Join(append(words, "its server group and its scheduler hints"), ", ")
}

// has takes from a server what Nova shows of each.
func (t *task) has(server openstack.Server) {
	t.host = server.Host
	t.project = cmp.Or(t.o.Project, server.ProjectID)
	t.open = append(t.open, scheduler.Resizing(server)...)
}

// stays says why a host does not take the server: it is there already, and Nova leaves the host out of each move, but of a resize where
// its option allows that (compute/api.py, resize; conductor/manager.py, rebuild_instance; conductor/tasks/live_migrate.py).
func (t *task) stays(service openstack.ComputeService) string {
	if t.host == "" || !openstack.SameHost(service.Host, t.host) {
		return ""
	}
	return "the server is there: a move takes another host, but for a resize where nova.conf sets allow_resize_to_same_host"
}

// wasAsked takes what a server was asked for with. What the options give goes before it.
func (t *task) wasAsked(a openstack.Asked) {
	if t.o.AvailabilityZone == "" {
		if a.Pinned != nil {
			t.zone = *a.Pinned
		}
		t.open = append(t.open, scheduler.UnshownZone(a)...)
	}
	if t.o.Image == "" && t.o.ImageProperties == nil {
		t.properties = a.Properties
		t.open = append(t.open, scheduler.UnshownImage(a)...)
	}
}
