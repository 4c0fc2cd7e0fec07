// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"bytes"
	"io"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/strict"
)

// body is an answer that was read to its end.
type body struct {
	*bytes.Reader
	text   []byte
	masked func(string) string
}

// Close ends nothing: the connection is free already.
func (b *body) Close() error { return nil }

// Decode fills into, a pointer, with the body of an answer of a session, as package strict does.
func Decode(answer io.Reader, into any) error {
	if b, ok := answer.(*body); ok {
		return strict.Decode(b.text, into, b.masked)
	}
	text, err := io.ReadAll(answer) // of a client without a session, as tests have
	if err != nil {
		return err
	}
	return strict.Decode(text, into, nil)
}
