// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

func TestAskedTypes(t *testing.T) {
	stricttest.Types(t, "asked.go", &askedPage{}, &askedImage{})
}

// What Nova does not show is not none.
func TestAsked(t *testing.T) {
	const image = `, "image": {"id": "i", "links": []`
	for text, want := range map[string]string{
		``:                                             "zone , pinned ?, image  map[], group ?",
		`, "image": ""`:                                "zone , pinned ?, image  map[], group ?",
		image + `}`:                                    "zone , pinned ?, image i map[], group ?",
		image + `, "properties": {"hw_a": "b"}}`:       "zone , pinned ?, image i map[hw_a:b], group ?",
		`, "pinned_availability_zone": null`:           "zone , pinned , image  map[], group ?",
		`, "pinned_availability_zone": "az1"`:          "zone , pinned az1, image  map[], group ?",
		`, "OS-EXT-AZ:availability_zone": "az1"`:       "zone az1, pinned ?, image  map[], group ?",
		`, "scheduler_hints": null`:                    "zone , pinned ?, image  map[], group ",
		`, "scheduler_hints": {}`:                      "zone , pinned ?, image  map[], group ",
		`, "scheduler_hints": {"group": ["g"]}`:        "zone , pinned ?, image  map[], group g",
		`, "scheduler_hints": {"group": "g"}`:          "zone , pinned ?, image  map[], group g",
		`, "scheduler_hints": {"same_host": ["s"]}`:    "zone , pinned ?, image  map[], group , hints [same_host]",
		`, "scheduler_hints": {"group": [5]}`:          "error",
		`, "image": {"links": []}`:                     "error",
		image + `, "properties": {"hw_a": null}}`:      "error",
		`, "pinned_availability_zone": {"name": "az"}`: "error",
	} {
		var page askedPage
		if err := strict.Decode([]byte(`{"servers": [{"id": "s"`+text+`}]}`), &page, nil); err != nil {
			t.Fatal(text, err)
		}
		a, err := page.List[0].data()
		got := fmt.Sprintf("zone %s, pinned %s, image %s %v, group %s", a.Zone, shown(a.Pinned), a.Image, a.Properties, shown(a.Group))
		if len(a.Hints) > 0 {
			got += fmt.Sprintf(", hints %v", a.Hints)
		}
		if (a.Hints == nil) != (a.Group == nil) && err == nil {
			t.Errorf("%s: hints %v", text, a.Hints)
		}
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func shown(text *string) string {
	if text == nil {
		return "?"
	}
	return *text
}

// It is read at the newest microversion that shows more, out of the list of all projects.
func TestAskedOf(t *testing.T) {
	for newest, want := range map[string]string{"2.93": "2.93", "2.96": "2.96", "2.104": "2.100"} {
		for body, fault := range map[string]string{
			`{"id": "s"}`: "", ``: "not found", `{"id": "x"}`: "ignores the filters", `{"id": "s"}, {"id": "x"}`: "ignores the filters",
		} {
			var at, path string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/" {
					_, _ = fmt.Fprintf(w, `{"version": {"min_version": "2.1", "version": "%s"}}`, newest)
					return
				}
				at, path = r.Header.Get("X-OpenStack-Nova-API-Version"), r.URL.RequestURI()
				_, _ = fmt.Fprintf(w, `{"servers": [%s]}`, body)
			}))
			t.Cleanup(server.Close)
			c, err := New(t.Context(), &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: "compute"})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Asked(t.Context(), "s")
			if at != want || path != "/servers/detail?all_tenants=True&soft_deleted=True&uuid=s" || (err == nil) != (fault == "") || err != nil && !strings.Contains(err.Error(), fault) {
				t.Errorf("%s %s: %s %s %v", newest, body, at, path, err)
			}
		}
	}
}
