// SPDX-License-Identifier: Apache-2.0

package inventory_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// What has been put back is not put back again: what is reserved by then is somebody else's.
func TestUndrainOnce(t *testing.T) {
	for _, check := range []bool{true, false} {
		f := newFake(t)
		f.run(dict{"drain": true})
		f.run(dict{"drain": false})
		f.has, f.generation, f.puts = vcpu(10, 10), f.generation+1, 0
		answer := f.run(dict{"drain": false, "_ansible_check_mode": check})
		if answer["changed"] != false || f.puts != 0 || !warned(answer, f.journal+" has no record that p") {
			t.Errorf("check mode %v: changed %v, %d PUT, warnings %v", check, answer["changed"], f.puts, answer["warnings"])
		}
	}
}

// A journal that is not whole keeps everything from being written, and check mode says so too.
func TestDamagedJournal(t *testing.T) {
	for _, check := range []bool{true, false} {
		f := newFake(t)
		if err := os.WriteFile(f.journal, []byte("{}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		answer := f.run(dict{"drain": true, "_ansible_check_mode": check})
		msg, _ := answer["msg"].(string)
		if answer["failed"] != true || answer["changed"] != false || f.puts != 0 || !strings.Contains(msg, "value of journal") || !strings.Contains(msg, "move the journal away") {
			t.Errorf("check mode %v: changed %v, %d PUT, %s", check, answer["changed"], f.puts, msg)
		}
	}
}

// Whatever was not applied after a drain, and has no known end, what was there before the drain is put back.
func TestUndrainAfterInterruption(t *testing.T) {
	for name, lost := range map[string][]bool{"a drain": {true}, "putting back": {false}, "both": {true, false}} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.used = 20
			f.run(dict{"drain": true})
			f.used = 12
			for _, on := range lost {
				if answer := f.interrupted(dict{"drain": on}); answer["failed"] != true || f.reserved() != 5.0 {
					t.Fatalf("drain %v: reserved %v, %v", on, f.reserved(), answer["msg"])
				}
			}
			f.put = nil
			if answer := f.run(dict{"drain": false}); answer["changed"] != true || f.reserved() != 0.0 {
				t.Errorf("changed %v, reserved %v, warnings %v", answer["changed"], f.reserved(), answer["warnings"])
			}
		})
	}
}

type failing struct {
	args    dict
	put     func(*fake, http.ResponseWriter, *http.Request) bool
	created []string
	head    string
	tail    string
}

func TestFailureSaysWhatWasCreated(t *testing.T) {
	two := dict{"create_classes": true, "inventories": dict{"CUSTOM_A": dict{"total": 1}, "CUSTOM_B": dict{"total": 1}, "VCPU": dict{"total": 2}}}
	saysWhatWasDone(t, map[string]failing{
		"classes, then refused": {
			args: two, put: grown(20), created: []string{"CUSTOM_A", "CUSTOM_B"}, head: "refused: VCPU.total=2 of p", tail: "; created: CUSTOM_A, CUSTOM_B",
		},
		"one class, then denied": {
			args: two, created: []string{"CUSTOM_A"}, tail: "; created: CUSTOM_A",
			put: func(_ *fake, w http.ResponseWriter, r *http.Request) bool {
				denied := strings.HasSuffix(r.URL.Path, "CUSTOM_B")
				if denied {
					w.WriteHeader(http.StatusForbidden)
				}
				return denied
			},
		},
		"one class, then lost": {
			args: two, created: []string{"CUSTOM_A"}, tail: "; perhaps created: CUSTOM_B; created: CUSTOM_A",
			put: func(f *fake, w http.ResponseWriter, r *http.Request) bool {
				return strings.HasSuffix(r.URL.Path, "CUSTOM_B") && down(f, w, r)
			},
		},
	})
}

func TestRefusalSaysWhatWasWritten(t *testing.T) {
	saysWhatWasDone(t, map[string]failing{
		"refused": {args: dict{"inventories": dict{"VCPU": dict{"total": 2}}}, put: grown(20)},
		"perhaps written, then refused": {
			args: dict{"inventories": dict{"VCPU": dict{"total": 2}}}, head: "refused, and it is unknown whether a write was applied: VCPU.total=2 of p",
			put: once(func(f *fake, w http.ResponseWriter) bool {
				f.used, f.generation = 20, f.generation+2 // applied, perhaps, and written over
				return down(f, w, nil)
			}),
		},
	})
}

// A failure says what was done in spite of it: classes that were created, and a write whose end is unknown.
func saysWhatWasDone(t *testing.T, cases map[string]failing) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.put = c.put
			answer := f.run(c.args)
			msg := fmt.Sprint(answer["msg"])
			if answer["failed"] != true || answer["changed"] != (len(c.created) > 0) || fmt.Sprint(answer["created_classes"]) != fmt.Sprint(c.created) {
				t.Errorf("failed %v, changed %v, created %v", answer["failed"], answer["changed"], answer["created_classes"])
			}
			if !strings.HasPrefix(msg, c.head) || !strings.HasSuffix(msg, c.tail) || strings.Contains(msg, "nothing was written") != (name == "refused") {
				t.Errorf("%s", msg)
			}
		})
	}
}

// Classes are created, and said to be, only where something is written; check mode says the same of the real run.
func TestCreatedClasses(t *testing.T) {
	f := newFake(t)
	args := dict{"create_classes": true, "inventories": dict{"CUSTOM_A": dict{"total": 1}}, "_ansible_check_mode": true}
	for _, verb := range []string{"would create", "created", ""} {
		answer := f.run(args)
		if made := strings.HasSuffix(fmt.Sprint(answer["msg"]), "; "+verb+": CUSTOM_A"); made != (verb != "") || answer["changed"] != made {
			t.Errorf("changed %v: %v", answer["changed"], answer["msg"])
		}
		if len(f.classes) != map[string]int{"would create": 1, "created": 2, "": 2}[verb] {
			t.Errorf("there are %v", f.classes)
		}
		delete(args, "_ansible_check_mode")
	}
}

// A plan that was judged anew has warnings of its own; none is given twice.
func TestWarningsOfLaterPlan(t *testing.T) {
	f := newFake(t)
	f.used = 50
	f.put = grown(60)
	answer := f.run(dict{"inventories": dict{"VCPU": dict{"total": 12}}})
	list, _ := answer["warnings"].([]any)
	if answer["changed"] != true || len(list) != 2 || !warned(answer, "50 are used, more") || !warned(answer, "60 are used, more") {
		t.Errorf("%v, warnings %v", answer["msg"], answer["warnings"])
	}
	f.put = grown(60)
	answer = f.run(dict{"inventories": dict{"VCPU": dict{"total": 13}}})
	if list, _ := answer["warnings"].([]any); len(list) != 1 {
		t.Errorf("%v, warnings %v", answer["msg"], list)
	}
}
