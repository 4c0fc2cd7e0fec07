// SPDX-License-Identifier: Apache-2.0

package live

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// command is one of openstack's: its words, and what it does.
type command struct {
	words string
	run   func(*session) string
}

func commands() []command { return append(readers(), writers()...) }

// readers only look.
func readers() []command {
	provider := func(part string) func(*session) string {
		return func(s *session) string {
			return s.placement(http.MethodGet, "/resource_providers/"+s.args[0]+part, nil)
		}
	}
	return []command{
		{"resource provider show", func(s *session) string {
			out := provider("")(s)
			if _, held := s.options["--allocations"]; held {
				out += provider("/allocations")(s)
			}
			return out
		}},
		{"resource provider list", func(s *session) string {
			return s.placement(http.MethodGet, "/resource_providers"+s.query(map[string]string{"--name": "name", "--in-tree": "in_tree"}), nil)
		}},
		{"resource provider inventory list", provider("/inventories")},
		{"resource provider trait list", provider("/traits")},
		{"resource provider aggregate list", provider("/aggregates")},
		{"resource provider allocation show", func(s *session) string {
			return s.placement(http.MethodGet, "/allocations/"+s.args[0], nil)
		}},
		{"hypervisor list", func(s *session) string {
			return s.compute(http.MethodGet, "/os-hypervisors"+s.query(map[string]string{"--matching": "hypervisor_hostname_pattern"}), nil)
		}},
		{"compute service list", func(s *session) string {
			return s.compute(http.MethodGet, "/os-services"+s.query(map[string]string{"--service": "binary", "--host": "host"}), nil)
		}},
	}
}

func writers() []command {
	return slices.Concat([]command{
		{"resource provider delete", func(s *session) string {
			return s.placement(http.MethodDelete, "/resource_providers/"+s.args[0], nil)
		}},
		{"resource class delete", func(s *session) string {
			return s.placement(http.MethodDelete, "/resource_classes/"+s.args[0], nil)
		}},
		{"trait delete", func(s *session) string { return s.placement(http.MethodDelete, "/traits/"+s.args[0], nil) }},
		{"resource provider set", func(s *session) string {
			return s.placement(http.MethodPut, "/resource_providers/"+s.args[0], map[string]any{"name": s.option("--name")})
		}},
		{"resource provider aggregate set", (*session).setAggregates},
		{"resource provider trait set", (*session).setTraits},
		{"resource provider inventory set", (*session).setInventory},
		{"resource provider allocation set", (*session).setAllocation},
		{"resource provider allocation unset", (*session).unsetAllocation},
		{"resource provider allocation delete", func(s *session) string {
			return s.placement(http.MethodDelete, "/allocations/"+s.args[0], nil)
		}},
		{"compute service delete", func(s *session) string {
			return s.compute(http.MethodDelete, "/os-services/"+s.args[0], nil)
		}},
	}, serverCommands())
}

func serverCommands() []command {
	act := func(words, action string, with func(*session) any) command {
		return command{words, func(s *session) string {
			return s.compute(http.MethodPost, "/servers/"+s.args[0]+"/action", map[string]any{action: with(s)})
		}}
	}
	nothing := func(*session) any { return nil }
	return []command{
		{"server delete", func(s *session) string { return s.compute(http.MethodDelete, "/servers/"+s.args[0], nil) }},
		{"server migration abort", func(s *session) string {
			return s.compute(http.MethodDelete, "/servers/"+s.args[0]+"/migrations/"+s.migration(s.args[0], s.args[1]), nil)
		}},
		{"server shelve", func(s *session) string {
			action := "shelve"
			if _, offload := s.options["--offload"]; offload {
				action = "shelveOffload"
			}
			return s.compute(http.MethodPost, "/servers/"+s.args[0]+"/action", map[string]any{action: nil})
		}},
		act("server unshelve", "unshelve", nothing),
		act("server migrate", "migrate", nothing),
		act("server resize confirm", "confirmResize", nothing),
		act("server unpause", "unpause", nothing),
		act("server resume", "resume", nothing),
		act("server unrescue", "unrescue", nothing),
		act("server reboot", "reboot", func(s *session) any {
			how := "SOFT"
			if _, hard := s.options["--hard"]; hard {
				how = "HARD"
			}
			return map[string]any{"type": how}
		}),
		act("server set", "os-resetState", func(s *session) any { return map[string]any{"state": s.option("--state")} }),
	}
}

// setAggregates replaces those that a provider is in.
func (s *session) setAggregates() string {
	generation, err := strconv.Atoi(s.option("--generation"))
	if err != nil {
		s.t.Fatal(err)
	}
	return s.placement(http.MethodPut, "/resource_providers/"+s.args[0]+"/aggregates", map[string]any{
		"aggregates": append([]string{}, s.options["--aggregate"]...), "resource_provider_generation": generation,
	})
}

// setTraits replaces those of a provider.
func (s *session) setTraits() string {
	var now struct {
		Generation int `json:"generation"`
	}
	s.read("/resource_providers/"+s.args[0], &now)
	return s.placement(http.MethodPut, "/resource_providers/"+s.args[0]+"/traits", map[string]any{
		"traits": append([]string{}, s.options["--trait"]...), "resource_provider_generation": now.Generation,
	})
}

// setInventory changes single fields of classes, with --amend.
func (s *session) setInventory() string {
	path := "/resource_providers/" + s.args[0] + "/inventories"
	var now struct {
		Inventories map[string]map[string]any `json:"inventories"`
		Generation  int                       `json:"resource_provider_generation"`
	}
	s.read(path, &now)
	for _, resource := range s.options["--resource"] {
		class, rest, _ := strings.Cut(resource, ":")
		field, value, _ := strings.Cut(rest, "=")
		number, err := strconv.ParseFloat(value, 64)
		if err != nil || now.Inventories[class] == nil {
			s.t.Fatalf("--resource=%s: %v", resource, err)
		}
		now.Inventories[class][field] = number
	}
	return s.placement(http.MethodPut, path, map[string]any{
		"inventories": now.Inventories, "resource_provider_generation": now.Generation,
	})
}

// holder is what a consumer holds, and whose it is.
type holder struct {
	Allocations map[string]map[string]any `json:"allocations"`
	Project     string                    `json:"project_id"`
	User        string                    `json:"user_id"`
	Generation  *int                      `json:"consumer_generation"`
}

// setAllocation makes this all that a consumer holds.
func (s *session) setAllocation() string {
	var now holder
	s.read("/allocations/"+s.args[0], &now)
	now.Project, now.User = s.option("--project-id"), s.option("--user-id")
	now.Allocations = map[string]map[string]any{}
	for _, share := range s.options["--allocation"] {
		amounts, provider := map[string]any{}, ""
		for pair := range strings.SplitSeq(share, ",") {
			name, value, _ := strings.Cut(pair, "=")
			if name == "rp" {
				provider = value
				continue
			}
			number, err := strconv.Atoi(value)
			if err != nil {
				s.t.Fatal(err)
			}
			amounts[name] = number
		}
		now.Allocations[provider] = map[string]any{"resources": amounts}
	}
	return s.placement(http.MethodPut, "/allocations/"+s.args[0], now)
}

// unsetAllocation takes what a consumer holds of these providers, or everything.
func (s *session) unsetAllocation() string {
	var now holder
	s.read("/allocations/"+s.args[0], &now)
	providers := s.options["--provider"]
	maps.DeleteFunc(now.Allocations, func(provider string, share map[string]any) bool {
		delete(share, "generation")
		return len(providers) == 0 || slices.Contains(providers, provider)
	})
	return s.placement(http.MethodPut, "/allocations/"+s.args[0], now)
}

// migration returns the number of a server's migration. The client looks it up by its UUID as well.
func (s *session) migration(server, uuid string) string {
	var list struct {
		Migrations []struct {
			ID   int
			UUID string
		}
	}
	text := s.compute(http.MethodGet, "/os-migrations?instance_uuid="+server, nil)
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		s.t.Fatal(err)
	}
	for _, m := range list.Migrations {
		if m.UUID == uuid {
			return strconv.Itoa(m.ID)
		}
	}
	s.t.Fatalf("server %s has no migration %s", server, uuid)
	return ""
}
