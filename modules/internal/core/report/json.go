// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
)

// FileFormat and FileVersion mark a report in JSON. A reader refuses a version newer than its own.
const (
	FileFormat  = "openstack_ops.placement/report"
	FileVersion = 1
)

// ErrNotAReport is returned by Decode for anything that JSON has not written.
var ErrNotAReport = errors.New("not a report")

type head struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

type file struct {
	head
	Audit
}

// JSON writes the result with the keys that the module returns, indented, and a mark by which Decode knows it.
func JSON(r *Report) ([]byte, error) {
	return indented(file{head{FileFormat, FileVersion}, r.Audit})
}

func indented(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(value); err != nil {
		return nil, fmt.Errorf("encode report: %w", err)
	}
	return out.Bytes(), nil
}

// FormatOf returns what the bytes say that they are; empty if they don't.
func FormatOf(data []byte) string {
	var h head
	_ = json.Unmarshal(data, &h) // what is no JSON has no format
	return h.Format
}

// Decode reads what JSON wrote. Errors wrap ErrNotAReport and say what is wrong with the bytes.
func Decode(data []byte) (*Audit, error) {
	f := file{}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber() // a number of the evidence stays what it is
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotAReport, err)
	}
	if f.Format != FileFormat {
		return nil, fmt.Errorf("%w: its format is %q, not %q", ErrNotAReport, f.Format, FileFormat)
	}
	if f.Version < 1 || f.Version > FileVersion {
		return nil, fmt.Errorf("%w this version can read: it has format version %d, the newest known is %d",
			ErrNotAReport, f.Version, FileVersion)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: it has data after its end", ErrNotAReport)
	}
	for i := range f.Findings {
		f.Findings[i].Clean()
	}
	return &f.Audit, f.valid()
}

// valid refuses a file in which something is missing without which it would tell less than was found.
func (a *Audit) valid() error {
	if a.Findings == nil || a.Summary.ChecksRun == nil {
		return fmt.Errorf("%w: it has no findings, or does not say which checks ran", ErrNotAReport)
	}
	if a.Summary.LeftOut > 0 || a.Summary.Findings != len(a.Findings) {
		return fmt.Errorf("%w: it says that there were %d findings, but holds %d", ErrNotAReport, a.Summary.Findings, len(a.Findings))
	}
	for _, f := range a.Findings {
		if f.ID == "" || f.Fingerprint == "" {
			return fmt.Errorf("%w: one of its findings has no id or no fingerprint", ErrNotAReport)
		}
	}
	return nil
}

// Baseline is the audit as one to compare with.
func (a *Audit) Baseline() *triage.Baseline {
	b := &triage.Baseline{TakenAt: a.Summary.TakenAt, Findings: a.Findings, Ran: a.Summary.ChecksRun}
	for _, i := range a.Ignored {
		b.Accepted = append(b.Accepted, i.Fingerprint)
	}
	if a.Summary.Scope != nil {
		b.Scope = *a.Summary.Scope
	}
	return b
}
