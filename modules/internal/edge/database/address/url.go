// SPDX-License-Identifier: Apache-2.0

package address

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
)

// urlParts is the form of SQLAlchemy's URLs (sqlalchemy/engine/url.py): scheme, user, password, IPv6 address, host, port,
// database, query. The password goes up to the first @.
func urlParts() *regexp.Regexp {
	return regexp.MustCompile(`^([\w+]+)://(?:([^:/]*)(?::([^@]*))?@)?(?:\[([^/?\]]+)\]|([^/:?]+))?(?::([^/?]*))?(?:/([^?]*))?(?:\?(.*))?$`)
}

// hostName is what a host may be: a name, an IPv4 or an IPv6 address. An @ in it is one of the password.
func hostName() *regexp.Regexp { return regexp.MustCompile(`^[0-9A-Za-z._:%-]+$`) }

// otherKind is the error of a URL of another kind of database.
type otherKind string

func (k otherKind) Error() string {
	return "is of the kind " + string(k) + ", but only MySQL and MariaDB can be read"
}

// parse reads a URL of SQLAlchemy, with more parameters behind its own. Its errors have nothing of the URL in them but its scheme, its
// parameters and its port.
func parse(text, parameters string) (Address, error) {
	m := urlParts().FindStringSubmatch(text)
	if m == nil {
		return Address{}, errors.New("is not the URL of a database, such as mysql+pymysql://USER:PASSWORD@HOST:3306/NAME")
	}
	if scheme, _, _ := strings.Cut(m[1], "+"); scheme != "mysql" && scheme != "mariadb" {
		return Address{}, otherKind(scheme)
	}
	a := Address{Host: m[4] + m[5], Port: defaultPort, Schema: m[7]}
	var err error
	if a.User, err = url.PathUnescape(m[2]); err == nil {
		a.Password, err = url.PathUnescape(m[3])
	}
	if err != nil {
		return Address{}, errors.New("has a % in its user or password without two hexadecimal digits after it: write %25")
	}
	if strings.Contains(a.Host, "@") {
		return Address{}, errors.New("has an @ in its user or password: write %40")
	}
	if a.Host != "" && !hostName().MatchString(a.Host) {
		return Address{}, errors.New("has a host that is neither a name nor an address")
	}
	if foreign.Line(a.User) != a.User || strings.Contains(a.Password, "\x00") {
		return Address{}, errors.New("has a character in its user or password that can't be shown")
	}
	if m[6] != "" {
		if a.Port, err = strconv.Atoi(m[6]); err != nil || a.Port < 1 || a.Port > 65535 {
			return Address{}, errors.New("has a port that is no number from 1 to 65535")
		}
	}
	if !schemaName().MatchString(a.Schema) {
		return Address{}, errors.New("does not name a database after its host")
	}
	return a, a.query(m[8] + "&" + parameters)
}

// query takes over the parameters that decide who is talked to, and refuses those of them that can't be followed.
func (a *Address) query(text string) error {
	values, err := url.ParseQuery(text)
	if err != nil {
		return errors.New("has parameters that can't be read")
	}
	a.Socket = values.Get("unix_socket")
	a.TLS = TLS{CA: values.Get("ssl_ca"), Cert: values.Get("ssl_cert"), Key: values.Get("ssl_key")}
	a.TLS.AnyName = no(values.Get("ssl_check_hostname")) || no(values.Get("ssl_verify_identity"))
	for _, name := range []string{"ssl", "ssl_capath", "ssl_cipher", "ssl_disabled", "ssl_key_password", "ssl_mode", "read_default_file", "auth_plugin_map"} {
		if values.Has(name) {
			return fmt.Errorf("has the parameter %s, which can't be followed: use ssl_ca", name)
		}
	}
	a.TLS.System = a.TLS.CA == "" && (a.TLS != TLS{} || yes(values.Get("ssl_verify_cert")) || yes(values.Get("ssl_verify_identity")))
	for _, path := range []string{a.Socket, a.TLS.CA, a.TLS.Cert, a.TLS.Key} {
		if foreign.Line(path) != path {
			return errors.New("names a file with a character that can't be shown")
		}
	}
	if a.Host == "" && a.Socket == "" {
		return errors.New("has no host")
	}
	return nil
}

// yes and no report what a parameter says, in the words of SQLAlchemy and PyMySQL.
func yes(word string) bool {
	return slices.Contains([]string{"true", "yes", "on", "y", "t", "1", "required"}, strings.ToLower(word))
}

func no(word string) bool {
	return slices.Contains([]string{"false", "no", "off", "n", "f", "0"}, strings.ToLower(word))
}

// fill puts the parts of another URL into that of a cell, as Nova does (nova/objects/cell_mapping.py, format_db_url). One that can't be
// filled stays as it stands.
func fill(text, base string) string {
	m := urlParts().FindStringSubmatch(base)
	if m == nil {
		return text
	}
	filled, is := format(text, map[string]string{
		"scheme": m[1], "username": m[2], "password": m[3], "hostname": strings.ToLower(m[4] + m[5]), "port": m[6], "path": m[7], "query": m[8], "fragment": "",
	})
	if !is {
		return text
	}
	return filled
}

// format is what Python's str.format makes of names in braces, where two braces stand for one. False where it fails.
func format(text string, parts map[string]string) (string, bool) {
	var out strings.Builder
	for {
		i := strings.IndexAny(text, "{}")
		if i < 0 {
			out.WriteString(text)
			return out.String(), true
		}
		brace := text[i]
		out.WriteString(text[:i])
		text = text[i+1:]
		if strings.HasPrefix(text, string(brace)) {
			out.WriteByte(brace)
			text = text[1:]
			continue
		}
		name, after, closed := strings.Cut(text, "}")
		value, known := parts[name]
		if brace == '}' || !closed || !known {
			return "", false
		}
		out.WriteString(value)
		text = after
	}
}

// unfilled explains an error of the URL of a cell that may be meant to be a template.
func unfilled(err error, text, base string) error {
	switch {
	case !strings.Contains(text, "{"):
		return err
	case urlParts().FindStringSubmatch(base) == nil:
		return errors.New("is a template, but [database] connection of nova_conf has no URL to fill it from: give nova_conf, or database -> cells")
	}
	return errors.New("is a template with a part that is none of scheme, username, password, hostname, port, path and query")
}
