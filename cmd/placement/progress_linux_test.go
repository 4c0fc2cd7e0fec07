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
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// held is a service that says of a few resource providers what it knows, and of others once that is true, or a minute has passed.
func held(t *testing.T, address string, until func() bool) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	var asked sync.Map
	var providers atomic.Int32
	deadline := time.Now().Add(time.Minute)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, rest, of := strings.Cut(r.URL.Path, "/resource_providers/"); of {
			if _, known := asked.LoadOrStore(strings.Split(rest, "/")[0], true); !known {
				providers.Add(1)
			}
		}
		for providers.Load() > 3 && !until() && time.Now().Before(deadline) {
			time.Sleep(20 * time.Millisecond)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// page is what a person has seen so far.
type page struct {
	mu   sync.Mutex
	text []byte
}

func (p *page) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = append(p.text, data...)
	return len(data), nil
}

// moves reports whether a bar of progress was seen, and was drawn again.
func (p *page) moves() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Contains(p.text, []byte("\x1b[A\x1b[K")) && drawn.Match(p.text)
}

var drawn = regexp.MustCompile(`reading Placement, request [0-9]+ of [0-9]+ .*[0-9]+% .*\[[0-9hms]+; ~ETA: [0-9hms]+\]`)

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

// watched is a terminal whose text is kept in shown, and what ends it.
func watched(t *testing.T, shown *page) (program *os.File, gone func()) {
	t.Helper()
	person, program := terminal(t)
	seen := make(chan struct{})
	go func() {
		_, _ = io.Copy(shown, person) // it ends with an error once nobody writes any more
		close(seen)
	}()
	return program, func() {
		_ = program.Close()
		<-seen
	}
}

// audit runs an audit, and returns what it prints.
func audit(t *testing.T, stderr io.Writer, placement string, grace int) string {
	t.Helper()
	itself, err := os.Executable() // is the program when it is called so: see TestMain
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), itself, "audit", "--auth-type", "admin_token", "--auth", `{"token": "t"}`, "--concurrency", "1",
		"--grace", strconv.Itoa(grace), "--placement-endpoint", placement, "--compute-endpoint", replay(t, "compute"))
	cmd.Args[0], cmd.Stderr = "placement", stderr
	out, err := cmd.Output()
	if len(out) == 0 {
		t.Fatal(err)
	}
	return string(out)
}

// A person who waits is shown how far an audit is, on stderr, and only there. Who looks at no terminal is shown nothing.
func TestProgress(t *testing.T) {
	var shown page
	program, gone := watched(t, &shown)
	stdout := audit(t, program, held(t, replay(t, "placement"), shown.moves), 0)
	gone()
	if !shown.moves() {
		t.Errorf("no progress: %q", shown.text[:min(len(shown.text), 400)])
	}
	if strings.Contains(stdout, "\x1b") || strings.Contains(stdout, "reading Placement") {
		t.Errorf("the progress is in what is piped: %q", stdout)
	}
	var quiet bytes.Buffer
	var times atomic.Int32
	long := func() bool { return times.Add(1) > 200 } // twice as long as a person waits for the bar, at least
	if audit(t, &quiet, held(t, replay(t, "placement"), long), 0); strings.Contains(quiet.String(), "reading") {
		t.Errorf("progress without a terminal: %q", quiet.String())
	}
}

// What is waited for before the second look is said, and not that all is read.
func TestProgressWaits(t *testing.T) {
	var shown page
	program, gone := watched(t, &shown)
	audit(t, program, replay(t, "placement"), 4)
	gone()
	last := shown.text[bytes.LastIndex(shown.text, []byte("waiting "))+1:]
	if !bytes.Contains(shown.text, []byte("waiting for 4s before the second look")) || bytes.Contains(last, []byte("100%")) {
		t.Errorf("it does not say what it waits for: %q", shown.text)
	}
}
