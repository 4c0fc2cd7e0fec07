// SPDX-License-Identifier: Apache-2.0

package live

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
)

// Watch sees the requests that are sent to a lab: those to Placement and Nova in their logs, those to Keystone, which logs
// none, on their way through a gate.
type Watch struct {
	// Keystone is the gate's address; what is to be watched has to log in there.
	Keystone *url.URL

	logs map[string]int // how much of each is known

	mu     sync.Mutex
	passed []string // through the gate
}

// Watch begins to watch.
func (l *Lab) Watch(t testing.TB) *Watch {
	t.Helper()
	target := parsed(t, l.Endpoints["keystone"])
	target.Path = "" // who sends a request names the version
	folder := filepath.Join(filepath.Dir(l.CloudsFile), "log")
	w := &Watch{logs: map[string]int{filepath.Join(folder, "placement.log"): 0, filepath.Join(folder, "nova-api.log"): 0}}
	pass := httputil.NewSingleHostReverseProxy(target)
	gate := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.keep(r.Method + " " + r.URL.Path)
		pass.ServeHTTP(rw, r)
	}))
	t.Cleanup(gate.Close)
	w.Keystone = parsed(t, gate.URL)
	w.Writes(t)
	return w
}

func parsed(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (w *Watch) keep(request string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.passed = append(w.passed, request)
}

var (
	// logged is what Placement and Nova write of each request before they answer.
	logged = regexp.MustCompile(`requestlog .*"([A-Z]+ /\S*)" status: \d`)
	// harmless changes nothing; who logs in gets a token, which Keystone does not keep.
	harmless = regexp.MustCompile(`^(GET|HEAD) |^POST /v3/auth/tokens$`)
)

// Writes returns the requests since the last call that may have changed something, whoever sent them.
func (w *Watch) Writes(t testing.TB) []string {
	t.Helper()
	w.mu.Lock()
	requests := w.passed
	w.passed = nil
	w.mu.Unlock()
	for path, known := range w.logs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		w.logs[path] = len(text)
		for _, match := range logged.FindAllSubmatch(text[known:], -1) {
			requests = append(requests, string(match[1]))
		}
	}
	var writes []string
	for _, request := range requests {
		if !harmless.MatchString(request) {
			writes = append(writes, request)
		}
	}
	return writes
}
