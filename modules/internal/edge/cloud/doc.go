// SPDX-License-Identifier: Apache-2.0

// Package cloud turns connection options into authenticated clients of Placement and Nova.
//
// It logs in with what package config found, locates the endpoints, and hands out gophercloud service clients whose
// transport is bounded in time, retries only what is safe, renews the token once for everybody, and reports every
// failure as an [Error] a person can act on.
//
// It refuses: to follow a redirect, because Go would carry X-Auth-Token to the other host and turn a PUT into a GET; to
// send a write twice; to hand out half an answer.
// It knows nothing of resource providers, and nothing of Ansible.
package cloud
