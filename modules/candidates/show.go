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
	all := "trees of resource providers"
	if r.Trees == 1 {
		all = "tree of resource providers"
	}
	rows := [][]string{{fmt.Sprint(r.Trees), all}}
	for _, s := range r.stages() {
		rows = append(rows, []string{fmt.Sprint(s.Left), s.Text})
	}
	p.Table(2, []string{"LEFT", "STAGE"}, rows)
}

// stages are the stages of the search, without the one for all at once where nothing is left before it.
func (r *Result) stages() []candidates.Stage {
	if last := len(r.Funnel) - 1; last > 0 && r.Funnel[last-1].Left == 0 {
		return r.Funnel[:last]
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
	if r.Refused != "" {
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
	for _, one := range r.Nearest {
		p.Said(2, p.Short(one.Name))
		for _, reason := range one.Reasons {
			p.Said(4, p.Short(one.lacks(reason)))
			if reason.Help != "" {
				p.Said(6, p.Short(reason.Help))
			}
		}
	}
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
	p.Table(2, []string{"TREES", "REASON", "WHERE"}, rows)
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
