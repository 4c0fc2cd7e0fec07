// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"
)

// The report stands between these marks of a page.
const (
	beginMark = "<!-- make bench writes from here"
	endMark   = "to here: make bench -->"
)

// report is what is printed in the end.
type report struct {
	Machine          machine
	Command, Release string
	At               time.Time
	Clouds           []cloud
}

// markdown is the whole report.
func (r *report) markdown() string {
	var b strings.Builder
	m := r.Machine
	fmt.Fprintf(&b, "`%s` on %s, commit %s: %d cores (%s), %d GiB, %s, %s, load %s before; lab release %s.\n",
		r.Command, r.At.Format("2006-01-02"), m.Commit, m.Cores, m.Model, m.MemGiB, m.System, m.Go, m.Load, r.Release)
	for _, c := range r.Clouds {
		b.WriteString("\n" + c.markdown(m.Cores))
	}
	b.WriteString("\n| | ratio | target | |\n|---|---|---|---|\n")
	for _, line := range r.ratios() {
		b.WriteString(line.markdown())
	}
	return b.String()
}

// markdown is the table of a cloud.
func (c cloud) markdown(cores int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d hosts with %d servers, best of %d:\n\n", c.Hosts, 10*c.Hosts, rounds(c.Hosts))
	b.WriteString("| | wall | requests | in flight | peak memory | client CPU | server CPU | of it Placement, Nova, MariaDB | machine |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|\n")
	for _, s := range subjects() {
		if one, there := c.Samples[s]; there {
			b.WriteString(one.row(s, c.Levels[s], cores))
		}
	}
	for _, text := range c.NotRun {
		fmt.Fprintf(&b, "\n%s.\n", text)
	}
	if c.Kinds != "" {
		fmt.Fprintf(&b, "\nGETs of the audit: %s.\n", c.Kinds)
	}
	for _, s := range []subject{rawAll, rawAllocations} {
		if line := c.sweepLine(s); line != "" {
			fmt.Fprintf(&b, "\n%s\n", line)
		}
	}
	fmt.Fprintf(&b, "\nOther processes used up to %.0f %% of the machine meanwhile.\n", 100*c.OtherMax)
	return b.String()
}

// row is one line of the table; what was not measured is a dash. The last column is the share of the wall time that the
// processors of the machine worked for the services.
func (s sample) row(name subject, inFlight, cores int) string {
	dash := func(there bool, text string) string {
		if there {
			return text
		}
		return "–"
	}
	peak := fmt.Sprintf("%.0f MiB", float64(s.Peak)/(1<<20))
	if s.PeakMost {
		peak = "< " + peak
	}
	share := s.Server.sum().Seconds() / (s.Wall.Seconds() * float64(cores))
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s, %s, %s | %.0f %% |\n", name, seconds(s.Wall),
		dash(s.Requests > 0, fmt.Sprint(s.Requests)), dash(inFlight > 0, fmt.Sprint(inFlight)), dash(s.Peak > 0, peak),
		seconds(s.Client), seconds(s.Server.sum()),
		seconds(s.Server.of("placement")), seconds(s.Server.of("nova-api")), seconds(s.Server.of("mysql")), 100*share)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// sweepLine says how long the raw list took with each number of requests in flight.
func (c cloud) sweepLine(s subject) string {
	var parts []string
	for _, l := range c.Sweep {
		if l.Subject == s {
			parts = append(parts, fmt.Sprintf("%d: %s", l.InFlight, seconds(l.Wall)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s, by requests in flight: %s.", s, strings.Join(parts, ", "))
}

// ratio is a number that is to stay below or above another.
type ratio struct {
	Name   string
	Value  float64
	Format string
	Target float64 // 0: none
	AtMost bool
}

// ratios are all that can be made of what was measured.
func (r *report) ratios() []ratio {
	var out []ratio
	for _, c := range r.Clouds {
		out = append(out, c.ratios()...)
	}
	if len(r.Clouds) < 2 {
		return out
	}
	first, last := r.Clouds[0], r.Clouds[len(r.Clouds)-1]
	for _, s := range []subject{full, quick, databases, rawAll, rawRows} {
		a, b := first.Samples[s], last.Samples[s]
		if a.Wall > 0 && b.Wall > 0 {
			growth := b.Wall.Seconds() / a.Wall.Seconds() * float64(first.Hosts) / float64(last.Hosts)
			name := fmt.Sprintf("%s: wall time a host, %d to %d hosts", s, first.Hosts, last.Hosts)
			out = append(out, ratio{name, growth, "%.2f", 0, true})
		}
	}
	return out
}

func (c cloud) ratios() []ratio {
	var out []ratio
	add := func(above, below subject, target float64, atMost bool) {
		a, b := c.Samples[above], c.Samples[below]
		if a.Wall > 0 && b.Wall > 0 {
			name := fmt.Sprintf("%d hosts: %s / %s", c.Hosts, above, below)
			out = append(out, ratio{name, a.Wall.Seconds() / b.Wall.Seconds(), "%.2f", target, atMost})
		}
	}
	add(full, rawAllocations, 1.15, true)
	add(full, rawAll, 0, true)
	add(peer, full, 4, false)
	add(quick, rawServers, 1.5, true)
	add(peer, quick, 20, false)
	add(peer, databases, 100, false)
	add(full, databases, 40, false)
	add(databases, rawRows, 3, true)
	add(why, rawCandidates, 0, true)
	if one := c.Samples[why]; one.Wall > 0 {
		out = append(out, ratio{fmt.Sprintf("%d hosts: wall time of %s", c.Hosts, why), one.Wall.Seconds(), "%.2f s", 3, true})
	}
	for _, s := range []subject{full, quick, databases, why} {
		if one := c.Samples[s]; one.Peak > 0 {
			out = append(out, ratio{fmt.Sprintf("%d hosts: peak memory of %s", c.Hosts, s), float64(one.Peak) / (1 << 20), "%.0f MiB", 150, true})
		}
	}
	return out
}

func (r ratio) markdown() string {
	if r.Target == 0 {
		return fmt.Sprintf("| %s | %s | | |\n", r.Name, fmt.Sprintf(r.Format, r.Value))
	}
	word, met := "at least", r.Value >= r.Target
	if r.AtMost {
		word, met = "at most", r.Value <= r.Target
	}
	verdict := "missed"
	if met {
		verdict = "met"
	}
	return fmt.Sprintf("| %s | %s | %s %g | %s |\n", r.Name, fmt.Sprintf(r.Format, r.Value), word, r.Target, verdict)
}

// replaceBetweenMarks puts the text between the marks of a page.
func replaceBetweenMarks(page, text string) error {
	data, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	begin, end := bytes.Index(data, []byte(beginMark)), bytes.Index(data, []byte(endMark))
	if begin < 0 || end < begin {
		return fmt.Errorf("%s: the marks %q and %q are not there in this order", page, beginMark, endMark)
	}
	begin += bytes.IndexByte(data[begin:], '\n') + 1
	end = bytes.LastIndexByte(data[:end], '\n') + 1
	out := string(data[:begin]) + "\n" + text + "\n" + string(data[end:])
	return os.WriteFile(page, []byte(out), 0o644) //nolint:gosec // a page of the repository, for all to read
}
