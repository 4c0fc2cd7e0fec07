// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

const seealso = `seealso:
  - module: openstack_ops.placement.placement_other
    description: Other.
  - name: Page
    description: Page.
    link: https://github.com/openstack-ops/ansible-collection-placement/blob/main/docs/page.md
examples: |
`

func TestModulePage(t *testing.T) {
	text, err := modulePage(module(strings.Replace(doc, "examples: |\n", seealso, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# placement_try\n\nDoes: what tests want.\nSince version 0.1.0.\n",
		"and a # there; `text` and `yes` are markup",
		"| `text` | str | required | Text. Second: paragraph. One of `yes`, `no`. |\n",
		"| `ratio` | float | `0.9` | Ratio. |\n",
		"| `inner.path` | path | required | Path. |\n",
		"| check_mode | full | Can run in check mode, which changes nothing and predicts what a run would change. Does nothing. |\n",
		"\n## Notes\n\n- yes\n- The options `list` and `any` are mutually exclusive.\n",
		"```yaml\n- name: Try\n",
		"| `next` | list | always | One. Two. |\n",
		"- [placement_other](placement_other.md): Other.\n- [Page](../page.md): Page.\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestModulePageThatCanNotBe(t *testing.T) {
	for _, bad := range []string{"", strings.Replace(doc, "check_mode: Does nothing.\n", "", 1)} {
		if _, err := modulePage(module(bad)); err == nil {
			t.Errorf("a page was made of %.60q", bad)
		}
	}
	if _, err := moduleList([]*ansible.Module{module("")}); err == nil {
		t.Error("a list was made of nothing")
	}
}

// Signs of Markdown in a text are signs for people, and those in code stay as they are.
func TestProsy(t *testing.T) {
	for text, want := range map[string]string{
		"C(OS_*) and <a> * [b]": "`OS_*` and &lt;a> \\* \\[b]",
		"I(a)  and\nO(b)":       "`a` and `b`",
	} {
		if got := prosy(text); got != want {
			t.Errorf("%s", got)
		}
	}
	if got := cell("a|C(b|c)"); got != "a\\|`b\\|c`" {
		t.Error(got)
	}
}
