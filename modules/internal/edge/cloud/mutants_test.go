// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"regexp"
	"strings"
	"testing"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict/stricttest"
)

// tokenBody is what Keystone 22 answers a login with, shortened.
const tokenBody = `{"token": {"methods": ["password"], "user": {"domain": {"id": "default", "name": "Default"}, "id": "u", "name": "admin",
	"password_expires_at": null}, "audit_ids": ["x"], "expires_at": "2026-11-22T11:00:00.000000Z", "issued_at": "2026-11-22T10:00:00.000000Z",
	"project": {"domain": {"id": "default", "name": "Default"}, "id": "p", "name": "admin"}, "is_domain": false,
	"roles": [{"id": "r1", "name": "admin"}, {"id": "r2", "name": "reader"}], "catalog": [
	{"endpoints": [{"id": "e1", "interface": "public", "region_id": "RegionOne", "url": "http://h:8778", "region": "RegionOne"}], "id": "s1", "type": "placement", "name": "placement"},
	{"endpoints": [], "id": "s2", "type": "identity", "name": "keystone"}]}}`

func decodedToken(body []byte) (int, error) {
	var answer tokenAnswer
	err := strict.Decode(body, &answer, nil)
	if err != nil || !strings.Contains(string(body), `"catalog"`) { // a token without scope has none
		return 1, err
	}
	return len(answer.Token.Catalogue) + len(answer.Token.Roles), nil
}

func TestMutants(t *testing.T) {
	stricttest.Mutants(t, []stricttest.Exchange{{Path: "/auth/tokens", Body: tokenBody}},
		[]stricttest.Decoder{{Path: regexp.MustCompile("tokens"), Key: "token", Decode: decodedToken}}, 1000)
}

func FuzzToken(f *testing.F) {
	f.Add([]byte(tokenBody))
	f.Fuzz(func(_ *testing.T, body []byte) { _, _ = decodedToken(body) })
}

// FuzzRefusal reads any bytes as a refusal: what is told of it is a line of bounded length.
func FuzzRefusal(f *testing.F) {
	for _, body := range []string{
		`{"errors": [{"status": 409, "title": "Conflict", "detail": "There was a conflict.\n\n x  ", "code": "placement.concurrent_update", "request_id": "req-a"}]}`,
		`{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`,
		`{"itemNotFound": {"code": 404, "message": "Instance 42 could not be found."}}`, `<html><title>502</title>`, "<title>\xdb\xdb\xdb\xdb</title>", "\xff\n", `{"errors": null}`,
	} {
		f.Add([]byte(body), "application/json")
		f.Add([]byte(body), "text/html")
	}
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		said := parseAnswer(body, kind)
		if strings.ContainsAny(said.code+said.detail+said.requestID, "\n\r\x1b") || len(said.detail) > maxDetail+len("a web page, ...") {
			t.Errorf("%q", said)
		}
	})
}
