// SPDX-License-Identifier: Apache-2.0

package query

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
)

// Each error is one line that names the option, and the table where it is about one, whatever the server or a name has in it.
func TestExplain(t *testing.T) {
	at := address.Address{User: "audit\n\x1b[31m", Password: "s3cret-of-the-test", Host: "fd00::1", Port: 3306, Schema: "nova", From: "nova_conf"}
	errs := []error{errors.New("dial tcp: refused\r\nmore")}
	for _, number := range []uint16{errDBAccess, errAccess, errNoDB, errNoColumn, errTableAccess, errColumnAccess, errNoTable, errTimeMariaDB, errTimeMySQL, errNoSuchSetting, 1} {
		errs = append(errs, &mysql.MySQLError{Number: number, Message: "said\n\x1b[2J" + strings.Repeat("x", 2*longestMessage)})
	}
	for _, err := range errs {
		text := explain(err, at, "services").Error()
		if foreign.Line(text) != text || !strings.HasPrefix(text, "nova_conf: ") || !strings.Contains(text, "[fd00::1]:3306") ||
			strings.Contains(text, at.Password) || len(text) > 1000 {
			t.Errorf("%v: %q", err, text)
		}
	}
}
