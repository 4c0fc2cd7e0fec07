// SPDX-License-Identifier: Apache-2.0

// Package changetest is what the tests of the writer of inventories share beside tests/live: clients of the collection's own, a
// provider of one's own on a running lab, others that allocate and free, a checker that knows what must never be read, and a
// proxy that does harm.
package changetest

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Client logs in as a module does and opens Placement at the endpoint, or at that of the catalogue if it is empty.
func Client(t testing.TB, l *live.Lab, endpoint string, apiTimeout int) *placement.Client {
	t.Helper()
	o := &config.Options{CloudsFile: l.CloudsFile, Cloud: l.Cloud, PlacementEndpoint: endpoint, APITimeout: apiTimeout}
	session, err := cloud.Connect(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Close)
	sc, err := session.Placement()
	if err != nil {
		t.Fatal(err)
	}
	client, err := placement.New(t.Context(), sc)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
