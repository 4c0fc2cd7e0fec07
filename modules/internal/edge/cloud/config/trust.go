// SPDX-License-Identifier: Apache-2.0

package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/gophercloud/utils/v2/openstack/clientconfig"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// unusedPrefix keeps clientconfig from filling what a cloud leaves empty out of OS_* variables: with its default
// prefix an OS_TOKEN logs in with that token instead of the cloud's user, and an OS_PROJECT_ID changes the project.
const unusedPrefix = "OPENSTACK_OPS_PLACEMENT_UNUSED_"

// TLSConfig reads the certificates and hands them to clientconfig in place of the names of their files: clientconfig takes
// the name of a file that is not there for the certificate itself, and reads without a limit.
func (c *Config) TLSConfig() (*tls.Config, error) {
	if c.Cloud.ClientCertFile != "" && c.Cloud.ClientKeyFile == "" {
		c.Cloud.ClientKeyFile = c.Cloud.ClientCertFile // both in one file
	}
	content := c.Cloud
	var faults []Fault
	for _, f := range []struct {
		option string
		value  *string
	}{
		{"ca_cert", &content.CACertFile}, {"client_cert", &content.ClientCertFile}, {"client_key", &content.ClientKeyFile},
	} {
		if *f.value == "" {
			continue
		}
		text, err := files.Read(*f.value, files.MaxConfig)
		if err != nil {
			faults = append(faults, Fault{Option: f.option, Value: *f.value, Reason: unreadable(err)})
		}
		*f.value = string(text)
	}
	if len(faults) == 0 {
		faults = c.certificateFaults(&content)
	}
	if len(faults) > 0 {
		return nil, Refuse(faults...)
	}
	return clientconfig.PrepareTLSConfig(unusedPrefix, &content)
}

func unreadable(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "does not exist"
	}
	return "cannot be read: " + files.Cause(err).Error()
}

// certificateFaults looks at the content of the files.
func (c *Config) certificateFaults(content *clientconfig.Cloud) []Fault {
	var faults []Fault
	if c.Cloud.CACertFile != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(content.CACertFile)) {
		faults = append(faults, Fault{Option: "ca_cert", Value: c.Cloud.CACertFile, Reason: "has no certificate in PEM form"})
	}
	if c.Cloud.ClientCertFile != "" {
		_, err := tls.X509KeyPair([]byte(content.ClientCertFile), []byte(content.ClientKeyFile))
		if err != nil {
			faults = append(faults, Fault{Option: "client_cert", Value: c.Cloud.ClientCertFile, Reason: "cannot be used: " + err.Error()})
		}
	}
	return faults
}

// unsafeTrust says in sentences what is not verified, and which settings of one service alone do not count. values are
// those of the cloud with the options laid over them, origin says where they are from.
func unsafeTrust(o *Options, values Values, origin string) []string {
	var said []string
	if why := unverified(o, values, origin); why != "" {
		said = append(said, fmt.Sprintf("The certificates of the cloud are not verified (%s): anyone between the target and the cloud can read the "+
			"password and answer in its place. Name the authority's file in ca_cert instead.", why))
	}
	for _, name := range values.names() {
		if forOneService(name, values.text(name)) {
			said = append(said, fmt.Sprintf("%s of %s does not count: certificates are verified for all services or for none.", name, origin))
		}
	}
	return said
}

// unverified returns the setting because of which certificates are not verified; empty if they are.
func unverified(o *Options, values Values, origin string) string {
	if o.ValidateCerts != nil {
		if *o.ValidateCerts {
			return ""
		}
		return "validate_certs: false"
	}
	if insecure, ok := truth(values.text("insecure"), false); ok && insecure {
		return "insecure of " + origin
	}
	if verify, ok := truth(values.text("verify"), true); ok && !verify {
		return "verify of " + origin
	}
	return ""
}

// forOneService reports whether a setting means to leave the certificates of one service alone unverified.
func forOneService(name, value string) bool {
	switch on, ok := truth(value, false); {
	case strings.HasSuffix(name, "_insecure"):
		return ok && on
	case strings.HasSuffix(name, "_verify"):
		return ok && !on && value != ""
	}
	return false
}
