// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// pass is one success: when, in nanoseconds since 1970, and for whom.
type pass struct {
	at int64
	by string
}

// sighting is how a log knows the client of a request: the log, the address and the user, or the host and the service. It
// is empty where the log does not tell. Logs differ in what they take for the client's address (a proxy's, say), so
// only sightings of one kind of log are compared.
func sighting(e *lines.Event, from Origin) string {
	if e.View == lines.FromClient {
		who := origin(e, from)
		if who.Host+who.Service == "" {
			return ""
		}
		return strings.Join([]string{string(e.View), who.Host, who.Service}, "|")
	}
	if e.Address == "" {
		return ""
	}
	return strings.Join([]string{string(e.View), e.Address, e.User}, "|")
}

func (r *Record) see(by string) {
	if by != "" && !slices.Contains(r.Seen, by) && len(r.Seen) < mostSamples {
		r.Seen = append(r.Seen, by)
	}
}

// relation is what two sightings of clients are to each other.
type relation int

const (
	unknownClient relation = iota
	sameClient
	otherClient
)

// relate compares how a refused client was seen with who went through.
func relate(seen []string, by string) relation {
	view, _, _ := strings.Cut(by, "|")
	found := unknownClient
	for _, s := range seen {
		switch own, _, _ := strings.Cut(s, "|"); {
		case own != view:
		case alike(s, by):
			return sameClient
		default:
			found = otherClient
		}
	}
	return found
}

// alike reports whether two sightings may be of one client: what only one of them has is no difference.
func alike(a, b string) bool {
	one, two := strings.Split(a, "|"), strings.Split(b, "|")
	for i := range min(len(one), len(two)) {
		if one[i] != two[i] && one[i] != "" && two[i] != "" {
			return false
		}
	}
	return true
}

// settledBy returns the first success after a refusal that settles it: one of the same client. Where the logs do not tell
// who went through, that does for what passes by itself, not for a kind that stays. What is no refusal but a note is over
// whoever wrote.
func settledBy(passes []pass, after int64, seen []string, m catalogue.Match) (int64, bool) {
	note := m.Entry != nil && m.Entry.Status == 0
	for _, p := range since(passes, after) {
		who := relate(seen, p.by)
		if note || who == sameClient || who == unknownClient && m.Kind != catalogue.Persistent {
			return p.at, true
		}
	}
	return 0, false
}

// clientIn names the client of a sighting: the user where the address is that of the refused one too, of a proxy say.
func clientIn(by string, seen []string) string {
	parts := strings.Split(by, "|")
	if parts[0] == string(lines.FromClient) {
		return strings.Join(slices.DeleteFunc(parts[1:], func(p string) bool { return p == "" }), " ")
	}
	if len(parts) < 2 {
		return by
	}
	shared := func(s string) bool { return strings.HasPrefix(s, parts[0]+"|"+parts[1]+"|") }
	if user := parts[len(parts)-1]; user != "" && slices.ContainsFunc(seen, shared) {
		return parts[1] + ", user " + user
	}
	return parts[1]
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
