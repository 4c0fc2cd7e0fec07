// SPDX-License-Identifier: Apache-2.0

package address

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// The sources of an audit.
const (
	API      = "api"
	Database = "database"
)

// Where say from where a cloud is read, and where its databases are.
type Where struct {
	Source           string `json:"source" jsonschema:"default=api,enum=api,enum=database" jsonschema_description:"Where to read from: the APIs of Placement and Nova, or their databases (MySQL or MariaDB). The databases are read in read-only transactions, take seconds where the APIs take minutes, and show rows that no API does. The connection options of the APIs are not used then. See docs/database.md for the SQL user and its grants."`
	NovaConf         string `json:"nova_conf,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File on the target with C([api_database]) and C([database]) of Nova. The first of C(/etc/kolla/nova-api/nova.conf) and C(/etc/nova/nova.conf) that exists if not given. Used with I(source=database)."`
	PlacementConf    string `json:"placement_conf,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File on the target with C([placement_database]) of Placement. The first of C(/etc/kolla/placement-api/placement.conf) and C(/etc/placement/placement.conf) that exists if not given. Used with I(source=database)."`
	Database         *Given `json:"database,omitempty" jsonschema_description:"Where the databases are, instead of what the files say. With I(host), I(user) and I(password) no file is needed, but those that exist are read. Used with I(source=database)."`
	StatementTimeout int    `json:"statement_timeout" jsonschema:"default=60,minimum=1,maximum=3600" jsonschema_description:"Seconds that the database server may spend on one statement. The server ends a statement that takes longer, and the data that it was to read then counts as unread. Used with I(source=database)."`
}

// Given is what the option database says.
type Given struct {
	User      string            `json:"user,omitempty" jsonschema_description:"SQL user for all databases, instead of those in the files. Goes with I(password)."`
	Password  string            `json:"password,omitempty" jsonschema_description:"Password of I(user)." jsonschema_extras:"x-ansible-no_log=true"`
	Host      string            `json:"host,omitempty" jsonschema_description:"Server to read from, such as a replica, instead of those of C([placement_database]) and C([api_database]). Cells on the server of C([api_database]) are read from it too. Cells on other servers are not. If no I(nova_conf) is read, the cells are read from it too if they are all on one server."`
	Port      int               `json:"port,omitempty" jsonschema:"minimum=1,maximum=65535" jsonschema_description:"Port of I(host), 3306 if not given."`
	CACert    string            `json:"ca_cert,omitempty" jsonschema_extras:"x-ansible-type=path" jsonschema_description:"File with the certificates of the authorities that must have signed the servers' certificates. If it is given, the connections are encrypted."`
	Placement string            `json:"placement,omitempty" jsonschema_description:"Name of Placement's database. The one in the file if not given, or else C(placement)."`
	NovaAPI   string            `json:"nova_api,omitempty" jsonschema_description:"Name of Nova's API database. The one in the file if not given, or else C(nova_api)."`
	DownTime  int               `json:"service_down_time,omitempty" jsonschema:"minimum=1" jsonschema_description:"Seconds for which a Nova service counts as up after its last report. Overrides C(service_down_time) in the section C([DEFAULT]) of I(nova_conf). 60, Nova's default, if neither is given. Give it if Nova has another value and no file is read."`
	Cells     map[string]string `json:"cells,omitempty" jsonschema_description:"Names of the databases of all cells, by the name or the UUID of the cell, such as C(cell0: nova_cell0). They are read from the server of Nova's API database. If not given, the column C(database_connection) of Nova's table C(cell_mappings) says where they are."`
}

// Used reports whether databases are read.
func (o *Where) Used() bool { return o.Source == Database }

// schemaName is what a name of a database may be: it becomes part of statements.
func schemaName() *regexp.Regexp { return regexp.MustCompile(`^[0-9A-Za-z_$-]{1,64}$`) }

// Faults returns what is wrong with the options, as far as they tell by themselves.
func (o *Where) Faults() []config.Fault {
	if !o.Used() {
		return o.unused()
	}
	if o.Database == nil {
		return nil
	}
	g := o.Database
	var faults []config.Fault
	if (g.User == "") != (g.Password == "") {
		missing := "database -> password"
		if g.User == "" {
			missing = "database -> user"
		}
		faults = append(faults, config.Fault{Option: missing, Reason: "must be given, because user and password go together"})
	}
	if g.Port != 0 && g.Host == "" {
		faults = append(faults, config.Fault{Option: "database -> port", Value: strconv.Itoa(g.Port), Reason: "must go with host"})
	}
	if g.Host != "" && !plainHost(g.Host) {
		faults = append(faults, config.Fault{Option: "database -> host", Value: foreign.Short(g.Host, longestValue), Reason: "must be a name or an address, without brackets, user and port"})
	}
	return append(faults, g.nameFaults()...)
}

// How much of a wrong value a message shows.
const longestValue = 100

// plainHost reports whether a host is a name or an address. What has a colon has to be an IPv6 address.
func plainHost(host string) bool {
	if strings.Contains(host, ":") {
		_, err := netip.ParseAddr(host)
		return err == nil
	}
	return hostName().MatchString(host)
}

// unused refuses what says something about databases that are not read.
func (o *Where) unused() []config.Fault {
	var faults []config.Fault
	for option, given := range map[string]bool{
		"nova_conf": o.NovaConf != "", "placement_conf": o.PlacementConf != "", "database": o.Database != nil,
	} {
		if given {
			faults = append(faults, config.Fault{Option: option, Reason: "must be given with source: database only"})
		}
	}
	return faults
}

func (g *Given) nameFaults() []config.Fault {
	var faults []config.Fault
	refuse := func(option, name string) {
		if name != "" && !schemaName().MatchString(name) {
			faults = append(faults, config.Fault{Option: option, Value: name, Reason: "must be the name of a database: letters, digits, _, $ and -"})
		}
	}
	refuse("database -> placement", g.Placement)
	refuse("database -> nova_api", g.NovaAPI)
	for _, cell := range slices.Sorted(maps.Keys(g.Cells)) {
		option := fmt.Sprintf("database -> cells -> %s", cell)
		refuse(option, g.Cells[cell])
		if g.Cells[cell] == "" {
			faults = append(faults, config.Fault{Option: option, Reason: "must be the name of a database"})
		}
	}
	return faults
}

// Secrets are the texts that must be in no output: what the files hold is known once they are read.
func (s *Setup) Secrets() []string {
	return slices.DeleteFunc([]string{s.given.Password, s.Placement.Password, s.API.Password, s.base.Password}, func(t string) bool { return t == "" })
}

func (o *Where) limit() time.Duration {
	return time.Duration(max(1, o.StatementTimeout)) * time.Second
}
