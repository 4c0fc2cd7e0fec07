// SPDX-License-Identifier: Apache-2.0

package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Amounts writes resources as a person reads them: "DISK_GB 20, MEMORY_MB 2048, VCPU 1".
func Amounts(resources map[string]int) string {
	words := make([]string, 0, len(resources))
	for _, class := range slices.Sorted(maps.Keys(resources)) {
		words = append(words, fmt.Sprintf("%s %d", class, resources[class]))
	}
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}
