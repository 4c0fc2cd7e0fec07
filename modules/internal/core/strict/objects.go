// SPDX-License-Identifier: Apache-2.0

package strict

import (
	"math"
)

func (s *surveyor) table(element *plan, ids bool) error {
	s.size += ofMap
	n := 0
	return s.each(func(name []byte) error {
		if ids && !isID(name) {
			return s.fault("a name that is none of this service")
		}
		switch n++; {
		case n == 1:
			s.size += group * (ofKey + element.size)
		case n > group:
			s.size += growth * (ofKey + element.size)
		}
		s.size += len(name)
		return s.value(member{plan: element})
	})
}

func (s *surveyor) object(members map[string]member) error {
	var seen uint64
	err := s.each(func(name []byte) error {
		m, known := members[string(name)]
		if !known {
			return s.unknown()
		}
		seen |= m.bit
		return s.value(m)
	})
	if err != nil {
		return err
	}
	if name := missing(members, seen); name != "" {
		return s.fault("no " + name)
	}
	return nil
}

// missing returns the first member that has to be there and was not seen; empty if there is none.
func missing(members map[string]member, seen uint64) string {
	first, at := "", uint64(math.MaxUint64)
	for name, m := range members {
		if m.required && seen&m.bit == 0 && m.bit < at {
			first, at = name, m.bit
		}
	}
	return first
}

// each reads an object and calls of for the value of each name.
func (s *surveyor) each(of func(name []byte) error) error {
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for n := 0; s.more(); n++ {
		if n == mostNames {
			return s.fault("more names than an object may have")
		}
		if n >= fewNames {
			s.size += ofName
		}
		raw, err := s.dec.ReadValue()
		if err != nil {
			return err
		}
		name, err := unquoted(raw)
		if err != nil {
			return err
		}
		if err := of(name); err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return s.counted(err)
}
