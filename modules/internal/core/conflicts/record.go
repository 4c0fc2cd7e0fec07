// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"slices"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// Record is one conflict: one request that was refused, however many lines tell of it.
type Record struct {
	Time         time.Time        `json:"time"`
	RequestID    string           `json:"request_id,omitempty"` // Placement's
	CallerID     string           `json:"caller_request_id,omitempty"`
	Method       string           `json:"method,omitempty"`
	Path         string           `json:"path,omitempty"`
	Status       int              `json:"status"`
	Length       int              `json:"length,omitempty"`
	Microversion string           `json:"microversion,omitempty"`
	Code         string           `json:"code,omitempty"`
	Detail       string           `json:"detail,omitempty"`
	UUID         string           `json:"uuid,omitempty"` // of the provider or consumer that the client named
	Client       explained.Client `json:"client"`
	Views        []lines.View     `json:"views"`
	ErrorLines   int              `json:"error_lines,omitempty"` // that clients wrote about it
	GaveUp       bool             `json:"gave_up,omitempty"`
	Settled      *time.Time       `json:"settled,omitempty"` // when the same went through
	Name         string           `json:"name,omitempty"`    // of the provider that it named
	// Said is what the client says where it does not log the answer.
	Said string `json:"said,omitempty"`
	// Seen is how the logs know the client, to tell its success from that of others.
	Seen []string `json:"seen,omitempty"`
	// ClientTime is when the client wrote of it, by its own clock.
	ClientTime time.Time `json:"client_time,omitzero"`
	Needed     float64   `json:"needed,omitempty"`
	Used       float64   `json:"used,omitempty"`
	Capacity   float64   `json:"capacity,omitempty"`

	match   catalogue.Match
	place   catalogue.Place // of the path
	subject string
}

// add takes in what a line tells of the same request.
func (r *Record) add(e *lines.Event, from Origin) {
	r.at(e.Time, e.View == lines.FromPlacement)
	r.RequestID, r.CallerID = first(r.RequestID, e.RequestID), first(r.CallerID, e.CallerID)
	if e.View == lines.FromPlacement && e.What == lines.Requested {
		r.Method, r.Path, r.place = e.Method, e.Path, e.Place // clients say less
	}
	r.Method = first(r.Method, e.Method)
	r.goes(e.Path, e.Place)
	r.Code, r.Detail, r.Microversion = first(r.Code, e.Code), first(r.Detail, e.Detail), first(r.Microversion, e.Microversion)
	if r.Status == 0 {
		r.Status = e.Status
	}
	if r.Length == 0 || slices.Equal(r.Views, []lines.View{lines.FromApache}) && e.Length > 0 { // whose length may be another
		r.Length = e.Length
	}
	if e.Capacity > 0 {
		r.Needed, r.Used, r.Capacity = e.Needed, e.Used, e.Capacity
	}
	if !slices.Contains(r.Views, e.View) {
		r.Views = append(r.Views, e.View)
	}
	if e.What == lines.Reported || e.What == lines.Mentioned || e.What == lines.Noted || e.What == lines.GaveUp {
		r.addClient(e, from)
	}
	r.comes(e.Address, e.View == lines.FromPlacement)
	r.see(sighting(e, from))
}

// at notes when it was. Placement's time outranks others.
func (r *Record) at(t time.Time, byPlacement bool) {
	if r.Time.IsZero() || byPlacement && !t.IsZero() {
		r.Time = t
	}
}

// comes notes the address that it came from. A proxy's log outranks Placement's, which may have that of the proxy.
func (r *Record) comes(address string, byPlacement bool) {
	if !byPlacement && !loopback(address) || r.Client.Address == "" {
		r.Client.Address = first(address, r.Client.Address)
	}
}

// goes notes where the request went, if that is not known yet.
func (r *Record) goes(path string, place catalogue.Place) {
	if r.Path == "" {
		r.Path, r.place = path, place
	}
}

// loopback reports whether an address is only that of a proxy on the same host.
func loopback(address string) bool {
	return strings.HasPrefix(address, "127.") || address == "::1"
}

func (r *Record) addClient(e *lines.Event, from Origin) {
	r.UUID, r.Said, r.Name = first(r.UUID, e.UUID), first(r.Said, e.Said), first(r.Name, e.Name)
	who := origin(e, from)
	r.Client.Host, r.Client.Service = first(r.Client.Host, who.Host), first(r.Client.Service, who.Service)
	if e.Level == "ERROR" {
		r.ErrorLines++
	}
	if r.ClientTime.IsZero() {
		r.ClientTime = e.Time
	}
}

// combine takes in another record of the same request, from another host's logs.
func (r *Record) combine(o *Record) {
	served := slices.Contains(o.Views, lines.FromPlacement)
	r.at(o.Time, served)
	if served {
		r.Method = first(o.Method, r.Method)
		if o.Path != "" {
			r.Path, r.place = o.Path, o.place
		}
	}
	r.CallerID, r.Method = first(r.CallerID, o.CallerID), first(r.Method, o.Method)
	r.goes(o.Path, o.place)
	r.Code, r.Detail, r.Microversion = first(r.Code, o.Code), first(r.Detail, o.Detail), first(r.Microversion, o.Microversion)
	r.UUID, r.Length, r.ErrorLines = first(r.UUID, o.UUID), max(r.Length, o.Length), max(r.ErrorLines, o.ErrorLines)
	r.Client.Host, r.Client.Service = first(r.Client.Host, o.Client.Host), first(r.Client.Service, o.Client.Service)
	r.comes(o.Client.Address, slices.Equal(o.Views, []lines.View{lines.FromPlacement}))
	r.GaveUp = r.GaveUp || o.GaveUp
	for _, v := range o.Views {
		if !slices.Contains(r.Views, v) {
			r.Views = append(r.Views, v)
		}
	}
	for _, by := range o.Seen {
		r.see(by)
	}
	r.Said, r.Name = first(r.Said, o.Said), first(r.Name, o.Name)
	if r.ClientTime.IsZero() {
		r.ClientTime = o.ClientTime
	}
	if r.Capacity == 0 {
		r.Needed, r.Used, r.Capacity = o.Needed, o.Used, o.Capacity
	}
	if r.Settled == nil {
		r.Settled = o.Settled
	}
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// judge tells what the record is, and by what success of which subject it would be over.
func (r *Record) judge() {
	r.match = catalogue.Classify(catalogue.Answer{
		Method: r.Method, Place: r.place, Status: r.Status, Code: r.Code, Detail: r.Detail, Length: r.Length, Microversion: r.Microversion,
		Guessed: r.onlyClient(),
	})
	r.subject = ""
	told, keys := r.toldAbout(), subjects(r.Method, r.place, r.UUID)
	switch {
	case len(keys) > 0:
		r.subject = keys[0]
	case told != "":
		r.subject = told
	case r.noted() && r.match.Entry.About == catalogue.OfConsumer && r.UUID != "":
		r.subject = "consumer/" + r.UUID
	case r.match.Entry == nil:
		r.subject = creation(r.Method, r.place, r.Client.Address)
	}
}

// toldAbout is what a request is about of which a client tells the answer, but not where it went: what all requests are about that
// may have such an answer.
func (r *Record) toldAbout() string {
	if r.match.Entry == nil || r.match.By != catalogue.ByText || r.place.Route != "" {
		return ""
	}
	key := ""
	for _, entry := range catalogue.Matching(r.Status, r.Detail) {
		for _, on := range entry.On {
			about := r.aboutOn(on)
			if about == "" || key != "" && about != key {
				return ""
			}
			key = about
		}
	}
	return key
}

// aboutOn is what the record is about if this was requested. The answer names a provider, never a consumer.
func (r *Record) aboutOn(on catalogue.Request) string {
	provider := r.match.Values["uuid"]
	id := first(provider, r.UUID)
	switch on.Route {
	case catalogue.Allocation, catalogue.Allocations, catalogue.Reshaper:
		if id = r.UUID; id == provider {
			return ""
		}
	}
	if keys := subjects(on.Method, catalogue.Place{Route: on.Route, ID: id}, id); id != "" && len(keys) > 0 {
		return keys[0]
	}
	return ""
}

// creation is what a request is about that creates a provider which no log names: whatever its client creates. The address of a proxy
// on the same host tells of no client.
func creation(method string, where catalogue.Place, address string) string {
	if method != "POST" || address == "" || loopback(address) || where.Route != catalogue.Providers {
		return ""
	}
	return "creation/" + address
}

// onlyClient reports whether no server's log tells of the request.
func (r *Record) onlyClient() bool {
	return !slices.ContainsFunc(r.Views, func(v lines.View) bool { return v != lines.FromClient })
}

// unanswered reports whether all that is known is that a client was refused.
func (r *Record) unanswered() bool { return r.match.Entry == nil && r.Detail == "" && r.onlyClient() }

// noted reports whether the record is no refusal.
func (r *Record) noted() bool { return r.match.Entry != nil && r.match.Entry.Status == 0 }

// subjects lists what a request is about: a conflict of the first is over when a request goes through that has it
// among its own.
func subjects(method string, where catalogue.Place, uuid string) []string {
	switch where.Route {
	case catalogue.Allocation:
		return []string{"consumer/" + where.ID}
	case catalogue.Allocations, catalogue.Reshaper:
		if uuid != "" {
			return []string{"consumer/" + uuid}
		}
	case catalogue.Providers:
		if uuid != "" {
			return []string{"provider/" + uuid}
		}
	case catalogue.Provider:
		return []string{method + " provider/" + where.ID}
	case catalogue.Inventories, catalogue.Inventory:
		return []string{method + " inventories/" + where.ID, "provider/" + where.ID}
	case catalogue.ProviderTags:
		return []string{"traits/" + where.ID, "provider/" + where.ID}
	case catalogue.Aggregates:
		return []string{"aggregates/" + where.ID, "provider/" + where.ID}
	case catalogue.Class, catalogue.Trait:
		return []string{where.Route + where.ID}
	}
	return nil
}

// target is what the record is about.
func (r *Record) target() explained.Target {
	where, values := r.place, r.match.Values
	if r.match.Entry == nil {
		target := targetOf(where, r.UUID)
		target.Name = r.Name
		return target
	}
	switch about := r.match.Entry.About; about {
	case catalogue.OfProvider:
		return explained.Target{Type: about, UUID: first(values["uuid"], providerOf(where), r.UUID)}
	case catalogue.OfConsumer:
		if where.Route == catalogue.Allocation {
			return explained.Target{Type: about, UUID: where.ID}
		}
		return explained.Target{Type: about, UUID: r.UUID}
	case catalogue.OfHost:
		target := explained.Target{Type: about, Name: first(values["name"], where.ID)}
		if target.Name == "" && r.noted() {
			target.Name = r.Client.Host // which says it of itself
		}
		return target
	case catalogue.OfName:
		if name := first(values["name"], r.Name); name != "" {
			return explained.Target{Type: about, Name: name}
		}
		return explained.Target{Type: about, UUID: first(where.ID, r.UUID)} // of the provider that was to get it
	default:
		return explained.Target{Type: about, Name: first(values["name"], where.ID)}
	}
}

func providerOf(where catalogue.Place) string {
	switch where.Route {
	case catalogue.Provider, catalogue.Inventories, catalogue.Inventory, catalogue.ProviderTags, catalogue.Aggregates:
		return where.ID
	}
	return ""
}

func targetOf(where catalogue.Place, uuid string) explained.Target {
	if id := providerOf(where); id != "" {
		return explained.Target{Type: catalogue.OfProvider, UUID: id}
	}
	switch where.Route {
	case catalogue.Allocation:
		return explained.Target{Type: catalogue.OfConsumer, UUID: where.ID}
	case catalogue.Allocations, catalogue.Reshaper:
		return explained.Target{Type: catalogue.OfConsumer, UUID: uuid}
	case catalogue.Providers:
		return explained.Target{Type: catalogue.OfName, UUID: uuid}
	}
	return explained.Target{Type: catalogue.OfProvider, UUID: uuid}
}

// name is that of the entry, or that there is none.
func (r *Record) name() string {
	if r.match.Entry == nil {
		return explained.Unexplained
	}
	return r.match.Entry.Name
}
