// SPDX-License-Identifier: Apache-2.0

// Package check says what a check is, runs checks over a snapshot and judges what they say.
//
// A check is a value with a pure function: it sees a snapshot and reports suspects. Run gives it the snapshot
// twice, as it was first read and as a second look found it, and keeps only what both show. A check whose data
// could not be read does not run and is listed as not run: never as quiet.
package check

import (
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Severity says how bad a finding is.
type Severity string

// The severities, worst first.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
)

// Severities lists all severities, worst first.
func Severities() []Severity { return []Severity{Critical, High, Medium, Low, Info} }

// AtLeast reports whether s is as bad as other, or worse.
func (s Severity) AtLeast(other Severity) bool {
	return slices.Index(Severities(), s) <= slices.Index(Severities(), other)
}

// Check is one kind of fault that the audit can find. Its id and name are API: never changed, never reused.
type Check struct {
	ID       string // PLC and three digits
	Name     string // kebab-case; its folder is the name without hyphens
	Severity Severity
	Subject  SubjectType // what its findings are about
	Title    string      // one sentence: what is wrong when it is loud
	Doc      Doc
	Needs    []snapshot.Part
	// Wants are parts that are read for the check too, and that it does without if they can't be: ask Snapshot.Has.
	Wants []snapshot.Part
	// Healable says that placement_heal heals what it finds, so that each finding names the task for it.
	Healable bool
	// Partly says that the check may run on parts that were read in part. What it says of a subject that is not hidden must not
	// depend on what is. See docs/decisions/0022-partial-sight.md.
	Partly bool
	// OnDemand checks are left out unless they are named, or the option that has their data read is set, see Demands.
	OnDemand bool
	// InFull is a part of which every provider is read, however many there are, if the check is named.
	InFull snapshot.Part
	// EachServer says that the second look is at every server if the check is named, whether anything is suspected of it or not.
	EachServer bool
	Run        func(*Pass)
}

// Demands returns the part that is only read on demand and that the check needs; empty if it runs without.
func (c *Check) Demands() snapshot.Part {
	if !c.OnDemand {
		return ""
	}
	for _, part := range []snapshot.Part{snapshot.Rows, snapshot.Customs} {
		if slices.Contains(c.Needs, part) {
			return part
		}
	}
	return snapshot.Generations
}

// Doc is the page that a person reads about a check.
type Doc struct {
	Meaning string // what the fault does to the cloud
	Causes  string // how it comes about
	ByHand  string // commands that show it without this collection
	Remedy  string // what to do about it
	Never   string // what the check never judges
}

// SubjectType says what kind of thing a finding is about.
type SubjectType string

// The kinds of subjects.
const (
	OfConsumer SubjectType = "consumer"
	OfServer   SubjectType = "server"
	OfProvider SubjectType = "provider"
	OfCell     SubjectType = "cell"    // without UUID and name: Nova's APIs name no cells
	OfService  SubjectType = "service" // placement or nova, without UUID, or a nova-compute by the name of its host
)

// Subject is what a finding is about.
type Subject struct {
	Type SubjectType `json:"type"`
	UUID string      `json:"uuid"`
	Name string      `json:"name"` // empty where it has none
}

// Remedy says what to do about a finding. Command is one command to paste, made by foreign.Command; Module and Args are a task
// that does it. Each is empty where there is none.
type Remedy struct {
	Text    string         `json:"text"`
	Command string         `json:"command"`
	Module  string         `json:"module"`
	Args    map[string]any `json:"args"`
}

// Finding is one fault. Its Fingerprint stays the same from run to run.
type Finding struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	Severity    Severity       `json:"severity"`
	Fingerprint string         `json:"fingerprint"`
	Subject     Subject        `json:"subject"`
	Message     string         `json:"message"`
	Evidence    map[string]any `json:"evidence"`
	Remedy      Remedy         `json:"remedy"`
	Because     []string       `json:"because"`
	State       State          `json:"state,omitempty"` // empty where nothing is there to compare with

	// stamp has to be the same at both looks for the finding to hold.
	stamp string
	// sample are consumers that the second look is also at.
	sample []string
}

// Clean puts the texts of a finding on one line each that was read from a file or given by another task.
func (f *Finding) Clean() {
	for _, text := range []*string{&f.ID, &f.Name, &f.Fingerprint, &f.Subject.UUID, &f.Subject.Name, &f.Message, &f.Remedy.Text, &f.Remedy.Command, &f.Remedy.Module} {
		*text = foreign.Line(*text)
	}
	f.Evidence, _ = foreign.Tree(f.Evidence, foreign.Line).(map[string]any)
	f.Remedy.Args, _ = foreign.Tree(f.Remedy.Args, foreign.Line).(map[string]any)
	for i := range f.Because {
		f.Because[i] = foreign.Line(f.Because[i])
	}
}

// State says how a finding compares with an earlier audit.
type State string

// The states. A finding that is gone is one of the earlier audit.
const (
	New   State = "new"
	Known State = "known"
	Gone  State = "gone"
)

// Suspect is what a check reports. Stamp, if set, has to be the same at both looks: a consumer's generation says
// that nobody wrote its allocations in between.
type Suspect struct {
	Subject  Subject
	Message  string
	Evidence map[string]any
	Remedy   Remedy
	Stamp    string
	// Sample are consumers to look at again, where the subject is none: what it says of many has to hold for these.
	Sample []string
	// Because names the fingerprints of faults that this one follows from, where they are found too.
	Because []string
}

// NotJudged counts what a check saw but could not judge, by reason.
type NotJudged struct {
	Check    string   `json:"check"`
	Reason   string   `json:"reason"`
	Count    int      `json:"count"`
	Examples []string `json:"examples"` // at most maxExamples UUIDs
}

const maxExamples = 10
