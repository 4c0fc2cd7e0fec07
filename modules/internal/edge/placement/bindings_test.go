// SPDX-License-Identifier: Apache-2.0

package placement_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/placement/v1/allocationcandidates"
	"github.com/gophercloud/gophercloud/v2/openstack/placement/v1/allocations"
	"github.com/gophercloud/gophercloud/v2/openstack/placement/v1/resourceclasses"
	"github.com/gophercloud/gophercloud/v2/openstack/placement/v1/resourceproviders"
	"github.com/gophercloud/gophercloud/v2/openstack/placement/v1/traits"
	"github.com/gophercloud/gophercloud/v2/openstack/placement/v1/usages"
	"github.com/gophercloud/gophercloud/v2/pagination"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/placement"
)

// These tests hold the reasons of docs/decisions/0019-placement-bindings.md. One that fails is good news: gophercloud has changed,
// and the binding may be of use now.
const (
	page         = "../../../../docs/decisions/0019-placement-bindings.md"
	conversation = "../../../../tests/recorded/conversation.json"
)

// answering is a client of a service that answers everything with this.
func answering(t *testing.T, body string) *gophercloud.ServiceClient {
	t.Helper()
	return client(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	})
}

// client is one of a service that tells its versions, and for the rest does this.
func client(t *testing.T, serve http.HandlerFunc) *gophercloud.ServiceClient {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			_, _ = w.Write([]byte(`{"versions": [{"id": "v1.0", "min_version": "1.0", "max_version": "1.39"}]}`))
			return
		}
		serve(w, r)
	}))
	t.Cleanup(server.Close)
	return &gophercloud.ServiceClient{
		ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: "placement", Microversion: placement.Newest,
	}
}

// own is the client of this package for the same service.
func own(t *testing.T, sc *gophercloud.ServiceClient) *placement.Client {
	t.Helper()
	c, err := placement.New(t.Context(), sc)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// reads are the bindings of what is read here. Each returns how much was found.
func reads() map[string]func(context.Context, *gophercloud.ServiceClient) (int, error) {
	return map[string]func(context.Context, *gophercloud.ServiceClient) (int, error){
		"resourceproviders.List": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			return listed(ctx, resourceproviders.List(sc, nil), func(p pagination.Page) (int, error) {
				all, err := resourceproviders.ExtractResourceProviders(p)
				return len(all), err
			})
		},
		"resourceproviders.Get": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			p, err := resourceproviders.Get(ctx, sc, "p").Extract()
			return len(p.UUID) + p.Generation, err
		},
		"resourceproviders.GetInventories": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			a, err := resourceproviders.GetInventories(ctx, sc, "p").Extract()
			return len(a.Inventories) + a.ResourceProviderGeneration, err
		},
		"resourceproviders.GetUsages": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			a, err := resourceproviders.GetUsages(ctx, sc, "p").Extract()
			return len(a.Usages) + a.ResourceProviderGeneration, err
		},
		"resourceproviders.GetTraits": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			a, err := resourceproviders.GetTraits(ctx, sc, "p").Extract()
			return len(a.Traits), err
		},
		"resourceproviders.GetAggregates": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			a, err := resourceproviders.GetAggregates(ctx, sc, "p").Extract()
			return len(a.Aggregates), err
		},
		"resourceproviders.GetAllocations": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			a, err := resourceproviders.GetAllocations(ctx, sc, "p").Extract()
			return len(a.Allocations) + a.ResourceProviderGeneration, err
		},
		"allocations.Get": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			a, err := allocations.Get(ctx, sc, "c").Extract()
			return len(a.Allocations), err
		},
		"allocationcandidates.List": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			return listed(ctx, allocationcandidates.List(sc, nil), func(p pagination.Page) (int, error) {
				a, err := allocationcandidates.ExtractAllocationCandidates(p)
				return len(a.ProviderSummaries), err
			})
		},
		"traits.List": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			return listed(ctx, traits.List(sc, nil), func(p pagination.Page) (int, error) {
				all, err := traits.ExtractTraits(p)
				return len(all), err
			})
		},
		"usages.Get": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			a, err := usages.Get(ctx, sc, usages.GetOpts{ProjectID: "p"}).Extract()
			return len(a.Usages), err
		},
		"resourceclasses.List": func(ctx context.Context, sc *gophercloud.ServiceClient) (int, error) {
			return listed(ctx, resourceclasses.List(sc), func(p pagination.Page) (int, error) {
				all, err := resourceclasses.ExtractResourceClasses(p)
				return len(all), err
			})
		},
	}
}

func listed(ctx context.Context, list pagination.Pager, count func(pagination.Page) (int, error)) (int, error) {
	all, err := list.AllPages(ctx)
	if err != nil {
		return 0, err
	}
	return count(all)
}

// An answer without its content is an empty one to each of them. To a reader of ours it is an error.
func TestBindingsTakeNothingForEmpty(t *testing.T) {
	for name, read := range reads() {
		for _, body := range []string{`{}`, `{"something": "else"}`} {
			if found, err := read(t.Context(), answering(t, body)); found != 0 || err != nil {
				t.Errorf("%s: %s is %d and %v now", name, body, found, err)
			}
		}
	}
	if _, err := own(t, answering(t, `{}`)).Used(t.Context(), "p"); err == nil {
		t.Error("an answer without usages is taken here too")
	}
}

// A name in another case is taken for the one that is meant, and what stands last wins. Here it is another name.
func TestBindingsTakeOtherNames(t *testing.T) {
	const body = `{"usages": {"VCPU": 4}, "USAGES": {"MEMORY_MB": 512}, "resource_provider_generation": 1}`
	got, err := resourceproviders.GetUsages(t.Context(), answering(t, body), "p").Extract()
	if err != nil || got.Usages["MEMORY_MB"] != 512 {
		t.Errorf("%v %v", got, err)
	}
	if got, err := own(t, answering(t, body)).Used(t.Context(), "p"); err != nil || got["VCPU"] != 4 || len(got) != 1 {
		t.Errorf("here it is %v, %v", got, err)
	}
}

// A ratio becomes another one, on the way in and on the way back: an undo would write what nobody has ever set.
func TestBindingsRoundRatios(t *testing.T) {
	const body = `{"resource_provider_generation": 1, "inventories": {"VCPU": {"total": 10, "reserved": 0, "min_unit": 1, "max_unit": 10, "step_size": 1, "allocation_ratio": 1.23456789}}}`
	sc := answering(t, body)
	got, err := resourceproviders.GetInventories(t.Context(), sc, "p").Extract()
	if err != nil || float64(got.Inventories["VCPU"].AllocationRatio) == 1.23456789 {
		t.Errorf("%v, %v", got, err)
	}
	back, err := got.ToResourceProviderUpdateInventoriesMap()
	if err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(back); err != nil || strings.Contains(string(text), "1.23456789") {
		t.Errorf("%s, %v", text, err)
	}
	if got, err := own(t, sc).Offered(t.Context(), "p"); err != nil || got["VCPU"].AllocationRatio != 1.23456789 {
		t.Errorf("here it is %v, %v", got, err)
	}
}

// What consumers hold on a provider comes without their generations, though Placement has sent them.
func TestBindingsDropConsumerGenerations(t *testing.T) {
	var body string
	for _, e := range stricttest.Recorded(t, conversation, "placement") {
		if strings.HasSuffix(e.Path, "/allocations") && strings.Contains(e.Body, `"consumer_generation": `) {
			body = e.Body
		}
	}
	got, err := resourceproviders.GetAllocations(t.Context(), answering(t, body), "p").Extract()
	if err != nil || len(got.Allocations) == 0 {
		t.Fatalf("%v, %v", got, err)
	}
	if text, err := json.Marshal(got); err != nil || strings.Contains(string(text), "consumer_generation") {
		t.Errorf("%s, %v", text, err)
	}
}

// Below 1.38 the same request has to be taken apart by another function, which the caller has to know.
func TestBindingsDoNotNegotiate(t *testing.T) {
	sc := answering(t, `{"usages": {"VCPU": 5}}`)
	sc.Microversion = "1.37"
	got := usages.Get(t.Context(), sc, usages.GetOpts{ProjectID: "p"})
	if _, err := got.Extract(); err == nil {
		t.Error("usages before 1.38 are taken as those of 1.38")
	}
	sc = client(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/traits" || r.Header.Get("OpenStack-API-Version") != "placement 1.99" {
			t.Errorf("%s at %q", r.URL, r.Header.Get("OpenStack-API-Version"))
		}
		http.Error(w, `{}`, http.StatusNotAcceptable)
	})
	sc.Microversion = "1.99"
	if _, err := traits.List(sc, nil).AllPages(t.Context()); !gophercloud.ResponseCodeIs(err, http.StatusNotAcceptable) {
		t.Error(err)
	}
}

// A resource class is created with gophercloud's binding: there is no answer to lose anything of.
func TestCreateClass(t *testing.T) {
	var asked []string
	status := http.StatusCreated
	c := own(t, client(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("OpenStack-API-Version"))
		w.WriteHeader(status)
	}))
	for status = range map[int]bool{http.StatusCreated: true, http.StatusNoContent: true} {
		if err := c.CreateClass(t.Context(), "CUSTOM_GOLD"); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
	for _, status = range []int{http.StatusOK, http.StatusForbidden, http.StatusBadRequest} {
		if err := c.CreateClass(t.Context(), "CUSTOM_GOLD"); err == nil || !strings.Contains(err.Error(), "create resource class CUSTOM_GOLD") {
			t.Errorf("%d: %v", status, err)
		}
	}
	if want := "PUT /resource_classes/CUSTOM_GOLD placement " + placement.Newest; len(asked) != 5 || asked[0] != want {
		t.Errorf("asked %q, want %q", asked, want)
	}
}

// The page judges every binding of Placement that gophercloud has.
func TestEveryBindingIsJudged(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const tree = "github.com/gophercloud/gophercloud/v2/openstack/placement/v1/..."
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.Name}} {{.Dir}}", tree).Output()
	if err != nil {
		t.Fatal(err)
	}
	request := regexp.MustCompile(`(?m)^func ([A-Z]\w*)\(.*\*gophercloud\.ServiceClient`)
	found := 0
	for line := range strings.Lines(string(out)) {
		name, dir, _ := strings.Cut(strings.TrimSpace(line), " ")
		code, err := os.ReadFile(dir + "/requests.go")
		if err != nil {
			continue // its tests, and what they share
		}
		for _, match := range request.FindAllSubmatch(code, -1) {
			found++
			if binding := "`" + name + "." + string(match[1]) + "`"; !strings.Contains(string(text), binding) {
				t.Errorf("the page does not judge %s", binding)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d bindings were found", found)
	}
}
