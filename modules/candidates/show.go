// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/candidates"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/screen"
)

// Show is the answer as text.
func (r *Result) Show(v screen.View) []string {
	p := screen.Of(v, r)
	style := screen.Good
	if !r.Lands {
		style = screen.Bad
	}
	p.Said(0, p.Paint(style, p.Short(r.headline())))
	r.showFunnel(p)
	r.showFits(p)
	r.showNearest(p)
	if r.Move != nil {
		p.Blank()
		p.Line("%s", p.Paint(screen.Bold, "A live migration that would make room"))
		p.Said(2, p.Short(r.Move.Text))
		p.Command(4, r.Move.Command)
	}
	r.showReasons(p)
	list(p, "Contradictions", r.Contradictions)
	list(p, "Not judged", r.NotJudged)
	return p.Lines()
}

func list(p *screen.Page, title string, texts []string) {
	if len(texts) == 0 {
		return
	}
	p.Blank()
	p.Line("%s", p.Paint(screen.Bold, title))
	for _, text := range texts {
		p.Said(2, p.Short(text))
	}
}

// showFunnel shows how many trees are left behind each stage.
func (r *Result) showFunnel(p *screen.Page) {
	p.Blank()
	all := r.unit
	if r.unit == unitTree {
		all = "tree of resource providers"
	}
	if r.Trees != 1 {
		all = strings.Replace(all, r.unit, r.unit+"s", 1)
	}
	rows := [][]string{{fmt.Sprint(r.Trees), all}}
	for _, s := range r.stages() {
		rows = append(rows, []string{fmt.Sprint(s.Left), s.Text})
	}
	p.Table(2, []string{"LEFT", "STAGE"}, rows)
}

// stages are the stages of the search until nothing is left.
func (r *Result) stages() []candidates.Stage {
	if end := slices.IndexFunc(r.Funnel, func(s candidates.Stage) bool { return s.Left == 0 }); end >= 0 {
		return r.Funnel[:end+1]
	}
	return r.Funnel
}

// showFits lists where it lands, and what Nova leaves out of it.
func (r *Result) showFits(p *screen.Page) {
	const most = 20
	if len(r.Fits) == 0 {
		return
	}
	p.Blank()
	title := "Lands on"
	if r.Refused != "" || len(r.used()) == 0 {
		title = "Placement has room on"
	}
	p.Line("%s", p.Paint(screen.Bold, title))
	shown := r.Fits
	if !p.Wide {
		shown = shown[:min(most, len(shown))]
	}
	for _, f := range shown {
		text := foreign.Line(f.Name)
		if f.Refused != "" {
			text += ": Nova does not use it, because " + foreign.Line(f.Refused)
		}
		p.Said(2, text)
	}
	if more := len(r.Fits) - len(shown); more > 0 {
		p.Text(2, fmt.Sprintf("and %d more", more))
	}
}

// showNearest shows what the nearest trees lack, and what would help.
func (r *Result) showNearest(p *screen.Page) {
	if len(r.Nearest) == 0 {
		return
	}
	p.Blank()
	p.Line("%s", p.Paint(screen.Bold, "Nearest"))
	for _, same := range r.alike() {
		var names []string
		for _, one := range same {
			names = append(names, foreign.Line(one.Name))
		}
		p.Said(2, p.Short(strings.Join(names, ", ")))
		same[0].show(p, helps(same))
	}
}

// alike are the nearest trees, those together that lack the same.
func (r *Result) alike() [][]Rejected {
	var out [][]Rejected
	for _, one := range r.Nearest {
		i := slices.IndexFunc(out, func(same []Rejected) bool { return slices.Equal(one.texts(), same[0].texts()) })
		if i < 0 {
			i, out = len(out), append(out, nil)
		}
		out[i] = append(out[i], one)
	}
	return out
}

// show shows what a tree lacks, each thing once.
func (one Rejected) show(p *screen.Page, helps [][]string) {
	for i, reason := range one.Reasons {
		text := one.lacks(reason)
		if slices.Contains(one.texts()[:i], text) { // two groups may lack the same
			continue
		}
		p.Said(4, p.Short(text))
		for _, help := range helps[i] {
			p.Said(6, p.Short(help))
		}
	}
}

// helps are what would help against each reason, for each of the trees that have the same ones.
func helps(same []Rejected) [][]string {
	out := make([][]string, len(same[0].Reasons))
	for _, one := range same {
		for i, reason := range one.Reasons {
			if reason.Help != "" && !slices.Contains(out[i], reason.Help) {
				out[i] = append(out[i], reason.Help)
			}
		}
	}
	return out
}

func (one Rejected) texts() []string {
	var out []string
	for _, reason := range one.Reasons {
		out = append(out, one.lacks(reason))
	}
	return out
}

// lacks is what a reason says of the tree, without the name of its root.
func (one Rejected) lacks(reason candidates.Reason) string {
	if reason.Provider != one.UUID {
		return reason.Text
	}
	return strings.TrimPrefix(reason.Text, foreign.Line(one.Name)+" ")
}

// showReasons counts the trees by what keeps the request out of them.
func (r *Result) showReasons(p *screen.Page) {
	where := r.byReason()
	if len(where) == 0 {
		return
	}
	keys := slices.SortedFunc(maps.Keys(where), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(where[b]), len(where[a])), cmp.Compare(a, b))
	})
	p.Blank()
	p.Line("%s", p.Paint(screen.Bold, "Why not"))
	var rows [][]string
	for _, key := range keys {
		most := 4
		if p.Wide {
			most = len(where[key])
		}
		rows = append(rows, []string{fmt.Sprint(len(where[key])), p.Short(key), p.Short(foreign.Some(where[key], most))})
	}
	p.Table(2, []string{strings.ToUpper(r.unit) + "S", "REASON", "WHERE"}, rows)
}

// byReason lists the trees by what keeps the request out of them, in words. A tree with several is below each of them.
func (r *Result) byReason() map[string][]string {
	words, where := kinds(), map[string][]string{}
	for _, one := range r.Rejected {
		name := foreign.Line(one.Name)
		for _, reason := range one.Reasons {
			key := inWords(words, reason)
			if trees := where[key]; len(trees) == 0 || trees[len(trees)-1] != name { // two groups may lack the same
				where[key] = append(trees, name)
			}
		}
	}
	return where
}
