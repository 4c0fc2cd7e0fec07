// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// hostile are names that others may give to a host or a server; each that runs anything makes a file "ran".
func hostile() []string {
	return []string{
		"cn1", "cn 1", "", " ", "cn$(touch ran)", "cn$(touch${IFS}ran)", "cn`touch ran`", "cn;touch ran #", "cn\ntouch ran\n",
		"cn\r\ntouch ran", "cn|touch ran", "cn&touch ran&", "cn&&touch ran", "cn>ran", "cn<ran", "<(touch ran)", "a'b", "'", "''",
		"';touch ran;'", `'\'';touch ran;'`, `\';touch ran;\'`, `"$(touch ran)"`, `"`, `\`, `a\`, "\\\ntouch ran", "-rf", "--", "-",
		"--os-auth-url=http://192.0.2.1", "~", "~root", "a~", "=ls", "%1", "{a,b}", "*", "[a-z]*", "?", "#", "a#b", "!!", "!touch", "a!b'c!d",
		"$HOME", "${IFS}", "$'\\x41'", "x=1", "^a^b", "\x1b[2Jcn", "cn\u202e", "\u200b", "cn\x00;touch ran", "cn\xff\xfe", "\xc3'", "a\tb",
		"a\u00a0b", "計算機", "😀", "%s", "%[1]d", "{{ lookup('pipe','touch ran') }}", strings.Repeat("a'", 500),
	}
}

// mixed makes names of the parts that shells know.
func mixed(n int) []string {
	parts := append(hostile(), "'", `"`, "`", `\`, "$", "(", ")", "\n", " ", "-", "~", "a", ";", "touch ran", "\x1b", "\u202e", "\xff", "!", "=")
	r := rand.New(rand.NewPCG(1, 2))
	var names []string
	for range n {
		var name strings.Builder
		for range 1 + r.IntN(6) {
			name.WriteString(parts[r.IntN(len(parts))])
		}
		names = append(names, name.String())
	}
	return names
}

// Pasted into a shell, each name arrives as one argument, and nothing of it runs: as it stands, and as what shows commands
// writes them.
func TestPastedCommands(t *testing.T) {
	shows := map[string]func(string) string{
		"plain": func(command string) string { return command },
		"YAML":  func(command string) string { return strings.ReplaceAll(command, "'", "''") },
		"JSON":  strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace,
		"Markdown": func(command string) string {
			return regexp.MustCompile("[\\\\`*|~$@#_\\[\\]]").ReplaceAllString(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(command), `\$0`)
		},
	}
	for _, shell := range [][]string{{"sh"}, {"bash"}, {"bash", "--norc", "-i"}, {"dash"}, {"busybox", "sh"}, {"ksh"}, {"zsh", "-f"}} {
		for name, show := range shows {
			t.Run(strings.Join(shell, " ")+" "+name, func(t *testing.T) {
				if _, err := exec.LookPath(shell[0]); err != nil && shell[0] != "sh" {
					t.Skip(err)
				}
				paste(t, shell, show, append(hostile(), mixed(1000)...))
			})
		}
	}
}

func paste(t *testing.T, shell []string, show func(string) string, names []string) {
	t.Helper()
	var script, want strings.Builder
	script.WriteString(`show() { printf '%s' "$#"; printf ':<%s>' "$@"; printf '\n'; }` + "\n")
	for i, name := range names {
		next := names[(i+1)%len(names)]
		script.WriteString(show(Command("show %s --name=%s", name, next)) + "\n")
		alone := Word(name)
		if strings.HasPrefix(alone, "-") {
			alone = "\ufffd" + alone[1:]
		}
		fmt.Fprintf(&want, "2:<%s>:<--name=%s>\n", alone, Word(next))
	}
	run := exec.Command(shell[0], shell[1:]...)
	run.Dir = t.TempDir()
	run.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + run.Dir, "LC_ALL=C.UTF-8", "HISTFILE="}
	run.Stdin = strings.NewReader(script.String())
	var out, errs bytes.Buffer
	run.Stdout, run.Stderr = &out, &errs
	if err := run.Run(); err != nil {
		t.Fatalf("%v: %.500s", err, errs.String())
	}
	if left, _ := os.ReadDir(run.Dir); len(left) > 0 {
		t.Errorf("a name made %s", left[0].Name())
	}
	got, wanted := strings.Split(out.String(), "\n"), strings.Split(want.String(), "\n")
	for i := range min(len(got), len(wanted)) {
		if got[i] != wanted[i] {
			t.Fatalf("%q arrived as %q, want %q", names[i], got[i], wanted[i])
		}
	}
	if len(got) != len(wanted) {
		t.Errorf("%d commands came, want %d", len(got), len(wanted))
	}
}

func TestCommand(t *testing.T) {
	for want, got := range map[string]string{
		"openstack server show 6f1e":                            Command("openstack server show %s", "6f1e"),
		"openstack server show --name=a\ufffdb cn1.example.com": Command("openstack server show --name=%s %s", "a b", "cn1.example.com"),
		"openstack server show it\ufffds":                       Command("openstack server show %s", "it's"),
		"openstack server show \ufffd\ufffdtouch":               Command("openstack server show %s", "$(touch"),
		"openstack server show Süd計算機":                          Command("openstack server show %s", "Süd計算機"),
		"openstack server show \ufffd-os-token=x":               Command("openstack server show %s", "--os-token=x"),
		"openstack server show --name=--os-token=x":             Command("openstack server show --name=%s", "--os-token=x"),
		"openstack server show %s x":                            Command("openstack server show %s %s", "%s", "x"),
		"openstack server show \ufffdls":                        Command("openstack server show %s", "=ls"),
		"openstack server show \ufffd \ufffd":                   Command("openstack server show %s %s", ""),
		"openstack server list":                                 Command("openstack server list", "x"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
