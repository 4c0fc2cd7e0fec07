// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

// One answer of each audit has something wrong in it. Whatever that is, no audit panics, and none that is complete has read
// nothing where there is something.
func TestMutatedAnswers(t *testing.T) {
	const audits = 150
	whole := readCounts(auditRecorded(t, "", nil, nil))
	said := conversation(t)
	r := rand.New(rand.NewPCG(1, 2026))
	complete := 0
	for range audits {
		e := said[r.IntN(len(said))]
		body := stricttest.Mutant(r, e.Body)
		answer := auditRecorded(t, e.Service, exactly(e.Path), func(w http.ResponseWriter, _ exchange) { _, _ = w.Write([]byte(body)) })
		if _, panicked := answer["exception"]; panicked {
			t.Fatalf("%s %s: %v: %s", e.Service, e.Path, answer["msg"], body)
		}
		if answer["complete"] != true {
			continue
		}
		complete++
		for part, n := range readCounts(answer) {
			if n == 0.0 && whole[part] != 0.0 {
				t.Errorf("complete, but %s are empty after %s %s: %s", part, e.Service, e.Path, body)
			}
		}
	}
	t.Logf("%d of %d audits were complete all the same", complete, audits)
}

// readCounts returns how much was read of each part.
func readCounts(answer map[string]any) map[string]any {
	read, _ := dig(answer, "summary", "read").(map[string]any)
	if len(slices.Collect(maps.Keys(read))) == 0 {
		return map[string]any{}
	}
	return read
}
