// SPDX-License-Identifier: Apache-2.0

package inventory_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change/changetest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible/ansibletest"
	"github.com/openstack-ops/ansible-collection-placement/modules/inventory"
)

const fakeUUID = "11111111-2222-3333-4444-555555555555"

// fake is a Placement with one provider of 10 VCPU, called p. It stands in for what the real one can't be made to do at the
// right moment; everything else is tried in the lab.
type fake struct {
	t           *testing.T
	server      *httptest.Server
	connections changetest.Connections
	journal     string
	generation  int
	has         dict // VCPU
	used        int  // VCPU
	classes     []string
	puts        int  // of inventories
	held        dict // allocations by consumer
	// put answers a PUT in place of Placement if it returns true.
	put func(f *fake, w http.ResponseWriter, r *http.Request) bool
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{t: t, generation: 3, has: vcpu(10, 0), classes: []string{"VCPU"}, journal: filepath.Join(t.TempDir(), "journal.jsonl")}
	f.server = httptest.NewUnstartedServer(f)
	f.server.Config.ConnState = f.connections.Track
	f.server.Start()
	t.Cleanup(f.server.Close)
	return f
}

// rest waits until what a module that was ended has left under way is over.
func (f *fake) rest() {
	f.t.Helper()
	f.connections.Gone(f.t, f.server.Listener.Addr().String(), f.server.CloseClientConnections)
}

func vcpu(total, reserved int) dict {
	return dict{"VCPU": dict{"total": total, "reserved": reserved, "min_unit": 1, "max_unit": 10, "step_size": 1, "allocation_ratio": 4}}
}

// reserved is what is reserved of the VCPU.
func (f *fake) reserved() any {
	vcpu, _ := f.has["VCPU"].(dict)
	return vcpu["reserved"]
}

// run runs the module on the provider.
func (f *fake) run(args dict) dict {
	f.t.Helper()
	all := dict{
		"auth_type": "admin_token", "auth": dict{"token": "t0ken"}, "placement_endpoint": f.server.URL, "provider": fakeUUID,
		"journal": f.journal, "timeout": 60,
	}
	maps.Copy(all, args)
	defer f.rest()
	return ansibletest.RunAtOnce(f.t, inventory.Module(), all)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPut {
		if f.put == nil || !f.put(f, w, r) {
			f.write(w, r)
		}
		return
	}
	provider := dict{"uuid": fakeUUID, "name": "p", "generation": f.generation, "root_provider_uuid": fakeUUID, "parent_provider_uuid": nil}
	body := dict{"resource_provider_generation": f.generation}
	switch path := strings.TrimPrefix(r.URL.Path, "/resource_providers"); path {
	case "/":
		body = dict{"versions": []any{dict{"id": "v1.0", "min_version": "1.0", "max_version": "1.39"}}}
	case "":
		body = dict{"resource_providers": []any{provider}}
	case "/" + fakeUUID:
		body = provider
	case "/" + fakeUUID + "/inventories":
		body["inventories"] = f.has
	case "/" + fakeUUID + "/usages":
		body["usages"] = dict{"VCPU": f.used}
	case "/" + fakeUUID + "/traits":
		body["traits"] = []any{}
	case "/" + fakeUUID + "/allocations":
		body["allocations"] = f.held
		if f.held == nil {
			body["allocations"] = dict{}
		}
	case "/resource_classes":
		list := []any{}
		for _, class := range f.classes {
			list = append(list, dict{"name": class})
		}
		body = dict{"resource_classes": list}
	default:
		f.t.Errorf("%s %s is not foreseen", r.Method, r.URL.Path)
	}
	answer(w, http.StatusOK, body)
}

// write is what Placement does.
func (f *fake) write(w http.ResponseWriter, r *http.Request) {
	if class, ok := strings.CutPrefix(r.URL.Path, "/resource_classes/"); ok {
		f.classes = append(f.classes, class)
		w.WriteHeader(http.StatusCreated)
		return
	}
	var body struct {
		Generation  int  `json:"resource_provider_generation"`
		Inventories dict `json:"inventories"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		f.t.Error(err)
	}
	f.puts++
	if body.Generation != f.generation {
		answer(w, http.StatusConflict, dict{"errors": []any{dict{
			"status": http.StatusConflict, "code": "placement.concurrent_update", "detail": "resource provider generation conflict",
		}}})
		return
	}
	f.has, f.generation = body.Inventories, f.generation+1
	answer(w, http.StatusOK, dict{"resource_provider_generation": f.generation, "inventories": f.has})
}

func answer(w http.ResponseWriter, status int, body dict) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// interrupted runs it until it knows no more of a write than that no answer came, and ends it then as its time-out would.
// No other test may run beside it: the signal goes to all.
func (f *fake) interrupted(args dict) dict {
	f.t.Helper()
	f.put = func(f *fake, w http.ResponseWriter, r *http.Request) bool {
		if f.puts++; f.puts == 1 {
			interrupt(f.t)
		}
		return down(f, w, r)
	}
	f.puts = 0
	return f.run(args)
}

// interrupt has the module that runs in this process end.
func interrupt(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}

// down answers as a proxy does whose server is gone.
func down(_ *fake, w http.ResponseWriter, _ *http.Request) bool {
	w.WriteHeader(http.StatusServiceUnavailable)
	return true
}

// once does it to the first PUT of inventories only.
func once(do func(f *fake, w http.ResponseWriter) bool) func(*fake, http.ResponseWriter, *http.Request) bool {
	done := false
	return func(f *fake, w http.ResponseWriter, r *http.Request) bool {
		if done || !strings.HasSuffix(r.URL.Path, "/inventories") {
			return false
		}
		done = true
		return do(f, w)
	}
}

// grown lets somebody allocate before the first PUT of inventories arrives, which then is refused.
func grown(used int) func(*fake, http.ResponseWriter, *http.Request) bool {
	return once(func(f *fake, _ http.ResponseWriter) bool {
		f.used, f.generation = used, f.generation+1
		return false
	})
}

// warned reports whether one of the warnings contains all of these words.
func warned(answer dict, words ...string) bool {
	list, _ := answer["warnings"].([]any)
	return slices.ContainsFunc(list, func(w any) bool {
		text, _ := w.(string)
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	})
}
