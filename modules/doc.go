// SPDX-License-Identifier: Apache-2.0

// Package modules lists the Ansible modules of the collection and makes the program and the documentation of them.
//
// # The map
//
// A run goes one way: arguments, options, clients, snapshot, checks, findings, result.
//
//	modules.go           All, the only list of modules
//	audit/ …             one package a module: options, run, result, doc.yml
//	internal/ansible     the wire: JSON in, options checked, one JSON object out
//	internal/connect     connection options to clients; what every module would repeat
//	internal/cloud       clouds.yaml, login, time-outs, retries, errors
//	internal/strict      what services answer into types, or nothing
//	internal/rest        one GET at one microversion
//	internal/placement   Placement's requests and answers
//	internal/nova        Nova's requests and answers
//	internal/collect     a cloud into a snapshot; knows what could not be read
//	internal/snapshot    what was read: pure data with indexes
//	internal/check       what a check is; runs checks, twice
//	internal/checks/…    one folder a check: pure functions
//	internal/foreign     text that others chose: on one line, bounded, as a word of a command
//	internal/sift        what of a verdict was asked about, is accepted, is new
//	internal/conflicts   log lines and answers into classified conflicts; the table of all of them
//	internal/logs        files, journals and containers line by line, and how far they were read
//	internal/change      inventories judged, written and journalled; drains put back
//	internal/files       files that options name, replaced at once
//	internal/report      a result into the formats of report files
//	internal/markdown    pages for people, in which the texts of others stay texts
//	internal/verdict     audits, computes, logs and upgrade checks into one verdict on an upgrade
//	internal/identity    what Kolla-Ansible does to the identity of a compute
//	internal/output      the report files that options ask for, and what is wrong with them
//	internal/roles       the variables of the roles
//	internal/gendocs     options, checks, conflicts and roles into documentation
//
// # Who may import what
//
// check, checks and snapshot know no network, no files and no gophercloud: a check can only judge what was read. Nor do
// sift and report, which work on what the checks say, nor conflicts, identity and foreign, which any package may use.
// A module never imports another module, a check never another check. Only cloud, rest, placement and nova import
// gophercloud; only ansible writes to standard output. imports_test.go holds all of this.
package modules
