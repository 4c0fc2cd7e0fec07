// SPDX-License-Identifier: Apache-2.0

package several_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

func TestText(t *testing.T) {
	a, b, c := errors.New("a is wrong"), errors.New("b is wrong; so is its sister."), errors.New("c is wrong") //nolint:revive // Ansible's own sentences end so
	for want, err := range map[string]error{
		"b is wrong; so is its sister.":                                               several.Join(nil, b, nil),
		"(1) a is wrong; (2) b is wrong; so is its sister; (3) c is wrong":            several.Join(several.Join(a, several.Join(b)), nil, c),
		"(1) c is wrong; (2) files: (1) a is wrong; (2) b is wrong; so is its sister": several.Join(c, fmt.Errorf("files: %w", several.Join(a, b))),
	} {
		if err.Error() != want {
			t.Errorf("got  %s\nwant %s", err, want)
		}
	}
}

func TestNone(t *testing.T) {
	if err := several.Join(); err != nil {
		t.Error(err)
	}
	if err := several.Join(nil, several.Join(nil), nil); err != nil {
		t.Error(err)
	}
	if list := several.Apart(nil); len(list) != 0 {
		t.Error(list)
	}
}

// Whatever was joined is found again, and joining changes none of its parts.
func TestParts(t *testing.T) {
	a, b, c := errors.New("a"), &fs.PathError{Op: "open", Path: "/b", Err: fs.ErrNotExist}, errors.New("c")
	first := several.Join(a, b)
	all := several.Join(first, c)
	var path *fs.PathError
	if !errors.Is(all, a) || !errors.Is(all, c) || !errors.Is(all, fs.ErrNotExist) || !errors.As(all, &path) || path != b {
		t.Errorf("not all are found in %v", all)
	}
	if got := several.Apart(all); !slices.Equal(got, []error{a, b, c}) {
		t.Errorf("got %v", got)
	}
	if got := several.Apart(first); !slices.Equal(got, []error{a, b}) {
		t.Errorf("after joining it again, the first is %v", got)
	}
	wrapped := fmt.Errorf("more: %w", all)
	if got := several.Apart(wrapped); len(got) != 1 || got[0] != wrapped || !errors.Is(wrapped, c) { //nolint:errorlint // the very error
		t.Errorf("got %v", got)
	}
}
