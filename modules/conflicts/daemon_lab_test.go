// SPDX-License-Identifier: Apache-2.0

//go:build lab

package conflicts_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// run starts a daemon that ends with the test, or when it is told to.
func (p *place) run(out string, env []string, name string, args ...string) (stop func()) {
	p.t.Helper()
	file, err := os.Create(out)
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append([]string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=" + os.Getenv("HOME")}, env...)
	cmd.Stdout, cmd.Stderr = file, file
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		late := time.AfterFunc(time.Minute, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		_ = cmd.Wait() // how it ended does not matter
		late.Stop()
		_ = file.Close()
	}
	p.t.Cleanup(stop)
	return stop
}

// write writes a file of a folder and returns its path.
func (p *place) write(folder, name, text string) string {
	p.t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

func (p *place) readFile(parts ...string) string {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

// impatient starts another Placement of the same cloud, one that leaves lost races to its clients: it tries once, not ten
// times ([placement]allocation_conflict_retry_count). It returns its client and its log.
func (p *place) impatient() (*live.Raw, string) {
	p.t.Helper()
	folder := p.t.TempDir()
	log := filepath.Join(folder, "placement-api.log")
	conf := regexp.MustCompile(`(?m)^log_file = .*$`).ReplaceAllString(p.readFile(p.ConfigDir, "placement/placement.conf"), "log_file = "+log)
	p.write(folder, "placement.conf", conf+"\n[placement]\nallocation_conflict_retry_count = 1\n")
	port := freePort(p)
	ini := p.readFile(p.ConfigDir, "uwsgi/placement.ini")
	ini = regexp.MustCompile(`(?m)^http-socket = .*$`).ReplaceAllString(ini, fmt.Sprintf("http-socket = 127.0.0.1:%d", port))
	ini = strings.Replace(ini, "OS_PLACEMENT_CONFIG_DIR="+filepath.Join(p.ConfigDir, "placement"), "OS_PLACEMENT_CONFIG_DIR="+folder, 1)
	p.run(filepath.Join(folder, "placement.out"), nil, "uwsgi-core", "--ini", p.write(folder, "placement.ini", ini))
	l := p.serviceUser()
	l.Endpoints = map[string]string{"keystone": l.Endpoints["keystone"], "placement": fmt.Sprintf("http://127.0.0.1:%d", port)}
	raw := l.Raw(p.t)
	p.until("the other Placement", 4*time.Minute, func() bool {
		return raw.Do(p.t.Context(), http.MethodGet, "/resource_providers", nil).Status == http.StatusOK
	})
	return raw, log
}

func freePort(p *place) int {
	p.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // of a TCP listener
}

// compute starts a real nova-compute that looks at its provider every two seconds. It returns its log.
func (p *place) compute(host string) (log string, stop func()) {
	p.t.Helper()
	folder := p.t.TempDir()
	log = filepath.Join(folder, "nova-compute.log")
	own := p.write(folder, "host.conf", fmt.Sprintf(`[DEFAULT]
host = %s
state_path = %s
compute_driver = fake.MediumFakeDriver
update_resources_interval = 2
periodic_fuzzy_delay = 0
[compute]
provider_config_location = %s
`, host, folder, folder))
	program := filepath.Join(live.Repository(p.t), "tests/lab/etc/nova_compute.py")
	stop = p.run(filepath.Join(folder, "nova-compute.out"), []string{"LAB_HYPERVISOR=" + host}, p.Python, program,
		"--config-file", filepath.Join(p.ConfigDir, "nova/compute-cell1.conf"), "--config-file", own, "--log-file", log)
	return log, stop
}

// retire ends a nova-compute and has Nova forget it, with its provider.
func (p *place) retire(host string, stop func()) {
	stop()
	id := p.service(host)
	if id == "" {
		return
	}
	if a := p.nova.Do(p.t.Context(), http.MethodDelete, "/os-services/"+id, nil); a.Status != http.StatusNoContent {
		p.t.Errorf("delete the compute service %s: %d %s %v", host, a.Status, a.Body, a.Err)
	}
}
