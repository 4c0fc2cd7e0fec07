// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"unique"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

type serverPage struct {
	List []server `json:"servers" strict:"required"`
}

func (p *serverPage) items() []server { return p.List }

type oneServer struct {
	Server server `json:"server" strict:"required"`
}

// server is without most fields in a cell that does not answer.
type server struct {
	UUID      string `json:"id" strict:"required,id"`
	Name      string `json:"name" strict:"optional"`
	Status    string `json:"status" strict:"required"`
	VMState   string `json:"OS-EXT-STS:vm_state" strict:"optional"`
	TaskState string `json:"OS-EXT-STS:task_state" strict:"optional"`
	// Host is raw to tell null, no host, from absent: hidden by Nova's policy.
	Host       strict.Raw `json:"OS-EXT-SRV-ATTR:host" strict:"optional"`
	Node       string     `json:"OS-EXT-SRV-ATTR:hypervisor_hostname" strict:"optional"`
	ProjectID  string     `json:"tenant_id" strict:"optional"`
	UserID     string     `json:"user_id" strict:"optional"`
	Created    when       `json:"created" strict:"optional"`
	Updated    when       `json:"updated" strict:"optional"`
	LaunchedAt when       `json:"OS-SRV-USG:launched_at" strict:"optional"`
	Image      strict.Raw `json:"image" strict:"optional"`  // "" for a server that boots from a volume
	Flavor     strict.Raw `json:"flavor" strict:"optional"` // the same bytes for many servers
}

type flavor struct {
	Name       string            `json:"original_name" strict:"required"`
	VCPUs      int               `json:"vcpus" strict:"required"`
	RAM        int               `json:"ram" strict:"required"`
	Disk       int               `json:"disk" strict:"required"`
	Ephemeral  int               `json:"ephemeral" strict:"required"`
	Swap       int               `json:"swap" strict:"required"`
	ExtraSpecs map[string]string `json:"extra_specs" strict:"optional"` // absent where Nova's policy hides them
}

func (s server) id() string { return s.UUID }

// hidden reports whether Nova keeps from this login where the server is. In a cell that does not answer that is unknown.
func (s server) hidden() bool { return len(s.Host) == 0 && s.Status != openstack.Unknown }

// data converts the server; an error if Nova keeps from this login where it is, or what its flavor asks for. Each flavor and each text that many
// servers share is kept once.
func (s server) data(flavors map[string]openstack.Flavor) (openstack.Server, error) {
	if s.hidden() {
		return openstack.Server{}, errHostsHidden
	}
	if s.Status != openstack.Unknown && (s.ProjectID == "" || s.VMState == "" || s.Created.IsZero() || len(s.Flavor) == 0) {
		return openstack.Server{}, rest.Missing("tenant_id, vm_state, created or flavor of a server that is not UNKNOWN")
	}
	host, err := s.host()
	if err != nil {
		return openstack.Server{}, err
	}
	f, known := flavors[string(s.Flavor)]
	if !known && len(s.Flavor) > 0 {
		if f, err = flavorOf(s.Flavor); err != nil {
			return openstack.Server{}, err
		}
		if f.ExtraSpecs == nil && s.Status != openstack.Unknown {
			return openstack.Server{}, errExtraSpecsHidden
		}
		flavors[string(s.Flavor)] = f
	}
	return openstack.Server{
		UUID: s.UUID, Name: s.Name, Status: once(s.Status), VMState: once(s.VMState), TaskState: once(s.TaskState),
		Host: once(host), Node: once(s.Node), ProjectID: once(s.ProjectID), UserID: once(s.UserID),
		Created: s.Created.Time, Updated: s.Updated.Time, LaunchedAt: s.LaunchedAt.pointer(), Flavor: f, FromVolume: string(s.Image) == `""`,
	}, nil
}

// host is empty for absent and for null.
func (s server) host() (name string, err error) {
	if len(s.Host) == 0 || string(s.Host) == "null" {
		return "", nil
	}
	return name, rest.Part(s.Host, &name)
}

func flavorOf(raw strict.Raw) (openstack.Flavor, error) {
	var f flavor
	err := rest.Part(raw, &f)
	return openstack.Flavor(f), err
}

// once returns the one copy of a text that occurs many times.
func once(text string) string { return unique.Make(text).Value() }
