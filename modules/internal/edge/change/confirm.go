// SPDX-License-Identifier: Apache-2.0

package change

import (
	"context"
	"fmt"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// Done is a write that ended, and the generation that it left.
type Done struct {
	Target

	Generation int
}

// Confirm notes in the journal when Placement has the inventories last written, if nothing has changed the providers since the
// writes. That time is what tells later whether somebody else has written. It counts seconds, so Confirm waits until the
// second of the last write is over. It returns what could not be confirmed because reading or the journal failed; a provider
// that has changed meanwhile is left out.
func (w *Writer) Confirm(ctx context.Context, written []Done) error {
	if len(written) == 0 {
		return nil
	}
	const second = 1100 * time.Millisecond
	if err := w.Sleep(ctx, second); err != nil {
		return err
	}
	var faults []error
	for _, d := range written {
		if err := w.confirm(ctx, d); err != nil {
			faults = append(faults, fmt.Errorf("resource provider %s (%s): %w", d.Name, d.UUID, err))
		}
	}
	return several.Join(faults...)
}

func (w *Writer) confirm(ctx context.Context, d Done) error {
	have, err := w.Placement.Inventories(ctx, d.UUID)
	if err != nil || have.Generation != d.Generation || have.Written.IsZero() {
		return err
	}
	return w.Journal.Add(Entry{
		Op: d.Op, Provider: d.UUID, Name: d.Name, Generation: d.Generation, State: Confirmed, Modified: have.Written,
	})
}
