// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
)

// permanent tells failures that the next try would meet again.
func permanent(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return dns.IsNotFound
	}
	return tlsProblem(err) || errors.Is(err, http.ErrSchemeMismatch) || tooLarge(err) || errors.Is(err, errNoToken)
}

// tooLarge tells answers with more bytes than they may have. Of the headers net/http says so in words only.
func tooLarge(err error) bool {
	var body *tooLargeError
	return errors.As(err, &body) || strings.Contains(err.Error(), "response headers exceeded")
}

// tlsProblem tells failures of the handshake: certificates refused by either side, and answers that are no TLS.
func tlsProblem(err error) bool {
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var op *net.OpError
	alert := errors.As(err, &op) && op.Op == "remote error" // as crypto/tls names what the other side complains of
	return alert || errors.As(err, &cert) || errors.As(err, &record)
}

func tlsDetail(err error) string {
	var cert *tls.CertificateVerificationError
	if errors.As(err, &cert) {
		return "the certificate is not accepted: " + oneLine(cert.Err.Error())
	}
	return "the TLS handshake failed: " + oneLine(innermost(err).Error())
}

func tlsHint(err error) string {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.As(err, &authority):
		return "set ca_cert to the file with the certificate of the authority that signed it"
	case errors.As(err, &name):
		return "use the host name of the certificate in the URL"
	}
	return "check the certificates of the service, and client_cert"
}
