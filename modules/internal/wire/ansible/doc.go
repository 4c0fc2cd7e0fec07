// SPDX-License-Identifier: Apache-2.0

// Package ansible is the wire between Ansible and a module.
//
// A module declares its options as a Go struct and a function that takes them. This package does everything between
// that function and Ansible: it reads the arguments, coerces and checks them as Ansible itself would, fills the
// struct, runs the module, masks what is secret and prints exactly one JSON object.
//
// An option is declared once, in the tags of its field:
//
//	Grace int `json:"grace" jsonschema:"default=10,minimum=0" jsonschema_description:"Seconds between two looks."`
//
// From these tags come the table that arguments are checked against, the JSON Schema, and the documentation. Ansible's
// own attributes stand in jsonschema_extras: x-ansible-aliases (repeatable), x-ansible-no_log, x-ansible-type (raw,
// path), x-ansible-elements, x-ansible-version_added. A key that is misspelt is an error, never ignored.
//
// The package refuses to guess. Unknown options, values of the wrong type, duplicate keys and numbers that would have
// to be rounded are faults, and all faults of a call are reported together. It knows nothing about OpenStack, opens no
// connection, and writes to stdout nothing but the one object.
//
// # Where it differs from Ansible's own modules
//
//   - null means "not given": the default applies, and a required option is missing.
//   - A boolean is not a number, inf and nan are not numbers, and a list or a dict is not a string.
//   - A dict option takes JSON or key=value text, but no Python literal.
//   - All faults are reported, not the first one.
//
// # Secrets
//
// Masked everywhere in the output, in plain, URL-escaped, base64, JSON- and HTML-escaped form, and without its tags or
// double blanks: values of options marked no_log, values below telling keys (password, secret, token and the like) at any
// depth of dict and raw options, those below any key that is not known to be harmless where a dict holds credentials (see
// Discreet), and whatever a module names with Call.Secret. A secret shorter than four characters is masked only where it
// is a whole value: replacing every "a" would destroy the output and hide nothing. One of four or five is not looked for
// inside longer words: noauth2's token admin would take admin_token and kolla-admin with it. Numbers, booleans and the
// module's own field names are never changed.
package ansible
