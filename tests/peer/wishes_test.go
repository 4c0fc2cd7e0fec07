// SPDX-License-Identifier: Apache-2.0

//go:build lab

package peer_test

import (
	"slices"
	"strings"
	"unicode"
)

// wish is something that both the client of Placement and a module can do.
type wish struct {
	line   string // of the client, with placeholders
	module string
	args   string // of the module, as JSON

	// What each of them read, in one form. Nil where the wish is about a state.
	read func(said any) any
	same func(answer map[string]any) any
}

// command is the client's command without its arguments.
func (w wish) command() string {
	var words []string
	for _, word := range strings.Fields(w.line) {
		if !unicode.IsLower(rune(word[0])) {
			break
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func wishes() []wish {
	return slices.Concat(makes(), looks(), claims(), unmakes())
}

// makes are the wishes that make providers, and what they have.
func makes() []wish {
	return []wish{
		{line: "resource provider create NAME --uuid ROOT", module: "provider", args: `{"provider": "NAME", "uuid": "ROOT"}`},
		{
			line: "resource provider create NAME-child --uuid CHILD --parent-provider ROOT", module: "provider",
			args: `{"provider": "NAME-child", "uuid": "CHILD", "parent": "ROOT"}`,
		},
		{line: "resource provider set CHILD --name NAME-leaf", module: "provider", args: `{"provider": "CHILD", "name": "NAME-leaf"}`},
		{line: "resource class create CUSTOM_LABEL", module: "resource_class", args: `{"classes": ["CUSTOM_LABEL"]}`},
		{line: "resource class set CUSTOM_LABEL_SET", module: "resource_class", args: `{"classes": ["CUSTOM_LABEL_SET"]}`},
		{
			line:   "resource provider inventory set ROOT --resource VCPU=16 --resource VCPU:allocation_ratio=4.0 --resource MEMORY_MB=4096 --resource MEMORY_MB:reserved=512",
			module: "inventory",
			args: `{"provider": "ROOT", "state": "exact", "inventories":
				{"VCPU": {"total": 16, "allocation_ratio": 4.0}, "MEMORY_MB": {"total": 4096, "reserved": 512}}}`,
		},
		{
			line: "resource provider inventory set CHILD --resource CUSTOM_LABEL=8", module: "inventory",
			args: `{"provider": "CHILD", "state": "exact", "inventories": {"CUSTOM_LABEL": {"total": 8}}}`,
		},
		{
			line: "resource provider inventory class set CHILD CUSTOM_LABEL --total 10 --max_unit 5 --reserved 1", module: "inventory",
			args: `{"provider": "CHILD", "inventories": {"CUSTOM_LABEL": {"total": 10, "max_unit": 5, "reserved": 1}}}`,
		},
		{line: "trait create CUSTOM_LABEL", module: "trait", args: `{"traits": ["CUSTOM_LABEL"]}`},
		{
			line: "resource provider trait set ROOT --trait CUSTOM_LABEL --trait HW_CPU_X86_AVX2", module: "trait",
			args: `{"provider": "ROOT", "traits": ["CUSTOM_LABEL", "HW_CPU_X86_AVX2"], "state": "exact"}`,
		},
		{
			line: "resource provider aggregate set ROOT --aggregate AGGREGATE --generation GENERATION", module: "aggregate",
			args: `{"provider": "ROOT", "aggregates": ["AGGREGATE"], "state": "exact"}`,
		},
	}
}

// sight is the wish to see one or some of the providers.
func sight(line, args string) wish {
	return wish{
		line: line, module: "provider_info", args: args, read: column("uuid", "name", "root_provider_uuid", "parent_provider_uuid"),
		same: entries("providers", "uuid", "name", "root_uuid", "parent_uuid"),
	}
}

// looks are the wishes that read what was made.
func looks() []wish {
	return []wish{
		sight("resource provider list --uuid CHILD", `{"provider": "CHILD"}`),
		sight("resource provider list --name NAME", `{"provider": "NAME"}`),
		sight("resource provider list --in-tree ROOT", `{"provider": "ROOT", "tree": true}`),
		sight("resource provider show ROOT", `{"provider": "ROOT"}`),
		{line: "resource class list", module: "resource_class_info", args: `{}`, read: column("name"), same: entries("classes", "name")},
		{
			line: "resource class show CUSTOM_LABEL", module: "resource_class_info", args: `{"pattern": "CUSTOM_LABEL"}`,
			read: column("name"), same: entries("classes", "name"),
		},
		{
			line: "resource provider inventory list ROOT", module: "provider_info", args: `{"provider": "ROOT", "details": ["inventories"]}`,
			read: column("resource_class", "total", "reserved", "allocation_ratio", "min_unit", "max_unit", "step_size"), same: inventories(),
		},
		{
			line: "resource provider inventory show CHILD CUSTOM_LABEL", module: "provider_info", args: `{"provider": "CHILD", "details": ["inventories"]}`,
			read: column("total", "reserved", "allocation_ratio", "min_unit", "max_unit", "step_size"), same: inventories("CUSTOM_LABEL "),
		},
		{line: "trait list --name startswith:CUSTOM_LABEL", module: "trait_info", args: `{"pattern": "CUSTOM_LABEL*"}`, read: column("name"), same: entries("traits", "name")},
		{line: "trait show CUSTOM_LABEL", module: "trait_info", args: `{"pattern": "CUSTOM_LABEL"}`, read: column("name"), same: entries("traits", "name")},
		{
			line: "resource provider trait list ROOT", module: "provider_info", args: `{"provider": "ROOT", "details": ["traits"]}`,
			read: column("name"), same: list("traits"),
		},
		{
			line: "resource provider aggregate list ROOT", module: "provider_info", args: `{"provider": "ROOT", "details": ["aggregates"]}`,
			read: column("uuid"), same: list("aggregates"),
		},
	}
}

// claims are the wishes about what a consumer holds.
func claims() []wish {
	return []wish{
		{
			line: "resource provider allocation set CONSUMER --allocation rp=ROOT,VCPU=2 --allocation rp=ROOT,MEMORY_MB=512 " +
				"--allocation rp=CHILD,CUSTOM_LABEL=1 --project-id PROJECT --user-id USER",
			module: "allocation",
			args: `{"consumer": "CONSUMER", "project": "PROJECT", "user": "USER", "allocations":
				{"ROOT": {"VCPU": 2, "MEMORY_MB": 512}, "CHILD": {"CUSTOM_LABEL": 1}}}`,
		},
		{
			line: "resource provider allocation show CONSUMER", module: "allocation_info", args: `{"consumer": "CONSUMER"}`,
			read: column("resource_provider", "resources", "project_id", "user_id"), same: allocations,
		},
		{
			line: "resource provider usage show ROOT", module: "usage_info", args: `{"provider": "ROOT"}`,
			read: column("resource_class", "usage"), same: used("providers"),
		},
		{
			line: "resource usage show PROJECT", module: "usage_info", args: `{"projects": ["PROJECT"]}`,
			read: column("resource_class", "usage"), same: used("projects"),
		},
		{
			line: "allocation candidate list --resource CUSTOM_LABEL=1", module: "candidates_info", args: `{"resources": {"CUSTOM_LABEL": 1}}`,
			read: column("resource provider"), same: takers,
		},
		{
			line: "resource provider allocation unset CONSUMER --provider CHILD", module: "allocation",
			args: `{"consumer": "CONSUMER", "provider": "CHILD", "state": "absent"}`,
		},
		{line: "resource provider allocation delete CONSUMER", module: "allocation", args: `{"consumer": "CONSUMER", "state": "absent"}`},
	}
}

// unmakes are the wishes that take away what was made.
func unmakes() []wish {
	return []wish{
		{
			line: "resource provider inventory delete ROOT --resource-class MEMORY_MB", module: "inventory",
			args: `{"provider": "ROOT", "inventories": {"MEMORY_MB": {}}, "state": "absent"}`,
		},
		{
			line: "resource provider inventory delete CHILD", module: "inventory",
			args: `{"provider": "CHILD", "inventories": {"CUSTOM_LABEL": {}}, "state": "absent"}`,
		},
		{line: "resource provider trait delete ROOT", module: "trait", args: `{"provider": "ROOT", "traits": [], "state": "exact"}`},
		{line: "trait delete CUSTOM_LABEL", module: "trait", args: `{"traits": ["CUSTOM_LABEL"], "state": "absent"}`},
		{line: "resource class delete CUSTOM_LABEL", module: "resource_class", args: `{"classes": ["CUSTOM_LABEL"], "state": "absent"}`},
		{line: "resource class delete CUSTOM_LABEL_SET", module: "resource_class", args: `{"classes": ["CUSTOM_LABEL_SET"], "state": "absent"}`},
		{line: "resource provider delete CHILD", module: "provider", args: `{"provider": "CHILD", "state": "absent"}`},
		{line: "resource provider delete ROOT", module: "provider", args: `{"provider": "ROOT", "state": "absent"}`},
	}
}
