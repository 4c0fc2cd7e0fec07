// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Command is one run of the upgrade check of a service on one host, as Ansible's module command returned it.
type Command struct {
	Of     string `json:"of"` // placement or nova
	Host   string `json:"host"`
	Stdout string `json:"stdout,omitempty"`
	Stderr string `json:"stderr,omitempty"`
	Msg    string `json:"msg,omitempty"`
	Absent bool   `json:"absent,omitempty"` // the host was not among those of the run
}

// StatusCheck is what one upgrade check of a service said.
type StatusCheck struct {
	Of      string `json:"of"`
	Host    string `json:"host"`
	Name    string `json:"name"`   // empty if the command gave no table
	Result  string `json:"result"` // success, warning, failure, or unread
	Details string `json:"details"`
}

// table finds the rows of oslo.upgradecheck: name, result and details of each check.
var table = regexp.MustCompile(`(?s)\| Check: (.+?) *\|\n\| Result: (\w+) *\|\n\| Details: (.*?) *\|\n\+-`)

// folded is where oslo.upgradecheck breaks long details.
var folded = regexp.MustCompile(` *\|\n\| *`)

// credentials are those in an address, as in mysql+pymysql://nova:secret@db/nova.
var credentials = regexp.MustCompile(`://[^@/ ]+@`)

// StatusChecks reads what the upgrade checks said. Of each service the first host counts that gave a table. An answer without one
// is none, whatever its exit code.
func StatusChecks(commands []Command) []StatusCheck {
	var all []StatusCheck
	for _, of := range services() {
		all = append(all, statusOf(of, commands)...)
	}
	return all
}

func statusOf(of string, commands []Command) []StatusCheck {
	var best *Command // without a table: the last one that ran
	for _, c := range commands {
		if c.Of != of {
			continue
		}
		if rows := c.rows(); len(rows) > 0 {
			return rows
		}
		if best == nil || !c.Absent {
			best = &c
		}
	}
	if best == nil {
		return nil
	}
	return []StatusCheck{best.unread()}
}

func services() []string { return []string{"placement", "nova"} }

func (c Command) rows() []StatusCheck {
	var all []StatusCheck
	for _, row := range table.FindAllStringSubmatch(strings.ReplaceAll(c.Stdout, "\r", ""), -1) {
		all = append(all, StatusCheck{
			Of: c.Of, Host: c.Host, Name: foreign.Line(row[1]), Result: strings.ToLower(row[2]),
			Details: foreign.Line(folded.ReplaceAllString(row[3], " ")),
		})
	}
	return all
}

// unread tells what the command said instead of a table. It may have logged an address with a password.
func (c Command) unread() StatusCheck {
	said := cmp.Or(c.Stderr, c.Stdout, c.Msg, "it said nothing")
	if c.Absent {
		said = "it was not among the hosts of this run"
	}
	return StatusCheck{
		Of: c.Of, Host: c.Host, Result: "unread",
		Details: foreign.Short(credentials.ReplaceAllString(said, "://***@"), longestDetails),
	}
}

const longestDetails = 300

// statusReasons are the checks that did not pass.
func statusReasons(all []StatusCheck) []Reason {
	var reasons []Reason
	for _, c := range all {
		if c.Result == "success" {
			continue
		}
		r := Reason{Severity: check.Medium, What: c.Of + "-status upgrade check", Text: c.Details, Todo: "Run it by hand on " + c.Host, Unread: true}
		if c.Name != "" {
			r.What, r.Todo, r.Unread = r.What+": "+c.Name, "Do what it says", false
		}
		switch c.Result {
		case "failure":
			r.Severity = check.High
		case "warning":
			r.Severity = check.Low
		}
		reasons = append(reasons, r)
	}
	return reasons
}
