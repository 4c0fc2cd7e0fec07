// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"encoding/binary"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// inUTF16 writes a text with its byte order mark.
func inUTF16(text string, order binary.AppendByteOrder) string {
	out := order.AppendUint16(nil, 0xfeff)
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

// What PowerShell saved is read as UTF-8, and reading goes on where it ended.
func TestUTF16(t *testing.T) {
	long := strings.Repeat("ä", 70000)
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		f := File{Path: filepath.Join(t.TempDir(), "nova-compute.log")}
		write(t, f.Path, inUTF16("erste\r\n𝛑 zwei\n"+long+"\n", order))
		got, now, _ := readAll(t, f, nil)
		if got != "erste\r 𝛑 zwei "+long {
			t.Errorf("%s endian: %.60q", name, got)
		}
		write(t, f.Path, inUTF16("erste\r\n𝛑 zwei\n"+long+"\ndrei\n", order)+"x") // half a character
		if got, _, done := readAll(t, f, now); got != "drei" || done[0].Lost {
			t.Errorf("%s endian, later: %.60q, lost %v", name, got, done[0].Lost)
		}
	}
}

// Half a character alone, as a cut file has it, takes nothing of what follows: not the end of its line either.
func TestUTF16HalfCharacter(t *testing.T) {
	f := File{Path: filepath.Join(t.TempDir(), "nova-compute.log")}
	write(t, f.Path, "\xff\xfea\x00\x00\xd8\n\x00b\x00\n\x00\x00\xdc\n\x00c\x00\n\x00")
	if got, _, _ := readAll(t, f, nil); got != "a\ufffd b \ufffd c" {
		t.Errorf("%q", got)
	}
}

// A last line that is still written is left for the next reading, as in any other log.
func TestUTF16Growing(t *testing.T) {
	f := File{Path: filepath.Join(t.TempDir(), "nova-compute.log")}
	var now *Position
	for i, step := range []struct{ text, want string }{{"ei", ""}, {"eins\nzw", "eins"}, {"eins\nzwei\n", "zwei"}} {
		write(t, f.Path, inUTF16(step.text, binary.LittleEndian))
		got := ""
		_, at, failed := f.Read(t.Context(), now, true, func(l Line) { got += string(l.Text) })
		if at != nil {
			now = at
		}
		if got != step.want || len(failed) > 0 {
			t.Errorf("%d: %q, %v", i, got, failed)
		}
	}
}
