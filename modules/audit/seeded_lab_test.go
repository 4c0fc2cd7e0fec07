// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"net/http"
	"slices"
)

// reregister does what is left where Nova keeps the compute node of the old name, with which its provider must stay: the
// servers go by live migration (a cold one ends in ERROR when it is confirmed, as nova-compute no longer knows the node), then
// the compute service with both nodes and both providers, and the host comes back as a new one (PLC202).
func (b *bench) reregister(server, host string) {
	b.t.Helper()
	b.server = b.servers()
	b.live(server, "cn1")
	b.Command(b.t, "host", "kill", host)
	for _, s := range b.services() {
		if s.Host == host {
			b.send(b.nova, http.MethodDelete, "/os-services/"+s.ID, nil, nil)
		}
	}
	b.Command(b.t, "host", "start", host)
	b.until("provider of "+host, func() bool {
		return slices.ContainsFunc(b.providers(), func(p labProvider) bool { return p.Name == host })
	})
	b.run([]int{0}, "nova-manage", "cell_v2", "discover_hosts")
}
