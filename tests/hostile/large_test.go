// SPDX-License-Identifier: Apache-2.0

//go:build hostile

package hostile_test

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/program"
)

// large is a cloud of real answers, with ten servers a host.
type large struct {
	hosts      int
	candidates string
}

const perHost = 10

func uuidOf(kind byte, n int) string {
	return fmt.Sprintf("%c%07x-1234-4000-8000-0123456789ab", kind, n)
}

func (l *large) each(n int, one func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = one(i)
	}
	return strings.Join(parts, ", ")
}

// traits are as many as libvirt reports.
func manyTraits() string {
	var all []string
	for i := range 90 {
		all = append(all, fmt.Sprintf(`"HW_CPU_X86_FEATURE_NUMBER_%d"`, i))
	}
	return strings.Join(append(all, `"COMPUTE_NODE"`), ", ")
}

func (l *large) provider(i int) string {
	uuid := uuidOf('c', i)
	link := func(rel string) string {
		return fmt.Sprintf(`{"rel": %q, "href": "/placement/resource_providers/%s/%s"}`, rel, uuid, rel)
	}
	return fmt.Sprintf(`{"uuid": %q, "name": "compute-%05d.cloud.example.org", "generation": %d, "parent_provider_uuid": null, "root_provider_uuid": %q,
		"links": [%s, %s, %s, %s, %s, %s]}`, uuid, i, i%900, uuid, link("self"), link("inventories"), link("usages"), link("aggregates"), link("traits"), link("allocations"))
}

func (l *large) summary(i int) string {
	uuid := uuidOf('c', i)
	return fmt.Sprintf(`%q: {"resources": {"VCPU": {"capacity": 512, "used": 20}, "MEMORY_MB": {"capacity": 262144, "used": 40960}, "DISK_GB": {"capacity": 16000, "used": 200}},
		"traits": [%s], "parent_provider_uuid": null, "root_provider_uuid": %q}`, uuid, manyTraits(), uuid)
}

func (l *large) allocations(host int) string {
	return `{"resource_provider_generation": 1, "allocations": {` + l.each(perHost, func(n int) string {
		return fmt.Sprintf(`%q: {"resources": {"VCPU": 2, "MEMORY_MB": 4096, "DISK_GB": 20}, "consumer_generation": 1}`, uuidOf('5', host*perHost+n))
	}) + `}}`
}

func (l *large) server(i int) string {
	host := i / perHost
	return fmt.Sprintf(`{"id": %q, "name": "application-server-%d", "status": "ACTIVE", "tenant_id": "%032x", "user_id": "%032x",
		"metadata": {"role": "application"}, "hostId": "%056x", "image": {"id": "0cf9ab21-9b0d-4a5a-8b4a-f1a2b3c4d5e6", "links": [{"rel": "bookmark", "href": "http://nova/images/0cf9ab21-9b0d-4a5a-8b4a-f1a2b3c4d5e6"}]},
		"flavor": {"vcpus": 2, "ram": 4096, "disk": 20, "ephemeral": 0, "swap": 0, "original_name": "m1.medium", "extra_specs": {"hw:cpu_policy": "shared", "hw:mem_page_size": "any"}},
		"created": "2026-01-22T10:00:00Z", "updated": "2026-02-22T10:00:00Z", "addresses": {"private": [{"version": 4, "addr": "10.0.0.1", "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:00:00:01"}]},
		"accessIPv4": "", "accessIPv6": "", "links": [{"rel": "self", "href": "http://nova/v2.1/servers/%s"}, {"rel": "bookmark", "href": "http://nova/servers/%s"}],
		"OS-DCF:diskConfig": "MANUAL", "progress": 0, "OS-EXT-AZ:availability_zone": "nova", "config_drive": "", "key_name": "operator", "OS-SRV-USG:launched_at": "2026-01-22T10:00:30.000000",
		"OS-SRV-USG:terminated_at": null, "OS-EXT-SRV-ATTR:host": "compute-%05d", "OS-EXT-SRV-ATTR:instance_name": "instance-%08x", "OS-EXT-SRV-ATTR:hypervisor_hostname": "compute-%05d.cloud.example.org",
		"OS-EXT-SRV-ATTR:reservation_id": "r-abcdefgh", "OS-EXT-SRV-ATTR:launch_index": 0, "OS-EXT-SRV-ATTR:hostname": "application-server-%d", "OS-EXT-SRV-ATTR:kernel_id": "", "OS-EXT-SRV-ATTR:ramdisk_id": "",
		"OS-EXT-SRV-ATTR:root_device_name": "/dev/vda", "OS-EXT-SRV-ATTR:user_data": null, "OS-EXT-STS:task_state": null, "OS-EXT-STS:vm_state": "active", "OS-EXT-STS:power_state": 1,
		"os-extended-volumes:volumes_attached": [], "host_status": "UP", "description": null, "tags": [], "trusted_image_certificates": null, "locked": false, "security_groups": [{"name": "default"}]}`,
		uuidOf('5', i), i, i%500, i%500, host, uuidOf('5', i), uuidOf('5', i), host, i, host, i)
}

func (l *large) hypervisor(i int) string {
	return fmt.Sprintf(`{"id": %q, "hypervisor_hostname": "compute-%05d.cloud.example.org", "state": "up", "status": "enabled", "vcpus": 32, "memory_mb": 262656, "local_gb": 16000, "vcpus_used": 20,
		"memory_mb_used": 41472, "local_gb_used": 200, "hypervisor_type": "QEMU", "hypervisor_version": 7002000, "free_ram_mb": 221184, "free_disk_gb": 15800, "current_workload": 0, "running_vms": 10,
		"disk_available_least": 15000, "host_ip": "10.1.2.3", "service": {"id": %q, "host": "compute-%05d", "disabled_reason": null}, "cpu_info": {"arch": "x86_64", "model": "EPYC", "features": [%s]}}`,
		uuidOf('c', i), i, uuidOf('e', i), i, manyTraits())
}

func (l *large) service(i int) string {
	return fmt.Sprintf(`{"id": %q, "binary": "nova-compute", "host": "compute-%05d", "zone": "nova", "status": "enabled", "state": "up", "updated_at": "2026-11-22T10:00:00.000000", "disabled_reason": null, "forced_down": false}`,
		uuidOf('e', i), i)
}

// page returns a page of 1,000 of n things in the order of their numbers, behind a marker or from the end.
func (l *large) page(r *http.Request, n int, id, one func(int) string) string {
	const size = 1000
	query := r.URL.Query()
	down := query.Get("sort_dir") == "desc"
	number := func(at int) int {
		if down {
			return n - 1 - at
		}
		return at
	}
	from := 0
	if marker := query.Get("marker"); marker != "" {
		from = 1 + sort.Search(n, func(at int) bool {
			if down {
				return id(number(at)) <= marker
			}
			return id(number(at)) >= marker
		})
	}
	return l.each(max(0, min(size, n-from)), func(i int) string { return one(number(from + i)) })
}

func (l *large) answer(w http.ResponseWriter, r *http.Request) bool {
	path := r.URL.Path
	body := ""
	switch {
	case strings.HasPrefix(path, "/identity"), path == "/placement/", path == "/compute/":
		return false
	case path == "/placement/resource_providers":
		body = `{"resource_providers": [` + l.each(l.hosts, l.provider) + `]}`
	case path == "/placement/traits":
		body = `{"traits": ["COMPUTE_NODE"]}`
	case path == "/placement/usages":
		body = `{"usages": {}}`
	case path == "/placement/allocation_candidates":
		body = l.candidates
	case strings.HasSuffix(path, "/allocations"):
		host, _ := strconv.ParseInt(strings.TrimPrefix(path, "/placement/resource_providers/c")[:7], 16, 64)
		body = l.allocations(int(host))
	case strings.HasSuffix(path, "/inventories"):
		field := func(total, reserved int, ratio string) string {
			return fmt.Sprintf(`{"total": %d, "reserved": %d, "min_unit": 1, "max_unit": %d, "step_size": 1, "allocation_ratio": %s}`, total, reserved, total, ratio)
		}
		body = `{"resource_provider_generation": 1, "inventories": {"VCPU": ` + field(32, 0, "16.0") + `, "MEMORY_MB": ` + field(262656, 512, "1.0") + `, "DISK_GB": ` + field(16000, 0, "1.0") + `}}`
	case strings.HasSuffix(path, "/aggregates"):
		body = `{"aggregates": [], "resource_provider_generation": 1}`
	case path == "/compute/os-services":
		body = `{"services": [` + l.each(l.hosts, l.service) + `]}`
	case path == "/compute/os-aggregates":
		body = `{"aggregates": []}`
	case path == "/compute/os-migrations":
		body = `{"migrations": []}`
	case path == "/compute/os-hypervisors/detail":
		body = `{"hypervisors": [` + l.page(r, l.hosts, func(i int) string { return uuidOf('c', i) }, l.hypervisor) + `]}`
	case path == "/compute/servers/detail":
		body = `{"servers": [` + l.page(r, l.hosts*perHost, func(i int) string { return uuidOf('5', i) }, l.server) + `]}`
	default:
		return false
	}
	_, _ = io.WriteString(w, body)
	return true
}

// What is real fits: 10,000 hosts with 100,000 servers, read, kept, and read again from what was kept.
func TestLargeCloud(t *testing.T) {
	l := &large{hosts: 10_000}
	l.candidates = `{"allocation_requests": [` + l.each(l.hosts, func(i int) string {
		return fmt.Sprintf(`{"allocations": {%q: {"resources": {"VCPU": 1}}}, "mappings": {"": [%q]}}`, uuidOf('c', i), uuidOf('c', i))
	}) + `], "provider_summaries": {` + l.each(l.hosts, l.summary) + `}}`
	c, placement, saved := newCloud(t, l.answer), program.Build(t, "../.."), filepath.Join(t.TempDir(), "snapshot.json")
	fits(t, "a cloud", placement, c.args(map[string]any{"timeout": 300, "save_snapshot": saved}))
	fits(t, "a saved snapshot", placement, map[string]any{"snapshot": saved})
}

func fits(t *testing.T, name, placement string, args map[string]any) {
	t.Helper()
	r := audit(t, placement, args)
	t.Logf("%s: %d MiB, %.1f s: %v, not run %v", name, r.peak, r.took.Seconds(), r.answer["msg"], r.answer["not_run"])
	if r.peak > mostMemory || r.answer["complete"] != true {
		t.Errorf("%s: %d MiB, complete %v", name, r.peak, r.answer["complete"])
	}
}
