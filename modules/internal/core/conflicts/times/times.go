// SPDX-License-Identifier: Apache-2.0

// Package times reads the times that logs have, in the forms in which programs, collectors and stores write them.
package times

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Moment reads a time as a text or as a number of seconds, milliseconds, microseconds or nanoseconds since 1970.
func Moment(value any, zone *time.Location) (time.Time, bool) {
	switch v := value.(type) {
	case float64:
		return sinceEpoch(v)
	case string:
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return sinceEpoch(n)
		}
		return In(v, zone)
	}
	return time.Time{}, false
}

// sinceEpoch tells the unit by the size: each is a thousand of the one before.
func sinceEpoch(n float64) (time.Time, bool) {
	if !(n >= 1e8 && n <= 1e20) { // nor what is no number
		return time.Time{}, false
	}
	for n >= 1e11 {
		n /= 1000
	}
	seconds, part := math.Modf(n)
	return sane(time.Unix(int64(seconds), int64(math.Round(part*1e6))*1000).UTC())
}

// Years that a log can be of. Outside of them a time is none: JSON has no year after 9999.
const firstYear, lastYear = 2000, 2200

// sane passes on a time of such a year, wherever on Earth.
func sane(at time.Time) (time.Time, bool) {
	if year := at.UTC().Year(); year < firstYear || year > lastYear {
		return time.Time{}, false
	}
	return at, true
}

// As reads a time in one layout, in the zone unless it has its own.
func As(layout, text string, zone *time.Location) (time.Time, bool) {
	at, err := time.ParseInLocation(layout, text, zone)
	if err != nil {
		return time.Time{}, false
	}
	return sane(at)
}

// Zones are the offsets, and the abbreviations of time zones, that may follow a time.
const Zones = `Z|UTC|GMT|CES?T|EES?T|WES?T|MSK|JST|KST|SGT|HKT|IST|BST|[ECMP][SD]T|AE[SD]T|NZ[SD]T|[+-]\d\d(?::?\d\d)?`

// abbreviated returns the offset that an abbreviation stands for; empty for one that several zones have (IST, BST, CST, MST).
func abbreviated(name string) string {
	switch name {
	case "Z", "UTC", "GMT", "WET":
		return "+0000"
	case "CET", "WEST":
		return "+0100"
	case "CEST", "EET":
		return "+0200"
	case "EEST", "MSK":
		return "+0300"
	case "SGT", "HKT":
		return "+0800"
	case "JST", "KST":
		return "+0900"
	case "AEST":
		return "+1000"
	case "AEDT":
		return "+1100"
	case "NZST":
		return "+1200"
	case "NZDT":
		return "+1300"
	case "EDT":
		return "-0400"
	case "EST", "CDT":
		return "-0500"
	case "MDT":
		return "-0600"
	case "PDT":
		return "-0700"
	case "PST":
		return "-0800"
	}
	return ""
}

var isoTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))? ?(` + Zones + `)?$`)

// In reads a time of ISO 8601 in its usual forms, or one of Apache's; without an offset it is in the zone.
func In(text string, zone *time.Location) (time.Time, bool) {
	m := isoTime.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return timeOfTools(text, zone)
	}
	offset := cmp.Or(abbreviated(m[4]), strings.Trim(strings.Replace(m[4], ":", "", 1), upper))
	stamp, layout := m[1]+" "+m[2], "2006-01-02 15:04:05"
	switch len(offset) {
	case 0:
	case len("+01"):
		stamp, layout = stamp+offset, layout+"-07"
	default:
		stamp, layout = stamp+offset, layout+"-0700"
	}
	at, ok := As(layout, stamp, zone)
	if !ok {
		return time.Time{}, false
	}
	part, _ := strconv.Atoi((m[3] + "000000000")[:9])
	return at.Add(time.Duration(part)).In(zone), true
}

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// timeOfTools reads a time of Apache, or one that Kibana exports.
func timeOfTools(text string, zone *time.Location) (time.Time, bool) {
	if at, ok := As("02/Jan/2006:15:04:05 -0700", text, time.UTC); ok {
		return at, true
	}
	return As("Jan _2, 2006 @ 15:04:05.999999999", text, zone)
}

// OfSyslog reads a time of syslog, which has no year: the latest that is not in the future, but for the clocks of two hosts.
func OfSyslog(text string, now time.Time, zone *time.Location) (time.Time, bool) {
	layout := "2006 Jan _2 15:04:05.999999999"
	for _, year := range []int{now.Year() + 1, now.Year(), now.Year() - 1} {
		at, ok := As(layout, strconv.Itoa(year)+" "+text, zone)
		if ok && !at.After(now.AddDate(0, 0, 1)) {
			return at, true
		}
	}
	return time.Time{}, false
}

// OfYear reads a time of syslog that has its year, before the month or after the day.
func OfYear(text string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{"2006 Jan _2 15:04:05.999999999", "Jan _2 2006 15:04:05.999999999"} {
		if at, ok := As(layout, text, zone); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// Microseconds reads a time of the journal; the zero time if it is none.
func Microseconds(text string) time.Time {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}
	}
	at, _ := sane(time.UnixMicro(n))
	return at
}
