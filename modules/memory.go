// SPDX-License-Identifier: Apache-2.0

package modules

import (
	"errors"
	"math"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// mostMemory is from where on the runtime does all it can to take no more. A run that takes an eighth more all the same is given
// up, so that the process never has more than 512 MiB, whatever a service answers. The largest cloud that was measured, 10,000
// hosts with 100,000 servers, takes 250 MiB.
const mostMemory = 400 << 20

// memoryVariable sets another limit. The runtime reads it when it starts, but a task's environment comes with its arguments.
const memoryVariable = "GOMEMLIMIT"

// collectAt is how much the memory in use may grow, in percent, before what is no longer used is collected. Control hosts
// have no memory to spare, and collecting more often than Go does by itself (100) costs some percent of the little time
// that the program itself needs.
const collectAt = 25

// limitMemory bounds what the process takes, and returns it with an environment that may set another limit.
func limitMemory(p ansible.Process) ansible.Process {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv(memoryVariable) == "" {
		debug.SetMemoryLimit(mostMemory)
	}
	set := p.Setenv
	p.Setenv = func(key, value string) error {
		if key == memoryVariable {
			limit, err := bytesOf(value)
			if err != nil {
				return err
			}
			debug.SetMemoryLimit(limit)
		}
		return set(key, value)
	}
	return p
}

// bytesOf reads a limit as the runtime does: off, or a number of B, KiB, MiB, GiB or TiB.
func bytesOf(text string) (int64, error) {
	if text == "off" {
		return math.MaxInt64, nil
	}
	for power, unit := range []string{"B", "KiB", "MiB", "GiB", "TiB"} {
		n, err := strconv.ParseInt(strings.TrimSuffix(text, unit), 10, 64)
		if shift := 10 * power; err == nil && n > 0 && n <= math.MaxInt64>>shift {
			return n << shift, nil
		}
	}
	return 0, errors.New("it is not a size such as 2GiB")
}
