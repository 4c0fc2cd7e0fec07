// SPDX-License-Identifier: Apache-2.0

// Package argspec makes of a Go struct what Ansible calls an argument spec, and checks arguments against it as Ansible itself
// would.
//
// An option is declared once, in the tags of its field:
//
//	Grace int `json:"grace" jsonschema:"default=10,minimum=0" jsonschema_description:"Seconds between two looks."`
//
// From these tags come the table that arguments are checked against, the JSON Schema, and the documentation. Ansible's
// own attributes stand in jsonschema_extras: x-ansible-aliases (repeatable), x-ansible-no_log, x-ansible-type (raw,
// path), x-ansible-elements. So does x-ansible-commas, for lists whose entries have commas of their own: any-of, one-entry. A key
// that is misspelt is an error, never ignored.
//
// The package refuses to guess. Unknown options, values of the wrong type, duplicate keys and numbers that would have to be
// rounded are faults, and all faults of a call are reported together.
//
// # Where it differs from Ansible's own modules
//
//   - null means "not given": the default applies, and a required option is missing.
//   - A boolean is not a number, inf and nan are not numbers, and a list or a dict is not a string.
//   - A dict option takes JSON or key=value text, but no Python literal.
//   - All faults are reported, not the first one.
//   - A text for a list is not taken apart at commas that belong to its entries, where x-ansible-commas says so.
package argspec
