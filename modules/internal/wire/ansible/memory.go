// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"fmt"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// memoryLook is the time between two looks at the memory in use. What can be allocated in it is a few megabytes.
const memoryLook = 5 * time.Millisecond

// memoryLimit is how much memory the runtime may use before a run is given up: an eighth more than the limit at which it
// does nothing but collect garbage. It is 0 if there is none.
func memoryLimit() uint64 {
	const share = 8
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return 0
	}
	return uint64(limit + limit/share) //nolint:gosec // no limit is negative
}

// memoryUsed is how much of it is in use, as the limit counts.
func memoryUsed() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}

// tooMuchMemory says why a run was given up.
func tooMuchMemory(limit uint64) error {
	return fmt.Errorf("given up because it takes more than %d MiB of memory: there is more to read than in a cloud of 10,000 hosts, or "+
		"the endpoint may not be an OpenStack service; for a larger cloud set the environment variable GOMEMLIMIT, such as 2GiB", limit>>20)
}

// watchMemory sends once if the limit is passed, until stop is called.
func watchMemory() (over <-chan error, stop func()) {
	limit, passed, stopped := memoryLimit(), make(chan error, 1), make(chan struct{})
	if limit == 0 {
		return passed, func() {}
	}
	go func() {
		ticker := time.NewTicker(memoryLook)
		defer ticker.Stop()
		for {
			select {
			case <-stopped:
				return
			case <-ticker.C:
			}
			if memoryUsed() > limit {
				passed <- tooMuchMemory(limit)
				return
			}
		}
	}()
	return passed, func() { close(stopped) }
}
