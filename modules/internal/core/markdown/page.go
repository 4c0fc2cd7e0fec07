// SPDX-License-Identifier: Apache-2.0

package markdown

import (
	"bytes"
	"fmt"
)

// Page is a page that is being written. Its arguments are Markdown already: texts of others go through Escape or Code.
type Page struct{ out bytes.Buffer }

// Line adds a line.
func (p *Page) Line(format string, args ...any) { fmt.Fprintf(&p.out, format+"\n", args...) }

// Heading adds a heading of the second level.
func (p *Page) Heading(format string, args ...any) { p.Line("\n## "+format+"\n", args...) }

// Bytes returns the page, without more than one blank line at a time.
func (p *Page) Bytes() []byte {
	text := bytes.ReplaceAll(p.out.Bytes(), []byte("\n\n\n"), []byte("\n\n"))
	return append(bytes.TrimRight(text, "\n"), '\n')
}
