// SPDX-License-Identifier: Apache-2.0

package report

// Escape and Code are what the tests compare with the filters of the roles.
var (
	Escape = escape
	Code   = code
)
