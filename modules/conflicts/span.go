// SPDX-License-Identifier: Apache-2.0

package conflicts

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/connection"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/reportfiles"
)

// Validate reports all faults that can be seen before anything is read.
func (o *Options) Validate(call *ansible.Call) error {
	_, err := o.span(time.Now())
	faults := []error{connection.Faults(&o.Options), err, nameFaults("files", o.Files), nameFaults("units", o.Units), nameFaults("containers", o.Containers)}
	_, inResults := o.others()
	_, _, inFindings := o.findings()
	faults = append(faults, inResults, inFindings)
	if _, err := o.state(); err != nil {
		faults = append(faults, err)
	}
	if o.StateFile != "" && !call.CheckMode {
		if err := files.Unwritable(o.StateFile); err != nil {
			faults = append(faults, fault("state_file", o.StateFile, fmt.Sprintf("must be a file that can be written (%v)", err)))
		}
	}
	read := []reportfiles.File{{Option: "state_file", Path: o.StateFile}, {Option: "audit_report", Path: o.AuditReport}}
	return several.Join(append(faults, reportfiles.Faults(call, reportfiles.Files(o.Reports), read...))...)
}

func nameFaults(option string, names []string) error {
	var faults []error
	for i, name := range names {
		if reason := badName(option, name); reason != "" {
			faults = append(faults, fault(fmt.Sprintf("%s[%d]", option, i), name, reason))
		}
	}
	return several.Join(faults...)
}

// badName says what is wrong with a name; a unit or a container must not be taken for an option of a command.
func badName(option, name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "must not be empty"
	case option != "files" && strings.HasPrefix(name, "-"):
		return "must be a name"
	case option == "files" && !filepath.IsAbs(name):
		return "must be an absolute path"
	}
	return ""
}

func fault(option, value, reason string) error {
	return &ansible.OptionError{Option: option, Value: value, Reason: reason}
}

// span is the time that counts, and the zone of times that say none.
type span struct {
	since, until time.Time
	zone         *time.Location
}

func (o *Options) span(now time.Time) (span, error) {
	var faults []error
	zone, err := zoneOf(o.Timezone)
	if err != nil {
		zone, faults = time.UTC, append(faults, err)
	}
	s := span{zone: zone}
	if s.since, err = timeOf(o.Since, now, zone); err != nil {
		faults = append(faults, fault("since", o.Since, err.Error()))
	}
	if s.until, err = timeOf(o.Until, now, zone); err != nil {
		faults = append(faults, fault("until", o.Until, err.Error()))
	}
	if s.since.After(now) {
		faults = append(faults, fault("since", o.Since, "must not be in the future"))
	}
	if len(faults) == 0 && !s.until.IsZero() && s.until.Before(s.since) {
		faults = append(faults, fault("until", o.Until, "must be later than since ("+o.Since+")"))
	}
	return s, several.Join(faults...)
}

var offset = regexp.MustCompile(`^([+-])(0\d|1[0-4]):?([0-5]\d)$`)

func zoneOf(name string) (*time.Location, error) {
	if m := offset.FindStringSubmatch(name); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		seconds := hours*3600 + minutes*60
		if m[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone(name, seconds), nil
	}
	if name == "" {
		return time.Local, nil //nolint:gosmopolitan // the logs are in the host's time
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fault("timezone", name, "must be a name that the zoneinfo of the target has, UTC, or an offset such as +02:00")
	}
	return zone, nil
}

var ago = regexp.MustCompile(`^-((\d+)d)?(([\d.]+[hms])*)$`)

// timeOf reads a time; the zero time for none, and for "all".
func timeOf(text string, now time.Time, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	switch text {
	case "", "all":
		return time.Time{}, nil
	case "now":
		return now, nil
	}
	if m := ago.FindStringSubmatch(text); m != nil && text != "-" {
		days, _ := strconv.Atoi(m[2])
		rest := time.Duration(0)
		var err error
		if m[3] != "" {
			rest, err = time.ParseDuration(m[3])
		}
		if err == nil && days < 36500 {
			return now.Add(-rest).AddDate(0, 0, -days), nil
		}
	}
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02 15:04:05.999", "2006-01-02T15:04:05.999", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02",
	} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("must be a time such as 2026-11-22 10:00 or -1h")
}
