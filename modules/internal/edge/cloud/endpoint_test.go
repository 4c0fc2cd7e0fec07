// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

type endpointCase struct {
	adjust func(*fakeKeystone, *config.Options)
	want   string // the endpoint
	wrong  string // or what the error says
}

func TestEndpoints(t *testing.T) {
	findsEndpoint(t, map[string]endpointCase{
		"region and interface": {func(_ *fakeKeystone, o *config.Options) { o.RegionName, o.Interface = "RegionTwo", "internalURL" }, "http://placement.internal.regiontwo.example/placement/", ""},
		"no region given":      {func(*fakeKeystone, *config.Options) {}, "", "region_name: not given, and placement has endpoints in the regions RegionOne, RegionTwo"},
		"no such region": {
			func(_ *fakeKeystone, o *config.Options) { o.RegionName = "Three" }, "",
			"find placement: no public endpoint of placement in region Three in the catalogue, which has admin, internal, public in region RegionOne; admin, internal, public in region RegionTwo; hint: set region_name, interface or placement_endpoint",
		},
		"no placement":    {func(k *fakeKeystone, _ *config.Options) { k.catalogue[0]["type"] = "image" }, "", "no service of type placement in the catalogue, which has image"},
		"empty catalogue": {func(k *fakeKeystone, _ *config.Options) { k.catalogue = nil }, "", "the catalogue is empty; hint: log in with a project_name"},
		"given":           {func(_ *fakeKeystone, o *config.Options) { o.PlacementEndpoint = "http://h/dev1/placement" }, "http://h/dev1/placement/", ""},
	})
}

func findsEndpoint(t *testing.T, cases map[string]endpointCase) {
	t.Helper()
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			k := newKeystone(t)
			o := k.options("")
			tt.adjust(k, o)
			s := mustConnect(t, o)
			c, err := s.Placement()
			got, wrong := "", ""
			if err != nil {
				wrong = err.Error()
			} else {
				got = c.Endpoint
			}
			if got != tt.want || !strings.Contains(wrong, tt.wrong) {
				t.Errorf("got %q, %q", got, wrong)
			}
			if s.HasCompute() {
				t.Error("there is no compute service")
			}
			if _, err := s.Compute(); !errors.Is(err, ErrNoEndpoint) || errors.Is(err, ErrUnavailable) {
				t.Errorf("compute: %v", err)
			}
			if diff := cmp.Diff(map[string]int{"POST": 1}, s.Requests()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
