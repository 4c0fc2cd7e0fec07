// SPDX-License-Identifier: Apache-2.0

package repo_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// banned are phrases that make a reader stop, each with what to write instead. CONTRIBUTING.md has the rules behind them.
func banned() map[string]string {
	return map[string]string{
		`(?i)nobody (knows|can tell|looks|has to act)`:                 "it is unknown; no conflict needs action",
		`(?i)(at|in) (its|each|every) (next )?periodic\b( [^t]|[^ s])`: "in its next periodic task",
		`does not pass by itself`:                                      "will not resolve by itself",
		`an older one at once`:                                         "atomically replaces an older one",
		`\bis nowhere:`:                                                "was not found:",
		`\bis of no use\b`:                                             "cannot be used",
		`\bfrom which on\b`:                                            "at which, after which",
		`\bamid a\b`:                                                   "during a",
		`for ever\b`:                                                   "forever, always",
		`heal_allocations says that`:                                   "heal_allocations reports no problem",
		`with a mere`:                                                  "with only a",
		`bears the name`:                                               "has the name",
		`is no error`:                                                  "is not an error",
		`is loud when`:                                                 "is reported when",
		`made anew`:                                                    "created again",
		`From which severity`:                                          "Lowest severity that",
		`that its generation guards`:                                   "that carries its generation",
		`somebody else (keeps|wrote|writes)`:                           "another client keeps writing",
		`somebody (has to act|must act)`:                               "needs action",
		`never taken for (an empty|clean)`:                             "never treated as",
		`in the place of (those|what)`:                                 "instead of",
		`it has been so\b`:                                             "name what has lasted",
		`is dispensable`:                                               "is optional",
		`//[^\n]*\b(says|tells) whether\b`:                             "reports whether",
		`(?m)^ *- name: (Make it|Read it|Show it|Tell|Stop them|Give them time|Write it down|Look again|Judge what there is|Read them once more)$`: "a name that stands alone in a log",
		`(?m)^ *- name: (See|Look) `: "Check, Read, List",
	}
}

// People read these files. Changelogs tell what was.
func TestWording(t *testing.T) {
	rules := map[*regexp.Regexp]string{}
	for pattern, instead := range banned() {
		rules[regexp.MustCompile(pattern)] = instead
	}
	seen := 0
	for _, ext := range []string{".go", ".md", ".yml", ".py", ".j2", ".rules"} {
		for _, name := range files(t, ext) {
			path := filepath.ToSlash(name)
			if strings.HasPrefix(path, "changelogs/") || strings.HasPrefix(path, "tests/recorded/") || path == "tests/repo/wording_test.go" || path == "CHANGELOG.md" || path == "CONTRIBUTING.md" {
				continue
			}
			seen++
			wantWorded(t, path, read(t, name), rules)
		}
	}
	if seen < 300 {
		t.Errorf("only %d files were read", seen)
	}
}

// wantWorded wants a text to have none of the banned phrases.
func wantWorded(t *testing.T, path, text string, rules map[*regexp.Regexp]string) {
	t.Helper()
	for rule, instead := range rules {
		if at := rule.FindString(text); at != "" {
			t.Errorf("%s: %q; write: %s", path, at, instead)
		}
	}
}
