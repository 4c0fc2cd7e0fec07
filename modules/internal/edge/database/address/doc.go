// SPDX-License-Identifier: Apache-2.0

// Package address finds where the databases of Placement and Nova are: in the options, in placement.conf and nova.conf, and in
// the mappings of Nova's cells. It opens no connection. No text of its errors has a password in it.
package address

import (
	"cmp"
	"fmt"
	"net"
	"strconv"
	"time"
)

// The port of MySQL and MariaDB.
const defaultPort = 3306

// Nova's default for service_down_time.
const defaultDownTime = 60 * time.Second

// Where the options say where a database is, and no file does.
const fromOptions = "database"

// Address is where one database is, and how to log in.
type Address struct {
	User, Password string
	Host           string
	Port           int
	Socket         string // of this machine; in the place of host and port
	Schema         string // the name of the database on its server
	TLS            TLS
	From           string // which option or file says so, for messages
}

// TLS is how the connection is encrypted, as SQLAlchemy's URLs say it. Without CA and System it is not.
type TLS struct {
	CA, Cert, Key string // files
	System        bool   // encrypted without CA: the authorities of this machine are trusted
	AnyName       bool   // the certificate need not be that of the host
}

// Server names the server: address and port, or the socket.
func (a Address) Server() string {
	return cmp.Or(a.Socket, net.JoinHostPort(a.Host, strconv.Itoa(a.Port)))
}

// Database names the database and its server in words; the server alone if no database is named.
func (a Address) Database() string {
	if a.Schema == "" {
		return "the server " + a.Server()
	}
	return fmt.Sprintf("database %s on %s", a.Schema, a.Server())
}

// String names the database, without user and password.
func (a Address) String() string { return "mysql://" + a.Server() + "/" + a.Schema }

// Session names what one connection can read: databases of one server that one user may read.
func (a Address) Session() Address {
	a.Schema, a.From = "", ""
	return a
}

// Setup is what the options and the files say about all databases.
type Setup struct {
	Placement, API Address
	DownTime       time.Duration     // how long a service of Nova counts as up without a report
	Limit          time.Duration     // of one statement
	Cells          map[string]string // name or UUID of a cell -> its database; nil: Nova's cell mappings say so

	given    Given
	template string  // [database] connection of nova.conf, which the templates of cells are filled from
	appended string  // [database] connection_parameters of nova.conf, which Nova appends to the URL of every cell
	base     Address // the same, if it can be read
	apiHost  string  // the server of API as Nova reaches it
}
