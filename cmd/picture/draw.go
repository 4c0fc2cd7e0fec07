// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Measures of the picture, in pixels. Each piece of text is stretched to its columns, whatever font is there.
const (
	wide   = 7.8 // a column
	high   = 18  // a line
	size   = 13  // of the font
	margin = 14
)

// piece is a part of a line in one style, from a column on.
type piece struct {
	column int
	text   string
	style  string
}

// draw makes a picture of the command, and of as many lines of what it says as there may be.
func draw(command, text string, most int) ([]byte, error) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > most {
		lines = append(lines[:most:most], "…")
	}
	var body bytes.Buffer
	columns := 0
	for i, line := range append([]string{"$ " + command}, lines...) {
		pieces, length, err := split(line)
		if err != nil {
			return nil, err
		}
		columns = max(columns, length)
		for _, p := range pieces {
			p.write(&body, margin+high*(i+1)-5)
		}
	}
	width, height := int(wide*float64(columns))+2*margin, high*(len(lines)+1)+2*margin
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s in a terminal">`+"\n", width, height, width, height, escape(command))
	out.WriteString("<style>text{font:" + fmt.Sprint(size) + "px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre;fill:#d8dee9}" +
		".bold{font-weight:700}.dim{fill:#9aa5b5}.red{fill:#ff8b82}.green{fill:#7fd99a}.yellow{fill:#ecc25f}.blue{fill:#8ab8f5}.cyan{fill:#7fd0d8}</style>\n")
	fmt.Fprintf(&out, `<rect width="%d" height="%d" rx="8" fill="#161b22"/>`+"\n", width, height)
	out.Write(body.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes(), nil
}

// split takes a line apart where its style changes.
func split(line string) (pieces []piece, columns int, err error) {
	marks := regexp.MustCompile(`\x1b\[([0-9;]*)m`)
	style, at := "", 0
	add := func(text string) {
		if trimmed := strings.TrimLeft(text, " "); trimmed != "" {
			pieces = append(pieces, piece{columns + len(text) - len(trimmed), strings.TrimRight(trimmed, " "), style})
		}
		columns += utf8.RuneCountInString(text)
	}
	for _, m := range marks.FindAllStringSubmatchIndex(line, -1) {
		add(line[at:m[0]])
		if style, err = named(line[m[2]:m[3]]); err != nil {
			return nil, 0, err
		}
		at = m[1]
	}
	add(line[at:])
	if strings.Contains(marks.ReplaceAllString(line, ""), "\x1b") {
		return nil, 0, fmt.Errorf("a mark of the terminal that is no style: %q", line)
	}
	return pieces, columns, nil
}

// named turns the numbers of a style into the classes of the picture.
func named(codes string) (string, error) {
	classes := map[string]string{"": "", "0": "", "1": "bold", "2": "dim", "31": "red", "32": "green", "33": "yellow", "34": "blue", "36": "cyan"}
	var all []string
	for code := range strings.SplitSeq(codes, ";") {
		class, known := classes[code]
		if !known {
			return "", fmt.Errorf("unknown style %q", codes)
		}
		if class != "" {
			all = append(all, class)
		}
	}
	return strings.Join(all, " "), nil
}

func (p piece) write(out *bytes.Buffer, y int) {
	class := ""
	if p.style != "" {
		class = fmt.Sprintf(` class="%s"`, p.style)
	}
	fmt.Fprintf(out, `<text x="%.1f" y="%d" textLength="%.1f" xml:space="preserve"%s>%s</text>`+"\n",
		margin+wide*float64(p.column), y, wide*float64(utf8.RuneCountInString(p.text)), class, escape(p.text))
}

func escape(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text)) // a buffer takes all
	return out.String()
}
