// SPDX-License-Identifier: Apache-2.0

// Package modules lists the Ansible modules of the collection and makes the program and the documentation of them.
//
// # The map
//
// A run goes one way: arguments, options, clients, snapshot, checks, findings, result. What a package may touch shows in its
// path, and each wing imports itself and those below it only. imports_test.go holds that.
//
//	modules.go                    All, the only list of modules
//	audit/ …                      one package a module: options, run, result, doc.yml
//
// docs makes documentation of what the code says:
//
//	internal/docs/generate        options, checks, conflicts and roles into files
//	internal/docs/roles           the variables of the roles
//
// wire speaks Ansible:
//
//	internal/wire/ansible         JSON in, a module run, one JSON object out; only it writes to standard output
//	internal/wire/argspec         options declared in a struct; arguments checked against them as Ansible would
//	internal/wire/mask            the secrets of a call, in every form they may be written in
//	internal/wire/jsontext        JSON with keys in order, numbers as written and no key twice
//	internal/wire/terminal        the program as a command for people: flags, text, formats, help, exit codes
//	internal/wire/explain         the command that shows the page of a check or a conflict
//	internal/wire/trees           the command that shows trees of resource providers
//	internal/wire/connection      connection options to clients; what every module would repeat
//	internal/wire/reportfiles     the report files that options ask for, their formats, and what is wrong with the files
//	internal/wire/selection       which resource providers a module is to write to
//	internal/wire/survey          what a module judges: a cloud read, looked at twice, and what the checks find in it
//	internal/wire/tags            traits and aggregates of providers; traits and classes by themselves
//
// edge touches services and disks, and is the only one to know gophercloud:
//
//	internal/edge/cloud           login, time-outs, retries, errors
//	internal/edge/cloud/config    options, clouds.yaml and environment into a login
//	internal/edge/rest            one request at one microversion
//	internal/edge/placement       Placement's requests and answers
//	internal/edge/nova            Nova's requests and answers
//	internal/edge/glance          images and their properties
//	internal/edge/collect         a cloud into a snapshot; knows what could not be read
//	internal/edge/supply          what decides where a request can land
//	internal/edge/database        the databases into the same snapshot
//	internal/edge/database/address    options, oslo.config's files and cell mappings into where the databases are
//	internal/edge/database/pool       the connections of one reading, and what is read through each
//	internal/edge/database/query      fixed statements in a read-only transaction, and the values of their rows
//	internal/edge/database/once       what many rows share, kept in memory once
//	internal/edge/database/dangling   rows that point to nothing, with examples
//	internal/edge/database/stored     what Nova stores in one column as a whole: flavors, servers of build requests
//	internal/edge/change          inventories judged, written and journalled; drains put back
//	internal/edge/repair          a change judged anew, written, journalled and settled; Nova looked at before it
//	internal/edge/files           files that options name, opened and replaced with care
//	internal/edge/logs            files, journals and containers line by line, and how far they were read
//
// core is pure: it judges what was read, and tells it:
//
//	internal/core/openstack       what Placement and Nova have: providers, allocations, servers …
//	internal/core/flavor          what a server should hold
//	internal/core/candidates      where a request lands as Placement decides it, and why not elsewhere
//	internal/core/scheduler       the request that Nova makes of a flavor, of an image and of a server
//	internal/core/filters         what Nova's filters decide on a request beyond that
//	internal/core/capacity        how many more servers fit, and what is left
//	internal/core/snapshot        what was read of a whole cloud: data with indexes
//	internal/core/snapshot/codec  a snapshot into the text of a file and back, whole or refused
//	internal/core/lookup          the elements of a list by a key, without a map of them
//	internal/core/check           what a check is; runs checks, twice
//	internal/core/checks/…        one folder a check
//	internal/core/triage          which findings were asked about, are accepted, are new
//	internal/core/conflicts       events of many logs joined, counted and judged
//	internal/core/conflicts/client     clients told apart by how logs know them
//	internal/core/conflicts/explained  a conflict as it is told: verdict, sentence, meaning, remedy
//	internal/core/conflicts/feed       the lines of one log into events, of several lines too
//	internal/core/conflicts/export     records out of the JSON and CSV that stores of logs export
//	internal/core/conflicts/lines      a log line into an event
//	internal/core/conflicts/fields     what a record of a log has, under all its names
//	internal/core/conflicts/catalogue  the table of all conflicts, and which one an answer is
//	internal/core/conflicts/times      times, in the forms in which logs have them
//	internal/core/conflicts/unplaced   what had nowhere to go, of what Nova logs
//	internal/core/computeid       what Kolla-Ansible does to the identity of a compute
//	internal/core/verdict         what was read into one verdict on an upgrade or a removal
//	internal/core/heal            findings into a plan of changes, and its budget
//	internal/core/repair          changes of Placement as data: before, after, guards, how each is undone
//	internal/core/screen          text for terminals: folded, in colours, with tables
//	internal/core/trees           what is on each resource provider, tree by tree
//	internal/core/report          the results that are reported, as data, JSON, Markdown and text
//	internal/core/pasted          tasks as YAML to paste
//	internal/core/junit           a result as tests, in the XML of JUnit
//	internal/core/metrics         a result as metrics, in Prometheus' text format
//	internal/core/html            a result into one page for a browser, which needs no server
//	internal/core/markdown        pages for people, in which the texts of others stay texts
//	internal/core/foreign         text that others chose: on one line, bounded, as a word of a command
//	internal/core/several         several errors told as one
//	internal/core/strict          what services answer into types, or nothing
package modules
