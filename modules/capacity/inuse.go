// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"context"
	"fmt"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/collect"
)

// inUse reads the servers, and returns the flavors that they have: as Nova offers them now, else as the servers have them.
func (t *task) inUse(ctx context.Context, src collect.Source, offered []openstack.ListedFlavor) ([]openstack.ListedFlavor, error) {
	s := collect.Read(ctx, src, []snapshot.Part{snapshot.Servers})
	if !s.Usable(snapshot.Servers) {
		return nil, fmt.Errorf("in_use: the servers could not be read: %s", s.Parts[snapshot.Servers].Reason)
	}
	t.partly(s)
	t.volumes = onVolumes(s)
	flavors := ofServers(s)
	for i, f := range flavors {
		if at := slices.IndexFunc(offered, func(o openstack.ListedFlavor) bool { return o.Name == f.Name }); at >= 0 {
			flavors[i] = offered[at]
		}
	}
	return flavors, nil
}

// partly notes that not all servers were read.
func (t *task) partly(s *snapshot.Snapshot) {
	if st := s.Parts[snapshot.Servers]; st.Partial {
		t.unseen = append(t.unseen, "the flavors of all servers: "+foreign.Line(st.Reason))
	}
}

// ofServers lists the flavors of servers, each once. A server whose cell does not answer has none.
func ofServers(s *snapshot.Snapshot) []openstack.ListedFlavor {
	var flavors []openstack.ListedFlavor
	seen := map[string]bool{}
	for _, server := range s.Servers() {
		if name := server.Flavor.Name; name != "" && !seen[name] {
			seen[name] = true
			flavors = append(flavors, openstack.ListedFlavor{Flavor: server.Flavor})
		}
	}
	return flavors
}

// onVolumes are the flavors of which all servers boot from volumes.
func onVolumes(s *snapshot.Snapshot) map[string]bool {
	out := map[string]bool{}
	for _, server := range s.Servers() {
		all, seen := out[server.Flavor.Name]
		out[server.Flavor.Name] = server.FromVolume && (all || !seen)
	}
	return out
}
