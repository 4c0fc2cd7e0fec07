// SPDX-License-Identifier: Apache-2.0

package live

import "context"

// Rows returns the rows of Placement's database, and how Nova's first cell has servers and migrations: each row is a key, and its value
// the same for all, so that Changed names those that are new and those that are gone. Ids, generations and times are left out, as every
// write moves them.
func (l *Lab) Rows(ctx context.Context) (map[string]string, error) {
	rows, err := l.Query(ctx, `USE placement;
SELECT 'provider', p.uuid, p.name, parent.uuid, root.uuid FROM resource_providers p
 LEFT JOIN resource_providers parent ON parent.id = p.parent_provider_id LEFT JOIN resource_providers root ON root.id = p.root_provider_id;
SELECT 'inventory', p.uuid, c.name, total, reserved, min_unit, max_unit, step_size, allocation_ratio FROM inventories i
 JOIN resource_providers p ON p.id = i.resource_provider_id JOIN resource_classes c ON c.id = i.resource_class_id;
SELECT 'allocation', consumer_id, p.uuid, c.name, used FROM allocations a
 JOIN resource_providers p ON p.id = a.resource_provider_id JOIN resource_classes c ON c.id = a.resource_class_id;
SELECT 'trait', p.uuid, t.name FROM resource_provider_traits r
 JOIN resource_providers p ON p.id = r.resource_provider_id JOIN traits t ON t.id = r.trait_id;
SELECT 'aggregate', p.uuid, a.uuid FROM resource_provider_aggregates r
 JOIN resource_providers p ON p.id = r.resource_provider_id JOIN placement_aggregates a ON a.id = r.aggregate_id;
SELECT 'consumer', c.uuid, p.external_id, u.external_id, t.name FROM consumers c
 JOIN projects p ON p.id = c.project_id JOIN users u ON u.id = c.user_id LEFT JOIN consumer_types t ON t.id = c.consumer_type_id;
USE nova_cell1;
SELECT 'server', uuid, host, node, vm_state, task_state, power_state FROM instances WHERE deleted = 0;
SELECT 'migration', uuid, instance_uuid, status FROM migrations WHERE deleted = 0;`)
	out := map[string]string{}
	for _, row := range rows {
		out[row] = "there"
	}
	return out, err
}
