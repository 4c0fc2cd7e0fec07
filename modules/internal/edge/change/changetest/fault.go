// SPDX-License-Identifier: Apache-2.0

package changetest

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

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
