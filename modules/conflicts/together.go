// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	known "github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/unplaced"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
)

// other is what of another host's result counts here.
type other struct {
	Host    string           `json:"host"`
	Cloud   openstack.Cloud  `json:"cloud"`
	Sources []report.Source  `json:"sources"`
	NotRead []report.NotRead `json:"not_read"`
	Export  *known.Export    `json:"export"`
}

// others reads the results of other hosts.
func (o *Options) others() ([]other, error) {
	var all []other
	var faults []error
	for i, given := range o.Results {
		var one other
		text, err := json.Marshal(foreign.Tree(given, short))
		if err == nil {
			err = json.Unmarshal(text, &one)
		}
		if err != nil || one.Export == nil {
			faults = append(faults, fault(fmt.Sprintf("results[%d]", i), "", "must be what this module returned with max_records above 0"))
			continue
		}
		all = append(all, one)
	}
	return all, several.Join(faults...)
}

// short bounds a text of another host's result as those of logs are.
func short(text string) string { return foreign.Short(text, lines.LongestDetail) }

// audited is what counts here of an audit.
type audited struct {
	Cloud    openstack.Cloud  `json:"cloud"`
	Findings *[]check.Finding `json:"findings"`
}

// findings reads those of the audit that the options name, and which cloud a report of it is of.
func (o *Options) findings() ([]check.Finding, openstack.Cloud, error) {
	var found []check.Finding
	text, err := json.Marshal(o.Findings)
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	if err != nil {
		return nil, openstack.Cloud{}, fault("findings", "", "must be the findings that placement_audit returned")
	}
	if o.AuditReport == "" {
		return clean(found), openstack.Cloud{}, nil
	}
	var audit audited
	if text, err = files.Read(o.AuditReport, files.MaxSnapshot); err != nil {
		return nil, openstack.Cloud{}, fault("audit_report", o.AuditReport, fmt.Sprintf("must be a file that can be read (%v)", files.Cause(err)))
	}
	if json.Unmarshal(text, &audit) != nil || audit.Findings == nil {
		return nil, openstack.Cloud{}, fault("audit_report", o.AuditReport, "must be a report that placement_audit wrote in the format json")
	}
	return clean(append(found, *audit.Findings...)), audit.Cloud, nil
}

func clean(found []check.Finding) []check.Finding {
	for i := range found {
		found[i].Clean()
	}
	return found
}

// merge takes in what other hosts read. The same logs read twice, by two names of one host, count once.
func (t *task) merge(others []other) {
	for _, o := range others {
		text, err := json.Marshal(o) // two regions may have hosts of one name
		key := string(text)
		if err == nil && t.merged[key] && len(o.Sources) > 0 {
			t.call.Warn("two results are of the same logs of %s; one of them was left out", o.Host)
			continue
		}
		t.merged[key] = true
		t.book.Import(*o.Export)
		t.homes.Import(o.Export.Unplaced)
		for _, s := range o.Sources {
			s.Name = o.Host + ":" + s.Name
			t.result.Sources = append(t.result.Sources, s)
		}
		for _, f := range o.NotRead {
			t.result.NotRead = append(t.result.NotRead, report.NotRead{Source: o.Host + ":" + f.Source, Reason: f.Reason})
		}
	}
}

// lookUp adds to the conflicts what the audit found about the same, and what Placement and Nova say.
func (t *task) lookUp(ctx context.Context, found []check.Finding) error {
	for i := range t.result.Conflicts {
		t.result.Conflicts[i].Join(found)
	}
	if !t.o.Lookup {
		return nil
	}
	clients, err := connection.Open(ctx, t.call, &t.o.Options)
	if err != nil {
		return err
	}
	defer clients.Session.Close()
	t.result.Cloud = clients.Session.Cloud()
	list, err := clients.Placement.Providers(ctx, nil)
	if err != nil {
		return err
	}
	for i := range t.result.Conflicts {
		c := &t.result.Conflicts[i]
		at := slices.IndexFunc(list, func(p openstack.Provider) bool { return isAbout(c.Target, p) })
		if at >= 0 {
			c.Behind(list[at].UUID, list[at].Name)
		}
	}
	t.started(ctx, clients)
	err = t.flavors(ctx, clients)
	t.result.Requests = clients.Session.Requests()
	return err
}

// isAbout reports whether a provider is the target. MariaDB compares names without case.
func isAbout(target explained.Target, p openstack.Provider) bool {
	if target.Type == catalogue.OfName {
		return target.Name != "" && strings.EqualFold(target.Name, p.Name)
	}
	return target.Type == catalogue.OfProvider && target.UUID == p.UUID
}

// homeless counts the requests that found no host.
func homeless(groups []unplaced.Group) int {
	n := 0
	for _, g := range groups {
		n += g.Count
	}
	return n
}

// sentence says how many conflicts there were and whether anybody has to act.
func sentence(r *report.Refusals) string {
	s := r.Summary
	text := fmt.Sprintf("%s, none needs action", report.Count(s.Conflicts, "conflict"))
	if s.Act > 0 {
		text = fmt.Sprintf("%s, %d to act on; the first: %s", report.Count(s.Conflicts, "conflict"), s.Act, r.Conflicts[0].Message)
	}
	if s.Conflicts == 0 {
		text = "no conflicts"
	}
	if len(r.NotRead) > 0 {
		text = fmt.Sprintf("incomplete: %s could not be read (%s: %s); %s", report.Count(len(r.NotRead), "log"), r.NotRead[0].Source, r.NotRead[0].Reason, text)
	}
	if n := homeless(r.Unplaced); n > 0 {
		text += "; " + report.Count(n, "request") + " found no host"
	}
	for _, doubt := range s.Doubts() {
		text += "; " + doubt
	}
	return text
}
