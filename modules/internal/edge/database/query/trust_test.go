// SPDX-License-Identifier: Apache-2.0

package query

import (
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
)

// A connection that has to be encrypted is, also without a file of authorities, and then the certificate is verified.
func TestTrust(t *testing.T) {
	if c, err := trust(address.Address{Host: "db"}); c != nil || err != nil {
		t.Errorf("in the clear: %v, %v", c, err)
	}
	c, err := trust(address.Address{Host: "db", TLS: address.TLS{System: true}})
	if err != nil || c == nil || c.ServerName != "db" || c.InsecureSkipVerify || c.RootCAs != nil {
		t.Errorf("with the authorities of the machine: %+v, %v", c, err)
	}
	if _, err := trust(address.Address{Host: "db", TLS: address.TLS{CA: "/nowhere/ca.pem"}}); err == nil {
		t.Error("a file of authorities that is not there is not missed")
	}
}
