// SPDX-License-Identifier: Apache-2.0

package query

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Names that services allow have 255 characters at most.
const longestText = 1000

// Text returns a text, cleaned as those of the APIs are; NULL is empty.
func Text(raw sql.RawBytes) string { return foreign.Short(string(raw), longestText) }

// ID returns what identifies something: a text that needs no cleaning. Anything else is an error, which quotes it.
func ID(raw sql.RawBytes) (string, error) {
	text := string(raw)
	if text == "" || len(text) > 255 || foreign.Line(text) != text {
		return "", fmt.Errorf("a row has %q where a UUID must be", foreign.Short(text, longestText))
	}
	return text, nil
}

// Number reads a whole number; NULL is 0. Anything else is an error, which quotes it.
func Number(raw sql.RawBytes) (int, error) {
	if len(raw) == 0 {
		return 0, nil
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil {
		return 0, fmt.Errorf("a row has %q where a number must be", foreign.Short(string(raw), longestText))
	}
	return n, nil
}

// Numbers reads several. Those by which rows are told have 32 bits: one that has more is an error.
func Numbers[T int | int32](raw Row, into ...*T) error {
	for i, target := range into {
		n, err := Number(raw[i])
		if err != nil {
			return err
		}
		if *target = T(n); int(*target) != n {
			return fmt.Errorf("a row has %d where a number of 32 bits must be", n)
		}
	}
	return nil
}

// Moment reads a time, which services write in UTC, to the second; NULL is the zero time. Anything else is an error, which quotes it.
func Moment(raw sql.RawBytes) (time.Time, error) {
	if len(raw) == 0 {
		return time.Time{}, nil
	}
	whole, _, _ := strings.Cut(string(raw), ".") // as the APIs, which have seconds
	t, err := time.Parse(time.DateTime, whole)
	if err != nil {
		return t, fmt.Errorf("a row has %q where a time must be", foreign.Short(string(raw), longestText))
	}
	return t, nil
}

// Yes reports whether a number is there and is not 0.
func Yes(raw sql.RawBytes) bool { return len(raw) > 0 && string(raw) != "0" }
