// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// databaseFiles writes a nova.conf and a placement.conf whose databases are at that port.
func databaseFiles(t *testing.T, port int) (nova, placement string) {
	t.Helper()
	dir := t.TempDir()
	nova, placement = filepath.Join(dir, "nova.conf"), filepath.Join(dir, "placement.conf")
	url := func(name string) string {
		return fmt.Sprintf("connection = mysql+pymysql://%s:%s@127.0.0.1:%d/%s\n", name, secret, port, name)
	}
	for path, content := range map[string]string{
		nova: "[api_database]\n" + url("nova_api") + "[database]\n" + url("nova_cell0"), placement: "[placement_database]\n" + url("placement"),
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return nova, placement
}

// closedPort is one where nobody listens.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	port, err := strconv.Atoi(l.Addr().String()[len("127.0.0.1:"):])
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestDatabaseBadInput(t *testing.T) {
	nova, placement := databaseFiles(t, closedPort(t))
	for name, c := range map[string]struct {
		args map[string]any
		want []string
	}{
		"watch":     {map[string]any{"watch": 30}, []string{"watch", "source: database"}},
		"user":      {map[string]any{"database": map[string]any{"user": "x"}}, []string{"database -> password"}},
		"timeout":   {map[string]any{"statement_timeout": 0}, []string{"statement_timeout", "1"}},
		"nova_conf": {map[string]any{"nova_conf": "/nowhere/nova.conf"}, []string{"nova_conf", "/nowhere/nova.conf"}},
		"api":       {map[string]any{"source": "api"}, []string{"nova_conf", "placement_conf", "source: database"}},
	} {
		t.Run(name, func(t *testing.T) {
			args := map[string]any{"source": "database", "nova_conf": nova, "placement_conf": placement}
			for option, value := range c.args {
				args[option] = value
			}
			refused(t, runModule(t, args), c.want...)
		})
	}
}

// A server that can't be reached leaves every check undone: nothing is clean.
func TestDatabaseUnreachable(t *testing.T) {
	nova, placement := databaseFiles(t, closedPort(t))
	answer := runModule(t, map[string]any{
		"source": "database", "nova_conf": nova, "placement_conf": placement, "statement_timeout": 5,
	})
	if answer["failed"] != false || answer["clean"] != false || answer["complete"] != false {
		t.Errorf("failed %v, clean %v, complete %v", answer["failed"], answer["clean"], answer["complete"])
	}
	text := fmt.Sprint(answer)
	for _, want := range []string{"placement_conf, [placement_database] connection", "nova_conf, [api_database] connection", "refused"} {
		if !strings.Contains(text, want) {
			t.Errorf("the answer lacks %q: %v", want, answer["msg"])
		}
	}
	if strings.Contains(text, secret) {
		t.Error("the password is in the answer")
	}
}
