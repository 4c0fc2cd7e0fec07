// SPDX-License-Identifier: Apache-2.0

package address

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A usual file that can't be looked at is not passed over for another one, which may be of an older cloud.
func TestUsualFiles(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "nova.conf")
	if err := os.WriteFile(good, []byte("[DEFAULT]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	unseen := filepath.Join(good, "nova.conf") // below a file: neither there nor missing
	if f, fault := (&Setup{}).file("nova_conf", "", [2]string{unseen, good}); f != nil || fault == nil || fault.Value != unseen {
		t.Errorf("unseen: %v, %v", f, fault)
	}
	if f, fault := (&Setup{}).file("nova_conf", "", [2]string{filepath.Join(dir, "none"), good}); f == nil || fault != nil || f.path != good {
		t.Errorf("missing: %v, %v", f, fault)
	}
}

// written writes the usual files of a test. An empty one is not there.
func written(t *testing.T, nova, placement string) places {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"nova.conf": nova, "placement.conf": placement} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	none := filepath.Join(dir, "none")
	return places{nova: [2]string{none, filepath.Join(dir, "nova.conf")}, placement: [2]string{none, filepath.Join(dir, "placement.conf")}}
}

const (
	behindProxy = "[api_database]\nconnection = mysql://nova_api:x@vip/api?ssl_ca=/ca.pem\n[database]\nconnection = mysql://nova:x@vip/nova_cell0\n[DEFAULT]\nservice_down_time = 90\n"
	ofPlacement = "[placement_database]\nconnection = mysql://placement:x@vip/placement\n"
)

func auditor() *Where {
	return &Where{Source: Database, Database: &Given{User: "audit", Password: "y", Host: "node"}}
}

// With host, user and password the usual files are read all the same, if they are there: they say which cells are where Nova's API database is.
func TestHostAndFiles(t *testing.T) {
	s, faults := auditor().resolve(written(t, behindProxy, ofPlacement))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if s.API.String() != "mysql://node:3306/api" || s.API.User != "audit" || s.API.TLS.CA != "/ca.pem" || s.DownTime.Seconds() != 90 {
		t.Errorf("%s %+v", s.API, s)
	}
	s.Mapped([]string{"mysql://nova:x@vip/nova", "mysql://nova:x@far/nova"}) // says nothing where a file does
	for connection, want := range map[string]string{
		"mysql://nova:x@vip/nova": "mysql://node:3306/nova", "mysql://nova:x@far/nova": "mysql://far:3306/nova",
		"{scheme}://{username}:{password}@{hostname}/{path}": "mysql://node:3306/nova_cell0",
	} {
		if at, err := s.Cell(connection); err != nil || at.String() != want || at.User != "audit" {
			t.Errorf("%s: %s as %s, %v", connection, at, at.User, err)
		}
	}
}

// Without files the given host takes the place of the one server that the cells are on, and of none where they are on several.
func TestHostWithoutFiles(t *testing.T) {
	const vip, far, node, other = "mysql://n:x@vip/nova", "mysql://n:x@far/nova", "mysql://n:x@node/nova_cell0", "mysql://n:x@vip/nova_cell0"
	for name, c := range map[string]struct {
		mapped []string
		want   map[string]string // URL -> where, or why not
	}{
		"one server":        {[]string{vip, other, "none:///"}, map[string]string{vip: "mysql://node:3306/nova", other: "mysql://node:3306/nova_cell0"}},
		"the host itself":   {[]string{node}, map[string]string{node: "mysql://node:3306/nova_cell0"}},
		"it and another":    {[]string{node, far}, map[string]string{node: "mysql://node:3306/nova_cell0", far: "mysql://far:3306/nova"}},
		"several":           {[]string{vip, far}, map[string]string{vip: "give nova_conf, or database -> cells", far: "give nova_conf, or database -> cells"}},
		"several by port":   {[]string{vip, "mysql://n:x@vip:3307/nova"}, map[string]string{vip: "give nova_conf"}},
		"a template":        {[]string{"{scheme}://{hostname}/nova"}, map[string]string{"{scheme}://{hostname}/nova": "give nova_conf, or database -> cells"}},
		"none that is read": {nil, map[string]string{"none:///": "only MySQL and MariaDB"}},
	} {
		s, faults := auditor().resolve(written(t, "", ""))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		s.Mapped(c.mapped)
		for connection, want := range c.want {
			at, err := s.Cell(connection)
			if err == nil && (at.String() != want || at.User != "audit") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %s: %s as %s, %v; want %s", name, connection, at, at.User, err, want)
			}
		}
	}
}

// A file that is not needed and says nothing of these databases, such as that of a compute node, is as good as none. One that says something
// that can't be followed is refused: it may ask for encryption.
func TestSpareFiles(t *testing.T) {
	for name, c := range map[string]struct{ nova, placement, want string }{
		"no groups":      {"[DEFAULT]\n", "[DEFAULT]\n", ""},
		"of packages":    {"[api_database]\nconnection = sqlite:////var/lib/nova/nova_api.sqlite\n", ofPlacement, ""},
		"not followed":   {strings.Replace(behindProxy, "ssl_ca=/ca.pem", "ssl_mode=REQUIRED", 1), ofPlacement, "ssl_mode"},
		"not understood": {behindProxy, "nothing\n", "placement_conf"},
	} {
		s, faults := auditor().resolve(written(t, c.nova, c.placement))
		if c.want == "" && (len(faults) > 0 || s.API.String() != "mysql://node:3306/nova_api" || s.Placement.String() != "mysql://node:3306/placement") {
			t.Errorf("%s: %+v, %v", name, s, faults)
		}
		if c.want != "" && (len(faults) != 1 || !strings.Contains(faults[0].Error(), c.want)) {
			t.Errorf("%s: %v, want %s", name, faults, c.want)
		}
	}
	needed := auditor()
	needed.Database.Host = ""
	if _, faults := needed.resolve(written(t, "[DEFAULT]\n", ofPlacement)); len(faults) != 1 || !strings.Contains(faults[0].Error(), "[api_database] connection") {
		t.Errorf("needed: %v", faults)
	}
	ofPackages := strings.Replace(behindProxy, "mysql://nova_api:x@vip/api?ssl_ca=/ca.pem", "sqlite:////var/lib/nova/nova_api.sqlite", 1)
	if _, faults := needed.resolve(written(t, ofPackages, ofPlacement)); len(faults) != 1 || !strings.Contains(faults[0].Error(), "of the kind sqlite") {
		t.Errorf("needed, of packages: %v", faults)
	}
}

// A usual file that this user may not read is missed only where it is needed.
func TestForbiddenFile(t *testing.T) {
	usual := written(t, behindProxy, ofPlacement)
	if err := os.Chmod(usual.nova[1], 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(usual.nova[1]); !errors.Is(err, fs.ErrPermission) {
		t.Skip("this user may read every file")
	}
	if s, faults := auditor().resolve(usual); len(faults) > 0 || s.API.String() != "mysql://node:3306/nova_api" {
		t.Errorf("%+v, %v", s, faults)
	}
	needed := auditor()
	needed.Database.Host = ""
	if _, faults := needed.resolve(usual); len(faults) != 1 || faults[0].Option != "nova_conf" {
		t.Errorf("needed: %v", faults)
	}
}
