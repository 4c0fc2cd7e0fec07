// SPDX-License-Identifier: Apache-2.0

package placement_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
)

// A wish that is too new is refused with the microversion that it needs and the newest that there is.
func TestLacks(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"versions": [{"id": "v1.0", "min_version": "1.0", "max_version": "1.36"}]}`))
	}))
	t.Cleanup(server.Close)
	c := own(t, &gophercloud.ServiceClient{ProviderClient: &gophercloud.ProviderClient{}, Endpoint: server.URL + "/", Type: "placement"})
	for microversion, want := range map[string]string{
		"1.9": "", "1.36": "", "1.37": "in:A,B needs microversion 1.37 of Placement, which offers microversions up to 1.36",
	} {
		got := ""
		if err := c.Lacks(microversion, "in:A,B"); err != nil {
			got = err.Error()
		}
		if got != want || c.Speaks(microversion) != (want == "") {
			t.Errorf("%s: %q", microversion, got)
		}
	}
}
