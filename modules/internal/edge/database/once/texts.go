// SPDX-License-Identifier: Apache-2.0

package once

import (
	"database/sql"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/query"
)

// Texts keeps each text that occurs many times once.
type Texts map[string]string

// Of returns the one copy of a text, cleaned as those of the APIs are; NULL is empty.
func (t Texts) Of(raw sql.RawBytes) string {
	if kept, known := t[string(raw)]; known {
		return kept
	}
	clean := query.Text(raw)
	t[string(raw)] = clean
	return clean
}
