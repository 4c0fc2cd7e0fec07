// SPDX-License-Identifier: Apache-2.0

// Command logbench measures placement_conflicts on large logs beside zgrep, which only counts lines, in one run.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// The table stands between these marks of a page.
const (
	beginMark = "<!-- make bench-logs writes from here -->"
	endMark   = "<!-- to here: make bench-logs -->"
)

const rounds = 3

func main() {
	program := flag.String("program", "", "the program placement")
	size := flag.Int64("mib", 2048, "size of the log in MiB")
	docs := flag.String("docs", "", "page to write the table into")
	flag.Parse()
	if err := run(context.Background(), *program, *docs, *size); err != nil {
		fmt.Fprintln(os.Stderr, "logbench:", err)
		os.Exit(1)
	}
}

// log is one to measure on.
type log struct {
	name, path string
	lines      int
	bytes      int64
}

// sample is the best of some runs; the memory is the largest.
type sample struct {
	wall, cpu time.Duration
	peak      int64
}

func run(ctx context.Context, program, docs string, mib int64) error {
	dir, err := os.MkdirTemp("", "logbench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	logs, err := makeLogs(ctx, dir, mib<<20)
	if err != nil {
		return err
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%s, %d cores, %s; best of %d.\n\n", time.Now().UTC().Format("2006-01-02"), runtime.NumCPU(), runtime.Version(), rounds)
	table.WriteString("| log | lines | zgrep -c 409 | placement_conflicts | ratio | a second | its peak memory | its CPU |\n|---|---|---|---|---|---|---|---|\n")
	for _, l := range logs {
		row, err := measure(ctx, program, l)
		if err != nil {
			return err
		}
		table.WriteString(row)
	}
	fmt.Print(table.String())
	if docs == "" {
		return nil
	}
	return insert(docs, table.String())
}

// makeLogs writes a log, a tenth of it, and both packed.
func makeLogs(ctx context.Context, dir string, size int64) ([]log, error) {
	var all []log
	for _, part := range []int64{10, 1} {
		path := filepath.Join(dir, fmt.Sprintf("part-%d", part), "placement-api.log")
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		lines, err := writeLog(path, size/part)
		if err != nil {
			return nil, err
		}
		packed := path + ".gz"
		if out, err := exec.CommandContext(ctx, "sh", "-c", `gzip -c "$0" > "$1"`, path, packed).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("gzip: %w: %s", err, out)
		}
		name := fmt.Sprintf("%d MiB", size/part>>20)
		all = append(all, log{name, path, lines, size / part}, log{name + ", packed", packed, lines, size / part})
	}
	return all, nil
}

// measure runs both, turn by turn.
func measure(ctx context.Context, program string, l log) (string, error) {
	args, err := json.Marshal(map[string]any{"files": []string{l.path}, "since": "all", "timezone": "UTC"})
	if err != nil {
		return "", err
	}
	var peer, own sample
	for range rounds {
		if err := peer.add(exec.CommandContext(ctx, "zgrep", "-c", "409", l.path), nil); err != nil {
			return "", err
		}
		if err := own.add(exec.CommandContext(ctx, program, "placement_conflicts"), args); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("| %s | %d | %.2f s | %.2f s | %.2f | %.0f MiB | %.0f MiB | %.2f s |\n", l.name, l.lines, peer.wall.Seconds(), own.wall.Seconds(),
		own.wall.Seconds()/peer.wall.Seconds(), float64(l.bytes>>20)/own.wall.Seconds(), float64(own.peak)/(1<<20), own.cpu.Seconds()), nil
}

// add runs a command, and keeps its time if it is the best so far.
func (s *sample) add(cmd *exec.Cmd, stdin []byte) error {
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if stdin != nil {
		cmd.Stdin = bytes.NewReader(stdin)
	}
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s%.300s", cmd.Args[0], err, said.String(), out.String())
	}
	wall := time.Since(begun)
	if stdin != nil && !bytes.Contains(out.Bytes(), []byte(`"complete": true`)) && !bytes.Contains(out.Bytes(), []byte(`"complete":true`)) {
		return fmt.Errorf("not complete: %.500s", out.String())
	}
	if s.wall == 0 || wall < s.wall {
		s.wall, s.cpu = wall, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
	}
	if used, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.peak = max(s.peak, used.Maxrss<<10)
	}
	return nil
}

// insert puts the table between the marks of a page.
func insert(path, table string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(page), beginMark)
	_, after, ends := strings.Cut(rest, endMark)
	if !begins || !ends {
		return errors.New(path + " has no marks to write between")
	}
	return os.WriteFile(path, []byte(before+beginMark+"\n\n"+table+"\n"+endMark+after), 0o644) //nolint:gosec // a page of the repository
}
