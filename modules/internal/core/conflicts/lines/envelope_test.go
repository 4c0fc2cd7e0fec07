// SPDX-License-Identifier: Apache-2.0

package lines

import "testing"

// What rsyslog wrote for characters is put back once, and always to the same line: what that makes is no escape again.
func TestUnescaped(t *testing.T) {
	const head = "Nov 27 09:30:00 ctl1 nova-compute[7]: "
	for in, want := range map[string]string{
		head + "a#012b#011c#015#012": head + "a\nb\tc",
		head + "a#0#01512b":          head + "a#012b",
		"no syslog#012":              "no syslog#012",
	} {
		for range 20 {
			if got := string(unescaped([]byte(in))); got != want {
				t.Fatalf("%q: %q, want %q", in, got, want)
			}
		}
	}
}
