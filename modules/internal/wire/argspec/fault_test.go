// SPDX-License-Identifier: Apache-2.0

package argspec

import (
	"errors"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

func TestFaultsAreTakenApart(t *testing.T) {
	one, two, three := errors.New("one"), errors.New("two"), errors.New("three")
	all := several.Join(several.Join(one, several.Join(two)), three, nil)
	var f faults
	f.merge(all)
	f.merge(nil)
	if got, want := f.err().Error(), "3 faults in the options: (1) one; (2) two; (3) three"; got != want {
		t.Error(got)
	}
	if (&faults{}).err() != nil {
		t.Error("no faults are not nil")
	}
}
