// SPDX-License-Identifier: Apache-2.0

package conflicts

// NotProvoked says of the entries that no test could make happen on the real services why not. All others were provoked, on
// Zed and on the newest release (TestLabEveryConflict).
func NotProvoked() map[string]string {
	return map[string]string{
		"aggregate-created-twice": "Placement itself tries 10 times",
		"class-race":              "on MariaDB and MySQL the lost race is answered as class-exists",
		"invisible-allocations":   "no answer tells of it; the lab makes it in the database, and placement_audit finds it",
		"empty-answer":            "it is no refusal: 200, with nothing in it",
	}
}
