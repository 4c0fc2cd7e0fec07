// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"crypto/tls"
	"crypto/x509"
	"os"

	"github.com/gophercloud/utils/v2/openstack/clientconfig"
)

// unusedPrefix keeps clientconfig from filling what a cloud leaves empty out of OS_* variables: with its default
// prefix an OS_TOKEN logs in with that token instead of the cloud's user, and an OS_PROJECT_ID changes the project.
const unusedPrefix = "OPENSTACK_OPS_PLACEMENT_UNUSED_"

// tlsConfig reads the certificates. clientconfig takes the name of a file that is not there for the certificate
// itself, so the files are looked at first.
func (c *config) tlsConfig() (*tls.Config, error) {
	if c.cloud.ClientCertFile != "" && c.cloud.ClientKeyFile == "" {
		c.cloud.ClientKeyFile = c.cloud.ClientCertFile // both in one file
	}
	var faults []Fault
	for _, f := range [][2]string{
		{"ca_cert", c.cloud.CACertFile}, {"client_cert", c.cloud.ClientCertFile}, {"client_key", c.cloud.ClientKeyFile},
	} {
		if reason := unreadable(f[1]); reason != "" {
			faults = append(faults, Fault{Option: f[0], Value: f[1], Reason: reason})
		}
	}
	if len(faults) == 0 {
		faults = c.certificateFaults()
	}
	if len(faults) > 0 {
		return nil, configError(faults...)
	}
	return clientconfig.PrepareTLSConfig(unusedPrefix, &c.cloud)
}

func unreadable(path string) string {
	if path == "" {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		if os.IsNotExist(err) {
			return "does not exist"
		}
		return "cannot be read: " + reasonOf(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "is a directory"
	}
	return ""
}

func reasonOf(err error) string {
	if p, ok := err.(*os.PathError); ok { //nolint:errorlint // os.Open returns it unwrapped
		return p.Err.Error()
	}
	return err.Error()
}

func (c *config) certificateFaults() []Fault {
	var faults []Fault
	if ca := c.cloud.CACertFile; ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil || !x509.NewCertPool().AppendCertsFromPEM(text) {
			faults = append(faults, Fault{Option: "ca_cert", Value: ca, Reason: "has no certificate in PEM form"})
		}
	}
	if c.cloud.ClientCertFile != "" {
		_, err := tls.LoadX509KeyPair(c.cloud.ClientCertFile, c.cloud.ClientKeyFile)
		if err != nil {
			faults = append(faults, Fault{Option: "client_cert", Value: c.cloud.ClientCertFile, Reason: "is of no use: " + err.Error()})
		}
	}
	return faults
}
