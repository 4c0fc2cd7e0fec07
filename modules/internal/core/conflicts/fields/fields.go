// SPDX-License-Identifier: Apache-2.0

// Package fields reads what a record of a log has, under the names that programs, collectors and stores of logs give it.
package fields

import (
	"cmp"
	"strings"
)

// Fields are those of a JSON record.
type Fields map[string]any

// Document returns what an export of OpenSearch, Splunk or a cloud's own logging has among its metadata: the fields of the
// record, with those around them.
func (f Fields) Document() Fields {
	for _, name := range []string{"_source", "fields", "result", "jsonPayload", "attributes", "body", "labels", "stream", "kubernetes", "host", "log"} {
		inside, _ := f[name].(map[string]any)
		for key, value := range inside {
			if name == "host" || name == "log" {
				key = name + "." + key
			}
			if list, ok := value.([]any); ok && len(list) == 1 && name == "fields" {
				value = list[0]
			}
			if _, has := f[key]; !has && (name != "labels" || key != "name") || name == "_source" {
				f[key] = value
			}
		}
	}
	return f
}

// Message returns the text of the record.
func (f Fields) Message() string {
	return f.Text(MessageNames()...)
}

// MessageNames are the names under which programs and stores of logs keep a message.
func MessageNames() []string {
	return []string{
		"MESSAGE", "Payload", "message", "log", "line", "Line", "body", "textPayload", "msg", "_raw", "full_message", "short_message",
		"SyslogMessage", "LogMessage", "RawData", "stringValue", "log.message",
	}
}

// Text returns the first of the fields that has one. journald gives a message with colours as a list of bytes, oslo.log a
// traceback as one of lines, of which the last has what was raised.
func (f Fields) Text(names ...string) string {
	for _, name := range names {
		switch v := f[name].(type) {
		case string:
			if v != "" {
				return v
			}
		case []any:
			return asText(v)
		}
	}
	return ""
}

// Host returns the name of the writer's host.
func (f Fields) Host() string {
	return f.Text("_HOSTNAME", "Hostname", "hostname", "host", "host.name", "Computer")
}

// Service returns the name of the program that wrote the record.
func (f Fields) Service() string {
	return f.Text("programname", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "container_name", "service", "ProcessName")
}

// IDs returns the request ids that the record has beside its message, the caller's first.
func (f Fields) IDs() []string {
	context, _ := f["context"].(map[string]any)
	var ids []string
	for _, id := range []string{
		cmp.Or(f.Text("global_request_id"), Fields(context).Text("global_request_id")),
		cmp.Or(f.Text("request_id", "REQUEST_ID"), Fields(context).Text("request_id")),
	} {
		if strings.HasPrefix(id, "req-") {
			ids = append(ids, id)
		}
	}
	return ids
}

// Level returns that of the message, in the words of oslo.log.
func (f Fields) Level() string {
	if n := f.Text("PRIORITY"); n != "" && n <= "3" {
		return "ERROR"
	}
	return strings.ToUpper(f.Text("levelname", "log_level", "LOGGER_LEVEL", "level", "severity", "log.level"))
}

// asText reads a list of bytes, and the last of a list of texts.
func asText(list []any) string {
	if len(list) > 0 {
		if last, ok := list[len(list)-1].(string); ok {
			return last
		}
	}
	text := make([]byte, 0, len(list))
	for _, b := range list {
		n, _ := b.(float64)
		text = append(text, byte(n))
	}
	return string(text)
}
