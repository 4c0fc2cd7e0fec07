// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

func secureServer(t *testing.T, adjust func(*tls.Config)) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"things": []}`) }))
	server.TLS = &tls.Config{}
	if adjust != nil {
		adjust(server.TLS)
	}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func pemFile(t *testing.T, name, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	writeFile(t, path, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
	return path
}

func tryTLS(t *testing.T, address string, adjust func(*config.Options)) error {
	t.Helper()
	o := &config.Options{AuthType: "none", PlacementEndpoint: address}
	adjust(o)
	s, err := connect(t.Context(), o, nil, nowhere(t))
	if err != nil {
		return err
	}
	defer s.Close()
	impatient(t, s)
	c, err := s.Placement()
	if err != nil {
		return err
	}
	err = read(t, c)
	if n := s.Requests()["GET"]; n != 1 {
		t.Errorf("%d tries", n)
	}
	return err
}

func TestCertificates(t *testing.T) {
	server := secureServer(t, nil)
	ca := pemFile(t, "ca.pem", "CERTIFICATE", server.Certificate().Raw)
	no, yes := false, true
	good := map[string]func(*config.Options){
		"ca_cert":               func(o *config.Options) { o.CACert = ca },
		"validate_certs: false": func(o *config.Options) { o.ValidateCerts = &no },
		"both":                  func(o *config.Options) { o.CACert, o.ValidateCerts = ca, &yes },
	}
	for name, adjust := range good {
		if err := tryTLS(t, server.URL, adjust); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := tryTLS(t, server.URL, func(*config.Options) {})
	wantError(t, err, server.URL+": the certificate is not accepted", "unknown authority", "hint: set ca_cert")
	err = tryTLS(t, strings.Replace(server.URL, "127.0.0.1", "localhost", 1), func(o *config.Options) { o.CACert = ca })
	wantError(t, err, "valid for example.com", "hint: use the host name of the certificate")
	err = tryTLS(t, strings.Replace(server.URL, "https:", "http:", 1), func(*config.Options) {})
	wantError(t, err, "HTTP request to an HTTPS server")
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	err = tryTLS(t, strings.Replace(plain.URL, "http:", "https:", 1), func(*config.Options) {})
	wantError(t, err, "speaks plain HTTP", "hint: use http://")
}

func TestBadCertificateFiles(t *testing.T) {
	junk := filepath.Join(t.TempDir(), "junk.pem")
	writeFile(t, junk, "no certificate")
	dir := t.TempDir()
	tests := map[string]struct {
		adjust func(*config.Options)
		want   string
	}{
		"missing":     {func(o *config.Options) { o.CACert = "/no/such/ca.pem" }, `ca_cert: "/no/such/ca.pem" does not exist`},
		"no PEM":      {func(o *config.Options) { o.CACert = junk }, `ca_cert: "` + junk + `" has no certificate in PEM form`},
		"a directory": {func(o *config.Options) { o.CACert = dir }, `ca_cert: "` + dir + `" cannot be read: it is a directory`},
		"no pair":     {func(o *config.Options) { o.ClientCert, o.ClientKey = junk, junk }, `client_cert: "` + junk + `" cannot be used: `},
		"key missing": {func(o *config.Options) { o.ClientCert, o.ClientKey = junk, "/no/key" }, `client_key: "/no/key" does not exist`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := tryTLS(t, "https://127.0.0.1:1", tt.adjust)
			var config *config.Error
			if !errors.As(err, &config) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestClientCertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "operator"}, NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	server := secureServer(t, func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert })
	ca := pemFile(t, "ca.pem", "CERTIFICATE", server.Certificate().Raw)
	cert, secretKey := pemFile(t, "c.pem", "CERTIFICATE", der), pemFile(t, "k.pem", "PRIVATE KEY", keyDER)
	err = tryTLS(t, server.URL, func(o *config.Options) { o.CACert, o.ClientCert, o.ClientKey = ca, cert, secretKey })
	if err != nil {
		t.Error(err)
	}
	// With TLS 1.3 the refusal comes after the handshake: a client that writes its request meanwhile may see a reset instead, and tries again.
	older := secureServer(t, func(c *tls.Config) { c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 })
	ca = pemFile(t, "older.pem", "CERTIFICATE", older.Certificate().Raw)
	err = tryTLS(t, older.URL, func(o *config.Options) { o.CACert = ca })
	wantError(t, err, "the TLS handshake failed", "client_cert")
}

type trustCase struct {
	o    *config.Options
	want string // in the one warning; empty for none
}

// Whoever turns verification off reads it in each result, whatever turned it off, and also if the login fails.
func TestUnverifiedIsSaid(t *testing.T) {
	no, yes := false, true
	cloud := func(extra map[string]any) *config.Options {
		values := map[string]any{"auth": map[string]any{
			"auth_url": "http://127.0.0.1:1", "username": "u", "password": "p", "project_name": "p", "user_domain_name": "d", "project_domain_name": "d",
		}}
		maps.Copy(values, extra)
		return &config.Options{Cloud: values, APITimeout: 1}
	}
	with := func(o *config.Options, validate *bool) *config.Options {
		o.ValidateCerts = validate
		return o
	}
	saysUnverified(t, map[string]trustCase{
		"by default":                {cloud(nil), ""},
		"validate_certs: true":      {with(cloud(nil), &yes), ""},
		"validate_certs: false":     {with(cloud(nil), &no), "not verified (validate_certs: false)"},
		"insecure":                  {cloud(map[string]any{"insecure": true}), "not verified (insecure of option cloud)"},
		"insecure in words":         {cloud(map[string]any{"insecure": "on"}), "not verified (insecure of option cloud)"},
		"insecure: false":           {cloud(map[string]any{"insecure": false}), ""},
		"verify: false":             {cloud(map[string]any{"verify": false}), "not verified (verify of option cloud)"},
		"verify names a file":       {cloud(map[string]any{"verify": "/etc/hostname"}), ""},
		"insecure, but validated":   {with(cloud(map[string]any{"insecure": true, "verify": false}), &yes), ""},
		"of a region":               {cloud(map[string]any{"regions": []any{map[string]any{"name": "r", "values": map[string]any{"verify": "no"}}}}), "not verified (verify of"},
		"of one service":            {cloud(map[string]any{"placement_insecure": true}), "placement_insecure of option cloud does not count"},
		"of one service, by verify": {cloud(map[string]any{"compute-verify": "false"}), "compute_verify of option cloud does not count"},
		"verified for one service":  {cloud(map[string]any{"compute_verify": "true", "identity_insecure": "false", "compute_insecure": ""}), ""},
	})
}

func saysUnverified(t *testing.T, cases map[string]trustCase) {
	t.Helper()
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			told := &listener{}
			s, err := connect(t.Context(), tt.o, told, nowhere(t))
			if err == nil {
				s.Close()
				t.Fatal("nobody is there to log in to")
			}
			said := strings.Join(told.warnings, "\n")
			if tt.want == "" && said != "" || !strings.Contains(said, tt.want) || len(told.warnings) > 1 {
				t.Errorf("warned of %q, want %q", said, tt.want)
			}
		})
	}
}

// What an openrc says counts as well.
func TestUnverifiedByTheEnvironment(t *testing.T) {
	p, told := nowhere(t), &listener{}
	p.Env = map[string]string{
		"OS_AUTH_URL": "http://127.0.0.1:1", "OS_USERNAME": "u", "OS_PASSWORD": "p", "OS_PROJECT_NAME": "p",
		"OS_USER_DOMAIN_NAME": "d", "OS_PROJECT_DOMAIN_NAME": "d", "OS_INSECURE": "true",
	}
	if s, err := connect(t.Context(), &config.Options{APITimeout: 1}, told, p); err == nil {
		s.Close()
		t.Fatal("nobody is there to log in to")
	}
	if said := strings.Join(told.warnings, "\n"); !strings.Contains(said, "insecure of the environment") {
		t.Errorf("warned of %q", said)
	}
}
