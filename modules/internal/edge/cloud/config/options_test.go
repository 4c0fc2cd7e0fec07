// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTagsSayTheDefaults(t *testing.T) {
	kind := reflect.TypeFor[Options]()
	for name, want := range map[string]string{
		"Timeout":     fmt.Sprintf("default=%d", DefaultTimeout),
		"Concurrency": fmt.Sprintf("maximum=%d,default=%d", MaxConcurrency, DefaultConcurrency),
	} {
		f, _ := kind.FieldByName(name)
		if !strings.Contains(f.Tag.Get("jsonschema"), want) {
			t.Errorf("%s: %q lacks %q", name, f.Tag.Get("jsonschema"), want)
		}
	}
	f, _ := kind.FieldByName("APITimeout")
	if !strings.HasSuffix(f.Tag.Get("jsonschema_description"), fmt.Sprintf("or else %d.", DefaultAPITimeout)) {
		t.Error("APITimeout does not say its default")
	}
	f, _ = kind.FieldByName("AuthType")
	for _, login := range Logins() {
		if !strings.Contains(f.Tag.Get("jsonschema")+",", "enum="+login+",") {
			t.Errorf("auth_type does not offer %s", login)
		}
	}
	for i := range kind.NumField() {
		if text := kind.Field(i).Tag.Get("jsonschema_description"); !strings.HasSuffix(text, ".") {
			t.Errorf("%s: no sentence: %q", kind.Field(i).Name, text)
		}
	}
}

func TestZeroOptions(t *testing.T) {
	var o Options
	if o.TaskTimeout() != 10*time.Minute || o.InFlight() != 16 || o.Faults() != nil {
		t.Errorf("got %s, %d, %v", o.TaskTimeout(), o.InFlight(), o.Faults())
	}
}

func TestAllFaultsTogether(t *testing.T) {
	o := Options{Cloud: 7, AuthType: "kerberos", Interface: "inside", PlacementEndpoint: "p:1", ComputeEndpoint: "ftp://u:hunter2@c", ClientKey: "k", APITimeout: -1, Timeout: -1, Concurrency: 65}
	want := []string{"cloud", "auth_type", "interface", "placement_endpoint", "compute_endpoint", "client_key", "api_timeout", "timeout", "concurrency"}
	var got []string
	for _, f := range o.Faults() {
		got = append(got, f.Option)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if text := Refuse(o.Faults()...).Error(); strings.Contains(text, "hunter2") {
		t.Error(text)
	}
}
