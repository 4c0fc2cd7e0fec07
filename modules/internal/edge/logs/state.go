// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
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

// LoadState reads a state file. One that is not there is a beginning. One that another user could have written is an error,
// as is one with a position that this package does not write.
func LoadState(path string) (*State, error) {
	s := NewState()
	text, err := files.ReadOwn(path, files.MaxState)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, files.Cause(err)
	}
	var have State
	if err := json.Unmarshal(text, &have); err != nil || have.Format != stateFormat {
		return nil, fmt.Errorf("it is not a state file of this module (format %s); remove it to read all logs again", stateFormat)
	}
	for k, v := range have.Files {
		if err := v.fault(); err != nil {
			return nil, fmt.Errorf("it has an impossible position for %s (%w); remove it to read all logs again", k, err)
		}
		s.Files[k] = v
	}
	maps.Copy(s.Units, have.Units)
	maps.Copy(s.Containers, have.Containers)
	return s, nil
}

// fault returns why no reading can have ended at this position.
func (p Position) fault() error {
	switch {
	case p.HeadLength < 0 || p.HeadLength > headLength:
		return fmt.Errorf("head_length is %d, not from 0 to %d", p.HeadLength, headLength)
	case p.Offset < int64(p.HeadLength):
		return fmt.Errorf("offset is %d, less than head_length", p.Offset)
	}
	return nil
}

// Save writes the state in the place of an older one, at once.
func (s *State) Save(path string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return files.Replace(path, append(text, '\n'), files.Private)
}
