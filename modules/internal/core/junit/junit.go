// SPDX-License-Identifier: Apache-2.0

// Package junit writes a result as tests, in the XML of JUnit.
package junit

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
	suites struct {
		XMLName xml.Name `xml:"testsuites"`
		counts

		Suites []suite `xml:"testsuite"`
	}
	suite struct {
		Name string `xml:"name,attr"`
		counts

		Timestamp string     `xml:"timestamp,attr"`
		Time      string     `xml:"time,attr"` // seconds
		Cases     []testCase `xml:"testcase"`
	}
	counts struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	testCase struct {
		Class   string `xml:"classname,attr"`
		Name    string `xml:"name,attr"`
		Skipped *text  `xml:"skipped,omitempty"`
		Error   *text  `xml:"error,omitempty"`   // it is unknown whether the test passes
		Failure *text  `xml:"failure,omitempty"` // the test does not pass
		Out     string `xml:"system-out,omitempty"`
	}
	text struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// newSuite returns a suite without tests. The duration is in seconds.
func newSuite(name, of string, taken time.Time, duration float64) *suite {
	return &suite{
		Name: strings.TrimSpace(name + " " + foreign.Line(of)), Timestamp: taken.UTC().Format("2006-01-02T15:04:05"),
		Time: strconv.FormatFloat(duration, 'f', 3, 64),
	}
}

func (s *suite) add(c testCase) {
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
func (s *suite) whole(class, name, problem string, unread []string) {
	c := testCase{Class: class, Name: name}
	if len(unread) > 0 {
		c.Error = &text{problem, "incomplete", strings.Join(unread, "\n")}
	}
	s.add(c)
}

// bytes returns the suite as a file.
func (s *suite) bytes() ([]byte, error) {
	out, err := xml.MarshalIndent(suites{counts: s.counts, Suites: []suite{*s}}, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode report: %w", err)
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}
