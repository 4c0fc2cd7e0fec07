// SPDX-License-Identifier: Apache-2.0

package html_test

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/checks"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/html"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>{{ 7*7 }}`

func audit() *report.Report {
	return &report.Report{
		Audit: report.Audit{
			Msg: "clean", Clean: true, Complete: true,
			Summary: report.Summary{TakenAt: time.Date(2026, 11, 22, 18, 3, 0, 0, time.UTC), Read: map[snapshot.Part]int{snapshot.Providers: 1}},
		},
		Checks: checks.All(),
	}
}

func finding(i int, id, name string) check.Finding {
	uuid := fmt.Sprintf("%08x-37d7-4cfe-b1c0-%012x", uint32(i)*2654435761, uint64(i)*0x9E3779B97F4A7C15>>16)
	return check.Finding{
		ID: id, Name: "orphaned-allocation", Severity: check.High, Fingerprint: check.Fingerprint(id, check.OfConsumer, uuid),
		Subject: check.Subject{Type: check.OfConsumer, UUID: uuid, Name: name}, Message: name + " holds VCPU 1 on a provider, and is no server",
		Evidence: map[string]any{"consumer_uuid": uuid, "held": map[string]int{"VCPU": 1}, "name": name},
		Remedy: check.Remedy{
			Text: "Find out who owns consumer " + uuid, Command: "openstack resource provider allocation show " + uuid, Module: "placement_heal",
			Args: map[string]any{"checks": []any{id}, "findings": []any{map[string]any{"fingerprint": name}}},
		},
	}
}

func pageOf(t *testing.T, r *report.Report) string {
	t.Helper()
	out, err := html.Audit(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// unpacked returns the entries that are packed in a page.
func unpacked(t *testing.T, page string) []string {
	t.Helper()
	var all []string
	for _, found := range regexp.MustCompile(`class="rest">([^<]*)<`).FindAllStringSubmatch(page, -1) {
		raw, err := base64.StdEncoding.DecodeString(found[1])
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		if err := json.NewDecoder(flate.NewReader(bytes.NewReader(raw))).Decode(&texts); err != nil {
			t.Fatal(err)
		}
		all = append(all, texts...)
	}
	return all
}

// Whatever others name, it is text, also where it is packed, and Ansible fills in no template of it.
func TestHostileNames(t *testing.T) {
	r := audit()
	r.Clean, r.Msg = false, hostile
	for i := range 300 {
		r.Findings = append(r.Findings, finding(i, "PLC101", hostile))
		r.Providers = append(r.Providers, report.Provider{UUID: fmt.Sprint(i), Name: hostile, Classes: []report.Class{{Name: hostile, Used: 1, Capacity: 2}}})
	}
	r.NotRun = []check.NotRun{{Check: hostile, Name: hostile, Reason: hostile, Cause: hostile, Without: []string{hostile}}}
	page := pageOf(t, r)
	rest := unpacked(t, page)
	if len(rest) != 600 { // 200 findings, 200 rows and 200 trees
		t.Errorf("%d entries are packed", len(rest))
	}
	if n := strings.Count(page, "<script"); n != 4 { // its own, and three with packed entries
		t.Errorf("%d scripts", n)
	}
	for _, text := range append(rest, page) {
		for _, wrong := range []string{"<script>alert", "<img", "&lt;img src=x onerror=alert(2)>"} {
			if strings.Contains(text, wrong) {
				t.Fatalf("%s is in %.300s", wrong, text)
			}
		}
	}
	if !strings.Contains(page, "fingerprint: !unsafe &#34;&lt;script&gt;") {
		t.Error("a task has a template")
	}
}

// The policy names the script and the style that are there, and nothing else.
func TestPolicy(t *testing.T) {
	page := pageOf(t, audit())
	for _, tag := range []string{"style", "script"} {
		_, rest, _ := strings.Cut(page, "<"+tag+">")
		text, _, _ := strings.Cut(rest, "</"+tag+">")
		sum := sha256.Sum256([]byte(text))
		if want := tag + "-src &#39;sha256-" + strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;") + "&#39;"; len(text) < 1000 || !strings.Contains(page, want) {
			t.Errorf("the policy lacks %s", want)
		}
	}
	if !strings.Contains(page, "default-src &#39;none&#39;") {
		t.Error("the policy allows what it does not name")
	}
	if found := regexp.MustCompile(`(?i)https?://|\son[a-z]+=|\sstyle=|\ssrc=`).FindString(page); found != "" {
		t.Errorf("the page has %q", found)
	}
}

// What could not be read is not empty, and stands before what was found.
func TestIncomplete(t *testing.T) {
	r := audit()
	r.Clean, r.Complete, r.Msg = false, false, "INCOMPLETE: 2 checks did not run"
	for _, id := range []string{"PLC101", "PLC102"} {
		r.NotRun = append(r.NotRun, check.NotRun{Check: id, Name: "x", Reason: "servers were not read: no route to host", Cause: "no route to host"})
	}
	page := pageOf(t, r)
	if n := strings.Count(page, `class="cause"`); n != 1 {
		t.Errorf("%d causes", n)
	}
	for _, want := range []string{
		"<h1><span class=\"mark\" aria-hidden=\"true\">!</span> Incomplete</h1>", "no route to host", "It is unknown what the others would have found.",
		"Resource providers were not read.", `<div><dt>Servers</dt><dd>not read</dd></div>`, `id="page-PLC102"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Index(page, `id="h-unread"`) > strings.Index(page, `id="h-items"`) {
		t.Error("the findings come first")
	}
}

func TestClean(t *testing.T) {
	page := pageOf(t, audit())
	for _, want := range []string{"</span> Clean</h1>", "Nothing was found."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// reserving is an inventory that reserves so much.
func reserving(n int) *openstack.Inventory {
	return &openstack.Inventory{Reserved: n, AllocationRatio: 1}
}

// A bar says in words what is over the line, and what was not read.
func TestCapacity(t *testing.T) {
	r := audit()
	r.Providers = []report.Provider{
		{UUID: "1", Name: "cn1", Classes: []report.Class{{Name: "MEMORY_MB", Used: 4096, Capacity: 3840, Inventory: reserving(512)}, {Name: "VCPU", Capacity: 8}}},
		{UUID: "2", Name: "cn1-numa0", Parent: "1", Unread: "its usages or inventories were not read"},
		{UUID: "3", Name: "a", Parent: "4"}, // a circle
		{UUID: "4", Name: "b", Parent: "3"},
	}
	page := pageOf(t, r)
	for _, want := range []string{
		"over by 256", "106 %", "&#43; 512 reserved", "reserved not read", "<ul><li><p><b>cn1-numa0</b>", "its usages or inventories were not read", "<b>a</b>", "<b>b</b>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// A page of 10,000 providers and 5,000 findings can be sent by mail.
func TestLarge(t *testing.T) {
	r := Large(10000, 5000)
	page := pageOf(t, r)
	if len(page) > 5<<20 {
		t.Errorf("the page has %d bytes", len(page))
	}
	if n := len(unpacked(t, page)); n != 5000+40000-300 {
		t.Errorf("%d entries are packed", n)
	}
	t.Logf("%d bytes", len(page))
}

// Large is the audit of a large cloud.
func Large(providers, findings int) *report.Report {
	r := audit()
	r.Clean, r.Msg = false, "not clean"
	for i := range findings {
		r.Findings = append(r.Findings, finding(i, "PLC101", fmt.Sprintf("instance-%d", i)))
	}
	for i := range providers {
		uuid := finding(i+findings, "PLC101", "").Subject.UUID
		r.Providers = append(r.Providers, report.Provider{UUID: uuid, Name: fmt.Sprintf("compute-%05d.example.org", i), Generation: i % 97, Classes: []report.Class{
			{Name: "DISK_GB", Used: i * 7 % 1200, Capacity: 1100}, {Name: "MEMORY_MB", Used: i * 7919 % 262144, Capacity: 260000, Inventory: reserving(2048)}, {Name: "VCPU", Used: i % 128, Capacity: 256},
		}})
	}
	return r
}
