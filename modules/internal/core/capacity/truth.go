// SPDX-License-Identifier: Apache-2.0

package capacity

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/flavor"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
)

// Row is one class of one provider: what it has, what Placement says is used, and what the servers there ask for.
type Row struct {
	UUID     string  `json:"provider_uuid"`
	Name     string  `json:"provider_name"`
	Class    string  `json:"resource_class"`
	Total    int     `json:"total"`
	Reserved int     `json:"reserved"`
	Ratio    float64 `json:"allocation_ratio"`
	Capacity int     `json:"capacity"`
	Used     int     `json:"used"`
	// Asked is the sum of what the flavors of the servers on the host ask for, where the flavors tell it; nil elsewhere.
	Asked      *int `json:"asked"`
	Difference *int `json:"difference"` // Used less Asked
	// Findings are the fingerprints of what an audit finds there, where there is a difference.
	Findings []string `json:"findings"`
	// Moves are the moves in progress of what is held there, where there is a difference.
	Moves []Move `json:"moves"`
}

// Differs reports whether it is known that what is used is not what the servers ask for.
func (r Row) Differs() bool { return r.Difference != nil && *r.Difference != 0 }

// Move is a move in progress: until it ends, its server holds something on two hosts.
type Move struct {
	UUID       string `json:"migration_uuid"`
	Type       string `json:"migration_type"`
	Status     string `json:"status"`
	ServerUUID string `json:"server_uuid"`
	ServerName string `json:"server_name"`
}

// Words names the move and its server.
func (m Move) Words() string {
	return fmt.Sprintf("%s %s of server %s (%s)", m.Type, m.UUID, cmp.Or(m.ServerName, m.ServerUUID), m.Status)
}

// TruthParts lists what Truth needs.
func TruthParts() []snapshot.Part {
	return []snapshot.Part{snapshot.Providers, snapshot.Usages, snapshot.Capacities, snapshot.Inventories, snapshot.Hypervisors, snapshot.Servers}
}

// Truth tells of each provider what it has, and of compute nodes what their servers ask for. Needs TruthParts. Moves under way hold more than the servers ask for.
func Truth(s *snapshot.Snapshot) []Row {
	asked, vague := asked(s)
	rows := []Row{}
	for _, p := range s.Providers() {
		used := s.Usage(p.UUID)
		for _, class := range slices.Sorted(maps.Keys(s.Inventory(p.UUID))) {
			i := s.Inventory(p.UUID)[class]
			row := Row{
				UUID: p.UUID, Name: p.Name, Class: class, Total: i.Total, Reserved: i.Reserved, Ratio: i.AllocationRatio,
				Capacity: i.Capacity(), Used: used[class],
				Findings: []string{}, Moves: []Move{},
			}
			_, node := s.Hypervisor(p.UUID)
			if node && slices.Contains(flavor.Base(), class) && !vague[p.UUID] {
				sum := asked[p.UUID][class]
				difference := row.Used - sum
				row.Asked, row.Difference = &sum, &difference
			}
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(a.Name, b.Name) })
	return rows
}

// asked sums up what the flavors of the servers on each compute node ask for. vague are nodes with a server whose flavor does not tell all.
func asked(s *snapshot.Snapshot) (sums map[string]map[string]int, vague map[string]bool) {
	sums, vague = map[string]map[string]int{}, map[string]bool{}
	nodes := map[string]string{}
	for _, h := range s.Hypervisors() {
		nodes[h.ServiceHost+"\x00"+h.Name] = h.UUID
	}
	for _, server := range s.Servers() {
		node, has := nodes[server.Host+"\x00"+server.Node]
		if !has {
			continue
		}
		expected := flavor.Expect(server)
		if expected.Amounts == nil || len(expected.Open) > 0 || len(expected.AnyCPUs) > 0 && ambiguous(expected) {
			vague[node] = true
			continue
		}
		if sums[node] == nil {
			sums[node] = map[string]int{}
		}
		for class, n := range expected.Amounts {
			sums[node][class] += n
		}
	}
	return sums, vague
}

// ambiguous reports whether the image may make another number of CPUs of the flavor than its own.
func ambiguous(e flavor.Expected) bool {
	own := e.Amounts["VCPU"] + e.Amounts["PCPU"]
	return slices.ContainsFunc(e.AnyCPUs, func(n int) bool { return n != own })
}
