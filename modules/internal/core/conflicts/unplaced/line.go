// SPDX-License-Identifier: Apache-2.0

package unplaced

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/times"
)

// What Nova says (nova/scheduler/manager.py, nova/filters.py, nova/scheduler/utils.py, nova/conductor/manager.py, of Rocky to 2026.1).
const (
	saysNone     = "Got no allocation candidates from the Placement API"
	saysFiltered = "Filtering removed all hosts for the request with instance ID"
	saysSet      = "Setting instance to "
	saysUnshelve = "No valid host found for unshelve instance"
	saysNowhere  = "NoValidHost"
)

const mostName = 100

var (
	requestID  = regexp.MustCompile(`\breq-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)
	serverID   = regexp.MustCompile(`\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)
	ownerID    = regexp.MustCompile(`^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$`)
	filterName = regexp.MustCompile(`^\w{1,100}$`)
	instance   = regexp.MustCompile(`\[instance: ([0-9a-f-]{36})\]`)
	context    = regexp.MustCompile(`\[((?:None )?(?:g?req-\S+ )+[^\]]*)\]`)
	stamp      = regexp.MustCompile(`\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\b`)
	emptied    = regexp.MustCompile(`'(\w{1,100}): \(start: \d+, end: 0\)|'(\w{1,100})', None\)`)
)

// tells reports whether a line may be of interest. It is asked of every line, so it has to be quick.
func tells(line []byte) bool {
	return bytes.Contains(line, []byte("nova.")) &&
		(bytes.Contains(line, []byte(saysNone)) || bytes.Contains(line, []byte(saysUnshelve)) || bytes.Contains(line, []byte(saysFiltered)) ||
			bytes.Contains(line, []byte(saysSet)) && bytes.Contains(line, []byte(saysNowhere)))
}

// Line takes one line of a log, and reports whether it told of such a request. Times without an offset are of the zone.
func (b *Book) Line(line []byte, zone *time.Location) bool {
	if !tells(line) {
		return false
	}
	text := string(line)
	r := Request{Stage: Unknown}
	switch {
	case strings.Contains(text, saysNone):
		r.Stage = Candidates
	case strings.Contains(text, saysFiltered):
		r.Stage = Filters
		_, after, _ := strings.Cut(text, saysFiltered)
		r.Servers = found(serverID.FindString(after))
		if m := emptied.FindStringSubmatch(after); m != nil {
			r.Filter = m[1] + m[2]
		}
	default:
		before, _, _ := strings.Cut(text, saysSet)
		before, _, _ = strings.Cut(before, saysUnshelve)
		if m := instance.FindStringSubmatch(before); m != nil {
			r.Servers = found(serverID.FindString(m[1]))
		}
	}
	r.from(text)
	r.At, _ = times.As(lines.OsloTime, stamp.FindString(text), zone)
	b.add(r)
	return true
}

// from reads the request and the project of the context that oslo.log writes: request ids, user, project.
func (r *Request) from(text string) {
	m := context.FindStringSubmatch(text)
	if m == nil {
		r.ID = requestID.FindString(text)
		return
	}
	words := strings.Fields(m[1])
	for i, word := range words {
		if id := requestID.FindString(word); id != "" {
			r.ID = id // the last one is Nova's own
			if i+2 < len(words) {
				r.Project = ownerID.FindString(words[i+2])
			}
		}
	}
}

func found(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
