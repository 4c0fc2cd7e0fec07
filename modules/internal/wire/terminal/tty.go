// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// Columns is the width of the terminal on stdout; 0 if it is none. The real stdout has descriptor 1, whatever os.Stdout is.
func Columns() int { return columns(1) }

// Talks reports whether stderr is a terminal.
func Talks() bool { return columns(int(os.Stderr.Fd())) > 0 }

func columns(descriptor int) int {
	size, err := unix.IoctlGetWinsize(descriptor, unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	const unknown = 80 // a terminal that does not say how wide it is
	if size.Col == 0 {
		return unknown
	}
	return int(size.Col)
}
