// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/files"
)

// State is how far all logs were read, by path, unit and container.
type State struct {
	Format     string               `json:"format"`
	Files      map[string]Position  `json:"files"`
	Units      map[string]string    `json:"units"`
	Containers map[string]time.Time `json:"containers"`
}

const stateFormat = "placement-conflicts-state/1"

// NewState is that of logs of which nothing was read.
func NewState() *State {
	return &State{Format: stateFormat, Files: map[string]Position{}, Units: map[string]string{}, Containers: map[string]time.Time{}}
}

// LoadState reads a state file. One that is not there is a beginning.
func LoadState(path string) (*State, error) {
	s := NewState()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, files.Cause(err)
	}
	var have State
	if err := json.Unmarshal(text, &have); err != nil || have.Format != stateFormat {
		return nil, fmt.Errorf("is no state file of this module (format %s); remove it to read all logs again", stateFormat)
	}
	for k, v := range have.Files {
		s.Files[k] = v
	}
	for k, v := range have.Units {
		s.Units[k] = v
	}
	for k, v := range have.Containers {
		s.Containers[k] = v
	}
	return s, nil
}

// Save writes the state in the place of an older one, at once.
func (s *State) Save(path string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return files.Replace(path, append(text, '\n'), files.Private)
}
