// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// BenchmarkReads is 2,000 small reads by 16 workers over TLS, the shape of an audit; dials are what it pays for.
func BenchmarkReads(b *testing.B) {
	var dials atomic.Int64
	body := `{"things": ["` + strings.Repeat("x", 600) + `"]}`
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			dials.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	no := false
	for b.Loop() {
		p := &config.Place{Env: map[string]string{}}
		s, err := connect(b.Context(), &config.Options{AuthType: "none", PlacementEndpoint: server.URL, ValidateCerts: &no}, nil, p)
		if err != nil {
			b.Fatal(err)
		}
		c, err := s.Placement()
		if err != nil {
			b.Fatal(err)
		}
		var g errgroup.Group
		g.SetLimit(s.Concurrency())
		for range 2000 {
			g.Go(func() error {
				var list map[string][]string
				_, err := c.Get(b.Context(), c.ServiceURL("things"), &list, nil)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
	b.ReportMetric(float64(dials.Load())/float64(b.N), "dials/op")
}
