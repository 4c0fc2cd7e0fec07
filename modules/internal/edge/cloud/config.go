// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gophercloud/utils/v2/openstack/clientconfig"
)

// config is what a session needs to know, from one source and the options laid over it.
type config struct {
	origin   string
	authType string // one of those in logins
	cloud    clientconfig.Cloud
	passcode string
	endpoint string // of auth, for the logins without a catalogue
	services map[string]service
	timeout  time.Duration
	unsafe   []string // what a person should know of it, in sentences
	unknown  []string // unknown members of auth
	strange  []string // and their values, any of which may be a misspelt secret
}

// service is what the configuration says about one service.
type service struct {
	override, region, iface string
}

// resolve reads the files and variables. All faults are reported together.
func (p *place) resolve(o *Options) (*config, error) {
	if faults := o.Faults(); len(faults) > 0 {
		return nil, configError(faults...)
	}
	src, fault := p.pick(o)
	if fault != nil {
		return nil, configError(*fault)
	}
	values, fault := regionValues(src.values, o.RegionName)
	if fault != nil {
		return nil, configError(*fault)
	}
	values.overlay(o.values())
	values = normalize(values)
	c, err := p.decode(values)
	if err != nil {
		return nil, err
	}
	c.origin = src.origin
	c.unsafe = unsafeTrust(o, values, src.origin)
	return c, configError(c.faults()...)
}

// values are the options in the words of clouds.yaml.
func (o *Options) values() tree {
	t := tree{}
	if auth, ok := fromAny(o.Auth).(tree); ok && len(auth) > 0 {
		t["auth"] = auth.underscored()
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

func (p *place) decode(t tree) (*config, error) {
	auth := t.branch("auth")
	info, err := authInfo(auth)
	if err != nil {
		return nil, configError(Fault{Option: "auth", Reason: err.Error()})
	}
	verify, ca, err := p.trust(t)
	if err != nil {
		return nil, configError(Fault{Option: "validate_certs", Reason: err.Error()})
	}
	c := &config{
		unknown:  unknownMembers(auth),
		authType: loginType(t.text("auth_type"), auth),
		passcode: auth.text("passcode"),
		endpoint: auth.text("endpoint"),
		timeout:  seconds(t.text("api_timeout")),
		services: map[string]service{"placement": serviceOf(t, "placement"), "compute": serviceOf(t, "compute")},
	}
	c.strange = strangeValues(auth, c.unknown)
	c.cloud = clientconfig.Cloud{
		AuthInfo: info, AuthType: clientconfig.AuthType(c.authType), RegionName: t.text("region_name"),
		EndpointType: t.text("interface"), Verify: &verify, CACertFile: ca,
		ClientCertFile: p.expand(t.text("cert")), ClientKeyFile: p.expand(t.text("key")),
		IdentityAPIVersion: "3", // a stale identity_api_version: 2 must not choose an API that is gone since Queens
	}
	return c, nil
}

// authInfo fills the struct of clientconfig through its JSON names. Logging in anew is always allowed.
func authInfo(auth tree) (*clientconfig.AuthInfo, error) {
	known := tree{}
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
func (p *place) trust(t tree) (verify bool, ca string, err error) {
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
	return defaultAPITimeout * time.Second
}

func serviceOf(t tree, name string) service {
	return service{
		override: t.text(name + "_endpoint_override"),
		region:   t.text(name + "_region_name"),
		iface:    t.text(name + "_interface"),
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
