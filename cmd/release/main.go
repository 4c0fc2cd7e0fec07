// SPDX-License-Identifier: Apache-2.0

// Command release does the two steps of a release that no tool does. Run it from the root of the repository.
//
//	release licenses PLATFORM...   writes THIRD_PARTY_LICENSES: what the program for these platforms contains
//	release repack TARBALL EPOCH   gives a tarball of ansible-galaxy one order of files and one time, in seconds since 1970
//
// ansible-galaxy lists files in the order of the file system and stamps them with the time of the build, so that two builds of
// one commit differ. After repack they are the same bytes. The pages that Galaxy shows have absolute links then.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) > 1 && args[0] == "licenses":
		text, err := licenses(ctx, args[1:])
		if err != nil {
			return err
		}
		return os.WriteFile("THIRD_PARTY_LICENSES", text, 0o644) //nolint:gosec // a file of the repository
	case len(args) == 3 && args[0] == "repack":
		epoch, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			return fmt.Errorf("the epoch must be a number of seconds, got: %s", args[2])
		}
		return repack(ctx, args[1], epoch)
	}
	return errors.New("usage: release licenses PLATFORM... | release repack TARBALL EPOCH")
}
