// SPDX-License-Identifier: Apache-2.0

//go:build hostile

package hostile_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
)

// at answers requests whose path, without its query, has that prefix and that suffix.
func at(prefix, suffix string, answer http.HandlerFunc) answers {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, prefix) || !strings.HasSuffix(r.URL.Path, suffix) {
			return false
		}
		answer(w, r)
		return true
	}
}

func first(all ...answers) answers {
	return func(w http.ResponseWriter, r *http.Request) bool {
		for _, one := range all {
			if one(w, r) {
				return true
			}
		}
		return false
	}
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// endless writes a beginning and then the same forever.
func endless(begin, repeat string) http.HandlerFunc {
	chunk := strings.Repeat(repeat, max(1, 1<<16/len(repeat)))
	return func(w http.ResponseWriter, _ *http.Request) {
		if _, err := io.WriteString(w, begin); err != nil {
			return
		}
		for {
			if _, err := io.WriteString(w, chunk); err != nil {
				return
			}
		}
	}
}

// upTo writes a JSON text of about so many MiB.
func upTo(mebibytes int, begin string, element func(int) string, end string) http.HandlerFunc {
	var once sync.Once
	var whole string
	return func(w http.ResponseWriter, _ *http.Request) {
		once.Do(func() {
			var body strings.Builder
			body.WriteString(begin + element(0))
			for i := 1; body.Len() < mebibytes<<20; i++ {
				body.WriteString("," + element(i))
			}
			whole = body.String() + end
		})
		_, _ = io.WriteString(w, whole)
	}
}

// blanks is a packed text of so many MiB.
func blanks(mebibytes int) []byte {
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range mebibytes {
		_, _ = z.Write(block)
	}
	_ = z.Close()
	return packed.Bytes()
}

// hijacked writes raw bytes in the place of an HTTP answer.
func hijacked(write func(io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack() //nolint:forcetypeassert // that of net/http can
		if err != nil {
			return
		}
		defer conn.Close()
		_ = write(conn)
	}
}

// headers writes the same lines into the head of an answer, many times.
func headers(lines string, times int) http.HandlerFunc {
	return hijacked(func(w io.Writer) error {
		_, err := io.WriteString(w, "HTTP/1.1 200 OK\r\n")
		for range times {
			if err == nil {
				_, err = io.WriteString(w, lines)
			}
		}
		return err
	})
}

// manyProviders makes a cloud in which all is read provider by provider, 16 at a time.
func manyProviders(hostile answers) answers {
	return first(
		at("/placement/allocation_candidates", "", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }),
		at("/placement/resource_providers", "/resource_providers", says(providers(200))),
		hostile,
	)
}

// pages are of what nobody has seen before, forever.
func pages(path, list string, element func(i int) string) answers {
	var n atomic.Int64
	elements := make([]string, 1000)
	for i := range elements {
		elements[i] = strings.Replace(element(i), "-0000-", "-@@@@-", 1)
	}
	page := `{"` + list + `": [` + strings.Join(elements, ",") + `]}`
	return at(path, "", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.ReplaceAll(page, "@@@@", fmt.Sprintf("%04x", n.Add(1))))
	})
}

func server(i int) string {
	return fmt.Sprintf(`{"id": "%08x-0000-4000-8000-000000000000", "name": "server-%d", "status": "ACTIVE", "OS-EXT-STS:vm_state": "active",
		"OS-EXT-SRV-ATTR:host": "cn%d", "tenant_id": "p%d", "user_id": "u%d", "created": "2026-11-22T10:00:00Z", "updated": "2026-11-22T10:00:00Z",
		"flavor": {"original_name": "f%d", "vcpus": %d, "ram": 2, "disk": 3, "ephemeral": 0, "swap": 0, "extra_specs": {"a": "b"}}}`, i, i, i, i, i, i, i)
}

func migration(i int) string {
	return fmt.Sprintf(`{"uuid": "%08x-0000-4000-8000-000000000000", "instance_uuid": "%08x-0000-4000-8000-000000000001", "status": "running",
		"migration_type": "resize", "source_compute": "cn%d", "source_node": "cn%d", "dest_compute": null, "dest_node": null,
		"created_at": "2026-11-22T10:00:00Z", "updated_at": null}`, i, i, i, i)
}
