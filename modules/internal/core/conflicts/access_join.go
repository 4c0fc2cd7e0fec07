// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"slices"
	"strconv"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// slack is how far apart two services write about one request.
const slack = 2 * time.Second

// joinAccess finds for each conflict of an access log the record that it is another view of. Access logs have no
// request ids: method, path, status, length and time have to agree. What is nobody's view is a conflict of its own.
func (b *Book) joinAccess() {
	b.joinCallers()
	if len(b.access) == 0 {
		return
	}
	index := map[string][]*Record{}
	for _, r := range b.records {
		key := requestKey(r.Method, r.place, r.Status)
		index[key] = append(index[key], r)
	}
	for _, list := range index {
		slices.SortStableFunc(list, earlier)
	}
	pending := b.access
	b.access = nil
	for i := range pending {
		e := &pending[i]
		key := requestKey(e.Method, e.Place, e.Status)
		if r := sameRequest(index[key], &e.Event); r != nil {
			r.add(&e.Event, e.from)
			continue
		}
		r := &Record{}
		b.keep(r, "")
		r.add(&e.Event, e.from)
		r.Time = e.Time.Add(e.Took) // as Placement logs it: at the end
		b.watch(r)
		at, _ := slices.BinarySearchFunc(index[key], r, earlier)
		index[key] = slices.Insert(index[key], at, r)
	}
}

func requestKey(method string, where catalogue.Place, status int) string {
	return method + " " + where.Route + " " + where.ID + " " + where.Class + " " + strconv.Itoa(status)
}

// sameRequest is the record nearest in time that the event may be of and that has no such view yet; nil if there is
// none. The records are in the order of their times.
func sameRequest(records []*Record, e *lines.Event) *Record {
	var best *Record
	ended, apart := e.Time.Add(e.Took), slack+1
	begin, _ := slices.BinarySearchFunc(records, ended.Add(-slack), func(r *Record, t time.Time) int { return r.Time.Compare(t) })
	for _, r := range records[begin:] {
		far := r.Time.Sub(ended)
		if far > slack {
			break
		}
		fits := !slices.Contains(r.Views, e.View) && sameLength(r, e)
		if fits && far.Abs() < apart {
			best, apart = r, far.Abs()
		}
	}
	return best
}

// sameLength reports whether the lengths may be of one answer. Apache counts the headers too in the format that Debian and
// Ubuntu call combined (%O).
func sameLength(r *Record, e *lines.Event) bool {
	if e.Length == 0 || r.Length == 0 || e.Length == r.Length {
		return true
	}
	return e.View == lines.FromApache && e.Length > r.Length
}

// joinCallers finds for what a client says without Placement's request id the request that it is about, by the client's own
// id, which Placement logs too.
func (b *Book) joinCallers() {
	served := map[string][]*Record{}
	for _, r := range b.records {
		if r.CallerID != "" && !r.onlyClient() && !slices.Contains(r.Views, lines.FromClient) {
			served[r.CallerID] = append(served[r.CallerID], r)
		}
	}
	tries := b.tries()
	if len(served) == 0 && len(tries) == 0 {
		return
	}
	b.records = slices.DeleteFunc(b.records, func(r *Record) bool {
		if r.RequestID != "" || r.CallerID == "" || !r.onlyClient() || r.noted() {
			return false
		}
		to := nearest(served[r.CallerID], r)
		if to == nil {
			return b.gaveUp[r.CallerID] == r && tries[r.CallerID]
		}
		to.combine(r)
		b.watch(to)
		return true
	})
}

// tries are the callers of whose single tries some line tells.
func (b *Book) tries() map[string]bool {
	found := map[string]bool{}
	for _, r := range b.records {
		if r.CallerID != "" && b.gaveUp[r.CallerID] != nil && b.gaveUp[r.CallerID] != r {
			found[r.CallerID] = true
		}
	}
	return found
}

// nearest is the record next in time that may be what the client speaks of and has no client yet; nil if there is none.
func nearest(served []*Record, r *Record) *Record {
	var best *Record
	for _, s := range served {
		taken := slices.Contains(s.Views, lines.FromClient)
		if taken || r.Method != "" && requestKey(s.Method, s.place, s.Status) != requestKey(r.Method, r.place, r.Status) {
			continue
		}
		if best == nil || s.Time.Sub(r.Time).Abs() < best.Time.Sub(r.Time).Abs() {
			best = s
		}
	}
	return best
}
