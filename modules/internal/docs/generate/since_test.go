// SPDX-License-Identifier: Apache-2.0

package generate

import (
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/docs/roles"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// What came with a later release than that to which it belongs says so, and only that.
func TestSince(t *testing.T) {
	h, err := read("0.1.0 old\n0.1.0 old.first\n0.1.1 old.dict\n0.1.1 old.dict.inner\n0.1.2 old.dict.later\n")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"old.first": "", "old.dict": "0.1.1", "old.dict.inner": "", "old.dict.later": "0.1.2",
		"old.next": "", "old.next.inner": "", "new.first": "", "new.dict.inner": "",
	} {
		if got := h.since(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for _, bad := range []string{"0.1.0\n", "\n", "0.1.0 \n"} {
		if _, err := read(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// The list keeps what it says, says of what is new that it comes now, and forgets what is gone.
func TestCame(t *testing.T) {
	text, err := came([]*ansible.Module{module(doc)}, roles.All())
	if err != nil {
		t.Fatal(err)
	}
	list := string(text)
	for _, want := range []string{
		"\nnext placement_try\n", "\nnext placement_try.text\n", "\nnext placement_try.inner.path\n",
		"\n0.1.0 post_upgrade.post_upgrade_grace\n",
	} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
	if strings.Contains(list, "placement_audit") {
		t.Error("a module that is gone is in the list")
	}
}
