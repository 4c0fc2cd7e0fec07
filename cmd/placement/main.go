// SPDX-License-Identifier: Apache-2.0

// Command placement is the one shipped program: all modules of the collection.
package main

import (
	"os"

	"github.com/openstack-ops/ansible-collection-placement/modules"
)

func main() {
	os.Exit(modules.Main())
}
