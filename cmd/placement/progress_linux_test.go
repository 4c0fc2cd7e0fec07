// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// slow is a service that takes its time for each answer.
func slow(t *testing.T, address string) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// terminal is a pseudo terminal of 80 columns: what a person sees, and what a program writes to.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminal here: %v", err)
	}
	t.Cleanup(func() { _ = person.Close() })
	descriptor := int(person.Fd())
	number, err := unix.IoctlGetInt(descriptor, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(descriptor, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(int(program.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
	}
	if err != nil {
		t.Fatal(err)
	}
	return person, program
}

// A person who waits is shown how far an audit is, on stderr, and only there. Who looks at no terminal is shown nothing.
func TestProgress(t *testing.T) {
	itself, err := os.Executable() // is the program when it is called so: see TestMain
	if err != nil {
		t.Fatal(err)
	}
	audit := func(stderr io.Writer) string {
		cmd := exec.CommandContext(t.Context(), itself, "audit", "--auth-type", "admin_token", "--auth", `{"token": "t"}`, "--concurrency", "1", "--grace", "0",
			"--placement-endpoint", slow(t, replay(t, "placement")), "--compute-endpoint", replay(t, "compute"))
		cmd.Args[0], cmd.Stderr = "placement", stderr
		out, err := cmd.Output()
		if len(out) == 0 {
			t.Fatal(err)
		}
		return string(out)
	}
	person, program := terminal(t)
	seen := make(chan string)
	go func() {
		var all bytes.Buffer
		_, _ = io.Copy(&all, person) // it ends with an error once nobody writes any more
		seen <- all.String()
	}()
	stdout := audit(program)
	_ = program.Close()
	shown := <-seen
	if !regexp.MustCompile(`[0-9]% .*\[[0-9]+ in .*reading resource providers`).MatchString(shown) || !strings.Contains(shown, "\x1b[A\x1b[K") {
		t.Errorf("no progress: %q", shown)
	}
	if strings.Contains(stdout, "\x1b") || strings.Contains(stdout, "reading resource providers") {
		t.Errorf("the progress is in what is piped: %q", stdout)
	}
	var quiet bytes.Buffer
	if audit(&quiet); strings.Contains(quiet.String(), "reading") {
		t.Errorf("progress without a terminal: %q", quiet.String())
	}
}
