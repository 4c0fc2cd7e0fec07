// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lab is a running control plane, as `tests/lab/lab env` describes it.
type lab struct {
	Running    bool              `json:"running"`
	Root       string            `json:"root"`
	ConfigDir  string            `json:"config_dir"`
	Cloud      string            `json:"cloud"`
	CloudsFile string            `json:"clouds_file"`
	NovaManage string            `json:"nova_manage"`
	Endpoints  map[string]string `json:"endpoints"`
	Sockets    map[string]string `json:"mysql_sockets"`

	command, release string
	hosts            int
}

// sample is one measured run.
type sample struct {
	Wall     time.Duration
	Requests int
	Client   time.Duration // CPU, user and system
	Peak     int64         // bytes of memory; 0 if it was not measured
	PeakMost bool          // Peak is an upper limit
	Server   cpu           // CPU of the lab's daemons
	Other    float64       // share of the machine that neither used, 0 to 1
}

func openLab(ctx context.Context, command, release string) (*lab, error) {
	l := &lab{command: command, release: release}
	out, err := l.call(ctx, "env")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(out, l); err != nil {
		return nil, fmt.Errorf("lab env: %w", err)
	}
	if !l.Running {
		return nil, fmt.Errorf("the lab in %s does not run", l.Root)
	}
	return l, nil
}

// call runs the lab's command for this lab.
func (l *lab) call(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, l.command, append(args, "--profile", "nova", "--release", l.release)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", l.command, strings.Join(args, " "), err)
	}
	return out, nil
}

// fill makes it a cloud of so many hosts beside the lab's own.
func (l *lab) fill(ctx context.Context, hosts int) error {
	_, err := l.call(ctx, "bulk", strconv.Itoa(hosts))
	l.hosts = hosts
	return err
}

// answer is what placement_audit says, as much of it as is used here.
type answer struct {
	Failed   bool           `json:"failed"`
	Msg      string         `json:"msg"`
	Clean    bool           `json:"clean"`
	Complete bool           `json:"complete"`
	NotRun   any            `json:"not_run"`
	Requests map[string]int `json:"requests"`
	Summary  struct {
		Read map[string]int `json:"read"`
	} `json:"summary"`
}

// audit runs placement_audit once, with these options besides those that lead to the lab. It fails unless the audit has
// read everything and calls the cloud clean: another run has nothing to be compared with.
func (l *lab) audit(ctx context.Context, program string, options map[string]any) (sample, error) {
	a, s, err := l.ask(ctx, program, options)
	if err != nil {
		return s, err
	}
	if a.Failed || !a.Clean || !a.Complete {
		return s, fmt.Errorf("the audit is not clean and complete: %s; not run: %v", a.Msg, a.NotRun)
	}
	if a.Summary.Read["providers"] < l.hosts {
		return s, fmt.Errorf("the audit has read %d of at least %d providers", a.Summary.Read["providers"], l.hosts)
	}
	for _, n := range a.Requests {
		s.Requests += n
	}
	return s, nil
}

// small is what a small server needs.
func small() map[string]int { return map[string]int{"DISK_GB": 10, "MEMORY_MB": 1024, "VCPU": 2} }

// asksFor is how Placement is asked for that.
func asksFor() string {
	var words []string
	for _, class := range slices.Sorted(maps.Keys(small())) {
		words = append(words, fmt.Sprintf("%s:%d", class, small()[class]))
	}
	return url.Values{"resources": {strings.Join(words, ",")}}.Encode()
}

// why asks placement_candidates_info once where a small server can land, and why not elsewhere. It fails unless every tree has an answer.
func (l *lab) why(ctx context.Context, program string, options map[string]any) (sample, error) {
	var a struct {
		Failed         bool           `json:"failed"`
		Msg            string         `json:"msg"`
		Trees          int            `json:"trees"`
		Fits           []any          `json:"fits"`
		Rejected       []any          `json:"rejected"`
		Contradictions []string       `json:"contradictions"`
		Requests       map[string]int `json:"requests"`
	}
	wanted := map[string]any{"resources": small()}
	maps.Copy(wanted, options)
	s, err := l.module(ctx, program, "placement_candidates_info", wanted, &a)
	if err != nil {
		return s, err
	}
	if judged := len(a.Fits) + len(a.Rejected); a.Failed || a.Trees < l.hosts || judged != a.Trees || len(a.Fits) == 0 || len(a.Rejected) == 0 {
		return s, fmt.Errorf("%d of %d trees fit and %d do not: %s %v", len(a.Fits), a.Trees, len(a.Rejected), a.Msg, a.Contradictions)
	}
	for _, n := range a.Requests {
		s.Requests += n
	}
	return s, nil
}

// ask runs placement_audit and returns its answer, whatever it is. The second look does not wait: every round would, and
// waiting is no work.
func (l *lab) ask(ctx context.Context, program string, options map[string]any) (answer, sample, error) {
	args := map[string]any{"grace": 0}
	for name, value := range options {
		if value != false { // an option that is not there yet must not be named
			args[name] = value
		}
	}
	var a answer
	s, err := l.module(ctx, program, "placement_audit", args, &a)
	return a, s, err
}

// module runs a module with these options besides those that lead to the lab.
func (l *lab) module(ctx context.Context, program, name string, options map[string]any, into any) (sample, error) {
	const patience = 3 * time.Hour
	args := map[string]any{"cloud": l.Cloud, "clouds_file": l.CloudsFile, "timeout": int(patience.Seconds())}
	maps.Copy(args, options)
	in, err := json.Marshal(args)
	if err != nil {
		return sample{}, err
	}
	cmd := exec.CommandContext(ctx, program, name)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, s, err := timed(cmd)
	if broken := json.Unmarshal(out, into); broken != nil {
		return s, fmt.Errorf("no answer: %w", errors.Join(err, broken))
	}
	return s, nil
}

// databases are the options with which it reads the databases of the lab. A busy machine has the time that 50,000 hosts need.
func (l *lab) databases() map[string]any {
	return map[string]any{
		"source": "database", "statement_timeout": 3600, "nova_conf": filepath.Join(l.ConfigDir, "nova", "nova.conf"),
		"placement_conf": filepath.Join(l.ConfigDir, "placement", "placement.conf"),
	}
}

// knows reports whether the module has the option. One that has not fails before it asks anybody.
func (l *lab) knows(ctx context.Context, program, option string) bool {
	out, err := exec.CommandContext(ctx, program, "placement_audit", "--schema").Output()
	var schema struct {
		Properties map[string]any `json:"properties"`
	}
	if err != nil || json.Unmarshal(out, &schema) != nil {
		return false
	}
	_, there := schema.Properties[option]
	return there
}

// peer runs nova-manage placement audit, which reads Nova's databases itself. It counts no requests.
func (l *lab) peer(ctx context.Context) (sample, error) {
	cmd := exec.CommandContext(ctx, l.NovaManage, "placement", "audit")
	out, s, err := timed(cmd)
	if err != nil {
		return s, fmt.Errorf("%w: %s", err, out) // 3: it calls something an orphan
	}
	return s, nil
}

// timed runs a program to its end and returns what it printed and what it took.
func timed(cmd *exec.Cmd) ([]byte, sample, error) {
	start := time.Now()
	out, err := cmd.Output()
	s := sample{Wall: time.Since(start)}
	state := cmd.ProcessState
	if state == nil {
		return out, s, err
	}
	s.Client = state.UserTime() + state.SystemTime()
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		s.Peak = usage.Maxrss << 10 // KiB on Linux
	}
	// The kernel also counts what the parent had when it forked.
	s.PeakMost = s.Peak <= ownPeak()
	return out, s, err
}
