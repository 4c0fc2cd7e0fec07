// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// errCellDown says that what Nova listed is only a part of what there is.
var errCellDown = errors.New("a cell does not answer")

func (r *reader) readCompute(ctx context.Context, parts []snapshot.Part) {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p snapshot.Part) bool { return !p.FromNova() })
	if len(parts) == 0 {
		return
	}
	if r.Compute == nil {
		for _, p := range parts {
			r.s.MarkFailed(p, r.NoCompute.Error())
		}
		return
	}
	r.s.Compute = r.Compute.Service()
	for _, p := range parts {
		r.settle(p, r.readComputePart(ctx, p))
	}
	r.doubtCells(ctx, parts)
}

// takeCompute takes over what was read of Nova.
func (r *reader) takeCompute(s *snapshot.Snapshot) {
	r.s.Compute = s.Compute
	r.s.ServiceList, r.s.HypervisorList, r.s.ServerList = s.ServiceList, s.HypervisorList, s.ServerList
	r.s.MigrationList, r.s.AggregateList = s.MigrationList, s.AggregateList
	for p, st := range s.Parts {
		switch {
		case st.Read:
			r.s.MarkRead(p)
		case st.Partial:
			r.s.MarkPartial(p, st.Reason)
		default:
			r.s.MarkFailed(p, st.Reason)
		}
	}
	if s.Blind != nil {
		r.s.BlindTo(*s.Blind)
	}
}

func (r *reader) readComputePart(ctx context.Context, p snapshot.Part) error {
	var err error
	switch p {
	case snapshot.Services:
		r.s.ServiceList, err = r.Compute.Services(ctx)
	case snapshot.Hypervisors:
		r.s.HypervisorList, err = r.Compute.Hypervisors(ctx)
	case snapshot.Servers:
		r.s.ServerList, err = r.Compute.Servers(ctx)
	case snapshot.Migrations:
		r.s.MigrationList, err = r.Compute.Migrations(ctx)
	case snapshot.Aggregates:
		r.s.AggregateList, err = r.Compute.Aggregates(ctx)
	default:
		err = fmt.Errorf("%s are not read from nova", p)
	}
	return err
}

// doubtCells takes the parts that need every cell for read in part if the services, read before and after them, show which
// hosts are in cells that did not answer, and fails them if it is unknown whether every cell answered.
func (r *reader) doubtCells(ctx context.Context, parts []snapshot.Part) {
	if !slices.ContainsFunc(parts, snapshot.Part.FromCells) {
		return
	}
	err := r.cellsDown(ctx)
	if err == nil {
		return
	}
	for _, p := range parts {
		if !p.FromCells() {
			continue
		}
		switch st := r.s.Parts[p]; {
		case !st.Read && p == snapshot.Hypervisors && r.glimpse(ctx):
			r.s.MarkPartial(p, err.Error())
		case !st.Read: // Nova answers some lists with 500 then
			r.s.MarkFailed(p, err.Error()+"; "+st.Reason)
		case r.s.Blind != nil:
			r.s.MarkPartial(p, err.Error())
		default:
			r.s.MarkFailed(p, err.Error())
		}
	}
}

// glimpse reads the hypervisors of the cells that Nova asks before the one that does not answer, and reports whether there are any. The
// hosts of those behind it are hidden like that one's: a nova-compute of which no node is listed may be there.
func (r *reader) glimpse(ctx context.Context) bool {
	if r.s.Blind == nil {
		return false
	}
	r.s.HypervisorList = r.Compute.HypervisorsInSight(ctx)
	var behind []string
	for _, s := range r.s.ServiceList {
		listed := func(h openstack.Hypervisor) bool { return h.ServiceHost == s.Host }
		if s.Binary == "nova-compute" && !slices.ContainsFunc(r.s.HypervisorList, listed) {
			behind = append(behind, s.Host)
		}
	}
	r.s.BlindTo(snapshot.Blind{Hosts: behind})
	return len(r.s.HypervisorList) > 0
}

func (r *reader) cellsDown(ctx context.Context) error {
	if st := r.s.Parts[snapshot.Services]; !st.Read {
		return fmt.Errorf("could not determine whether all cells answer: %s", st.Reason)
	}
	after, err := r.Compute.Services(ctx)
	if err != nil {
		return fmt.Errorf("could not determine whether all cells answered: %w", err)
	}
	if err := unknownServices(append(slices.Clone(r.s.ServiceList), after...)); err != nil {
		r.s.BlindTo(snapshot.Blind{Hosts: unknownHosts(append(after, r.s.ServiceList...))})
		return err
	}
	return unknownServers(r.s.ServerList)
}

// unknownServices returns errCellDown with the hosts whose services Nova could not ask about.
func unknownServices(services []openstack.ComputeService) error {
	hosts := unknownHosts(services)
	if len(hosts) == 0 {
		return nil
	}
	return fmt.Errorf("%w: nova shows the services of %s as UNKNOWN", errCellDown, foreign.Some(hosts, 5))
}

// unknownHosts lists the hosts whose services Nova could not ask about, sorted.
func unknownHosts(services []openstack.ComputeService) []string {
	var hosts []string
	for _, s := range services {
		if s.Status == openstack.Unknown {
			hosts = append(hosts, s.Host)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

func unknownServers(servers []openstack.Server) error {
	unknown := 0
	for _, s := range servers {
		if s.Status == openstack.Unknown {
			unknown++
		}
	}
	if unknown == 0 {
		return nil
	}
	return fmt.Errorf("%w: nova shows %d servers as UNKNOWN", errCellDown, unknown)
}
