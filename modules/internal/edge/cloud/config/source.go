// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// source is where the credentials come from, before the other options are laid over.
type source struct {
	name   string // of the cloud in its file; empty if it is of none
	origin string // for messages: `cloud "a" of /etc/openstack/clouds.yaml`
	values Values
}

// pick finds the one source. Sources are never mixed, so that what a run acts on can be read off its options.
func (p *Place) pick(o *Options) (*source, *Fault) {
	switch c := o.Cloud.(type) {
	case map[string]any:
		values, _ := fromAny(c).(Values)
		return &source{origin: "option cloud", values: values.Underscored()}, nil
	case string:
		if c != "" {
			return p.named(o, c)
		}
	}
	if o.selfSufficient() {
		return &source{origin: "option auth", values: Values{}}, nil
	}
	if o.CloudsFile != "" {
		return p.fromCloudsFile(o)
	}
	if name := p.Env["OS_CLOUD"]; name != "" {
		return fromVariable(p.named(o, name))
	}
	if values := p.environment(); values != nil {
		return &source{origin: "the environment", values: values}, nil
	}
	return p.unnamed()
}

// selfSufficient reports whether the options say by themselves how to log in.
func (o *Options) selfSufficient() bool {
	return len(o.Auth) > 0 || IsStandalone(o.AuthType)
}

func (p *Place) named(o *Options, name string) (*source, *Fault) {
	lib, err := p.library(o)
	if errors.Is(err, errNoFile) {
		return nil, &Fault{Option: "cloud", Value: name, Reason: "was not found: no clouds.yaml in " + strings.Join(p.dirs(), ", ")}
	}
	if err != nil {
		return nil, fileFault(o, err)
	}
	return p.fromLibrary(lib, name)
}

func (p *Place) library(o *Options) (*library, error) {
	if o.CloudsFile != "" {
		return p.open(p.expand(o.CloudsFile), files.ReadGuarded)
	}
	return p.search()
}

func (p *Place) fromLibrary(lib *library, name string) (*source, *Fault) {
	values, fault := lib.entry(name)
	if fault != nil {
		return nil, fault
	}
	return &source{name: name, origin: fmt.Sprintf("cloud %q of %s", name, lib.path), values: values}, nil
}

func (p *Place) fromCloudsFile(o *Options) (*source, *Fault) {
	lib, err := p.library(o)
	if err != nil {
		return nil, fileFault(o, err)
	}
	if name := p.Env["OS_CLOUD"]; name != "" {
		return fromVariable(p.fromLibrary(lib, name))
	}
	name := lib.obvious()
	if name == "" {
		return nil, &Fault{Option: "cloud", Reason: "not given, and " + lib.path + listed(" has ", lib.clouds.names())}
	}
	return p.fromLibrary(lib, name)
}

// fromVariable says where a name comes from that nobody finds in the options.
func fromVariable(src *source, fault *Fault) (*source, *Fault) {
	if fault != nil {
		fault.Reason += " (OS_CLOUD named it)"
	}
	return src, fault
}

// obvious is the cloud meant when none is named: the only one, or the one Kolla-Ansible itself would use.
func (l *library) obvious() string {
	names := l.clouds.names()
	if len(names) == 1 {
		return names[0]
	}
	for _, name := range kollaClouds() {
		if slices.Contains(names, name) {
			return name
		}
	}
	return ""
}

// kollaClouds are written by kolla-ansible post-deploy, the second with the public URL:
// https://opendev.org/openstack/kolla-ansible/src/branch/master/ansible/post-deploy.yml
func kollaClouds() []string { return []string{"kolla-admin-internal", "kolla-admin"} }

// unnamed looks for files when neither options nor environment say anything.
func (p *Place) unnamed() (*source, *Fault) {
	lib, err := p.search()
	if err != nil && !errors.Is(err, errNoFile) {
		return nil, fileFault(&Options{}, err)
	}
	if lib == nil {
		return p.fromKolla()
	}
	if names := lib.clouds.names(); len(names) == 1 {
		return p.fromLibrary(lib, names[0])
	}
	return nil, &Fault{Option: "cloud", Reason: "not given, and " + lib.path + listed(" has ", lib.clouds.names())}
}

func (p *Place) fromKolla() (*source, *Fault) {
	lib, err := p.open(p.Kolla, files.ReadGuarded)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Fault{Option: "cloud", Reason: "not given, nor auth; no OS_CLOUD and no OS_AUTH_URL in the environment; no clouds.yaml in " +
			strings.Join(p.dirs(), ", ") + "; no " + p.Kolla}
	}
	if err != nil {
		return nil, fileFault(&Options{}, err)
	}
	for _, name := range kollaClouds() {
		if _, ok := lib.clouds[name]; ok {
			return p.fromLibrary(lib, name)
		}
	}
	return nil, &Fault{Option: "cloud", Reason: "not given, and " + p.Kolla + " has neither " + strings.Join(kollaClouds(), " nor ")}
}

func fileFault(o *Options, err error) *Fault {
	option := "cloud"
	if o.CloudsFile != "" {
		option = "clouds_file"
	}
	return &Fault{Option: option, Reason: "cannot be used: " + strings.Join(strings.Fields(err.Error()), " ")}
}

// environment reads an openrc that was sourced; nil if none was. Variables that only select or adjust (OS_REGION_NAME,
// OS_CACERT) are no credentials.
func (p *Place) environment() Values {
	if p.Env["OS_AUTH_URL"] == "" && !IsStandalone(p.Env["OS_AUTH_TYPE"]) {
		return nil
	}
	values := Values{}
	for _, key := range slices.Sorted(maps.Keys(p.Env)) {
		values.set(strings.ToLower(strings.TrimPrefix(key, "OS_")), p.Env[key])
	}
	delete(values, "cloud")
	return values
}
