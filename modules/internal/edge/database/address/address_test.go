// SPDX-License-Identifier: Apache-2.0

package address_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
)

const secret = "s3cret-of-the-test"

// files writes a nova.conf and a placement.conf and returns options that name them.
func files(t *testing.T, nova, placement string) address.Where {
	t.Helper()
	write := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return address.Where{Source: address.Database, NovaConf: write("nova.conf", nova), PlacementConf: write("placement.conf", placement), StatementTimeout: 30}
}

const (
	kollaNova = "[DEFAULT]\n# a comment\ndebug = False\nservice_down_time = 90\n\n[api_database]\nconnection = " +
		"mysql+pymysql://nova_api:" + secret + "@db.internal:3307/nova_api?ssl_ca=/etc/ssl/ca.pem\nmax_retries = -1\n\n" +
		"[database]\nconnection = mysql+pymysql://nova:" + secret + "@db.internal:3307/nova_cell0?ssl_ca=/etc/ssl/ca.pem\n"
	kollaPlacement = "[placement_database]\nconnection = \"mysql+pymysql://placement:p%40ss%2Fw%25rd@[fd00::1]/placement?charset=utf8\"\n"
)

func resolved(t *testing.T, o address.Where) *address.Setup {
	t.Helper()
	s, faults := o.Resolve()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return s
}

func TestFiles(t *testing.T) {
	s := resolved(t, files(t, kollaNova, kollaPlacement))
	want := address.Address{
		User: "nova_api", Password: secret, Host: "db.internal", Port: 3307, Schema: "nova_api", TLS: address.TLS{CA: "/etc/ssl/ca.pem"},
		From: "nova_conf, [api_database] connection",
	}
	if s.API != want {
		t.Errorf("%+v\nwant %+v", s.API, want)
	}
	if p := s.Placement; p.Password != "p@ss/w%rd" || p.Server() != "[fd00::1]:3306" || p.TLS.CA != "" {
		t.Errorf("placement: %+v", p)
	}
	if s.DownTime != 90*time.Second || s.Limit != 30*time.Second {
		t.Errorf("down time %v, limit %v", s.DownTime, s.Limit)
	}
}

// A cell is where its mapping says, with the template filled from [database] connection.
func TestCells(t *testing.T) {
	s := resolved(t, files(t, kollaNova, kollaPlacement))
	for name, c := range map[string]struct{ connection, want, user string }{
		"url":      {"mysql+pymysql://u:p@other:3306/nova_c2", "mysql://other:3306/nova_c2", "u"},
		"template": {"{scheme}://{username}:{password}@{hostname}:{port}/nova?{query}", "mysql://db.internal:3307/nova", "nova"},
		"path":     {"{scheme}://{username}:{password}@{hostname}:{port}/{path}", "mysql://db.internal:3307/nova_cell0", "nova"},
		"socket":   {"mysql+pymysql://u@/nova?unix_socket=/run/my.sock", "mysql:///run/my.sock/nova", "u"},
	} {
		at, err := s.Cell(c.connection)
		if err != nil || at.String() != c.want || at.User != c.user {
			t.Errorf("%s: %s, user %s, %v", name, at, at.User, err)
		}
	}
	for name, c := range map[string]struct{ connection, want string }{
		"postgresql": {"postgresql://u:" + secret + "@h/nova", "postgresql"},
		"no cell":    {"none:///", "none"},
		"unknown":    {"{scheme}://{name}:" + secret + "@{hostname}/nova", "template"},
		"port":       {"mysql://u:" + secret + "@h:x/nova", "port"},
		"no name":    {"mysql://u:" + secret + "@h:1/", "name a database"},
		"injection":  {"mysql://u:" + secret + "@h:1/a`b", "name a database"},
		"percent":    {"mysql://u:%zz" + secret + "@h/nova", "%25"},
		"at":         {"mysql://u:p@" + secret + "@h/nova", "%40"},
		"host":       {"mysql://u:p@h\x1b[1m/nova", "neither a name nor an address"},
		"user":       {"mysql://u%00x:" + secret + "@h/nova", "can't be shown"},
		"nul":        {"mysql://u:" + secret + "%00@h/nova", "can't be shown"},
		"newline":    {"mysql://u:" + secret + "@h/nova?ssl_ca=/x%0Ay", "can't be shown"},
		"mode":       {"mysql://u:" + secret + "@h/nova?ssl_mode=REQUIRED", "ssl_mode"},
		"capath":     {"mysql://u:" + secret + "@h/nova?ssl_capath=/x", "ssl_capath"},
	} {
		_, err := s.Cell(c.connection)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// Braces are what they are for Python's str.format. A URL that it can't fill is taken as it stands.
func TestBraces(t *testing.T) {
	with := resolved(t, files(t, kollaNova, kollaPlacement))
	none := resolved(t, files(t, strings.ReplaceAll(kollaNova, "[database]", "[other]"), kollaPlacement))
	for name, c := range map[string]struct {
		of                      *address.Setup
		password, want, because string
	}{
		"twice":           {with, "a{{b}}c", "a{b}c", ""},
		"around a name":   {with, "{{{username}}}", "{nova}", ""},
		"open":            {with, "a{b", "a{b", ""},
		"closed":          {with, "a}b", "a}b", ""},
		"twice and once":  {with, "a{{b}", "a{{b}", ""},
		"unknown":         {with, "{name}{username}", "{name}{username}", ""},
		"number":          {with, "{}{0}", "{}{0}", ""},
		"nothing to fill": {none, "a{{b}}c", "a{{b}}c", ""},
		"template":        {none, "p@{hostname}/nova?x=", "", "template, but [database] connection"},
	} {
		at, err := c.of.Cell("mysql+pymysql://u:" + c.password + "@h/nova")
		if at.Password != c.want || (err == nil) != (c.because == "") || err != nil && !strings.Contains(err.Error(), c.because) {
			t.Errorf("%s: password %q, %v", name, at.Password, err)
		}
	}
}

// What Nova encrypts is never read in the clear, whichever of PyMySQL's parameters says so.
func TestEncrypted(t *testing.T) {
	s := resolved(t, files(t, kollaNova, kollaPlacement))
	for query, want := range map[string]address.TLS{
		"":                                    {},
		"charset=utf8":                        {},
		"ssl_verify_cert=false":               {},
		"ssl_ca=/a&ssl_check_hostname=0":      {CA: "/a", AnyName: true},
		"ssl_ca=/a&ssl_verify_cert=true":      {CA: "/a"},
		"ssl_cert=/c&ssl_key=/k":              {Cert: "/c", Key: "/k", System: true},
		"ssl_verify_cert=True":                {System: true},
		"ssl_verify_identity=1":               {System: true},
		"ssl_ca=/a&ssl_verify_identity=False": {CA: "/a", AnyName: true},
	} {
		if at, err := s.Cell("mysql+pymysql://u:p@h/nova?" + query); err != nil || at.TLS != want {
			t.Errorf("%s: %+v, %v; want %+v", query, at.TLS, err, want)
		}
	}
}

// What connection_parameters say counts as if it were in the URL: in each group, and in [database] for every cell.
func TestParameters(t *testing.T) {
	const plain = "mysql+pymysql://u:p@h/"
	nova := "[api_database]\nconnection = " + plain + "nova_api\nconnection_parameters = ssl_ca=/api.pem\n" +
		"[database]\nconnection = " + plain + "nova_cell0?charset=utf8\nconnection_parameters = ssl_ca=/cells.pem&ssl_check_hostname=false\n"
	s := resolved(t, files(t, nova, "[placement_database]\nconnection = "+plain+"placement?charset=utf8\nconnection_parameters = ssl_ca=/placement.pem\n"))
	if s.API.TLS != (address.TLS{CA: "/api.pem"}) || s.Placement.TLS != (address.TLS{CA: "/placement.pem"}) {
		t.Errorf("api %+v, placement %+v", s.API.TLS, s.Placement.TLS)
	}
	for _, connection := range []string{plain + "nova", plain + "nova?charset=utf8", "{scheme}://{username}:{password}@{hostname}/nova?{query}"} {
		if at, err := s.Cell(connection); err != nil || at.TLS != (address.TLS{CA: "/cells.pem", AnyName: true}) {
			t.Errorf("%s: %+v, %v", connection, at.TLS, err)
		}
	}
}

// The option ca_cert says whom to trust. The client certificate of the URL stays, and the name of the server is checked.
func TestTrustGiven(t *testing.T) {
	o := files(t, kollaNova, kollaPlacement)
	o.Database = &address.Given{CACert: "/given"}
	s := resolved(t, o)
	for query, want := range map[string]address.TLS{
		"": {CA: "/given"}, "ssl_cert=/c&ssl_key=/k": {CA: "/given", Cert: "/c", Key: "/k"},
		"ssl_ca=/a&ssl_check_hostname=0&ssl_cert=/c": {CA: "/given", Cert: "/c"},
	} {
		if at, err := s.Cell("mysql+pymysql://u:p@h/nova?" + query); err != nil || at.TLS != want {
			t.Errorf("%s: %+v, %v; want %+v", query, at.TLS, err, want)
		}
	}
}

// A user and a replica take the place of those of the files; a cell on another server keeps its own server.
func TestGiven(t *testing.T) {
	o := files(t, kollaNova, kollaPlacement)
	o.Database = &address.Given{User: "audit", Password: "other", Host: "replica", Cells: map[string]string{"cell0": "nova_cell0"}}
	s := resolved(t, o)
	if s.Placement.Server() != "replica:3306" || s.API.User != "audit" || s.API.Password != "other" {
		t.Errorf("%+v", s)
	}
	for connection, want := range map[string]string{
		"mysql://nova:x@db.internal:3307/nova": "mysql://replica:3306/nova",
		"mysql://nova:x@elsewhere:3306/nova_2": "mysql://elsewhere:3306/nova_2",
	} {
		if at, err := s.Cell(connection); err != nil || at.String() != want || at.User != "audit" {
			t.Errorf("%s: %s, user %s, %v", connection, at, at.User, err)
		}
	}
	if at := s.Named("nova_cell0"); at.String() != "mysql://replica:3306/nova_cell0" || at.User != "audit" {
		t.Errorf("named: %s", at)
	}
	if s.DownTime != 90*time.Second {
		t.Errorf("down time %v", s.DownTime)
	}
	without := address.Where{Source: address.Database, Database: &address.Given{User: "audit", Password: "x", Host: "db"}}
	if s := resolved(t, without); s.Placement.String() != "mysql://db:3306/placement" || s.API.String() != "mysql://db:3306/nova_api" {
		t.Errorf("without files: %s, %s", s.Placement, s.API)
	}
}

// How long a service counts as up is what the option says, else the file, else Nova's default.
func TestDownTime(t *testing.T) {
	o := files(t, kollaNova, kollaPlacement)
	o.Database = &address.Given{DownTime: 20}
	if s := resolved(t, o); s.DownTime != 20*time.Second {
		t.Errorf("given: %v", s.DownTime)
	}
	without := address.Where{Source: address.Database, Database: &address.Given{User: "audit", Password: "x", Host: "db"}}
	if s := resolved(t, without); s.DownTime != time.Minute {
		t.Errorf("without file: %v", s.DownTime)
	}
	without.Database.DownTime = 300
	if s := resolved(t, without); s.DownTime != 5*time.Minute {
		t.Errorf("given without file: %v", s.DownTime)
	}
}

// Files are read as oslo.config reads them: a colon separates as well as =, and a backslash keeps a $.
func TestOslo(t *testing.T) {
	s := resolved(t, files(t, "[api_database]\nconnection: mysql://u:a\\$b$$c@[fd00::2]:3307/nova_api?charset=utf8\n", kollaPlacement))
	if s.API.Password != "a$b$c" || s.API.Server() != "[fd00::2]:3307" {
		t.Errorf("%s, password %s", s.API, s.API.Password)
	}
}

type faultCase struct {
	change func(*address.Where)
	want   []string
}

func TestFaultsInOptions(t *testing.T) {
	findsFaults(t, map[string]faultCase{
		"no file":     {func(o *address.Where) { o.NovaConf = "/nowhere/nova.conf" }, []string{"nova_conf", "/nowhere/nova.conf", "no such file"}},
		"no user":     {func(o *address.Where) { o.Database = &address.Given{Password: secret} }, []string{"database -> user"}},
		"no password": {func(o *address.Where) { o.Database = &address.Given{User: "u"} }, []string{"database -> password"}},
		"host port":   {func(o *address.Where) { o.Database = &address.Given{Host: "db:3306"} }, []string{"database -> host", "db:3306"}},
		"host url":    {func(o *address.Where) { o.Database = &address.Given{Host: "u@[fd00::1]"} }, []string{"database -> host"}},
		"port":        {func(o *address.Where) { o.Database = &address.Given{Port: 1} }, []string{"database -> port"}},
		"names": {
			func(o *address.Where) {
				o.Database = &address.Given{Placement: "a b", NovaAPI: "x;y", Cells: map[string]string{"one": "`", "two": ""}}
			},
			[]string{"database -> placement", "database -> nova_api", "cells -> one", "cells -> two"},
		},
		"api": {func(o *address.Where) { o.Source, o.Database = address.API, &address.Given{} }, []string{"database", "nova_conf", "placement_conf", "source: database"}},
	})
}

func TestFaultsInFiles(t *testing.T) {
	findsFaults(t, map[string]faultCase{
		"not oslo": {func(o *address.Where) { *o = files(t, secret+" is here\n", kollaPlacement) }, []string{"nova_conf", "line 1"}},
		"no group": {func(o *address.Where) { *o = files(t, "[DEFAULT]\n", "[DEFAULT]\n") }, []string{"[api_database] connection", "[placement_database] connection"}},
		"reference": {func(o *address.Where) {
			*o = files(t, "[api_database]\nconnection = mysql://u:"+secret+"@$my_ip/x\n", kollaPlacement)
		}, []string{"$"}},
		"parameters": {func(o *address.Where) {
			*o = files(t, strings.Replace(kollaNova, "max_retries", "connection_parameters = ssl_mode=REQUIRED\nmax_retries", 1), kollaPlacement)
		}, []string{"nova_conf", "[api_database] connection", "ssl_mode"}},
		"reference of parameters": {func(o *address.Where) {
			*o = files(t, kollaNova+"connection_parameters = ssl_ca=$state_path/ca.pem\n", kollaPlacement)
		}, []string{"nova_conf", "[database] connection_parameters", "$"}},
		"down time": {func(o *address.Where) {
			*o = files(t, kollaNova+"[DEFAULT]\nservice_down_time = soon\n", kollaPlacement)
		}, []string{"service_down_time"}},
		"a down time beyond all sense": {func(o *address.Where) {
			*o = files(t, strings.Replace(kollaNova, "= 90", "= 9223372037", 1), kollaPlacement)
		}, []string{"from 1 to 2147483647", "service_down_time"}},
	})
}

// All that is wrong is said at once, with the option and the file, and no password.
func findsFaults(t *testing.T, cases map[string]faultCase) {
	t.Helper()
	good := files(t, kollaNova, kollaPlacement)
	for name, c := range cases {
		o := good
		c.change(&o)
		_, faults := o.Resolve()
		var words []string
		for _, f := range faults {
			words = append(words, f.Error())
		}
		text := strings.Join(words, "; ")
		for _, want := range c.want {
			if !strings.Contains(text, want) || strings.Contains(text, secret) {
				t.Errorf("%s: %q lacks %q, or has the secret", name, text, want)
			}
		}
	}
}
