// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"
)

// writeLog writes a log such as Placement's and Nova's clients make them: of a hundred lines 80 requests that read, 12 that
// write, 6 of a client, one that was refused and one that a client says so of. The same at every call.
func writeLog(path string, size int64) (lines int, err error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	w := &writer{random: rand.New(rand.NewPCG(4, 9)), at: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)} //nolint:gosec // no secret depends on it
	for written := int64(0); written < size; lines++ {
		n, err := out.WriteString(w.line())
		if err != nil {
			return lines, err
		}
		written += int64(n)
	}
	return lines, errors.Join(out.Flush(), file.Close())
}

type writer struct {
	random *rand.Rand
	at     time.Time
	id     string // of the last request
}

const user = "e04a04656fa04e46bb27b6b1944d5e51 31dffd6d77a24e13a77822662e2cbc10 - - default default]"

func (w *writer) uuid() string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", w.random.Uint32(), w.random.IntN(1<<16), w.random.IntN(1<<12), w.random.IntN(1<<12), w.random.Int64N(1<<48))
}

// provider is one of a thousand.
func (w *writer) provider() string {
	return fmt.Sprintf("4f1e2c3d-0a1b-4c2d-8e3f-%012d", w.random.IntN(1000))
}

func (w *writer) line() string {
	w.at = w.at.Add(time.Duration(w.random.IntN(20)) * time.Millisecond)
	switch n := w.random.IntN(100); {
	case n < 80:
		return w.request("GET /resource_providers/"+w.provider()+"/allocations", 200, 1200)
	case n < 88:
		return w.request("PUT /allocations/"+w.uuid(), 204, 0)
	case n < 92:
		return w.request("PUT /resource_providers/"+w.provider()+"/inventories", 200, 500)
	case n < 98:
		return w.client("DEBUG nova.compute.resource_tracker", "Total usable vcpus: 64, total allocated vcpus: 40; nothing to see here for "+w.provider())
	case n < 99:
		return w.request("PUT /resource_providers/"+w.provider()+"/inventories", 409, 263)
	}
	return w.client("ERROR nova.scheduler.client.report", "["+w.id+"] Failed to update inventory to [{'VCPU': {'total': 64}}] for resource provider with UUID "+
		w.provider()+`.  Got 409: {"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict when trying to complete your request.\n\n `+
		`resource provider generation conflict  ", "code": "placement.concurrent_update", "request_id": "`+w.id+`"}]}`)
}

func (w *writer) stamp() string { return w.at.Format("2006-01-02 15:04:05.000") }

func (w *writer) request(request string, status, length int) string {
	w.id = "req-" + w.uuid()
	return fmt.Sprintf("%s 27429 INFO placement.requestlog [req-%s %s %s 192.0.2.31 %q status: %d len: %d microversion: 1.39\n",
		w.stamp(), w.uuid(), w.id, user, request, status, length)
}

func (w *writer) client(level, text string) string {
	return fmt.Sprintf("%s 2882 %s [None req-%s %s %s\n", w.stamp(), level, w.uuid(), user, text)
}
