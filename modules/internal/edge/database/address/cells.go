// SPDX-License-Identifier: Apache-2.0

package address

import (
	"errors"
	"maps"
	"slices"
)

// Mapped takes the URLs of all cells. Call it before Cell. Where no nova.conf says by which address Nova reaches the server of its
// API database, that is the given host if a cell is there too. If none is, but all are on one server, it is that one: the given host takes
// its place. If they are on several, it is not known: the host may have a database of the same name, but of another cell.
func (s *Setup) Mapped(connections []string) {
	if s.API.From != fromOptions {
		return
	}
	servers := map[string]bool{}
	for _, one := range connections {
		if a, err := s.mapped(one); err == nil {
			servers[a.Server()] = true
		}
	}
	s.apiHost = ""
	switch only := slices.Collect(maps.Keys(servers)); {
	case servers[s.API.Server()]:
		s.apiHost = s.API.Server()
	case len(only) == 1:
		s.apiHost = only[0]
	}
}

// Cell returns where the database of a cell is, of which Nova's cell mapping has this URL or template.
func (s *Setup) Cell(connection string) (Address, error) {
	a, err := s.mapped(connection)
	if err != nil {
		return a, err
	}
	if s.API.From == fromOptions && s.apiHost == "" {
		return Address{}, errors.New("names another server than other cells do, and no nova.conf tells on which of them Nova's API database is: give nova_conf, or database -> cells")
	}
	a.From = "cell_mappings.database_connection"
	return s.cell(a), nil
}

// mapped reads a URL or a template as it stands in a cell mapping.
func (s *Setup) mapped(connection string) (Address, error) {
	filled := fill(connection, s.template)
	a, err := parse(filled, s.appended)
	if err != nil {
		return a, unfilled(err, filled, s.template)
	}
	return a, nil
}

// Named returns where the database of a cell is whose name the options give.
func (s *Setup) Named(schema string) Address {
	a := s.API
	a.Schema, a.From = schema, "database -> cells"
	return a
}

// cell lays the options over the address of a cell. Another server than that of the API database stays.
func (s *Setup) cell(a Address) Address {
	host, port, socket := a.Host, a.Port, a.Socket
	elsewhere := a.Server() != s.apiHost
	a = s.laidOver(a)
	if elsewhere {
		a.Host, a.Port, a.Socket = host, port, socket
	}
	return a
}
