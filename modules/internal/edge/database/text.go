// SPDX-License-Identifier: Apache-2.0

package database

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// texts keeps each text that occurs many times once.
type texts map[string]string

// Names that services allow have 255 characters at most.
const longestText = 1000

// once returns the one copy of a text, cleaned as those of the APIs are; NULL is empty.
func (t texts) once(raw sql.RawBytes) string {
	if kept, known := t[string(raw)]; known {
		return kept
	}
	clean := line(raw)
	t[string(raw)] = clean
	return clean
}

func line(raw sql.RawBytes) string { return foreign.Short(string(raw), longestText) }

// id returns what identifies something: a text that needs no cleaning.
func id(raw sql.RawBytes) (string, error) {
	text := string(raw)
	if text == "" || len(text) > 255 || foreign.Line(text) != text {
		return "", fmt.Errorf("a row has %q where a UUID must be", foreign.Short(text, longestText))
	}
	return text, nil
}

// number reads a whole number; NULL is 0.
func number(raw sql.RawBytes) (int, error) {
	if len(raw) == 0 {
		return 0, nil
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil {
		return 0, fmt.Errorf("a row has %q where a number must be", foreign.Short(string(raw), longestText))
	}
	return n, nil
}

// numbers reads several. Those by which rows are told have 32 bits.
func numbers[T int | int32](raw row, into ...*T) error {
	for i, target := range into {
		n, err := number(raw[i])
		if err != nil {
			return err
		}
		if *target = T(n); int(*target) != n {
			return fmt.Errorf("a row has %d where a number of 32 bits must be", n)
		}
	}
	return nil
}

// moment reads a time, which services write in UTC; NULL is none.
func moment(raw sql.RawBytes) (time.Time, error) {
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

func pointer(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func yes(raw sql.RawBytes) bool { return len(raw) > 0 && string(raw) != "0" }
