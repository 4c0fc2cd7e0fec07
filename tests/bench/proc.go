// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of time in /proc, USER_HZ on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// cpu is time of the processor by daemon of the lab.
type cpu map[string]time.Duration

func (c cpu) sum() time.Duration {
	var all time.Duration
	for _, d := range c {
		all += d
	}
	return all
}

// of sums what the daemons take whose names begin so.
func (c cpu) of(prefix string) time.Duration {
	var all time.Duration
	for name, d := range c {
		if strings.HasPrefix(name, prefix) {
			all += d
		}
	}
	return all
}

// observe runs something and adds what the lab's daemons and the rest of the machine did meanwhile.
func (l *lab) observe(run func() (sample, error)) (sample, error) {
	before, err := l.daemons()
	if err != nil {
		return sample{}, err
	}
	busy, own := machineBusy(), ownTime()
	s, err := run()
	if err != nil {
		return s, err
	}
	busy, own = machineBusy()-busy, ownTime()-own
	after, err := l.daemons()
	if err != nil {
		return s, err
	}
	for name := range after {
		after[name] -= before[name]
	}
	s.Server = after
	if s.Client == 0 { // the raw client is this process
		s.Client = own
	} else {
		busy -= own
	}
	other := busy - s.Client - s.Server.sum()
	s.Other = max(0, other.Seconds()/(s.Wall.Seconds()*float64(runtime.NumCPU())))
	return s, nil
}

// daemons reads what each daemon of the lab has used so far, with all processes of its session.
func (l *lab) daemons() (cpu, error) {
	names, err := l.sessions()
	if err != nil {
		return nil, err
	}
	used := cpu{}
	for name := range maps.Values(names) {
		used[name] = 0
	}
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		fields := statFields(file)
		if name, ours := names[fields.session]; ours {
			used[name] += fields.used
		}
	}
	return used, nil
}

// sessions reads the lab's pidfiles: the leader's pid is the number of its session.
func (l *lab) sessions() (map[int]string, error) {
	files, err := filepath.Glob(filepath.Join(l.Root, "run", "*.pid"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no pidfiles in %s/run: %w", l.Root, os.ErrNotExist)
	}
	out := map[int]string{}
	for _, file := range files {
		var leader struct {
			PID int `json:"pid"`
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(data, &leader); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		out[leader.PID] = strings.TrimSuffix(filepath.Base(file), ".pid")
	}
	return out, nil
}

type stat struct {
	session int
	used    time.Duration
}

// statFields reads the session and the time of a process, nothing if it has ended. The fields are counted after the last
// bracket: a program's name may hold anything (proc(5)).
func statFields(file string) stat {
	data, err := os.ReadFile(file)
	end := bytes.LastIndexByte(data, ')')
	if err != nil || end < 0 {
		return stat{}
	}
	fields := strings.Fields(string(data[end+1:]))
	const session, user, system = 3, 11, 12
	if len(fields) <= system {
		return stat{}
	}
	number := func(i int) int { n, _ := strconv.Atoi(fields[i]); return n }
	return stat{number(session), time.Duration(number(user)+number(system)) * tick}
}

// ownTime is what this process has used.
func ownTime() time.Duration { return statFields("/proc/self/stat").used }

// ownPeak is the most memory that this process has had, in bytes.
func ownPeak() int64 {
	data, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10
		}
	}
	return 0
}

// machineBusy is what all processors did so far but idle, wait and run guests (these are counted as user already).
func machineBusy() time.Duration {
	data, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(data), "\n")
	ticks := 0
	for i, word := range strings.Fields(line) {
		n, err := strconv.Atoi(word)
		if err == nil && i != 4 && i != 5 && i < 8 {
			ticks += n
		}
	}
	return time.Duration(ticks) * tick
}

// machine is what the numbers were measured on.
type machine struct {
	Cores  int
	Model  string
	MemGiB int
	System string
	Go     string
	Load   string // of the minute before
	Commit string
}

func thisMachine(ctx context.Context) machine {
	m := machine{Cores: runtime.NumCPU(), Go: runtime.Version()}
	m.Model = value("/proc/cpuinfo", "model name", ":")
	kib, _ := strconv.Atoi(strings.TrimSuffix(value("/proc/meminfo", "MemTotal", ":"), " kB"))
	m.MemGiB = (kib + 1<<19) >> 20
	m.System = strings.Trim(value("/etc/os-release", "PRETTY_NAME", "="), `"`)
	load, _ := os.ReadFile("/proc/loadavg")
	m.Load, _, _ = strings.Cut(string(load), " ")
	out, _ := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	m.Commit = strings.TrimSpace(string(out))
	return m
}

// value reads what a file says of a key, empty if it says nothing.
func value(file, key, sign string) string {
	data, _ := os.ReadFile(file)
	for line := range strings.Lines(string(data)) {
		if name, rest, ok := strings.Cut(line, sign); ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}
