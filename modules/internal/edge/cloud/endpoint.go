// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// Placement is the client of Placement. Microversion is not set: a caller sets it on a copy of its own, per call.
//
// gophercloud's NewPlacementV1 is not used: it asks the service for its versions without a context, and a 503 there
// fails for good.
func (s *Session) Placement() (*gophercloud.ServiceClient, error) { return s.client("placement") }

// Compute is the client of Nova, likewise.
func (s *Session) Compute() (*gophercloud.ServiceClient, error) { return s.client("compute") }

// Image is the client of Glance, likewise.
func (s *Session) Image() (*gophercloud.ServiceClient, error) { return s.client("image") }

// HasCompute reports whether Compute would find an endpoint.
func (s *Session) HasCompute() bool {
	_, err := s.endpoint("compute")
	return err == nil
}

func (s *Session) client(kind string) (*gophercloud.ServiceClient, error) {
	address, err := s.endpoint(kind)
	if err != nil {
		return nil, err
	}
	return &gophercloud.ServiceClient{
		ProviderClient: s.provider,
		Endpoint:       gophercloud.NormalizeURL(address),
		Type:           kind, // gophercloud makes the microversion header of it
		MoreHeaders:    maps.Clone(s.headers),
	}, nil
}

// wanted is what is looked for in the catalogue.
type wanted struct{ kind, region, iface string }

func (w wanted) String() string {
	if w.region == "" {
		return w.iface + " endpoint of " + w.kind
	}
	return w.iface + " endpoint of " + w.kind + " in region " + w.region
}

func (s *Session) wanted(kind string) wanted {
	c, own := s.config.Cloud, s.config.Services[kind]
	w := wanted{kind: kind, region: c.RegionName, iface: "public"}
	if own.Region != "" {
		w.region = own.Region
	}
	for _, name := range []string{own.Interface, c.EndpointType} {
		if short := config.ShortInterface(name); short != "" {
			w.iface = short
			break
		}
	}
	return w
}

// Cloud tells this cloud from others: by the addresses of Placement for all interfaces, as the catalogue has them, and their
// region. Without a catalogue it is the address in use, and no region. Its name is that in clouds.yaml.
func (s *Session) Cloud() openstack.Cloud {
	cloud := openstack.CloudOf(s.placementAddresses())
	cloud.Name = foreign.Line(s.config.Name)
	return cloud
}

func (s *Session) placementAddresses() (addresses []string, region string) {
	used, _ := s.endpoint("placement") // the client was made of it
	all := endpoints(s.token.Catalogue, "placement")
	region = s.wanted("placement").region
	for _, e := range all {
		if region == "" && e.URL == used {
			region = e.Region
		}
	}
	for _, e := range all {
		if region == "" || region == e.Region || region == e.RegionID {
			addresses = append(addresses, e.URL)
		}
	}
	if len(addresses) == 0 {
		return []string{used}, ""
	}
	return addresses, region
}

func (s *Session) endpoint(kind string) (string, error) {
	if override := s.config.Services[kind].Override; override != "" {
		return override, nil
	}
	if config.IsStandalone(s.config.AuthType) {
		if kind == "placement" {
			return s.config.PlacementAddress(), nil
		}
		return "", noEndpoint(kind, "there is no catalogue with auth_type "+s.config.AuthType, setting(kind))
	}
	return locate(s.token.Catalogue, s.wanted(kind))
}

// locate finds the one endpoint. Where openstacksdk takes the first of several regions, this refuses: acting on the
// wrong region cannot be undone.
func locate(entries []entry, w wanted) (string, error) {
	if len(entries) == 0 {
		return "", noEndpoint(w.kind, "the catalogue is empty", "log in with a project_name or with system_scope; a token without scope has no catalogue")
	}
	found := map[string]string{} // by region
	for _, e := range endpoints(entries, w.kind) {
		if e.Interface != w.iface || (w.region != "" && w.region != e.Region && w.region != e.RegionID) {
			continue
		}
		if _, again := found[e.Region]; !again { // keystoneauth takes the first as well
			found[e.Region] = e.URL
		}
	}
	regions := slices.Sorted(maps.Keys(found))
	switch len(regions) {
	case 0:
		return "", noEndpoint(w.kind, offer(entries, w), setting(w.kind, "region_name", "interface"))
	case 1:
		return found[regions[0]], nil
	}
	return "", config.Refuse(config.Fault{Option: "region_name", Reason: "not given, and " + w.kind + " has endpoints in the regions " + strings.Join(regions, ", ")})
}

// setting says which options lead to the service. That of Glance has none of its own.
func setting(kind string, options ...string) string {
	if kind != "image" {
		options = append(options, kind+"_endpoint")
	}
	if len(options) == 0 {
		return "log in to Keystone, which has one"
	}
	if last := len(options) - 1; last > 0 {
		return "set " + strings.Join(options[:last], ", ") + " or " + options[last]
	}
	return "set " + options[0]
}

func endpoints(entries []entry, kind string) []endpoint {
	var all []endpoint
	for _, entry := range entries {
		if entry.Type == kind {
			all = append(all, entry.Endpoints...)
		}
	}
	return all
}

// offer says what the catalogue has instead.
func offer(entries []entry, w wanted) string {
	regions := map[string][]string{}
	for _, e := range endpoints(entries, w.kind) {
		regions[e.Region] = append(regions[e.Region], e.Interface)
	}
	if len(regions) > 0 {
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(regions)) {
			slices.Sort(regions[name])
			parts = append(parts, strings.Join(slices.Compact(regions[name]), ", ")+" in region "+name)
		}
		return fmt.Sprintf("no %s in the catalogue, which has %s", w, strings.Join(parts, "; "))
	}
	var kinds []string
	for _, entry := range entries {
		kinds = append(kinds, entry.Type)
	}
	slices.Sort(kinds)
	return fmt.Sprintf("no service of type %s in the catalogue, which has %s", w.kind, strings.Join(slices.Compact(kinds), ", "))
}

func noEndpoint(kind, detail, hint string) error {
	return &Error{Op: "find " + kind, Detail: detail, Hint: hint, Err: ErrNoEndpoint}
}
