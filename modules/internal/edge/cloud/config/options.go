// SPDX-License-Identifier: Apache-2.0

package config

import "time"

// Defaults of the options; the tags of [Options] repeat the numbers, and a test compares them.
const (
	DefaultAPITimeout  = 60  // seconds
	DefaultTimeout     = 600 // seconds
	DefaultConcurrency = 16
	MaxConcurrency     = 64
)

// Options are the connection options every module shares, named as in openstack.cloud. A module embeds them in its
// own options. An empty string counts as not given: Kayobe passes empty strings when no openrc was sourced.
type Options struct {
	Cloud             any            `json:"cloud" jsonschema_description:"Name of a cloud in clouds.yaml, or a dictionary with the content of such an entry (C(auth), C(region_name) and so on). A named cloud is never changed by C(OS_*) variables. If neither this nor I(auth) is given, the environment is used (C(OS_CLOUD), or an openrc), then the only cloud of clouds.yaml, then C(kolla-admin-internal) or C(kolla-admin) of C(/etc/kolla/clouds.yaml)." jsonschema_extras:"x-ansible-type=raw"`
	Auth              map[string]any `json:"auth" jsonschema_description:"What the I(auth_type) needs, such as C(auth_url), C(username), C(password), C(project_name), C(user_domain_name), C(project_domain_name). With a named I(cloud) its members replace those of the cloud."`
	AuthType          string         `json:"auth_type" jsonschema:"enum=password,enum=v3password,enum=token,enum=v3token,enum=v3applicationcredential,enum=v3totp,enum=none,enum=admin_token,enum=http_basic" jsonschema_description:"How to log in. C(none), C(admin_token) and C(http_basic) are for a Placement without Keystone and need I(placement_endpoint) or C(endpoint) in I(auth)."`
	RegionName        string         `json:"region_name" jsonschema_description:"Region whose endpoints are used."`
	Interface         string         `json:"interface" jsonschema:"enum=public,enum=internal,enum=admin,enum=publicURL,enum=internalURL,enum=adminURL" jsonschema_description:"Endpoints to use, C(public) if nothing says otherwise." jsonschema_extras:"x-ansible-aliases=endpoint_type"`
	ValidateCerts     *bool          `json:"validate_certs" jsonschema_description:"Refuse services whose certificates are not valid. True if nothing says otherwise. If false, C(warnings) say so." jsonschema_extras:"x-ansible-aliases=verify"`
	CACert            string         `json:"ca_cert" jsonschema_description:"File with the certificates of the authorities to trust, instead of those of the system." jsonschema_extras:"x-ansible-aliases=cacert,x-ansible-type=path"`
	ClientCert        string         `json:"client_cert" jsonschema_description:"File with the certificate to present to the services." jsonschema_extras:"x-ansible-aliases=cert,x-ansible-type=path"`
	ClientKey         string         `json:"client_key" jsonschema_description:"File with the key of I(client_cert)." jsonschema_extras:"x-ansible-aliases=key,x-ansible-type=path"`
	APITimeout        int            `json:"api_timeout,omitempty" jsonschema:"minimum=1" jsonschema_description:"Seconds that one request may take, including its answer. The C(api_timeout) of the cloud if not set, or else 60."`
	Timeout           int            `json:"timeout" jsonschema:"minimum=1,default=600" jsonschema_description:"Seconds the whole task may take."`
	CloudsFile        string         `json:"clouds_file" jsonschema_description:"A clouds.yaml outside the search path, such as C(/etc/kolla/clouds.yaml). A secure.yaml beside it is read too." jsonschema_extras:"x-ansible-type=path"`
	PlacementEndpoint string         `json:"placement_endpoint" jsonschema_description:"URL of Placement, instead of the one in the catalogue."`
	ComputeEndpoint   string         `json:"compute_endpoint" jsonschema_description:"URL of Nova, with its version (C(http://nova:8774/v2.1)), instead of the one in the catalogue."`
	Concurrency       int            `json:"concurrency" jsonschema:"minimum=1,maximum=64,default=16" jsonschema_description:"Requests in flight at the same time."`
}

// TaskTimeout is the time the whole task may take.
func (o Options) TaskTimeout() time.Duration {
	if o.Timeout <= 0 {
		return DefaultTimeout * time.Second
	}
	return time.Duration(o.Timeout) * time.Second
}

// InFlight is how many requests may be sent at the same time.
func (o *Options) InFlight() int {
	if o.Concurrency <= 0 {
		return DefaultConcurrency
	}
	return min(o.Concurrency, MaxConcurrency)
}
