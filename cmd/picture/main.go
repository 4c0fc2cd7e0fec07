// SPDX-License-Identifier: Apache-2.0

// Command picture makes a picture of what a command says in a terminal: picture LINES COMMAND <TEXT >SVG. Its text is text in the
// picture too. scripts/pictures calls it.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: picture LINES COMMAND <TEXT >SVG")
	}
	most, err := strconv.Atoi(args[0])
	if err != nil || most < 1 {
		return fmt.Errorf("LINES must be a number above 0, got: %s", args[0])
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	picture, err := draw(args[1], string(text), most)
	if err != nil {
		return err
	}
	_, err = out.Write(picture)
	return err //nolint:wrapcheck // the error names the file
}
