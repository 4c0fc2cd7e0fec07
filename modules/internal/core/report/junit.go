// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// The elements of JUnit's XML that Zuul, GitLab and Jenkins read.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		junitCounts

		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts

		Timestamp string      `xml:"timestamp,attr"`
		Time      string      `xml:"time,attr"` // seconds
		Cases     []junitCase `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	junitCase struct {
		Class   string     `xml:"classname,attr"`
		Name    string     `xml:"name,attr"`
		Skipped *junitText `xml:"skipped,omitempty"`
		Error   *junitText `xml:"error,omitempty"`   // it is unknown whether the test passes
		Failure *junitText `xml:"failure,omitempty"` // the test does not pass
		Out     string     `xml:"system-out,omitempty"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// newSuite returns a suite without tests. The duration is in seconds.
func newSuite(name, of string, taken time.Time, duration float64) *junitSuite {
	return &junitSuite{
		Name: strings.TrimSpace(name + " " + foreign.Line(of)), Timestamp: taken.UTC().Format("2006-01-02T15:04:05"),
		Time: strconv.FormatFloat(duration, 'f', 3, 64),
	}
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// whole adds a test that all could be read: JUnit's readers take a suite for good whose tests were skipped.
func (s *junitSuite) whole(class, name, problem string, unread []string) {
	c := junitCase{Class: class, Name: name}
	if len(unread) > 0 {
		c.Error = &junitText{problem, "incomplete", strings.Join(unread, "\n")}
	}
	s.add(c)
}

// bytes returns the suite as a file.
func (s *junitSuite) bytes() ([]byte, error) {
	out, err := xml.MarshalIndent(junitSuites{junitCounts: s.junitCounts, Suites: []junitSuite{*s}}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode report: %w", err)
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}
