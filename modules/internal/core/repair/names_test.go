// SPDX-License-Identifier: Apache-2.0

package repair_test

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/repair"
)

type namingCase struct {
	inverse      repair.Op
	method, path string
}

// A trait or a resource class that is made is undone by its deletion, and the other way round.
func TestNaming(t *testing.T) {
	isNamed(t, map[repair.Op]namingCase{
		repair.CreateTrait: {repair.DeleteTrait, "PUT", "/traits/CUSTOM_A"},
		repair.DeleteTrait: {repair.CreateTrait, "DELETE", "/traits/CUSTOM_A"},
		repair.CreateClass: {repair.DeleteClass, "PUT", "/resource_classes/CUSTOM_A"},
		repair.DeleteClass: {repair.CreateClass, "DELETE", "/resource_classes/CUSTOM_A"},
	})
}

func isNamed(t *testing.T, cases map[repair.Op]namingCase) {
	t.Helper()
	for op, want := range cases {
		c := repair.Naming(op, "CUSTOM_A")
		if err := c.Valid(); err != nil {
			t.Errorf("%s: %v", op, err)
		}
		if !c.Predicted().Same(c.After) || c.Before.Same(c.After) {
			t.Errorf("%s: before %+v, after %+v, predicted %+v", op, c.Before, c.After, c.Predicted())
		}
		if method, path := c.Request(); method != want.method || path != want.path {
			t.Errorf("%s: %s %s", op, method, path)
		}
		back := c.Inverse(c.After)
		if back.Op != want.inverse || !back.After.Same(c.Before) || back.Op.About() != op.About() {
			t.Errorf("%s: undone by %+v", op, back)
		}
		back.Op = repair.RenameClass
		if back.Valid() == nil {
			t.Errorf("%s: one name is taken for a renaming", op)
		}
		back.Op = repair.Traits
		if back.Valid() == nil {
			t.Errorf("%s: a name is taken for a provider", op)
		}
	}
}

// A renaming is undone by one the other way.
func TestRenaming(t *testing.T) {
	c := repair.Renaming("CUSTOM_A", "CUSTOM_B")
	if err := c.Valid(); err != nil {
		t.Error(err)
	}
	if _, path := c.Request(); path != "/resource_classes/CUSTOM_A" {
		t.Error(path)
	}
	back := c.Inverse(c.Predicted())
	if err := back.Valid(); err != nil || !back.After.Same(c.Before) {
		t.Errorf("%v, %+v", err, back)
	}
	if from, to := back.Renamed(); from != "CUSTOM_B" || to != "CUSTOM_A" {
		t.Errorf("%s becomes %s", from, to)
	}
}
