// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot/codec"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/triage"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/survey"
)

// earlier reads the audit to compare with; nil if there is none. The same checks run on a saved snapshot.
func (t *task) earlier() (*triage.Baseline, error) {
	o := t.o
	if o.Baseline == "" {
		return nil, nil
	}
	if o.firstOfRow() {
		return nil, nil
	}
	data, err := survey.ReadFile("baseline", o.Baseline)
	if err != nil {
		return nil, err
	}
	switch report.FormatOf(data) {
	case codec.Format:
		s, err := codec.Decode(data)
		if err != nil {
			return nil, baselineFault(o, err)
		}
		return t.judgeAgain(s), nil
	case report.FileFormat:
		a, err := report.Decode(data)
		if err != nil {
			return nil, baselineFault(o, err)
		}
		return a.Baseline(), nil
	}
	return nil, baselineFault(o, errors.New("it is neither of these, or truncated"))
}

// firstOfRow reports whether the baseline is what this audit will write: each audit of a row is compared with the one before,
// and the first with none.
func (o *Options) firstOfRow() bool {
	_, err := os.Stat(o.Baseline)
	return errors.Is(err, fs.ErrNotExist) && slices.ContainsFunc(o.Reports, func(r reportfiles.Report) bool {
		return r.Format == "json" && files.Real(r.Path) == files.Real(o.Baseline)
	})
}

func baselineFault(o *Options, err error) error {
	return &ansible.OptionError{
		Option: "baseline", Value: o.Baseline,
		Reason: fmt.Sprintf("must be a report in the format json or a file that save_snapshot has written (%v)", err),
	}
}

// judgeAgain audits a saved snapshot as the cloud will be. What the scope names need not have been there yet.
func (t *task) judgeAgain(s *snapshot.Snapshot) *triage.Baseline {
	scope, _ := t.Names.Resolve(s)
	limited := t.Names.Limit(t.Checks, scope)
	v := check.Run(s, limited, t.Settings)
	return &triage.Baseline{TakenAt: s.TakenAt, Findings: v.Findings, Ran: checksRun(limited, v), Scope: t.Names}
}
