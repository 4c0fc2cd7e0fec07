// SPDX-License-Identifier: Apache-2.0

// Command probe takes the place of the shipped program in tests of the action plugin: it answers with what reached it,
// or in one of the ways a program goes wrong.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

func main() {
	os.Exit(run(os.Args, os.Stdin, os.Stdout))
}

// run answers one call. The argument answer names a way to go wrong; without it everything received is returned, a
// password as its digest only.
func run(argv []string, stdin io.Reader, stdout io.Writer) int {
	call := map[string]any{}
	decoder := json.NewDecoder(stdin)
	decoder.UseNumber()
	if err := decoder.Decode(&call); err != nil {
		fmt.Fprintf(stdout, `{"failed": true, "msg": %q}`, err)
		return 1
	}
	args, internal := split(call)
	if answer, ok := args["answer"].(string); ok {
		if answer == "say" {
			text, err := base64.StdEncoding.DecodeString(fmt.Sprint(args["base64"])) // Ansible makes dicts of what looks like one
			fmt.Fprintf(stdout, "%s\n", text)
			if err != nil {
				return 1
			}
			return 0
		}
		return misbehave(answer, stdout)
	}
	reply := map[string]any{
		"changed": false, "failed": false, "module": argv[len(argv)-1], "args": args, "internal": internal,
		"uid": os.Getuid(), "program": argv[0], "cwd": workingDirectory(), "template": "{{ 1 + 1 }}",
		"ssh": os.Getenv("SSH_CONNECTION") != "", "environment": os.Environ(),
		"_ansible_stripped": true,
	}
	if internal["diff"] == true {
		reply["changed"] = true // or nobody shows it
		reply["diff"] = map[string]any{"before": "probe-before\n", "after": "probe-after\n"}
	}
	if err := json.NewEncoder(stdout).Encode(reply); err != nil {
		return 1
	}
	return 0
}

// split parts the user's arguments from those that Ansible adds, whose prefix is cut.
func split(call map[string]any) (args, internal map[string]any) {
	args, internal = map[string]any{}, map[string]any{}
	for key, value := range call {
		if name, ok := strings.CutPrefix(key, "_ansible_"); ok {
			internal[name] = value
			continue
		}
		if key == "password" {
			sum := sha256.Sum256(fmt.Append(nil, value))
			value = hex.EncodeToString(sum[:])
		}
		args[key] = value
	}
	return args, internal
}

func misbehave(answer string, stdout io.Writer) int {
	switch answer {
	case "garbage":
		fmt.Fprintln(stdout, "no result here")
		fmt.Fprintln(os.Stderr, "what went wrong")
		return 3
	case "list":
		fmt.Fprintln(stdout, "[1]")
		return 0
	case "status":
		fmt.Fprintln(stdout, `{"changed": false, "_ansible_no_log": true}`)
		return 4
	case "noise":
		fmt.Fprintln(stdout, "a login script says hello")
		fmt.Fprintln(os.Stderr, `{"level": "info", "msg": "a log line"}`)
		fmt.Fprintln(stdout, `{"changed": true, "failed": false}`)
		return 0
	case "failed":
		fmt.Fprintln(stdout, `{"failed": true, "msg": "as asked", "exception": "a stack trace", "warnings": ["a warning"]}`)
		return 1
	case "sleep":
		time.Sleep(2 * time.Second)
		fmt.Fprintln(stdout, `{"changed": false, "failed": false}`)
		return 0
	}
	return 5
}

func workingDirectory() string {
	dir, err := os.Getwd()
	if err != nil {
		return err.Error()
	}
	return dir
}
