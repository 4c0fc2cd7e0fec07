// SPDX-License-Identifier: Apache-2.0

package capacity_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/capacity"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
)

type dict = map[string]any

func run(t *testing.T, state string, args dict) dict {
	t.Helper()
	args["snapshot"] = filepath.Join("..", "audit", "testdata", "cases", state, "snapshot.json")
	return ansibletest.RunAtOnce(t, capacity.Module(), args)
}

// slots are how many fit now and after, of the one flavor.
func slots(t *testing.T, answer dict) string {
	t.Helper()
	raw, _ := json.Marshal(answer["flavors"])
	var flavors []struct {
		Name       string
		Now, After *struct{ Total int }
	}
	if err := json.Unmarshal(raw, &flavors); err != nil || len(flavors) != 1 {
		t.Fatal(answer["msg"], err)
	}
	after := "-"
	if flavors[0].After != nil {
		after = fmt.Sprint(flavors[0].After.Total)
	}
	return fmt.Sprint(flavors[0].Name, " ", flavors[0].Now.Total, " ", after)
}

// A flavor of 95 GB of disk fits on none of three hosts that have 5 GB left; what would change that is counted, not done.
func TestWhatIf(t *testing.T) {
	for name, c := range map[string]struct {
		args dict
		want string
	}{
		"now":               {dict{}, "f 0 -"},
		"named":             {dict{"flavors": []string{"f"}}, "f 0 -"},
		"another ratio":     {dict{"what_if": []dict{{"resource_class": "DISK_GB", "allocation_ratio": 2.0}}}, "f 0 3"},
		"of one host":       {dict{"what_if": []dict{{"resource_class": "DISK_GB", "provider": "h1", "allocation_ratio": 2.0}}}, "f 0 1"},
		"more disk":         {dict{"what_if": []dict{{"resource_class": "DISK_GB", "provider": "h1", "total": 300}}}, "f 0 2"},
		"of a dashless one": {dict{"what_if": []dict{{"resource_class": "DISK_GB", "provider": "2E0622B603A152ECAD0B764034AE648C", "allocation_ratio": 2.0}}}, "f 0 1"},
		"more hosts":        {dict{"more_hosts": dict{"like": "h0", "count": 4}}, "f 0 4"},
		"reserved, no help": {dict{"what_if": []dict{{"resource_class": "DISK_GB", "reserved": 1}}}, "f 0 0"},
	} {
		if got := slots(t, run(t, "one-class-full-everywhere", c.args)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// With a wish, the sentence and the tables say both what is now and what would be.
func TestNowAndAfter(t *testing.T) {
	answer := run(t, "one-class-full-everywhere", dict{"show": true, "what_if": []dict{{"resource_class": "DISK_GB", "allocation_ratio": 2.0}}})
	if answer["msg"] != "0 of 1 flavor fits somewhere now, 1 after the change" {
		t.Error(answer["msg"])
	}
	text := fmt.Sprint(answer["text"])
	// 3 x 105 GB would be free. 3 servers of 95 GB fit then, as many as in one piece.
	for _, part := range []string{
		"FLAVOR  WHEN   FIT  HOSTS  FRAGMENTED  MOST ON", "f       now      0      0          0%  -", "f       after    3      3          0%  h0 (1)",
		"DISK_GB    now        15       300      100%        5  h0 (5)", "DISK_GB    after     315       600        0%      100  h0 (105)",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in %s", part, text)
		}
	}
	raw, _ := json.Marshal(answer["free"])
	if want := `"after":{"capacity":600,"fragmentation":0,"free":315,"largest":100,"largest_free":105,"largest_provider":"h0","used":285}`; !strings.Contains(string(raw), want) {
		t.Errorf("no %s in %s", want, raw)
	}
	if raw, _ := json.Marshal(run(t, "one-class-full-everywhere", dict{})["free"]); strings.Contains(string(raw), "after") {
		t.Errorf("after a change that nobody asked for: %s", raw)
	}
}

// The truth table has what Placement says is used, and what the servers there ask for.
func TestTruth(t *testing.T) {
	answer := run(t, "one-class-full-everywhere", dict{"truth": true, "show": true})
	if answer["msg"] != "0 of 1 flavor fits somewhere" {
		t.Error(answer["msg"])
	}
	raw, _ := json.Marshal(answer["truth"])
	want := `"allocation_ratio":1,"asked":95,"capacity":100,"difference":0,"findings":[],"moves":[],"provider_name":"h0",`
	if !strings.Contains(string(raw), want) || strings.Contains(string(raw), `"asked":null`) {
		t.Errorf("%s", raw)
	}
	text := fmt.Sprint(answer["text"])
	for _, part := range []string{"f         0", "DISK_GB", "UNUSABLE", "AT ONCE", "100%", "ASKED", "Not judged"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in %s", part, text)
		}
	}
	if _, has := run(t, "one-class-full-everywhere", dict{})["truth"]; has {
		t.Error("a truth that nobody asked for")
	}
}

// What makes the difference is named by the findings that an audit has of it; where there is none, nothing is.
func TestTruthIsExplained(t *testing.T) {
	saved := filepath.Join("..", "..", "tests", "recorded", "snapshot.json")
	answer := ansibletest.RunAtOnce(t, capacity.Module(), dict{"snapshot": saved, "truth": true, "show": true})
	explains(t, answer)
	unread := strings.Replace(read(t, saved), `"migrations": {
   "read": true`, `"migrations": {
   "read": false, "reason": "403"`, 1)
	path := filepath.Join(t.TempDir(), "unread.json")
	if err := os.WriteFile(path, []byte(unread), 0o600); err != nil {
		t.Fatal(err)
	}
	answer = ansibletest.RunAtOnce(t, capacity.Module(), dict{"snapshot": path, "truth": true})
	if said := fmt.Sprint(answer["not_read"]); answer["complete"] != false || !strings.Contains(said, "no explanation of the differences in truth (PLC101 ") || !strings.Contains(said, "403") {
		t.Errorf("%v\n%s", answer["msg"], said)
	}
}

// explains holds the truth about the cloud of tests/recorded against what was broken in it.
func explains(t *testing.T, answer dict) {
	t.Helper()
	rows, _ := answer["truth"].([]any)
	got := map[string]string{}
	for _, raw := range rows {
		row, _ := raw.(dict)
		if row["resource_class"] != "VCPU" {
			continue
		}
		var ids []string
		findings, _ := row["findings"].([]any)
		for _, f := range findings {
			id, _, _ := strings.Cut(fmt.Sprint(f), ":")
			ids = append(ids, id)
		}
		got[fmt.Sprint(row["provider_name"])] = fmt.Sprint(row["difference"], ids)
	}
	for name, want := range map[string]string{
		"cn1": "1 [PLC101 PLC103]", "cn2": "-1 [PLC105]", "cn3": "1 [PLC106]", "cn4": "0 []", "cn5": "1 [PLC109]", "cn8": "<nil> []", "cn9": "1 [PLC103]",
	} {
		if got[name] != want {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
	if text := fmt.Sprint(answer["text"]); strings.Count(text, "cn2       PLC105  server 178d7b2c…") != 1 {
		t.Error(text)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What can't be meant is refused, all of it at once.
func TestBadWishes(t *testing.T) {
	answer := run(t, "one-class-full-everywhere", dict{"what_if": []dict{{"resource_class": "VCPU"}}})
	if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, "must have total, reserved or allocation_ratio") {
		t.Errorf("%v", answer)
	}
	answer = run(t, "one-class-full-everywhere", dict{
		"what_if": []dict{{"resource_class": "PCPU", "total": 1}}, "more_hosts": dict{"like": "h9", "count": 1},
	})
	msg, _ := answer["msg"].(string)
	if answer["failed"] != true || !strings.Contains(msg, "what_if[0]") || !strings.Contains(msg, "more_hosts.like") {
		t.Errorf("%v", answer)
	}
	answer = run(t, "one-class-full-everywhere", dict{"what_if": []dict{
		{"resource_class": "DISK_GB", "reserved": 101, "provider": "h1"}, {"resource_class": "VCPU", "reserved": 17}, {"resource_class": "MEMORY_MB", "total": 500},
	}})
	msg, _ = answer["msg"].(string)
	for _, want := range []string{
		"value of what_if[0] must not reserve more than the total, got: h1: 101 reserved of 100 DISK_GB", "what_if[1] must not reserve more than the total, got: h0: 17",
		"what_if[2] must not reserve more than the total, got: h0: 512 reserved of 500 MEMORY_MB",
	} {
		if answer["failed"] != true || !strings.Contains(msg, want) {
			t.Errorf("no %q in %s", want, msg)
		}
	}
	for want, flavors := range map[string][]string{"must name at least one flavor": {}, "value of flavors[1] must not be empty": {"f", " "}} {
		answer = run(t, "one-class-full-everywhere", dict{"flavors": flavors})
		if msg, _ := answer["msg"].(string); answer["failed"] != true || !strings.Contains(msg, want) {
			t.Errorf("no %q in %s", want, msg)
		}
	}
	if answer = run(t, "one-class-full-everywhere", dict{"flavors": []string{"nobody"}}); answer["failed"] != true {
		t.Errorf("%v", answer)
	}
}

// Hosts that Nova does not use get no servers, and are named.
func TestLeftOut(t *testing.T) {
	answer := ansibletest.RunAtOnce(t, capacity.Module(), dict{"snapshot": filepath.Join("..", "..", "tests", "recorded", "snapshot.json"), "flavors": []string{"m1.small"}})
	raw, _ := json.Marshal(answer["left_out"])
	for _, part := range []string{
		`"provider_name":"cn7","provider_uuid"`, `"reason":"Nova has no compute node for it"`, `"provider_name":"cn9"`, `"reason":"its nova-compute is down, enabled"`,
	} {
		if !strings.Contains(string(raw), part) {
			t.Errorf("no %s in %s", part, raw)
		}
	}
	if raw, _ := json.Marshal(answer["flavors"]); strings.Contains(string(raw), `"cn7"`) || !strings.Contains(string(raw), `"cn1"`) {
		t.Errorf("%s", raw)
	}
}

// Flavors are named if a snapshot does not say which providers have their traits, and not counted as fitting nowhere.
func TestTraitsThatSnapshotsLack(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "tests", "recorded", "snapshot.json"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "snapshot.json")
	text = []byte(strings.ReplaceAll(string(text), `"extra_specs": {}`, `"extra_specs": {"trait:CUSTOM_FAST": "required"}`))
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	answer := ansibletest.RunAtOnce(t, capacity.Module(), dict{"snapshot": path})
	said, _ := json.Marshal(answer["not_read"])
	if msg, _ := answer["msg"].(string); !strings.Contains(msg, "can't judge 2 more flavors") || !strings.Contains(string(said), "flavor m1.small: the snapshot does not say which providers have CUSTOM_FAST") {
		t.Errorf("%v\n%s", answer["msg"], said)
	}
}
