// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/computeid"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// Computes is what was read of the compute services.
type Computes struct {
	Msg        string               `json:"msg"`
	Silent     *[]string            `json:"silent"` // enabled, but not reporting; nil if that could not be read
	Identities []computeid.Identity `json:"identities"`
	Unseen     []string             `json:"unseen"` // known to Nova, and not to the inventory
}

// Baseline is the audit that was kept before the upgrade.
type Baseline struct {
	Path    string `json:"path"`
	TakenAt string `json:"taken_at"` // empty if there is none
	Kept    bool   `json:"kept"`     // an earlier one was young enough
	Hours   int    `json:"hours"`    // how long one is young enough
}

func (b Baseline) words() string {
	switch {
	case b.Kept:
		return fmt.Sprintf("%s of %s is kept (pre_upgrade_keep_hours: %d)", b.Path, b.TakenAt, b.Hours)
	case b.Path == "":
		return "none is taken in check mode"
	}
	return b.Path
}

// Before is what was read before an upgrade.
type Before struct {
	Audit    report.Audit
	Computes Computes
	Baseline Baseline
	// Groups are the inventory's groups of computes if their identities were to be looked at; nil if not.
	Groups []string
	// Hosts is how many computes these groups have.
	Hosts    int
	Capacity Capacities
}

// Reasons returns what speaks against the upgrade, the worst first.
func (b *Before) Reasons() []Reason {
	return sorted(b.findings(), b.identities(), notRun(b.Audit), b.silent(), b.unseen(), b.Capacity.reasons())
}

// Judge returns the verdict.
func (b *Before) Judge(from Thresholds, reasons []Reason) Verdict { return from.Judge(reasons) }

// Sentence is the verdict in one sentence.
func (b *Before) Sentence(v Verdict, reasons []Reason) string {
	if v != Pass && unreadOnly(reasons) {
		return string(v) + ": nothing was found, but not everything could be read" + counts(reasons)
	}
	return map[Verdict]string{
		Fail: "fail: the upgrade is not safe for Placement", Warn: "warn: look at this before the upgrade",
		Pass: "pass: nothing was found that makes the upgrade unsafe",
	}[v] + counts(reasons)
}

func (b *Before) findings() []Reason {
	var all []Reason
	for _, f := range b.Audit.Findings {
		all = append(all, reasonOf(f))
	}
	return all
}

func (b *Before) identities() []Reason {
	var all []Reason
	for _, i := range b.Computes.Identities {
		if i.Safe {
			continue
		}
		all = append(all, Reason{
			Severity: severityOf(i.Effect), What: "compute_id " + string(i.Effect), Text: i.Message, Todo: i.Remedy,
			Unread: i.Effect == computeid.Unknown,
		})
	}
	return all
}

// severityOf tells how bad it is that the upgrade does this to a compute.
func severityOf(effect computeid.Effect) check.Severity {
	switch effect {
	case computeid.Stop, computeid.Second, computeid.Replace, computeid.Shared:
		return check.Critical
	case computeid.Unknown:
		return check.Medium
	default:
		return check.High
	}
}

// notRun are the checks that could not judge. An incomplete audit that names none is not believed either.
func notRun(a report.Audit) []Reason {
	if !a.Complete && len(a.NotRun) == 0 {
		return []Reason{{
			Severity: check.High, What: "audit", Text: "the audit is incomplete, and does not say which checks did not run",
			Todo: "Run it again", Unread: true,
		}}
	}
	var reasons []Reason
	for _, n := range a.NotRun {
		reasons = append(reasons, Reason{
			Severity: check.High, What: n.Check + " " + n.Name, Text: "was not judged: " + n.Reason,
			Todo: "Remove the cause, then run this again", Unread: true,
		})
	}
	return reasons
}

// unread is the reason of compute services that could not be read.
func (c Computes) unread() []Reason {
	return []Reason{{
		Severity: check.High, What: "nova-compute", Text: "the compute services could not be read: " + c.Msg, Unread: true,
		Todo: "See why nova-api does not answer this command, then run this again", Command: "openstack compute service list --service nova-compute",
	}}
}

func (b *Before) silent() []Reason {
	if b.Computes.Silent == nil {
		return b.Computes.unread()
	}
	var all []Reason
	for _, host := range *b.Computes.Silent {
		all = append(all, Reason{
			Severity: check.High, What: "nova-compute", Text: "nova-compute on " + host + " is enabled, but does not report",
			Todo: "Start it, or disable it: " + foreign.Command("openstack compute service set --disable %s nova-compute", host),
		})
	}
	return all
}

// unseen are computes of which nobody has read the identity.
func (b *Before) unseen() []Reason {
	var all []Reason
	if b.Groups != nil && b.Hosts == 0 {
		all = append(all, Reason{
			Severity: check.Medium, What: "compute_id", Unread: true,
			Text: "the identities of computes were not read: the inventory has none of the groups " + strings.Join(b.Groups, ", "),
			Todo: "Name their groups in pre_upgrade_compute_groups, or set pre_upgrade_identities to false",
		})
	}
	if len(b.Computes.Unseen) > 0 {
		all = append(all, Reason{
			Severity: check.Medium, What: "compute_id unknown", Unread: true,
			Text: fmt.Sprintf("the identities of %s were not read: Nova has these hosts, but the inventory does not, or has them under another name", strings.Join(b.Computes.Unseen, ", ")),
			Todo: "Name their groups in pre_upgrade_compute_groups",
		})
	}
	return all
}
