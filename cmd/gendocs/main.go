// SPDX-License-Identifier: Apache-2.0

// Command gendocs writes every file that is made from what the code says. Run it from the root of the repository.
package main

import (
	"fmt"
	"os"

	"github.com/openstack-ops/ansible-collection-placement/modules"
)

func main() {
	if err := modules.WriteDocs("."); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
}
