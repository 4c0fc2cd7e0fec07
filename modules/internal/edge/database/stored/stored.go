// SPDX-License-Identifier: Apache-2.0

// Package stored reads what Nova stores in a column as a whole: the flavor of a server, and the server of a build request. It knows the status
// that Nova's API shows for what is stored.
package stored

import (
	"encoding/json"
	"errors"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// versioned is a flavor as Nova stores it.
type versioned struct {
	Data *struct {
		Name      string            `json:"name"`
		VCPUs     *int              `json:"vcpus"`
		RAM       *int              `json:"memory_mb"`
		Disk      *int              `json:"root_gb"`
		Ephemeral int               `json:"ephemeral_gb"`
		Swap      int               `json:"swap"`
		Extra     map[string]string `json:"extra_specs"`
	} `json:"nova_object.data"`
}

func (v *versioned) flavor() (openstack.Flavor, error) {
	if v == nil || v.Data == nil || v.Data.VCPUs == nil || v.Data.RAM == nil || v.Data.Disk == nil {
		return openstack.Flavor{}, errors.New("a stored flavor lacks vcpus, memory_mb or root_gb")
	}
	f := openstack.Flavor{
		Name: query.Text([]byte(v.Data.Name)), VCPUs: *v.Data.VCPUs, RAM: *v.Data.RAM, Disk: *v.Data.Disk, Ephemeral: v.Data.Ephemeral, Swap: v.Data.Swap,
		ExtraSpecs: map[string]string{},
	}
	for name, value := range v.Data.Extra {
		f.ExtraSpecs[query.Text([]byte(name))] = query.Text([]byte(value))
	}
	return f, nil
}

// Flavors are those that were read, by their bytes: of equal ones there is one copy.
type Flavors map[string]openstack.Flavor

// Of reads the current flavor of a server.
func (known Flavors) Of(raw []byte) (openstack.Flavor, error) {
	if f, ok := known[string(raw)]; ok {
		return f, nil
	}
	var stored struct {
		Current *versioned `json:"cur"`
	}
	if err := json.Unmarshal(raw, &stored); err != nil || stored.Current == nil {
		return openstack.Flavor{}, errors.New("a stored flavor can't be read")
	}
	f, err := stored.Current.flavor()
	if err == nil {
		known[string(raw)] = f
	}
	return f, err
}

// Request is the server of a build request: of a row with its UUID, itself, its project and when it was created.
func Request(uuid string, r query.Row) (openstack.Server, error) {
	var stored struct {
		Data struct {
			Name    string     `json:"display_name"`
			User    string     `json:"user_id"`
			Image   *string    `json:"image_ref"`
			VMState string     `json:"vm_state"`
			Task    *string    `json:"task_state"`
			Flavor  *versioned `json:"flavor"`
		} `json:"nova_object.data"`
	}
	if err := json.Unmarshal(r[1], &stored); err != nil || stored.Data.Flavor == nil {
		return openstack.Server{}, errors.New("a stored server can't be read")
	}
	f, err := stored.Data.Flavor.flavor()
	if err != nil {
		return openstack.Server{}, err
	}
	created, err := query.Moment(r[3])
	d := stored.Data
	s := openstack.Server{
		UUID: uuid, Name: query.Text([]byte(d.Name)), VMState: query.Text([]byte(d.VMState)), ProjectID: query.Text(r[2]), UserID: query.Text([]byte(d.User)),
		Created: created, Updated: created, Flavor: f, FromVolume: d.Image == nil || *d.Image == "",
	}
	if d.Task != nil {
		s.TaskState = query.Text([]byte(*d.Task))
	}
	s.Status = status(s.VMState, s.TaskState)
	return s, err
}
