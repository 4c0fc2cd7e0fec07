// SPDX-License-Identifier: Apache-2.0

// Command bench measures placement_audit on large clouds of the lab (make bench): its processes beside a raw client that
// sends the same requests and does nothing with the answers, and beside nova-manage placement audit.
//
// The raw client is the limit: what the services take to answer, whoever asks. All of them run in turns, round by round,
// and the best wall time of each counts; what disturbs a run only makes it slower.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settings are what the command line says.
type settings struct {
	lab, release, program string
	docs                  string // the page to write the report into; none if empty
	sizes                 []int
	levels                []int    // numbers of requests in flight to try
	peerMax               int      // the largest cloud on which the peer is measured, in hosts
	apiMax                int      // and the APIs
	only                  []string // the groups that are measured
	command               string
}

// measures reports whether a subject was asked for.
func (s settings) measures(one subject) bool { return slices.Contains(s.only, one.group()) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	set, err := parse(args)
	if err != nil {
		return err
	}
	l, err := openLab(ctx, set.lab, set.release)
	if err != nil {
		return err
	}
	r := &report{Machine: thisMachine(ctx), Command: set.command, Release: set.release, At: time.Now().UTC()}
	b := &bench{lab: l, set: set, best: map[subject]int{}}
	for _, size := range set.sizes {
		c, err := b.measure(ctx, size)
		if err != nil {
			return fmt.Errorf("%d hosts: %w", size, err)
		}
		r.Clouds = append(r.Clouds, *c)
	}
	fmt.Print("\n" + r.markdown())
	if set.docs == "" {
		return nil
	}
	return replaceBetweenMarks(set.docs, r.markdown())
}

func parse(args []string) (settings, error) {
	var set settings
	var sizes, levels, only string
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.StringVar(&set.lab, "lab", "tests/lab/lab", "the lab's command")
	flags.StringVar(&set.release, "release", "zed", "the lab's release")
	flags.StringVar(&set.program, "program", "", "the program with the modules")
	flags.StringVar(&set.docs, "docs", "", "page to write the report into, between its marks")
	flags.StringVar(&sizes, "sizes", "1000,10000", "numbers of hosts")
	flags.StringVar(&levels, "levels", "1,2,4,8,16,32", "numbers of requests in flight to try")
	flags.StringVar(&only, "only", "", "measure only these: "+strings.Join(groups(), ", "))
	flags.IntVar(&set.peerMax, "peer-max", 1000, "most hosts with which nova-manage placement audit is measured")
	flags.IntVar(&set.apiMax, "api-max", 10000, "most hosts with which the APIs are measured")
	flags.StringVar(&set.command, "command", "make bench", "how this was called, for the report")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	var err error
	if set.sizes, err = numbers(sizes); err != nil {
		return set, fmt.Errorf("-sizes: %w", err)
	}
	if set.levels, err = numbers(levels); err != nil {
		return set, fmt.Errorf("-levels: %w", err)
	}
	if set.only, err = chosen(only); err != nil {
		return set, fmt.Errorf("-only: %w", err)
	}
	if set.program == "" {
		return set, fmt.Errorf("-program: none given")
	}
	return set, nil
}

// chosen reads names of groups; none are all.
func chosen(text string) ([]string, error) {
	names := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	for _, name := range names {
		if !slices.Contains(groups(), name) {
			return nil, fmt.Errorf("%q is none of %s", name, strings.Join(groups(), ", "))
		}
	}
	if len(names) == 0 {
		return groups(), nil
	}
	return names, nil
}

// numbers reads positive numbers, smallest first.
func numbers(text string) ([]int, error) {
	var out []int
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a positive number", word)
		}
		out = append(out, n)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%q names no number", text)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
