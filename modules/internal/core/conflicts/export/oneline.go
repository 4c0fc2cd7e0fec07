// SPDX-License-Identifier: Apache-2.0

package export

import (
	"bytes"
	"regexp"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/lines"
)

// oneline is what `ansible --one-line` prints before the output of a command on a host.
var oneline = regexp.MustCompile(`^([\w.:-]+) \| [A-Z]+!? \| rc=\d+ \| \(stdout\) `)

// OneLine returns the lines of the output of a command that Ansible prints on one line, where a backslash and an "n" stand for the end
// of each. The messages of services have those too, so a line ends only where another surely begins. It is nil for any other line.
func OneLine(line []byte) [][]byte {
	if !bytes.Contains(line[:min(len(line), longestName)], []byte(" | rc=")) {
		return nil
	}
	m := oneline.FindSubmatchIndex(line)
	if m == nil {
		return nil
	}
	host, rest := string(line[m[2]:m[3]]), line[m[1]:]
	var all [][]byte
	for at := 0; ; {
		next := bytes.Index(rest[at:], []byte(`\n`))
		if next < 0 {
			return add(all, map[string]any{"host": host, "line": string(rest)})
		}
		if at += next + len(`\n`); lines.Begins(rest[at:]) {
			all = add(all, map[string]any{"host": host, "line": string(rest[:at-len(`\n`)])})
			rest, at = rest[at:], 0
		}
	}
}

// longestName is how far the name of a host may go before that.
const longestName = 300
