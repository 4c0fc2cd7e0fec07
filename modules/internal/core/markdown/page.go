// SPDX-License-Identifier: Apache-2.0

package markdown

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// Page is a page that is being written. Its arguments are Markdown already: texts of others go through Escape or Code.
type Page struct{ out bytes.Buffer }

// Line adds a line.
func (p *Page) Line(format string, args ...any) { fmt.Fprintf(&p.out, format+"\n", args...) }

// Heading adds a heading of the second level.
func (p *Page) Heading(format string, args ...any) { p.Line("\n## "+format+"\n", args...) }

// Block adds a text as a block of code, on a line of its own, in the item of a list that is indented by so many blanks.
func (p *Page) Block(indent int, text string) {
	p.block(indent, []string{foreign.Line(text)})
}

// Listing adds lines as a block of code, as Block does, each with the blanks that it begins with.
func (p *Page) Listing(indent int, text string) { p.block(indent, foreign.Lines(text)) }

func (p *Page) block(indent int, lines []string) {
	margin := strings.Repeat(" ", indent)
	text := margin + strings.Join(lines, "\n"+margin)
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	p.Line("\n%s%s\n%s\n%s%s\n", margin, fence, text, margin, fence)
}

// Bytes returns the page, without more than one blank line at a time.
func (p *Page) Bytes() []byte {
	text := bytes.ReplaceAll(p.out.Bytes(), []byte("\n\n\n"), []byte("\n\n"))
	return append(bytes.TrimRight(text, "\n"), '\n')
}
