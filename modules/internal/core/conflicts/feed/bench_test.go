// SPDX-License-Identifier: Apache-2.0

package feed

import (
	"fmt"
	"testing"
)

// BenchmarkLines reads lines as most of a log are, behind what several tools put before them.
func BenchmarkLines(b *testing.B) {
	for name, before := range map[string]string{
		"plain": "", "syslog": "Nov 22 10:56:44 cn1 nova-compute[2882]: ", "container": "2026-11-22T10:56:44.519123456Z stdout F ", "pod": "[pod/nova-compute-default-x7x2p/nova-compute] ",
	} {
		b.Run(name, func(b *testing.B) {
			var all [][]byte
			n := 0
			for i := range 1000 {
				line := fmt.Sprintf("%s2026-11-22 10:56:44.519 2882 INFO nova.compute.resource_tracker [None req-e3464f04-ce5f-4ff0-b5dd-e29461d88d28 - - - - - -] Final resource view: name=cn%d phys_ram=64000MB used_ram=512MB phys_disk=99GB used_disk=0GB total_vcpus=8", before, i)
				if i%4 == 3 {
					line = before + `  File "/usr/lib/python3/dist-packages/nova/compute/manager.py", line 10250, in _update_available_resource_for_node`
				}
				all = append(all, []byte(line))
				n += len(line) + 1
			}
			b.SetBytes(int64(n))
			b.ReportAllocs()
			log := newLog()
			for b.Loop() {
				for _, line := range all {
					log.Line(line, false)
				}
			}
		})
	}
}
