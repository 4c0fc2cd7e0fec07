// SPDX-License-Identifier: Apache-2.0

package catalogue

// NotProvoked says of the entries that no test can make happen at will on the real services why not. All others are
// provoked, on Zed and on the newest release (TestLabEveryConflict, TestLabBurst).
func NotProvoked() map[string]string {
	return map[string]string{
		"aggregate-created-twice":   "Placement itself tries 10 times",
		"deadlock":                  "it takes two writers that lock rows in different order, which bursts of requests do only now and then",
		"inventory-class-vanished":  "it takes another writer between two statements of one transaction, which bursts of requests do only now and then",
		"class-race":                "on MariaDB and MySQL the lost race is answered as class-exists",
		"invisible-allocations":     "no answer shows it; the lab creates it in the database, and placement_audit finds it",
		"empty-answer":              "it is not a refusal: 200, with an empty body",
		"allocations-remaining":     "it is not a refusal: nova-compute logs it about itself",
		"orphan-node":               "it is not a refusal: nova-compute logs it about itself",
		"service-without-provider":  "it is not a refusal of Placement's: nova-api logs it about itself",
		"compute-renamed":           "it is not a refusal: nova-compute logs it about itself",
		"compute-not-found":         "it is not a refusal: nova-compute logs it about itself",
		"compute-identity-lost":     "it is not a refusal: nova-compute logs it about itself",
		"compute-identity-unusable": "it is not a refusal: nova-compute logs it about itself",
		"compute-ambiguous":         "it is not a refusal: nova-compute logs it about itself",
		"compute-duplicate":         "it is not a refusal: nova-compute logs it about itself",
		"compute-not-new":           "it is not a refusal: nova-compute logs it about itself",
	}
}
