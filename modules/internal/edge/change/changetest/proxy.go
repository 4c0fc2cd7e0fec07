// SPDX-License-Identifier: Apache-2.0

package changetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Reached is one write that the server got, whatever the client heard of it.
type Reached struct {
	Method, Path string
	Body         []byte
	Status       int // what the server said; 0 if it said nothing
}

// Sent is one write of inventories as the server got it.
type Sent struct {
	Generation int // that it was bound to
	After      change.Inventories
	Status     int // what the server said, whatever the client heard; 0 if it said nothing
	Made       int // the generation that it made
	Raw        []byte
}

// Proxy stands before Placement.
type Proxy struct {
	URL string
	// Decide chooses the fault of a request.
	Decide func(*http.Request) Fault
	// Arrived is called before a request is sent on, Answered before its answer is.
	Arrived, Answered func(*http.Request)
	target            string
	busy              sync.WaitGroup
	mu                sync.Mutex
	sent              []Sent
	reached           []Reached
	hits              [Faults]int
	address           string
	connections       Connections
}

// NewProxy stands before the target until the test ends.
func NewProxy(t testing.TB, target string, decide func(*http.Request) Fault) *Proxy {
	p := &Proxy{target: target, Decide: decide, Arrived: func(*http.Request) {}, Answered: func(*http.Request) {}}
	server := httptest.NewUnstartedServer(p)
	server.Config.ErrorLog, server.Config.ConnState = log.New(io.Discard, "", 0), p.connections.Track
	server.Start()
	t.Cleanup(server.Close)
	p.URL, p.address = server.URL, server.Listener.Addr().String()
	return p
}

// Sent waits until nothing is under way and returns the writes that reached the server.
func (p *Proxy) Sent() []Sent {
	p.busy.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sent)
}

// Reached waits until nothing is under way and returns all writes that reached the server.
func (p *Proxy) Reached() []Reached {
	p.busy.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.reached)
}

// Reset begins anew, with nothing sent and no faults. Nothing may be under way.
func (p *Proxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent, p.reached = nil, nil
	p.Decide = func(*http.Request) Fault { return None }
	p.Arrived, p.Answered = func(*http.Request) {}, func(*http.Request) {}
}

// Hits says how often each fault was met.
func (p *Proxy) Hits() [Faults]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hits
}

// ServeHTTP passes one request on, or does what was decided.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.busy.Add(1)
	defer p.busy.Done()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	fault := p.Decide(r)
	p.mu.Lock()
	p.hits[fault]++
	p.mu.Unlock()
	p.Arrived(r)
	if instead(w, r, fault) {
		return
	}
	a := p.forward(r, body)
	p.Answered(r)
	after(w, r, fault, a)
}

// forward asks the server, whether or not the client still waits, and remembers writes of inventories.
func (p *Proxy) forward(r *http.Request, body []byte) live.Answer {
	ctx := context.WithoutCancel(r.Context())
	req, err := http.NewRequestWithContext(ctx, r.Method, p.target+r.URL.RequestURI(), bytes.NewReader(body)) //nolint:gosec // the target is a lab
	if err != nil {
		return live.Answer{Err: err}
	}
	req.Header = r.Header.Clone()
	req.Header.Del("Accept-Encoding")
	resp, err := http.DefaultTransport.RoundTrip(req)
	a := live.Answer{Err: err}
	if err == nil {
		a.Status, a.Header = resp.StatusCode, resp.Header
		a.Body, a.Err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
	}
	if r.Method == http.MethodPut {
		p.remember(body, a)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.reached = append(p.reached, Reached{r.Method, r.URL.Path, body, a.Status})
	}
	return a
}

func (p *Proxy) remember(body []byte, a live.Answer) {
	type inventories struct {
		Generation  int                `json:"resource_provider_generation"`
		Inventories change.Inventories `json:"inventories"`
	}
	var asked, made inventories
	s := Sent{Status: a.Status, Raw: a.Body}
	if err := json.Unmarshal(body, &asked); err != nil {
		panic(fmt.Sprintf("a PUT of something else: %s", body))
	}
	s.Generation, s.After = asked.Generation, asked.Inventories
	if a.Status == http.StatusOK && json.Unmarshal(a.Body, &made) == nil {
		s.Made = made.Generation
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, s)
}
