// SPDX-License-Identifier: Apache-2.0

//go:build lab

package audit_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/tests/live"
)

// Custom names that were just made and that nobody uses are found, and gone once that is done which the findings say.
func TestLabCustomNames(t *testing.T) {
	b := benchOf(t)
	options := map[string]any{"checks": "PLC403,PLC404"}
	b.obey(options) // what other tests have left
	suffix := strings.ToUpper(strings.ReplaceAll(live.UUID(), "-", "_"))
	class, trait := "CUSTOM_CLASS_"+suffix, "CUSTOM_TRAIT_"+suffix
	for _, path := range []string{"/resource_classes/" + class, "/traits/" + trait} {
		b.send(b.place, http.MethodPut, path, nil, nil)
		t.Cleanup(func() { b.place.Do(context.WithoutCancel(t.Context()), http.MethodDelete, path, nil) }) // 404 if all went well
	}
	b.expect(options, "PLC403:service:"+class, "PLC404:service:"+trait)
	b.obey(options)
}
