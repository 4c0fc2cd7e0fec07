// SPDX-License-Identifier: Apache-2.0

// Package ansible is the wire between Ansible and a module.
//
// A module declares its options as a Go struct and a function that takes them. This package does everything between that
// function and Ansible: it reads the arguments, has package argspec check them and fill the struct, runs the module, masks
// what is secret and prints exactly one JSON object. It knows nothing about OpenStack, opens no connection, and writes to
// stdout nothing but the one object.
//
// # Secrets
//
// Masked everywhere in the output, in plain, URL-escaped, base64, JSON- and HTML-escaped form, and without its tags or
// double blanks: values of options marked no_log, values below telling keys (password, secret, token and the like) at any
// depth of dict and raw options, those below any key that is not known to be harmless where a dict holds credentials (see
// argspec.Discreet), and whatever a module names with Call.Secret. A secret shorter than four characters is masked only where it
// is a whole value: replacing every "a" would destroy the output and hide nothing. One of four or five is not looked for
// inside longer words: noauth2's token admin would take admin_token and kolla-admin with it. Numbers, booleans and the
// module's own field names are never changed.
package ansible
