// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// Fault is one thing wrong with the options, or with the files and variables they lead to.
type Fault struct {
	Option string // the option to change; the nearest one where a file is at fault
	Value  string // what was given, empty for secrets
	Reason string // lower case, no period, without the value
}

// Error is the fault in one line.
func (f Fault) Error() string {
	if f.Value == "" {
		return fmt.Sprintf("%s: %s", f.Option, f.Reason)
	}
	return fmt.Sprintf("%s: %q %s", f.Option, f.Value, f.Reason)
}

// Error holds everything found wrong with the configuration before any request was sent.
type Error struct {
	Faults []Fault
}

// Error lists the faults in one line.
func (e *Error) Error() string {
	all := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		all[i] = f
	}
	return several.Join(all...).Error()
}

// Refuse makes one error of the faults; nil if there are none.
func Refuse(faults ...Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Faults: faults}
}

// Faults is everything wrong in the options themselves, found without network and files.
func (o *Options) Faults() []Fault {
	faults := o.cloudFaults()
	report := func(bad bool, option, value, reason string) {
		if bad {
			faults = append(faults, Fault{Option: option, Value: value, Reason: reason})
		}
	}
	known := o.AuthType == "" || slices.Contains(Logins(), canonical(o.AuthType))
	report(!known, "auth_type", o.AuthType, "is not supported; choose from "+strings.Join(Logins(), ", "))
	report(o.Interface != "" && ShortInterface(o.Interface) == "", "interface", o.Interface, "is not public, internal or admin")
	for _, a := range [][2]string{{"placement_endpoint", o.PlacementEndpoint}, {"compute_endpoint", o.ComputeEndpoint}} {
		reason := checkURL(a[1])
		report(a[1] != "" && reason != "", a[0], masked(a[1]), reason)
	}
	report(o.ClientKey != "" && o.ClientCert == "", "client_key", "", "is useless without client_cert")
	report(o.APITimeout < 0, "api_timeout", strconv.Itoa(o.APITimeout), "is not a number of seconds above 0")
	report(o.Timeout < 0, "timeout", strconv.Itoa(o.Timeout), "is not a number of seconds above 0")
	report(o.Concurrency < 0 || o.Concurrency > MaxConcurrency, "concurrency", strconv.Itoa(o.Concurrency), "is not from 1 to 64")
	return faults
}

// cloudFaults refuses auth beside a dictionary, as openstack.cloud does: one of them would be ignored.
func (o *Options) cloudFaults() []Fault {
	var faults []Fault
	switch c := o.Cloud.(type) {
	case nil, string:
	case map[string]any:
		for option, given := range map[string]bool{"auth": len(o.Auth) > 0, "auth_type": o.AuthType != ""} {
			if given {
				faults = append(faults, Fault{Option: option, Reason: "cannot be given beside a cloud that is a dictionary; put it there"})
			}
		}
		slices.SortFunc(faults, func(a, b Fault) int { return strings.Compare(a.Option, b.Option) })
		if len(c) == 0 {
			faults = append(faults, Fault{Option: "cloud", Reason: "is an empty dictionary"})
		}
	default:
		faults = append(faults, Fault{Option: "cloud", Reason: fmt.Sprintf("is neither a name nor a dictionary but %T", c)})
	}
	return faults
}
