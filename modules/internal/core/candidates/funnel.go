// SPDX-License-Identifier: Apache-2.0

package candidates

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The stages that a request goes through, in the order in which Placement narrows its search down.
const (
	stageHost       = "host"
	stageEnabled    = "enabled"
	stageRoot       = "root"
	stageTree       = "tree"
	stageTraits     = "traits"
	stageAggregates = "aggregates"
	stageForbidden  = "forbidden"
	stageTogether   = "together"
)

func stageOf(class string) string     { return "class " + class }
func stageGroup(suffix string) string { return "group " + suffix }

// Stage is how many trees are left behind a stage of the search.
type Stage struct {
	Stage string `json:"stage"`
	Text  string `json:"text"` // such as "with 65536 MEMORY_MB at once"
	Left  int    `json:"left"`
}

// stages lists the stages of the request without counts.
func (j *Judge) stages() []Stage {
	r := j.Request
	var out []Stage
	add := func(is bool, stage, text string) {
		if is {
			out = append(out, Stage{Stage: stage, Text: text})
		}
	}
	add(len(r.Nodes) > 0, stageHost, "of the host that the request names")
	others := slices.DeleteFunc(slices.Clone(r.RootForbidden), func(t string) bool { return t == Disabled })
	add(len(others) < len(r.RootForbidden), stageEnabled, "enabled")
	add(len(r.RootRequired)+len(others) > 0, stageRoot, "whose root has "+strings.Join(slices.Concat(r.RootRequired, not(others)), ", "))
	for i := range r.Groups {
		if g := &r.Groups[i]; g.Suffix == "" {
			j.groupStages(g, add)
		}
	}
	for i := range r.Groups {
		if g := &r.Groups[i]; g.Suffix != "" {
			add(true, stageGroup(g.Suffix), "with a provider for group "+g.Suffix)
		}
	}
	return append(out, Stage{Stage: stageTogether, Text: "with everything at once"})
}

func (j *Judge) groupStages(g *Group, add func(bool, string, string)) {
	var traits []string
	for _, list := range g.Required {
		traits = append(traits, strings.Join(list, " or "))
	}
	add(g.InTree != "", stageTree, "in the tree of "+j.nameOf(g.InTree))
	add(len(traits) > 0, stageTraits, "with "+strings.Join(traits, ", "))
	add(len(g.MemberOf)+len(g.NotMemberOf) > 0, stageAggregates, j.placed(g))
	add(len(g.Forbidden) > 0, stageForbidden, "without "+strings.Join(g.Forbidden, ", "))
	for _, class := range slices.Sorted(maps.Keys(g.Resources)) {
		add(true, stageOf(class), fmt.Sprintf("with %d %s at once", g.Resources[class], class))
	}
}

// nameOf names a provider that the request names by its UUID.
func (j *Judge) nameOf(uuid string) string {
	if p := j.Supply.Provider(uuid); p != nil {
		return p.label()
	}
	return uuid
}

// placed says in which aggregates a group is to be.
func (j *Judge) placed(g *Group) string {
	var words []string
	for _, list := range g.MemberOf {
		one := "in the aggregate "
		if len(list) > 1 {
			one = "in one of the aggregates "
		}
		words = append(words, one+j.aggregates(list))
	}
	if len(g.NotMemberOf) > 0 {
		words = append(words, "not in "+j.aggregates(g.NotMemberOf))
	}
	return strings.Join(words, ", ")
}

func (j *Judge) stageNames() []string {
	var names []string
	for _, s := range j.stages() {
		names = append(names, s.Stage)
	}
	return names
}

// Funnel counts how many of the trees are left behind each stage, from all of them on.
func (j *Judge) Funnel(trees []Tree) []Stage {
	stages := j.stages()
	for i := range stages {
		stages[i].Left = len(trees)
	}
	names := j.stageNames()
	for _, t := range trees {
		if t.Fits {
			continue
		}
		at := max(0, slices.Index(names, t.Reasons[0].stage))
		for i := at; i < len(stages); i++ {
			stages[i].Left--
		}
	}
	return stages
}

// Nearest returns the trees that come nearest to fit: the fewest reasons first, then those that lack the least; at most so many. Trees
// that have nothing of what is asked for are among them only if all are such, and those that the request does not name never.
func Nearest(trees []Tree, most int) []Tree {
	near := without(trees, KindNoInventory, KindNotShared, KindOtherTree)
	if len(near) == 0 {
		near = without(trees, KindOtherTree)
	}
	return nearest(near, most)
}

// without leaves out the trees that fit, and those with a reason of one of the kinds.
func without(trees []Tree, kinds ...string) []Tree {
	return slices.DeleteFunc(slices.Clone(trees), func(t Tree) bool {
		return t.Fits || slices.ContainsFunc(t.Reasons, func(r Reason) bool { return slices.Contains(kinds, r.Kind) })
	})
}

func nearest(out []Tree, most int) []Tree {
	slices.SortStableFunc(out, func(a, b Tree) int {
		switch {
		case nearer(a.Reasons, b.Reasons):
			return -1
		case nearer(b.Reasons, a.Reasons):
			return 1
		}
		return strings.Compare(a.Root.Name, b.Root.Name)
	})
	return out[:min(most, len(out))]
}
