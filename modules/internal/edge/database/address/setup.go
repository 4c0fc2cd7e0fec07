// SPDX-License-Identifier: Apache-2.0

package address

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// places are where files are looked for that no option names.
type places struct{ nova, placement [2]string }

// Resolve reads the files and returns where the databases are. All faults are returned together.
func (o *Where) Resolve() (*Setup, []config.Fault) {
	return o.resolve(places{
		nova:      [2]string{"/etc/kolla/nova-api/nova.conf", "/etc/nova/nova.conf"},
		placement: [2]string{"/etc/kolla/placement-api/placement.conf", "/etc/placement/placement.conf"},
	})
}

func (o *Where) resolve(usual places) (*Setup, []config.Fault) {
	s := &Setup{DownTime: defaultDownTime, Limit: o.limit()}
	if o.Database != nil {
		s.given, s.Cells = *o.Database, o.Database.Cells
	}
	faults := o.Faults()
	nova, fault := s.file("nova_conf", o.NovaConf, usual.nova)
	faults = more(faults, fault)
	placement, fault := s.file("placement_conf", o.PlacementConf, usual.placement)
	faults = more(faults, fault)
	if len(faults) > 0 {
		return nil, faults
	}
	s.Placement, fault = s.named(placement, "placement_database", cmp.Or(s.given.Placement, "placement"), s.given.Placement != "")
	faults = more(faults, fault)
	s.API, fault = s.named(nova, "api_database", cmp.Or(s.given.NovaAPI, "nova_api"), s.given.NovaAPI != "")
	faults = more(faults, fault)
	faults = more(faults, s.rest(nova))
	if s.given.DownTime > 0 {
		s.DownTime = time.Duration(s.given.DownTime) * time.Second
	}
	if s.API.From != fromOptions {
		s.apiHost = s.API.Server()
	}
	s.Placement, s.API = s.laidOver(s.Placement), s.laidOver(s.API)
	return s, faults
}

func more(faults []config.Fault, fault *config.Fault) []config.Fault {
	if fault != nil {
		faults = append(faults, *fault)
	}
	return faults
}

// enough reports whether the options say where the databases are without any file.
func (s *Setup) enough() bool { return s.given.Host != "" && s.given.User != "" }

// file reads the file of an option, or the first usual one that exists; nil where none is needed and there is none that this user may read.
func (s *Setup) file(option, path string, usual [2]string) (*oslo, *config.Fault) {
	spare := path == "" && s.enough()
	for _, one := range usual {
		if path == "" {
			if _, err := os.Stat(one); !errors.Is(err, fs.ErrNotExist) {
				path = one // also one that this user may not look at: it is not passed over for another
			}
		}
	}
	if path == "" && spare {
		return nil, nil
	}
	if path == "" {
		return nil, &config.Fault{Option: option, Reason: fmt.Sprintf(
			"must be given with source: database, because there is neither %s nor %s, and database names no host with user and password", usual[0], usual[1])}
	}
	f, err := readOslo(option, path)
	if spare && errors.Is(err, fs.ErrPermission) {
		return nil, nil
	}
	if err != nil {
		return nil, &config.Fault{Option: option, Value: path, Reason: err.Error()}
	}
	f.spare = spare
	return f, nil
}

// named returns where the database of a group is. keep says that the name of the database was given. A file that is not needed may say nothing
// of it, as that of a compute node does.
func (s *Setup) named(f *oslo, group, name string, keep bool) (Address, *config.Fault) {
	given := Address{Host: s.given.Host, Port: cmp.Or(s.given.Port, defaultPort), Schema: name, From: fromOptions}
	if f == nil {
		return given, nil
	}
	a, there, fault := f.connection(group)
	if fault != nil {
		return a, fault
	}
	if !there && f.spare {
		return given, nil
	}
	if !there {
		return a, &config.Fault{Option: f.option, Value: f.path, Reason: "must have [" + group + "] connection"}
	}
	if keep {
		a.Schema = name
	}
	a.From = fmt.Sprintf("%s, [%s] connection", f.option, group)
	return a, nil
}

// connection reads the URL of a group; false if there is none. A file that is not needed may also have one of another kind: packages
// of Nova come with SQLite.
func (f *oslo) connection(group string) (Address, bool, *config.Fault) {
	text, there, err := f.get(group, "connection")
	if err != nil {
		return Address{}, false, &config.Fault{Option: f.option, Value: f.path, Reason: "must have a [" + group + "] connection that can be read: " + err.Error()}
	}
	if !there {
		return Address{}, false, nil
	}
	parameters, fault := f.parameters(group)
	if fault != nil {
		return Address{}, false, fault
	}
	a, err := parse(text, parameters)
	var other otherKind
	if f.spare && errors.As(err, &other) {
		return Address{}, false, nil
	}
	if err != nil {
		return Address{}, false, &config.Fault{Option: f.option, Value: f.path, Reason: fmt.Sprintf("must have the URL of a database in [%s] connection, which %v", group, err)}
	}
	return a, true, nil
}

// parameters are what oslo.db appends to the connection of a group (oslo_db/sqlalchemy/engines.py, create_engine).
func (f *oslo) parameters(group string) (string, *config.Fault) {
	text, _, err := f.get(group, "connection_parameters")
	if err != nil {
		return "", &config.Fault{Option: f.option, Value: f.path, Reason: "must have a [" + group + "] connection_parameters that can be read: " + err.Error()}
	}
	return text, nil
}

// rest reads what nova.conf says of cells and services. What it appends to the connection of [database], Nova appends to that of every
// cell (nova/db/main/api.py, create_context_manager).
func (s *Setup) rest(f *oslo) *config.Fault {
	if f == nil {
		return nil
	}
	var fault *config.Fault
	if s.appended, fault = f.parameters("database"); fault != nil {
		return fault
	}
	if text, there, err := f.get("database", "connection"); there && err == nil {
		s.template = text
		s.base, _ = parse(text, s.appended) // only templates of cells need it
	}
	text, there, err := f.get("DEFAULT", "service_down_time")
	if !there && err == nil {
		return nil
	}
	seconds, err2 := strconv.Atoi(text)
	if err != nil || err2 != nil || seconds < 1 || seconds > math.MaxInt32 {
		return &config.Fault{Option: f.option, Value: f.path, Reason: "must have a number of seconds, from 1 to 2147483647, in [DEFAULT] service_down_time"}
	}
	s.DownTime = time.Duration(seconds) * time.Second
	return nil
}

// laidOver puts what the option database says instead of what the files say.
func (s *Setup) laidOver(a Address) Address {
	g := s.given
	if g.User != "" {
		a.User, a.Password = g.User, g.Password
	}
	if g.Host != "" {
		a.Host, a.Port, a.Socket = g.Host, cmp.Or(g.Port, defaultPort), ""
	}
	if g.CACert != "" {
		a.TLS = TLS{CA: g.CACert, Cert: a.TLS.Cert, Key: a.TLS.Key}
	}
	return a
}
