// SPDX-License-Identifier: Apache-2.0

package survey

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot/codec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// Load reads the file that the option snapshot names. Its errors are OptionErrors.
func Load(path string) (*snapshot.Snapshot, error) {
	data, err := ReadFile("snapshot", path)
	if err != nil {
		return nil, err
	}
	s, err := codec.Decode(data)
	if err != nil {
		return nil, &ansible.OptionError{
			Option: "snapshot", Value: path,
			Reason: fmt.Sprintf("must be a file that save_snapshot has written (%v)", err),
		}
	}
	return s, nil
}

// ReadFile reads a file of snapshots or findings that an option names. Its error is an OptionError.
func ReadFile(option, path string) ([]byte, error) {
	data, err := files.Read(path, files.MaxSnapshot)
	if err != nil {
		return nil, &ansible.OptionError{
			Option: option, Value: path, Reason: fmt.Sprintf("must be a file that can be read (%v)", files.Cause(err)),
		}
	}
	return data, nil
}
