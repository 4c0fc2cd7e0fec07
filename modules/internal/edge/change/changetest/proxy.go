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
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Fault is what a proxy does to one exchange.
type Fault int

// The faults. Those with Done in their names do harm after the server has done its work.
const (
	None        Fault = iota
	Cut               // the connection ends before the server hears of it
	CutDone           // it ends before the answer
	HalfDone          // it ends in the middle of the answer
	Slow              // the server hears of it late
	TooSlow           // the server hears of it when the client has given up
	Late              // the answer comes late
	Conflict          // 409, as Placement words it, for nothing
	Broken            // 500 for nothing
	BrokenDone        // 500 for what was done
	Busy              // 503 for nothing
	BusyDone          // 503 for what was done
	Gateway           // 502 in HTML, as proxies write it, for nothing
	GatewayDone       // 502 in HTML for what was done
	Torn              // half an answer that says that it is whole
	Empty             // an answer without its body
	Lost              // the server has done it at once, and the answer comes when the client has given up
	Faults            // how many there are
)

// String is the name of a fault.
func (f Fault) String() string {
	return [...]string{
		"none", "cut", "cut when done", "cut in the answer", "slow", "too slow", "late", "conflict", "500", "500 when done", "503",
		"503 when done", "502", "502 when done", "torn", "empty", "lost",
	}[f]
}

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

// delay is what Slow and Late add: more than an answer takes, and much less than any client waits.
const delay = 250 * time.Millisecond

// instead answers without the server, or waits before it hears.
func instead(w http.ResponseWriter, r *http.Request, f Fault) bool {
	switch f {
	case Cut:
		panic(http.ErrAbortHandler)
	case Slow:
		time.Sleep(delay)
	case TooSlow:
		<-r.Context().Done() // the client has closed the connection
	case Conflict:
		text := "There was a conflict when trying to complete your request.\n\n resource provider generation conflict  "
		refuse(w, http.StatusConflict, "placement.concurrent_update", text)
		return true
	case Broken:
		refuse(w, http.StatusInternalServerError, "placement.undefined_code", "The server has either erred or is incapable of performing the requested operation.")
		return true
	case Busy:
		refuse(w, http.StatusServiceUnavailable, "placement.undefined_code", "The server is currently unavailable.")
		return true
	case Gateway:
		gateway(w)
		return true
	default:
	}
	return false
}

// after passes the answer on, or what is left of it.
func after(w http.ResponseWriter, r *http.Request, f Fault, a live.Answer) {
	switch f {
	case CutDone:
		panic(http.ErrAbortHandler)
	case Lost:
		<-r.Context().Done()
	case GatewayDone:
		gateway(w)
		return
	case Torn:
		a.Body = a.Body[:len(a.Body)/2]
	case Empty:
		a.Body = nil
	case Late:
		time.Sleep(delay)
	case BrokenDone:
		refuse(w, http.StatusInternalServerError, "placement.undefined_code", "Lost connection to MySQL server during query")
		return
	case BusyDone:
		refuse(w, http.StatusServiceUnavailable, "", "no server is available")
		return
	default:
	}
	if a.Err != nil {
		panic(http.ErrAbortHandler)
	}
	for _, name := range []string{"Content-Type", "Last-Modified", "Openstack-Api-Version", "X-Openstack-Request-Id", "Www-Authenticate"} {
		w.Header()[name] = a.Header.Values(name)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
	if f == HalfDone {
		_, _ = w.Write(a.Body[:len(a.Body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.Body)
}

// gateway answers as a proxy does that can't reach its server.
func gateway(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = io.WriteString(w, "<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid or incomplete response.\n</body></html>\n")
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	text, _ := json.Marshal(map[string]any{"errors": []map[string]any{{
		"status": status, "title": http.StatusText(status), "detail": detail, "code": code, "request_id": "req-proxy",
	}}})
	_, _ = w.Write(text)
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
