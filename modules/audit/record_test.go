// SPDX-License-Identifier: Apache-2.0

//go:build record

package audit_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestRecord makes the recorded files again, on a running nova lab with seeds in it (make record): what Placement and
// Nova say during one audit, for the tests that have to break it, and the snapshot for the demo.
func TestRecord(t *testing.T) {
	lab := labOf(t, "nova")
	placement, nova := &recorder{Service: "placement"}, &recorder{Service: "compute"}
	args := map[string]any{
		"cloud": lab.Cloud, "clouds_file": lab.CloudsFile, "grace": 2, "concurrency": 1,
		"placement_endpoint": placement.before(t, lab.Endpoints["placement"]),
		"compute_endpoint":   nova.before(t, lab.Endpoints["nova"]),
		"save_snapshot":      filepath.Join(recordedDir, "snapshot.json"),
	}
	answer := runModule(t, args)
	if answer["complete"] != true {
		t.Fatalf("the audit is not complete: %v", answer["not_run"])
	}
	if err := os.Chmod(filepath.Join(recordedDir, "snapshot.json"), 0o644); err != nil {
		t.Fatal(err)
	}
	// Without candidates usages and inventories are read one by one, and without usages the allocations of every provider:
	// these answers too.
	delete(args, "save_snapshot")
	placement.refuse = []string{"/allocation_candidates"}
	runModule(t, args)
	placement.refuse = append(placement.refuse, "/usages")
	runModule(t, args)
	data, err := json.MarshalIndent(append(placement.said, nova.said...), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(conversationFile, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// recorder is a proxy that keeps the answers of a service.
type recorder struct {
	Service string
	refuse  []string // how the paths of requests end that are answered with 403
	mu      sync.Mutex
	said    []exchange
}

// before starts the proxy in front of a service and returns the URL to use instead.
func (r *recorder) before(t *testing.T, endpoint string) string {
	t.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: target.Scheme, Host: target.Host})
	proxy.ModifyResponse = func(resp *http.Response) error { return r.keep(resp, target.Path) }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if slices.ContainsFunc(r.refuse, func(end string) bool { return strings.HasSuffix(req.URL.Path, end) }) {
			proxy.ServeHTTP(httptest.NewRecorder(), req) // what it would have said is kept all the same
			http.Error(w, "refused", http.StatusForbidden)
			return
		}
		proxy.ServeHTTP(w, req)
	}))
	t.Cleanup(server.Close)
	return server.URL + target.Path
}

func (r *recorder) keep(resp *http.Response, prefix string) error {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	path := timeless(strings.TrimPrefix(resp.Request.URL.RequestURI(), prefix))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, exchange{r.Service, path, resp.StatusCode, string(body)})
	return nil
}
