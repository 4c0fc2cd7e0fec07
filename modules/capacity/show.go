// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"fmt"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/terminal"
)

// ExitCode reports whether not everything could be read.
func (r *Result) ExitCode() int {
	if !r.Complete {
		return terminal.Incomplete
	}
	return terminal.Done
}

// Show is the result as text.
func (r *Result) Show(v screen.View) []string {
	p := screen.New(v)
	p.Said(0, r.Msg)
	p.Blank()
	var rows [][]string
	for _, f := range r.Flavors {
		most := "-"
		if len(f.Now.Hosts) > 0 {
			most = fmt.Sprintf("%s (%d)", p.Short(f.Now.Hosts[0].Name), f.Now.Hosts[0].Slots)
		}
		after := "-"
		if f.After != nil {
			after = fmt.Sprint(f.After.Total)
		}
		rows = append(rows, []string{p.Short(f.Name), fmt.Sprint(f.Now.Total), after, fmt.Sprint(f.Now.Count), most})
	}
	p.Table(0, []string{"FLAVOR", "FIT", "AFTER", "HOSTS", "MOST ON"}, rows)
	p.Blank()
	rows = nil
	for _, f := range r.Free {
		rows = append(rows, []string{
			p.Short(f.Class), fmt.Sprint(f.Free), fmt.Sprint(f.Capacity), fmt.Sprint(f.Largest), fmt.Sprintf("%.0f %%", 100*f.Fragmentation), p.Short(f.Provider),
		})
	}
	p.Table(0, []string{"CLASS", "FREE", "CAPACITY", "LARGEST", "ELSEWHERE", "LARGEST ON"}, rows)
	r.showTruth(p)
	for _, l := range r.LeftOut {
		p.Said(0, p.Short(l.Name)+" gets no servers: "+p.Short(l.Reason))
	}
	for _, text := range r.NotRead {
		p.Said(0, "Not read: "+p.Short(text))
	}
	for _, text := range r.NotJudged {
		p.Said(0, "Not judged: "+p.Short(text))
	}
	return p.Lines()
}

func (r *Result) showTruth(p *screen.Page) {
	if r.Truth == nil {
		return
	}
	number := func(n *int) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	p.Blank()
	var rows [][]string
	for _, t := range *r.Truth {
		rows = append(rows, []string{
			p.Short(t.Name), t.Class, fmt.Sprint(t.Total), fmt.Sprint(t.Reserved), fmt.Sprint(t.Ratio), fmt.Sprint(t.Capacity), fmt.Sprint(t.Used),
			number(t.Asked), number(t.Difference),
		})
	}
	p.Table(0, []string{"PROVIDER", "CLASS", "TOTAL", "RESERVED", "RATIO", "CAPACITY", "USED", "ASKED", "DIFF"}, rows)
	p.Blank()
	said := map[string]bool{} // once a provider, not once a class
	for _, t := range *r.Truth {
		for _, fingerprint := range t.Findings {
			if key := t.UUID + fingerprint; !said[key] {
				p.Said(0, fmt.Sprintf("%s differs: %s", p.Short(t.Name), fingerprint))
				said[key] = true
			}
		}
	}
}
