// SPDX-License-Identifier: Apache-2.0

package glance_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/glance"
)

// What Glance 30 answered, but for the property of the trait and the two minimums.
const (
	lab = `{"name": "lab", "disk_format": "raw", "visibility": "public", "size": 512, "virtual_size": null, "status": "active", "protected": false, "min_ram": 64, "min_disk": 1,
		"id": "9fb7cb0f-6203-47a1-8e33-47e8342ac9f3", "tags": [], "stores": "file", "trait:CUSTOM_GOLD": "required"}`
	none    = `{"images": [], "first": "/v2/images?name=nothing", "schema": "/v2/schemas/images"}`
	unknown = "404 Not Found\n\nNo image found with ID 00000000-0000-4000-8000-000000000001\n\n   "
	uuid    = "9fb7cb0f-6203-47a1-8e33-47e8342ac9f3"
)

type findCase struct {
	asked, address string
	answers        map[string]string // by path and query; what is not there is answered by 404
	found          int
	fault          string
}

func TestFind(t *testing.T) {
	finds(t, map[string]findCase{
		"by UUID":          {uuid, "", map[string]string{"/v2/images/" + uuid: lab}, 1, ""},
		"without dashes":   {strings.ToUpper(strings.ReplaceAll(uuid, "-", "")), "", map[string]string{"/v2/images/" + uuid: lab}, 1, ""},
		"by name":          {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [` + lab + `]}`}, 1, ""},
		"with its version": {"lab", "/v2", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [` + lab + `]}`}, 1, ""},
		"none":             {"nothing", "", map[string]string{"/v2/images?limit=100&name=nothing": none}, 0, ""},
		"no such UUID":     {"00000000-0000-4000-8000-000000000001", "", map[string]string{"/v2/images?limit=100&name=00000000-0000-4000-8000-000000000001": none}, 0, ""},
		"two":              {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [` + lab + "," + lab + `]}`}, 2, ""},
		"another name":     {"in:lab", "", map[string]string{"/v2/images?limit=100&name=in%3Alab": `{"images": [` + lab + `]}`}, 0, ""},
		"too many":         {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [` + lab + `], "next": "/v2/images?marker=x"}`}, 0, "more images have that name"},
		"an empty page":    {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [], "next": "/v2/images?marker=x"}`}, 0, "more images have that name"},
		"no list":          {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{}`}, 0, "images"},
		"no id":            {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [{"name": "lab"}]}`}, 0, "no id of an image"},
		"no status":        {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [{"id": "` + uuid + `", "name": "lab"}]}`}, 0, "no status of an image"},
		"no min_ram":       {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [{"id": "` + uuid + `", "status": "active", "min_ram": null}]}`}, 0, "no min_ram or min_disk"},
		"no number":        {"lab", "", map[string]string{"/v2/images?limit=100&name=lab": `{"images": [` + strings.Replace(lab, "64", `"64"`, 1) + `]}`}, 0, "no image"},
		"no image":         {uuid, "", map[string]string{"/v2/images/" + uuid: `[]`}, 0, "no image"},
		"no Glance":        {"lab", "", nil, 0, "404"},
	})
}

func finds(t *testing.T, cases map[string]findCase) {
	t.Helper()
	for name, c := range cases {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer, has := c.answers[r.URL.RequestURI()]
			if !has {
				w.WriteHeader(http.StatusNotFound)
				answer = unknown
			}
			_, _ = io.WriteString(w, answer)
		}))
		sc := &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{TokenID: "t"}, Endpoint: server.URL + c.address + "/"}
		found, err := glance.Find(t.Context(), sc, c.asked)
		server.Close()
		if len(found) != c.found || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
		if len(found) == 1 && (found[0].UUID != uuid || found[0].Properties["trait:CUSTOM_GOLD"] != "required" || found[0].Properties["size"] != "" ||
			found[0].Status != "active" || found[0].MinRAM != 64 || found[0].MinDisk != 1 || found[0].Size != 512) {
			t.Errorf("%s: %+v", name, found[0])
		}
	}
}
