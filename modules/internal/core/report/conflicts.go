// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/feed"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
)

// Refusals is what logs told about conflicts, as the module returns it.
type Refusals struct {
	Msg       string               `json:"msg"`
	Host      string               `json:"host"`
	Cloud     openstack.Cloud      `json:"cloud,omitzero"` // as far as it is known: logs do not name it
	Clean     bool                 `json:"clean"`
	Complete  bool                 `json:"complete"`
	Conflicts []explained.Conflict `json:"conflicts"`
	Unplaced  []unplaced.Group     `json:"unplaced"`
	Summary   ConflictSummary      `json:"summary"`
	Sources   []Source             `json:"sources"`
	NotRead   []NotRead            `json:"not_read"`
	Absent    []string             `json:"absent"`
	Open      []string             `json:"open"`
	Export    *conflicts.Export    `json:"export,omitempty"`
	Requests  map[string]int       `json:"requests"`

	Labels Labels `json:"-"` // in the metrics, in place of what the cloud is called
}

// Source is a log that was read.
type Source struct {
	Kind    string `json:"kind"` // file, unit or container
	Name    string `json:"name"`
	Service string `json:"service"`
	Bytes   int64  `json:"bytes"`
	feed.Counts
}

// NotRead is a log that could not be read, or not to its end.
type NotRead struct {
	Source string `json:"source"`
	Reason string `json:"reason"`
}

// ConflictSummary counts.
type ConflictSummary struct {
	Conflicts  int            `json:"conflicts"` // requests that were refused
	Act        int            `json:"act"`       // entries of the list that needs action
	ByVerdict  map[string]int `json:"by_verdict"`
	ByConflict map[string]int `json:"by_conflict"`
	Noise      int            `json:"noise"` // lines at ERROR about what went through after all
	Bytes      int64          `json:"bytes"`
	Lines      int            `json:"lines"`
	Unread     int            `json:"unread"`
	Doubtful   int            `json:"doubtful"` // of Unread, those that seem to tell of a refusal
	Unjoined   int            `json:"unjoined"`
	// Undated are conflicts without a time, to which since and until could not be applied.
	Undated int `json:"undated"`
	// Clocks are clients whose clock differs from Placement's.
	Clocks   []conflicts.ClockGap `json:"clocks"`
	LeftOut  int                  `json:"left_out"`
	Since    *time.Time           `json:"since,omitempty"`
	Until    *time.Time           `json:"until,omitempty"`
	TakenAt  time.Time            `json:"taken_at"`
	Duration float64              `json:"duration"`
}

// Doubts says what may be wrong with what was counted, each in a part of a sentence.
func (s ConflictSummary) Doubts() []string {
	var all []string
	if s.Undated > 0 {
		all = append(all, fmt.Sprintf("since and until could not be applied to %s, whose time could not be read", Count(s.Undated, "conflict")))
	}
	for _, c := range s.Clocks {
		all = append(all, c.String())
	}
	if s.Unread > 0 {
		all = append(all, Count(s.Unread, "line")+" could not be understood")
	}
	if s.Doubtful > 0 {
		all = append(all, fmt.Sprintf("%d of them may tell of a refusal", s.Doubtful))
	}
	return all
}

// ConflictFile marks conflicts in JSON, so that they are not taken for an audit.
const ConflictFile = "openstack_ops.placement/conflicts"

// ConflictJSON writes the result with the keys that the module returns, indented, and a mark of what it is.
func ConflictJSON(r *Refusals) ([]byte, error) {
	return indented(struct {
		head
		*Refusals
	}{head{ConflictFile, FileVersion}, r})
}
