// SPDX-License-Identifier: Apache-2.0

// Package config finds what a session needs to log in: in the options, a clouds.yaml with its secure.yaml, the environment, or
// Kolla's clouds.yaml, in that order and never mixed. A stray OS_* variable never redirects a cloud that was named. Everything
// wrong with it is reported at once, before any request is sent.
package config

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gophercloud/utils/v2/openstack/clientconfig"
)

// Config is what a session needs to know, from one source and the options laid over it.
type Config struct {
	Name     string // of the cloud in clouds.yaml; empty if it is of none
	origin   string
	AuthType string // one of those in logins
	Cloud    clientconfig.Cloud
	passcode string
	endpoint string // of auth, for the logins without a catalogue
	Services map[string]service
	Timeout  time.Duration
	Unsafe   []string // what a person should know of it, in sentences
	unknown  []string // unknown members of auth
	strange  []string // and their values, any of which may be a misspelt secret
}

// service is what the configuration says about one service.
type service struct {
	Override, Region, Interface string
}

// Resolve reads the files and variables. All faults are reported together.
func (p *Place) Resolve(o *Options) (*Config, error) {
	if faults := o.Faults(); len(faults) > 0 {
		return nil, Refuse(faults...)
	}
	src, fault := p.pick(o)
	if fault != nil {
		return nil, Refuse(*fault)
	}
	values, fault := regionValues(src.values, o.RegionName)
	if fault != nil {
		return nil, Refuse(*fault)
	}
	values.overlay(o.values())
	values = Normalize(values)
	c, err := p.decode(values)
	if err != nil {
		return nil, err
	}
	c.Name, c.origin = src.name, src.origin
	c.Unsafe = unsafeTrust(o, values, src.origin)
	return c, Refuse(c.faults()...)
}

// values are the options in the words of clouds.yaml.
func (o *Options) values() Values {
	t := Values{}
	if auth, ok := fromAny(o.Auth).(Values); ok && len(auth) > 0 {
		t["auth"] = auth.Underscored()
	}
	t.set("auth_type", o.AuthType)
	t.set("region_name", o.RegionName)
	t.set("endpoint_type", o.Interface) // wins over interface
	t.set("cacert", o.CACert)
	t.set("cert", o.ClientCert)
	t.set("key", o.ClientKey)
	t.set("placement_endpoint_override", o.PlacementEndpoint)
	t.set("compute_endpoint_override", o.ComputeEndpoint)
	if o.ValidateCerts != nil {
		t["verify"] = strconv.FormatBool(*o.ValidateCerts)
		t["insecure"] = "false" // verify decides
	}
	if o.APITimeout > 0 {
		t["api_timeout"] = strconv.Itoa(o.APITimeout)
	}
	return t
}

func (p *Place) decode(t Values) (*Config, error) {
	auth := t.branch("auth")
	info, err := authInfo(auth)
	if err != nil {
		return nil, Refuse(Fault{Option: "auth", Reason: err.Error()})
	}
	verify, ca, err := p.trust(t)
	if err != nil {
		return nil, Refuse(Fault{Option: "validate_certs", Reason: err.Error()})
	}
	c := &Config{
		unknown:  unknownMembers(auth),
		AuthType: loginType(t.text("auth_type"), auth),
		passcode: auth.text("passcode"),
		endpoint: auth.text("endpoint"),
		Timeout:  seconds(t.text("api_timeout")),
		Services: map[string]service{"placement": serviceOf(t, "placement"), "compute": serviceOf(t, "compute"), "image": serviceOf(t, "image")},
	}
	c.strange = strangeValues(auth, c.unknown)
	c.Cloud = clientconfig.Cloud{
		AuthInfo: info, AuthType: clientconfig.AuthType(c.AuthType), RegionName: t.text("region_name"),
		EndpointType: t.text("interface"), Verify: &verify, CACertFile: ca,
		ClientCertFile: p.expand(t.text("cert")), ClientKeyFile: p.expand(t.text("key")),
		IdentityAPIVersion: "3", // a stale identity_api_version: 2 must not choose an API that is gone since Queens
	}
	return c, nil
}

// authInfo fills the struct of clientconfig through its JSON names. Logging in anew is always allowed.
func authInfo(auth Values) (*clientconfig.AuthInfo, error) {
	known := Values{}
	known.overlay(auth)
	delete(known, "allow_reauth")
	for _, name := range known.names() {
		if _, ok := known[name].(string); !ok {
			return nil, fmt.Errorf("has a %s that is not a single value", name)
		}
	}
	text, err := json.Marshal(known)
	if err != nil {
		return nil, err
	}
	info := &clientconfig.AuthInfo{}
	if err := json.Unmarshal(text, info); err != nil {
		return nil, err
	}
	info.AllowReauth = true
	return info, nil
}

// trust reads verify, insecure and cacert; insecure wins, and verify may name the CA file, as with openstacksdk.
func (p *Place) trust(t Values) (verify bool, ca string, err error) {
	ca = p.expand(t.text("cacert"))
	insecure, ok := truth(t.text("insecure"), false)
	if !ok {
		return false, "", &strconv.NumError{Func: "insecure", Num: t.text("insecure"), Err: strconv.ErrSyntax}
	}
	verify, ok = truth(t.text("verify"), true)
	if !ok {
		verify = true
		if ca == "" {
			ca = p.expand(t.text("verify"))
		}
	}
	return verify && !insecure, ca, nil
}

// truth reads the words that YAML 1.1 and Ansible take for booleans.
func truth(word string, absent bool) (value, ok bool) {
	switch strings.ToLower(word) {
	case "":
		return absent, true
	case "true", "yes", "on", "y", "t", "1":
		return true, true
	case "false", "no", "off", "n", "f", "0":
		return false, true
	}
	return false, false
}

func seconds(text string) time.Duration {
	if s, err := strconv.ParseFloat(text, 64); err == nil && s > 0 && s < 1e6 {
		return time.Duration(s * float64(time.Second))
	}
	return DefaultAPITimeout * time.Second
}

func serviceOf(t Values, name string) service {
	return service{
		Override:  t.text(name + "_endpoint_override"),
		Region:    t.text(name + "_region_name"),
		Interface: t.text(name + "_interface"),
	}
}

// masked hides what a careless address carries before its host.
func masked(address string) string {
	if _, after, ok := strings.Cut(address, "@"); ok {
		return "***@" + after
	}
	return address
}

// checkURL says what is wrong with an address.
func checkURL(text string) string {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "is no URL"
	case u.Scheme != "http" && u.Scheme != "https":
		return "does not start with http:// or https://"
	case u.Host == "":
		return "has no host"
	case u.User != nil:
		return "has a user in it; use auth for credentials"
	}
	return ""
}
