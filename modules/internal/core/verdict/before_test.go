// SPDX-License-Identifier: Apache-2.0

package verdict_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/verdict"
)

type givenBefore struct {
	before verdict.Before
	want   []string
	msg    string
}

func TestReasonsBeforeOfFindings(t *testing.T) {
	givesBefore(t, map[string]givenBefore{
		"nothing": {verdict.Before{Audit: audited(), Computes: reading()}, []string{}, "pass: nothing was found that makes the upgrade unsafe"},
		"findings, the worst first": {
			verdict.Before{Audit: audited(finding("PLC1", check.Low), finding("PLC2", check.Critical), finding("PLC3", check.Low)), Computes: reading()},
			[]string{"critical PLC2 some-check: PLC2 is wrong", "low PLC1 some-check: PLC1 is wrong", "low PLC3 some-check: PLC3 is wrong"},
			"fail: the upgrade is not safe for Placement (1 critical, 2 low)",
		},
		"checks that did not run": {
			verdict.Before{Audit: report.Audit{NotRun: []check.NotRun{{Check: "PLC1", Name: "n", Reason: "a cell is down"}}}, Computes: reading()},
			[]string{"high PLC1 n: was not judged: a cell is down (unread)"},
			"fail: nothing was found, but not everything could be read (1 high)",
		},
	})
}

func TestReasonsBeforeOfComputes(t *testing.T) {
	givesBefore(t, map[string]givenBefore{
		"silent computes": {
			verdict.Before{Audit: audited(), Computes: reading("cn1")},
			[]string{"high nova-compute: nova-compute on cn1 is enabled, but does not report"},
			"fail: the upgrade is not safe for Placement (1 high)",
		},
		"computes that could not be read": {
			verdict.Before{Audit: audited(), Computes: verdict.Computes{Msg: "403"}},
			[]string{"high nova-compute: the compute services could not be read: 403 (unread)"},
			"fail: nothing was found, but not everything could be read (1 high)",
		},
	})
}

func TestReasonsBeforeOfIdentities(t *testing.T) {
	givesBefore(t, map[string]givenBefore{
		"identities": {
			verdict.Before{Audit: audited(), Groups: []string{"compute"}, Hosts: 5, Computes: func() verdict.Computes {
				c := reading()
				for _, e := range []computeid.Effect{computeid.Keep, computeid.Unknown, computeid.Stop, computeid.Create} {
					c.Identities = append(c.Identities, computeid.Identity{Effect: e, Safe: e == computeid.Keep, Message: "m"})
				}
				return c
			}()},
			[]string{"critical compute_id stop: m", "high compute_id create: m", "medium compute_id unknown: m (unread)"},
			"fail: the upgrade is not safe for Placement (1 critical, 1 high, 1 medium)",
		},
		"no hosts in the groups": {
			verdict.Before{Audit: audited(), Computes: reading(), Groups: []string{"compute", "nova"}},
			[]string{"medium compute_id: the identities of computes were not read: the inventory has none of the groups compute, nova (unread)"},
			"warn: nothing was found, but not everything could be read (1 medium)",
		},
		"hosts that Nova alone knows": {
			verdict.Before{Audit: audited(), Groups: []string{"compute"}, Hosts: 1, Computes: verdict.Computes{Silent: &[]string{}, Unseen: []string{"cn8", "cn9"}}},
			[]string{"medium compute_id unknown: the identities of cn8, cn9 were not read: Nova has these hosts, but the inventory does not, or has them under another name (unread)"},
			"warn: nothing was found, but not everything could be read (1 medium)",
		},
	})
}

func givesBefore(t *testing.T, cases map[string]givenBefore) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			reasons := c.before.Reasons()
			if diff := cmp.Diff(c.want, told(reasons)); diff != "" {
				t.Error(diff)
			}
			if got := c.before.Sentence(usual().Judge(reasons), reasons); got != c.msg {
				t.Errorf("%q, want %q", got, c.msg)
			}
		})
	}
}
