// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/client"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// pass is one success: when, in nanoseconds since 1970, and for whom.
type pass struct {
	at int64
	by string
}

// sighting is how the log knows the client of a line.
func sighting(e *lines.Event, from Origin) string {
	who := origin(e, from)
	return client.Sighting(e, who.Host, who.Service)
}

func (r *Record) see(by string) {
	if by != "" && !slices.Contains(r.Seen, by) && len(r.Seen) < mostSamples {
		r.Seen = append(r.Seen, by)
	}
}

// settledBy returns the first success after a refusal that settles it: one of the same client. Where the logs do not tell
// who went through, that does for what passes by itself, not for a kind that stays. What is no refusal but a note is over
// whoever wrote.
func settledBy(passes []pass, after int64, seen []string, m catalogue.Match) (int64, bool) {
	note := m.Entry != nil && m.Entry.Status == 0
	for _, p := range since(passes, after) {
		who := client.Relate(seen, p.by)
		if note || who == client.Same || who == client.Unknown && m.Kind != catalogue.Persistent {
			return p.at, true
		}
	}
	return 0, false
}

// since returns those at this time or later. They are in order.
func since(passes []pass, at int64) []pass {
	begin, _ := slices.BinarySearchFunc(passes, at, func(p pass, t int64) int { return cmp.Compare(p.at, t) })
	return passes[begin:]
}

// through notes that a subject went through. After a failure only the first time of each client matters, unless others know
// of more.
func (b *Book) through(subject string, at time.Time, by string) {
	w := b.watched[subject]
	if w == nil || at.IsZero() {
		return
	}
	when, n := at.UnixNano(), len(w.passes)
	known := func(p pass) bool { return p.by == by && p.at >= w.failed && p.at <= when }
	switch {
	case !w.asked && slices.ContainsFunc(w.passes, known):
	case n < mostSuccess:
		w.passes = append(w.passes, pass{when, by})
	default:
		w.passes[n-1] = pass{when, by}
	}
}

// origin is the host and the service that wrote a line, by what it says itself, else by the log's name, else by its logger.
func origin(e *lines.Event, from Origin) Origin {
	service := strings.ReplaceAll(strings.TrimSuffix(e.Service, ".service"), "_", "-")
	family, _, _ := strings.Cut(e.Logger, ".")
	named := slices.ContainsFunc(families(), func(f string) bool { return strings.HasPrefix(from.Service, f) })
	if service == "" && !named && slices.Contains(families(), family) {
		service = family
	}
	return Origin{Host: first(e.Host, from.Host), Service: first(service, from.Service)}
}

// families are the clients of Placement, as their loggers and the names of their services begin.
func families() []string {
	return []string{"nova", "neutron", "cyborg", "blazar", "zun", "watcher", "ironic", "masakari"}
}

// family is the kind of service that was refused, empty if there are several.
func (t *tally) family() string {
	found := ""
	for who := range t.clients {
		one := familyOf(who.Service)
		if found != "" && one != found {
			return ""
		}
		found = one
	}
	return found
}

func familyOf(service string) string {
	if service == "nova-compute" || strings.HasPrefix(service, "nova-compute-") {
		return catalogue.NovaCompute
	}
	family, _, _ := strings.Cut(service, "-")
	return family
}
