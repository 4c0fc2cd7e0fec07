// SPDX-License-Identifier: Apache-2.0

package codec_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks/checktest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot/codec"
)

func encoded(t testing.TB, s *snapshot.Snapshot) []byte {
	t.Helper()
	var data bytes.Buffer
	if err := codec.Write(&data, s); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

func TestSavedSnapshotReadsBack(t *testing.T) {
	s := checktest.Cloud()
	s.MarkFailed(snapshot.Migrations, "list migrations: 503")
	checktest.Fought(s)
	s.Watch.Grown[checktest.Compute].Points[0].Written = time.Time{}
	s.Second = &snapshot.Look{
		TakenAt: checktest.Taken(), Servers: map[string]*openstack.Server{"gone": nil},
		Consumers: map[string][]openstack.Allocation{"gone": {}},
	}
	data := encoded(t, s)
	again, err := codec.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again, cmpopts.IgnoreUnexported(snapshot.Snapshot{}), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(data, encoded(t, again)) {
		t.Error("the same data are written as other bytes")
	}
	if !again.Second.CoversConsumer("gone") || again.Second.CoversConsumer("never seen") {
		t.Error("the second look forgot whom it looked at")
	}
}

// A snapshot that was saved before is written as it was.
func TestSavedBeforeIsWrittenAlike(t *testing.T) {
	data, err := os.ReadFile("../../../../../tests/recorded/snapshot.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := codec.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if again := encoded(t, s); !bytes.Equal(again, data) {
		t.Errorf("%d bytes became %d others", len(data), len(again))
	}
}

func TestDecodeRefuses(t *testing.T) {
	whole := checktest.Cloud()
	checktest.Fought(whole)
	whole.Second = &snapshot.Look{
		Hypervisors: []openstack.Hypervisor{}, Parts: map[snapshot.Part]snapshot.Status{snapshot.Hypervisors: {Read: true}},
		Providers: map[string]*snapshot.ProviderLook{"p": {
			Provider: openstack.Provider{UUID: "p"}, Inventories: map[string]openstack.Inventory{}, Usages: map[string]int{},
		}},
	}
	good := string(encoded(t, whole))
	replaced := func(old, by string) string {
		if !strings.Contains(good, old) {
			t.Errorf("%q is not in the snapshot", old)
		}
		return strings.Replace(good, old, by, 1)
	}
	for name, data := range map[string]string{
		"nothing":                  "",
		"text":                     "resource providers: none",
		"another program's JSON":   `{"resource_providers": []}`,
		"a list":                   `[]`,
		"a newer version":          replaced(`"version": 1`, `"version": 2`),
		"no version":               replaced(`"version": 1`, `"version": 0`),
		"an unknown key":           replaced(`"version": 1`, `"version": 1, "extra": 1`),
		"an unknown part":          replaced(`"allocations": {`, `"alocations": {`),
		"a part that is not there": replaced(`"servers": [`, `"servers": null, "migrations": [`),
		"no usages of a provider":  strings.Replace(good, `"usages": {`, `"usages": {}, "second": {`, 1),
		"a second look cut out":    replaced(`"hypervisors": []`, `"hypervisors": null`),
		"half a second look":       replaced(`"uuid": "p"`, `"uuid": "q"`),
		"a watch cut out":          replaced(`"second": {`, `"watch": null, "second": {`),
		"no consumers of a point":  replaced(`"inventories_written"`, `"consumers": null, "inventories_written"`),
		"half a point":             replaced(`"inventories_written"`, `"inventories": null, "inventories_written"`),
		"a number that is null":    regexp.MustCompile(`"total": \d+`).ReplaceAllString(good, `"total": null`),
		"a list with null in it":   replaced(`"services": [`, `"services": [null, `),
		"a key in another case":    replaced(`"taken_at"`, `"Taken_At"`),
		"a key that comes twice":   replaced(`"taken_at"`, `"providers": [], "taken_at"`),
		"a nameless provider":      replaced(`"uuid": "`+checktest.Compute+`"`, `"uuid": ""`),
		"a nameless server":        replaced(`"uuid": "`+checktest.Server+`"`, `"uuid": ""`),
		"cut":                      good[:len(good)/2],
		"something behind it":      good + good,
	} {
		if _, err := codec.Decode([]byte(data)); !errors.Is(err, codec.ErrNotASnapshot) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file may come from anywhere: what is not to be seen in its names is replaced.
func TestDecodeCleansTexts(t *testing.T) {
	whole := checktest.Cloud()
	whole.ServerList[0].Name = "a\n\x1b[2Jb"
	whole.ServerList[0].Flavor.ExtraSpecs = map[string]string{"hw:x": "1\u202e"}
	s, err := codec.Decode(encoded(t, whole))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.ServerList[0]; got.Name != "a \ufffd[2Jb" || got.Flavor.ExtraSpecs["hw:x"] != "1\ufffd" {
		t.Errorf("%q, %q", got.Name, got.Flavor.ExtraSpecs)
	}
}

// A file says what is missing of a part that was read in part.
func TestPartialReadsBack(t *testing.T) {
	s := checktest.Cloud()
	s.MarkPartial(snapshot.Servers, "a cell does not answer")
	if _, err := codec.Decode(encoded(t, s)); err == nil {
		t.Error("a file that does not say what is missing was read")
	}
	s.BlindTo(snapshot.Blind{Hosts: []string{"cn9"}})
	again, err := codec.Decode(encoded(t, s))
	if err != nil {
		t.Fatal(err)
	}
	if names, cause := again.Missing([]snapshot.Part{snapshot.Servers}); !slices.Equal(names, []string{"cn9"}) || cause != "a cell does not answer" {
		t.Errorf("missing %v: %s", names, cause)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encoded(f, checktest.Cloud()))
	f.Add([]byte(`{"format": "openstack_ops.placement/snapshot", "version": 1, "parts": {}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := codec.Decode(data)
		if err != nil {
			return
		}
		if _, err := json.Marshal(s); err != nil {
			t.Fatal(err)
		}
	})
}
