// SPDX-License-Identifier: Apache-2.0

//go:build lab

package query

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/database/address"
)

const tlsSecret = "s3cret-of-the-tls-test"

// authority signs certificates for the test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

// sign writes a certificate and its key, and returns both with the files. Without an authority it is one itself.
func sign(t *testing.T, by *authority, name string, names ...string) (a *authority, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true, IsCA: by == nil, DNSNames: names,
	}
	if ip := net.ParseIP(name); ip != nil {
		c.IPAddresses = []net.IP{ip}
	}
	parent, signer := c, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	a = &authority{c, key, keep(t, "CERTIFICATE", der)}
	return a, keep(t, "EC PRIVATE KEY", private)
}

func keep(t *testing.T, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// mariaDB starts a server of its own on loopback, with a user who may log in and one who needs a certificate for it; returns its port.
func mariaDB(t *testing.T, options ...string) int {
	t.Helper()
	who, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	common := []string{"--no-defaults", "--user=" + who.Username, "--datadir=" + dir + "/data", "--tmpdir=" + dir}
	if out, err := exec.CommandContext(t.Context(), "mariadb-install-db", append(common, "--auth-root-authentication-method=normal", "--skip-test-db")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	users := fmt.Sprintf("CREATE USER 'tls'@'%%' IDENTIFIED BY '%s';\nCREATE USER 'known'@'%%' IDENTIFIED BY '%s' REQUIRE X509;\n", tlsSecret, tlsSecret)
	if err := os.WriteFile(dir+"/users.sql", []byte(users), 0o600); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	cmd := exec.CommandContext(t.Context(), "mariadbd", append(append(common, "--socket="+dir+"/s", "--pid-file="+dir+"/pid", "--bind-address=127.0.0.1",
		fmt.Sprintf("--port=%d", port), "--skip-name-resolve", "--skip-log-bin", "--innodb-buffer-pool-size=16M", "--init-file="+dir+"/users.sql"), options...)...)
	log := &strings.Builder{}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for until := time.Now().Add(5 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			_ = conn.Close()
			return port
		}
		if time.Now().After(until) {
			t.Fatalf("mariadbd does not start:\n%s", log)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	at, is := l.Addr().(*net.TCPAddr)
	if !is {
		t.Fatal(l.Addr())
	}
	return at.Port
}

// A connection is encrypted and verified as the URL says, as PyMySQL would do it. What is wrong is one sentence without the password.
func TestLabDatabaseTLS(t *testing.T) {
	ca, _ := sign(t, nil, "right authority")
	other, _ := sign(t, nil, "wrong authority")
	mine, mineKey := sign(t, ca, "127.0.0.1")
	named, namedKey := sign(t, ca, "db", "db.example.org")
	client, clientKey := sign(t, ca, "client")
	serve := func(cert *authority, key string) int {
		return mariaDB(t, "--ssl-ca="+ca.file, "--ssl-cert="+cert.file, "--ssl-key="+key)
	}
	right, misnamed, bare := serve(mine, mineKey), serve(named, namedKey), mariaDB(t, "--skip-ssl")
	for name, c := range map[string]struct {
		port        int
		user, query string
		want        string // empty: it connects
	}{
		"right authority":      {right, "tls", "ssl_ca=" + ca.file, ""},
		"wrong authority":      {right, "tls", "ssl_ca=" + other.file, "signed by none of the authorities in " + other.file},
		"this machine's":       {right, "tls", "ssl_verify_cert=true", "none of the authorities of this machine"},
		"another name":         {misnamed, "tls", "ssl_ca=" + ca.file, "not for 127.0.0.1, but for db.example.org"},
		"any name":             {misnamed, "tls", "ssl_ca=" + ca.file + "&ssl_check_hostname=false", ""},
		"any name, wrong":      {misnamed, "tls", "ssl_ca=" + other.file + "&ssl_check_hostname=false", "signed by none"},
		"no TLS":               {bare, "tls", "ssl_ca=" + ca.file, "offers no TLS"},
		"no TLS, none wanted":  {bare, "tls", "", ""},
		"own certificate":      {right, "known", "ssl_ca=" + ca.file + "&ssl_cert=" + client.file + "&ssl_key=" + clientKey, ""},
		"no own certificate":   {right, "known", "ssl_ca=" + ca.file, "refuses user known"},
		"no file of authority": {right, "tls", "ssl_ca=/nowhere/ca.pem", "ssl_ca /nowhere/ca.pem"},
	} {
		t.Run(name, func(t *testing.T) {
			at, err := (&address.Setup{}).Cell(fmt.Sprintf("mysql+pymysql://%s:%s@127.0.0.1:%d/nova?%s", c.user, tlsSecret, c.port, c.query))
			if err != nil {
				t.Fatal(err)
			}
			s, err := Open(t.Context(), at, time.Minute)
			if err == nil {
				defer s.Close()
			}
			if c.want != "" {
				oneSentence(t, err, c.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var variable, cipher string
			if err := s.conn.QueryRowContext(t.Context(), "SHOW STATUS LIKE 'Ssl_cipher'").Scan(&variable, &cipher); err != nil || (cipher == "") != (c.query == "") {
				t.Errorf("cipher %q, %v", cipher, err)
			}
		})
	}
}

func oneSentence(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatal("connected")
	}
	t.Log(err)
	if text := err.Error(); !strings.Contains(text, want) || !strings.Contains(text, "cell_mappings") || strings.Contains(text, tlsSecret) || strings.Contains(text, "\n") {
		t.Errorf("%q, want %q", text, want)
	}
}
