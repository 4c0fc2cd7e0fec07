// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// truth is what is wrong once a fault is made. A kind that could be told by what the audit says of it would prove nothing, so
// each maker writes it down from what it did.
type truth struct {
	consumer string   // that the kind is about; empty if it is about none
	peers    []string // what nova-manage calls orphaned, if it is not the consumer alone
	found    []want   // all that has to be found; anything else above low is false
}

// want is a finding that has to be there.
type want struct {
	print string   // its fingerprint
	names []string // the UUIDs of all that its remedy names, beside its subject; a host counts as its provider
}

// finding is a want.
func finding(id, kind, subject string, names ...string) want {
	return want{fmt.Sprintf("%s:%s:%s", id, kind, subject), names}
}

// orphans lists the consumers that a truth calls orphaned.
func (t truth) orphans() []string {
	var uuids []string
	for _, w := range t.found {
		if id, rest, _ := strings.Cut(w.print, ":"); id == "PLC101" || id == "PLC102" {
			uuids = append(uuids, strings.TrimPrefix(rest, "consumer:"))
		}
	}
	return uuids
}

// tally counts the mistakes of one side.
type tally struct{ faults, false, missed, wrong int }

func (t tally) String() string {
	return fmt.Sprintf("%d false, %d missed, %d wrong remedies; %d faults", t.false, t.missed, t.wrong, t.faults)
}

// grade compares the findings of an audit with the truth. It returns a sentence for each mistake.
func (s *state) grade(audit *live.Audit, truths []truth, t *tally) []string {
	var mistakes []string
	expected := map[string]want{}
	for _, one := range truths {
		for _, w := range one.found {
			expected[w.print] = w
			t.faults++
		}
	}
	for _, f := range audit.Findings {
		w, known := expected[f.Fingerprint]
		delete(expected, f.Fingerprint)
		switch said := s.remedyMistakes(f, w); {
		case !known && f.Loud():
			t.false++
			mistakes = append(mistakes, fmt.Sprintf("false: %s %s", f.Fingerprint, f.Message))
		case !known:
		case len(said) > 0:
			t.wrong++
			mistakes = append(mistakes, fmt.Sprintf("wrong remedy: %s: %s\n  %s\n  %s\n  $ %s", f.Fingerprint, strings.Join(said, "; "),
				f.Message, f.Remedy.Text, f.Remedy.Command))
		}
		for _, danger := range s.dangers(f.Remedy.Command) {
			t.wrong++
			mistakes = append(mistakes, fmt.Sprintf("dangerous remedy: %s: %s", f.Fingerprint, danger))
		}
	}
	for print := range expected {
		t.missed++
		mistakes = append(mistakes, "missed: "+print)
	}
	return mistakes
}

// remedyMistakes says what a remedy names too much and too little.
func (s *state) remedyMistakes(f live.Finding, w want) []string {
	named := s.named(f.Remedy.Text + " " + f.Remedy.Command + " " + f.Request())
	var mistakes []string
	for _, uuid := range named {
		if uuid != f.Subject.UUID && !slices.Contains(w.names, uuid) {
			mistakes = append(mistakes, "it names "+s.called(uuid))
		}
	}
	for _, uuid := range w.names {
		if !slices.Contains(named, uuid) {
			mistakes = append(mistakes, "it does not name "+s.called(uuid))
		}
	}
	return mistakes
}

// named lists the UUIDs in a text, and the providers of the hosts in it.
func (s *state) named(text string) []string {
	uuids := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).FindAllString(text, -1)
	for _, host := range regexp.MustCompile(`\bcn[1-6]\b`).FindAllString(text, -1) {
		uuids = append(uuids, s.hosts[host])
	}
	slices.Sort(uuids)
	return slices.Compact(uuids)
}

// called adds the name of a host to its UUID.
func (s *state) called(uuid string) string {
	for name, provider := range s.hosts {
		if provider == uuid {
			return name + " (" + uuid + ")"
		}
	}
	return uuid
}

// dangers says what a command takes away from something that lives: the provider of a host, all that a server on a host holds, its
// share of its own host. A command that writes what a server holds may give it nothing of another host.
func (s *state) dangers(command string) []string {
	words := strings.Fields(command)
	if len(words) == 0 {
		return nil
	}
	subject := words[len(words)-1]
	home := s.hosts[s.at[subject]]
	var dangers, shares []string
	for i, word := range words {
		if word == "--provider" {
			shares = append(shares, words[i+1])
		}
		if rest, writes := strings.CutPrefix(word, "--allocation=rp="); writes && s.of(rest[:36]) && rest[:36] != home {
			dangers = append(dangers, "gives a server a share of another host: "+word)
		}
	}
	switch {
	case strings.Contains(command, "resource provider delete") && s.of(subject):
		dangers = append(dangers, "deletes the provider of a host: "+subject)
	case strings.Contains(command, "allocation unset") && home != "" && (len(shares) == 0 || slices.Contains(shares, home)):
		dangers = append(dangers, "takes what a server holds of its own host: "+command)
	}
	return dangers
}

// of reports whether a provider is that of a host.
func (s *state) of(provider string) bool { return s.called(provider) != provider }

// audit runs all checks at once: nobody changes anything meanwhile, and what stands for an hour is stuck.
func (b *bench) audit(ctx context.Context) (*live.Audit, error) {
	return b.lab.Audit(ctx, map[string]any{
		"grace": 0, "stuck_after": 3600, "others": map[string]any{"projects": []string{foreignProject}},
	})
}

// inDatabases audits the databases in the same way, and returns the fingerprints of what the APIs can show too.
func (b *bench) inDatabases(ctx context.Context) ([]string, error) {
	options := b.lab.Databases()
	options["grace"], options["stuck_after"], options["others"] = 0, 3600, map[string]any{"projects": []string{foreignProject}}
	audit, err := b.lab.Audit(ctx, options)
	if err != nil || !audit.Complete {
		return nil, fmt.Errorf("the audit of the databases: %w, %+v", err, audit)
	}
	return slices.DeleteFunc(fingerprints(audit), live.OnlyInDatabases), nil
}

// fingerprints lists those of the findings, sorted.
func fingerprints(audit *live.Audit) []string {
	var all []string
	for _, f := range audit.Findings {
		all = append(all, f.Fingerprint)
	}
	slices.Sort(all)
	return all
}

// foreignProject is the project of another service.
const foreignProject = "0123456789abcdef0123456789abcdef"
