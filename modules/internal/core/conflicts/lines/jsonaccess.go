// SPDX-License-Identifier: Apache-2.0

package lines

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/conflicts/fields"
)

// served reports whether a record may be one of an access log, in JSON or in logfmt. It is asked of every record, so it has to be quick.
func served(line []byte) bool {
	return ends(line, "ethod") && (bytes.Contains(line, []byte("tatus")) || ends(line, "ode"))
}

// ends reports whether a line has a field whose name ends so.
func ends(line []byte, end string) bool {
	return bytes.Contains(line, []byte(end+`"`)) || bytes.Contains(line, []byte(end+"="))
}

// requested is a request as access logs quote it.
var requested = regexp.MustCompile(`^([A-Z]+) (\S+)(?: HTTP/\S+)?$`)

// requestOf reads a record of an access log, as nginx, Envoy, Traefik and Caddy write it. It reports whether
// it is one.
func requestOf(f fields.Fields, zone *time.Location) (Event, bool) {
	asked, _ := f["request"].(map[string]any) // Caddy's
	all := []fields.Fields{f, asked}
	method, path := anyText(all, "request_method", "RequestMethod", "requestMethod", "method"),
		anyText(all, "request_uri", "RequestPath", "uri", "requestUrl", "x-envoy-original-path", "path", "url")
	if m := requested.FindStringSubmatch(f.Text("request")); m != nil {
		method, path = m[1], m[2]
	}
	e := Event{What: Requested, View: FromApache, Method: method, Path: withoutHost(path), Status: count(f, "status", "DownstreamStatus", "response_code", "status_code", "statusCode")}
	if e.Method == "" || e.Status < 100 || !strings.HasPrefix(e.Path, "/") {
		return Event{}, false
	}
	e.Length = count(f, "body_bytes_sent", "DownstreamContentSize", "bytes_sent", "size", "bytes", "response_size")
	e.Address = anyText(all, "remote_addr", "ClientHost", "remote_ip", "client_ip", "clientip", "remote_host")
	if peer := f.Text("downstream_remote_address"); peer != "" {
		e.Address = withoutPort(peer)
	}
	e.Time = f.Time(zone)
	e.Host = f.Text("_HOSTNAME", "Hostname", "hostname", "host.name")
	return e, true
}

// anyText returns the first of the names that one of the records has.
func anyText(all []fields.Fields, names ...string) string {
	for _, f := range all {
		if text := f.Text(names...); text != "" {
			return text
		}
	}
	return ""
}

// count returns the first of the fields that is a number, also one that is written as a text; 0 if none is.
func count(f fields.Fields, names ...string) int {
	for _, name := range names {
		switch v := f[name].(type) {
		case float64:
			return int(v)
		case json.Number:
			return number([]byte(v))
		case string:
			if n, err := strconv.Atoi(v); err == nil {
				return n
			}
		}
	}
	return 0
}
