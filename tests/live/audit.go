// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// Audit is what placement_audit returned.
type Audit struct {
	Failed   bool      `json:"failed"`
	Msg      string    `json:"msg"`
	Clean    bool      `json:"clean"`
	Complete bool      `json:"complete"`
	Findings []Finding `json:"findings"`
	NotRun   []struct {
		Check  string `json:"check"`
		Reason string `json:"reason"`
	} `json:"not_run"`
	Summary struct {
		NotJudged []struct {
			Check  string `json:"check"`
			Reason string `json:"reason"`
		} `json:"not_judged"`
	} `json:"summary"`
}

// Waits reports whether the check leaves something alone for a reason that begins so.
func (a Audit) Waits(check, reason string) bool {
	for _, left := range a.Summary.NotJudged {
		if left.Check == check && strings.HasPrefix(left.Reason, reason) {
			return true
		}
	}
	return false
}

// Finding is one of its findings.
type Finding struct {
	ID          string `json:"id"`
	Severity    string `json:"severity"`
	Fingerprint string `json:"fingerprint"`
	Message     string `json:"message"`
	Subject     struct {
		UUID string `json:"uuid"`
	} `json:"subject"`
	Remedy struct {
		Text    string `json:"text"`
		Command string `json:"command"`
	} `json:"remedy"`
	Because  []string        `json:"because"`
	Evidence json.RawMessage `json:"evidence"`
}

// Request is the request that the remedy of a finding sends, as JSON; empty where there is none.
func (f Finding) Request() string {
	var evidence struct{ Request json.RawMessage }
	if json.Unmarshal(f.Evidence, &evidence) != nil {
		return ""
	}
	return string(evidence.Request)
}

// Loud reports whether a finding is worse than low.
func (f Finding) Loud() bool { return f.Severity != "low" && f.Severity != "info" }

// Audit runs placement_audit of the program that Build has built, with these options, connected to the lab. An audit that failed is an error.
func (l *Lab) Audit(ctx context.Context, options map[string]any) (*Audit, error) {
	answer := &Audit{}
	if err := l.Module(ctx, "placement_audit", options, answer); err != nil {
		return nil, err
	}
	if answer.Failed {
		return nil, errors.New(answer.Msg)
	}
	return answer, nil
}

// OnlyInDatabases reports whether a finding is of a check that needs the databases.
func OnlyInDatabases(fingerprint string) bool {
	return slices.Contains([]string{"PLC112", "PLC214", "PLC509"}, fingerprint[:6])
}
