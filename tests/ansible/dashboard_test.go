// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// metricsOfRecorded are the metrics of the recorded snapshot, with those of its providers, and of a log with a conflict that stays.
func metricsOfRecorded(t *testing.T, root, dir string) string {
	t.Helper()
	log := filepath.Join(dir, "placement-api.log")
	write(t, log, fmt.Sprintf(anEntry, 1, 1, 409))
	text := ""
	for _, args := range [][]string{
		{"audit", "--snapshot", filepath.Join(root, "tests/recorded/snapshot.json"), "--provider-metrics", "--reports", `{"path": "` + dir + `/audit.prom", "format": "prometheus", "cloud": "berlin", "region": "north"}`},
		{"capacity_info", "--snapshot", filepath.Join(root, "tests/recorded/snapshot.json"), "--reports", `{"path": "` + dir + `/capacity_info.prom", "format": "prometheus", "cloud": "berlin", "region": "north"}`},
		{"conflicts", "--files", log, "--since", "all", "--timezone", "UTC", "--reports", `{"path": "` + dir + `/conflicts.prom", "format": "prometheus", "cloud": "berlin", "region": "north"}`},
	} {
		if out, err := exec.CommandContext(t.Context(), filepath.Join(root, "binaries/host/placement"), args...).CombinedOutput(); err != nil && !strings.Contains(err.Error(), "exit status 2") {
			t.Fatalf("%v: %s", err, out)
		}
		text += read(t, filepath.Join(dir, args[0]+".prom"))
	}
	return text
}

// prometheus starts a real Prometheus that scrapes these metrics every second, and returns its address.
func prometheus(t *testing.T, dir, metrics string) string {
	t.Helper()
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(metrics)) }))
	t.Cleanup(target.Close)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	config := filepath.Join(dir, "prometheus.yml")
	write(t, config, "scrape_configs: [{job_name: node, scrape_interval: 1s, static_configs: [{targets: ['"+strings.TrimPrefix(target.URL, "http://")+"']}]}]\n")
	cmd := exec.CommandContext(t.Context(), "../../.cache/bin/prometheus", "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+address)
	cmd.Stderr, _ = os.Create(filepath.Join(dir, "prometheus.log"))
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v (run make setup)", err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	for until := time.Now().Add(2 * time.Minute); len(query(t, "http://"+address, "placement_audit_conflicts_act")) == 0; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("Prometheus has no metrics: %s", read(t, filepath.Join(dir, "prometheus.log")))
		}
	}
	return "http://" + address
}

// query returns the series that a query finds; none while the server starts.
func query(t *testing.T, server, expr string) []any {
	t.Helper()
	response, err := http.Get(server + "/api/v1/query?query=" + url.QueryEscape(expr))
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusServiceUnavailable { // its body is no JSON until the server has started
		return nil
	}
	var answer struct {
		Status, Error string
		Data          struct{ Result []any }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Status != "success" {
		t.Errorf("%s: %v %s", expr, err, answer.Error)
	}
	return answer.Data.Result
}

// Each query of the dashboard is one that Prometheus answers, and it finds something wherever the metrics have it: everything was read
// of the recorded cloud, and nothing in it is not touched. Of another cloud it finds nothing.
func TestDashboard(t *testing.T) {
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "../../roles/scheduled_audit/files/placement-dashboard.json")), &board); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	server := prometheus(t, dir, metricsOfRecorded(t, built(t).root, dir))
	queries, empty := 0, []string{"Checks that did not run", "Duration and requests"} // a snapshot took no time and no requests
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			queries++
			wantSeries(t, server, panel.Title, target.Expr, slices.Contains(empty, panel.Title))
		}
	}
	if queries < 10 {
		t.Errorf("%d queries", queries)
	}
}

// wantSeries asks for a panel's series of three choices of clouds. Of the last there are none, and none of all where it is empty.
func wantSeries(t *testing.T, server, title, asked string, empty bool) {
	t.Helper()
	for cloud, region := range map[string]string{".*": ".*", "(berlin|oslo)": "north", "oslo": ".*"} {
		expr := strings.NewReplacer("$cloud", cloud, "$region", region).Replace(asked)
		found := query(t, server, expr)
		if nothing := cloud == "oslo" || empty; (len(found) == 0) != nothing {
			t.Errorf("%s: %d series of %s", title, len(found), expr)
		}
	}
}
