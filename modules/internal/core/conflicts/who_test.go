// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"fmt"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/catalogue"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/explained"
)

// Only a success of the same client settles a refusal. Where the logs do not tell whose it was, that does for what passes
// by itself, and leaves open what stays.
func TestWhoseSuccess(t *testing.T) {
	by := func(at time.Duration, id int, address, user string, status, length int) string {
		return fmt.Sprintf("%s 7 INFO placement.requestlog [None %s %s p - - default default] %s %q status: %d len: %d microversion: 1.39",
			stamp(begun().Add(at)), requestID(id), user, address, inventories, status, length)
	}
	apache := func(at time.Duration, address string) string {
		return fmt.Sprintf(`%s - - [%s] "%s HTTP/1.1" 200 9 1000 "-" "x"`, address, begun().Add(at).Format("02/Jan/2006:15:04:05 -0700"), inventories)
	}
	const passes, stays = 263, 343 // lengths of a generation conflict and of a class in use
	for name, c := range map[string]struct {
		length  int
		through string
		verdict explained.Verdict
		rule    string
	}{
		"same":                    {passes, by(time.Minute, 99, "192.0.2.1", "u", 200, 9), explained.Passed, explained.RuleThrough},
		"same, stays":             {stays, by(time.Minute, 99, "192.0.2.1", "u", 200, 9), explained.Passed, explained.RuleThrough},
		"another address":         {passes, by(time.Minute, 99, "192.0.2.2", "u", 200, 9), explained.Lasting, explained.RuleRepeated},
		"another address, stays":  {stays, by(time.Minute, 99, "192.0.2.2", "u", 200, 9), explained.Lasting, explained.RulePermanent},
		"another user":            {passes, by(time.Minute, 99, "192.0.2.1", "v", 200, 9), explained.Lasting, explained.RuleRepeated},
		"no user":                 {passes, by(time.Minute, 99, "192.0.2.1", "-", 200, 9), explained.Passed, explained.RuleThrough},
		"another log":             {passes, apache(time.Minute, "192.0.2.2"), explained.Passed, explained.RuleThrough},
		"another log, stays":      {stays, apache(time.Minute, "192.0.2.2"), explained.Undecided, explained.RuleMaybe},
		"before the last of them": {passes, by(time.Second, 99, "192.0.2.1", "u", 200, 9), explained.Undecided, explained.RuleNothing},
	} {
		b := NewBook()
		for i := range 5 {
			read(t, b, Origin{}, by(time.Duration(i)*2*time.Second, i, "192.0.2.1", "u", 409, c.length))
			if i == 0 && name == "before the last of them" {
				read(t, b, Origin{}, c.through)
			}
		}
		read(t, b, Origin{}, c.through)
		b.fold(1) // what is only counted is judged alike
		if got := only(t, b); got.Verdict != c.verdict || got.Evidence["rule"] != c.rule {
			t.Errorf("%s: %s by %s: %s", name, got.Verdict, got.Evidence["rule"], got.Message)
		}
		merged := NewBook()
		merged.Import(b.Export(2))
		if got := only(t, merged); got.Verdict != c.verdict {
			t.Errorf("%s, merged: %s: %s", name, got.Verdict, got.Message)
		}
	}
}

// What has no time is of no minute, and where a time was asked for it is undecided.
func TestUndated(t *testing.T) {
	line := "Failed to create resource provider record in placement API for UUID " + anUUID + ". Got 409: " + nameBody
	for since, want := range map[time.Time]explained.Verdict{{}: explained.Lasting, begun(): explained.Undecided} {
		b := NewBook()
		b.Since = since
		for range 99 {
			e, _ := testParser().Parse([]byte(line))
			e.RequestID = ""
			b.Add(&e, Origin{})
		}
		c := only(t, b)
		if c.Verdict != want || c.Count != 99 || c.Clients[0].Busiest != 0 || c.First != nil {
			t.Errorf("%v: %+v", since, c)
		}
	}
}

// The remedy fits who was refused, if that is one kind of service.
func TestRemedies(t *testing.T) {
	inUse := "Failed to delete resource provider with UUID " + anUUID + " from the placement API."
	for service, want := range map[string]string{"nova-compute": catalogue.NovaCompute, "cyborg-agent": "cyborg", "neutron-server": "neutron", "nova-api": "", "": ""} {
		b := NewBook()
		read(t, b, Origin{Service: service}, refused(begun(), 1, inUse, "Unable to delete resource provider "+anUUID+": Resource provider has allocations."))
		c := only(t, b)
		var entry catalogue.Entry
		for _, e := range catalogue.All() {
			if e.Name == "provider-in-use" {
				entry = e
			}
		}
		if wanted := first(entry.RemedyOf[want], entry.Remedy); c.Remedy != wanted {
			t.Errorf("%s: %s", service, c.Remedy)
		}
	}
}

// An address alone says little of who could not create a provider: several computes may have that of one proxy, and one nova-compute
// creates a provider for each bare-metal node. What was created from there since may be another provider.
func TestWhoCreated(t *testing.T) {
	post := func(at time.Duration, address string, status int) string {
		time := begun().Add(at).Format("02/Jan/2006:15:04:05.000")
		return fmt.Sprintf(`haproxy[31]: %s:5010 [%s] front placement_api_back/ctl1 0/0/1/20/21 %d 431 - - ---- 40/2/0/0/0 0/0 "POST /resource_providers HTTP/1.1"`, address, time, status)
	}
	for name, c := range map[string]struct {
		address string
		created bool
		verdict explained.Verdict
		rule    string
	}{
		"again and again":           {"192.0.2.1", false, explained.Lasting, explained.RuleRepeated},
		"one was created later":     {"192.0.2.1", true, explained.Undecided, explained.RuleMaybe},
		"through a proxy":           {"127.0.0.1", false, explained.Undecided, explained.RuleNothing},
		"through a proxy, and then": {"127.0.0.1", true, explained.Undecided, explained.RuleNothing},
	} {
		b := NewBook()
		for i := range 6 {
			read(t, b, Origin{}, post(time.Duration(i)*time.Minute, c.address, 409))
		}
		if c.created {
			read(t, b, Origin{}, post(time.Hour, c.address, 201))
		}
		if got := only(t, b); got.Verdict != c.verdict || got.Evidence["rule"] != c.rule {
			t.Errorf("%s: %s by %s: %s", name, got.Verdict, got.Evidence["rule"], got.Message)
		}
	}
}
