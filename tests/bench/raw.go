// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// request is a GET as the audit sent it.
type request struct {
	Service string // as the lab calls it
	Path    string
	URL     string // of the service itself, not of the proxy
	Header  http.Header
}

// record runs a module once through two proxies, untimed, and returns the GETs that it sent, in the order of arrival.
func (b *bench) record(run func(options map[string]any) error) ([]request, error) {
	var all recorder
	options := map[string]any{}
	for service, option := range map[string]string{"placement": "placement_endpoint", "nova": "compute_endpoint"} {
		target, err := url.Parse(b.lab.Endpoints[service])
		if err != nil {
			return nil, err
		}
		proxy := httptest.NewServer(all.before(service, target))
		defer proxy.Close()
		options[option] = proxy.URL + target.Path
	}
	if err := run(options); err != nil {
		return nil, err
	}
	return all.asked, nil
}

// recorder remembers what was asked.
type recorder struct {
	mu    sync.Mutex
	asked []request
}

// before passes everything on to a service.
func (r *recorder) before(service string, target *url.URL) http.Handler {
	host := &url.URL{Scheme: target.Scheme, Host: target.Host}
	proxy := httputil.NewSingleHostReverseProxy(host)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodGet {
			r.add(request{
				Service: service, Path: strings.TrimPrefix(req.URL.Path, target.Path),
				URL: host.String() + req.URL.RequestURI(), Header: req.Header.Clone(),
			})
		}
		proxy.ServeHTTP(w, req)
	})
}

func (r *recorder) add(one request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, one)
}

// allocations are those of the requests that read what is held on a provider.
func allocations(all []request) []request {
	return where(all, func(r request) bool {
		return r.Service == "placement" && strings.HasPrefix(r.Path, "/resource_providers/") && strings.HasSuffix(r.Path, "/allocations")
	})
}

// servers are those that read the list of servers, page by page.
func servers(all []request) []request {
	return where(all, func(r request) bool { return r.Service == "nova" && strings.HasPrefix(r.Path, "/servers/detail") })
}

// candidates is the one that asks where something can land: the audit's way to read inventories asks for one class only.
func candidates(all []request) []request {
	return where(all, func(r request) bool {
		return r.Service == "placement" && strings.HasPrefix(r.Path, "/allocation_candidates") && strings.Contains(r.URL, asksFor())
	})
}

func where(all []request, wanted func(request) bool) []request {
	var out []request
	for _, r := range all {
		if wanted(r) {
			out = append(out, r)
		}
	}
	return out
}

// kinds says how many requests there are of each kind, the most first.
func kinds(all []request) string {
	id := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}`)
	count := map[string]int{}
	for _, r := range all {
		count[id.ReplaceAllString(r.Path, "…")]++
	}
	paths := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	for i, path := range paths {
		paths[i] = fmt.Sprintf("%d %s", count[path], path)
	}
	return strings.Join(paths, ", ")
}

// replay sends the requests with so many in flight and throws the answers away. Any status but 200 is an error: a refusal
// comes sooner than an answer.
func replay(ctx context.Context, list []request, inFlight int) (sample, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: inFlight, DisableCompression: true}
	defer transport.CloseIdleConnections()
	start := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(inFlight)
	for _, r := range list {
		group.Go(func() error { return send(ctx, transport, r) })
	}
	err := group.Wait()
	return sample{Wall: time.Since(start), Requests: len(list)}, err
}

func send(ctx context.Context, transport *http.Transport, r request) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL, nil)
	if err != nil {
		return err
	}
	req.Header = r.Header
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", r.URL, resp.Status)
	}
	return err
}
