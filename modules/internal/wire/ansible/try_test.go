// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

const testDoc = `
short_description: Does what tests want
description:
  - A module for tests.
version_added: 0.1.0
author:
  - Tests (@tests)
examples: |
  - name: Try
    openstack_ops.placement.placement_try:
      say: hello
returns:
  said:
    description: What was said.
    type: str
    returned: success
`

// Common stands for the options that several modules share.
type Common struct {
	Cloud   any               `json:"cloud,omitempty" jsonschema_description:"Cloud." jsonschema_extras:"x-ansible-type=raw"`
	Auth    map[string]any    `json:"auth,omitempty" jsonschema_description:"Auth."`
	Env     map[string]string `json:"env,omitempty" jsonschema_description:"Env."`
	Timeout float64           `json:"timeout,omitempty" jsonschema:"minimum=0" jsonschema_description:"Timeout."`
}

func (c Common) TaskTimeout() time.Duration { return time.Duration(c.Timeout * float64(time.Second)) }

func (c Common) Validate(*Call) error {
	if c.Timeout == 13 {
		return &OptionError{Option: "timeout", Value: "13", Reason: "must not be 13"}
	}
	return nil
}

type Try struct {
	Common
	Say      string             `json:"say" jsonschema_description:"What to say."`
	Do       string             `json:"do" jsonschema:"enum=nothing,enum=panic,enum=fail,enum=wait,enum=print,enum=details,enum=cycle,default=nothing" jsonschema_description:"What to do."`
	Key      string             `json:"key" jsonschema_description:"A secret." jsonschema_extras:"x-ansible-no_log=true,x-ansible-aliases=api_key"`
	Pins     []int              `json:"pins" jsonschema_description:"Secrets." jsonschema_extras:"x-ansible-no_log=true"`
	Sizes    map[string]size    `json:"sizes" jsonschema_description:"Sizes."`
	Tags     []string           `json:"tags" jsonschema:"minLength=2,maxItems=3" jsonschema_description:"Tags."`
	Ratio    float64            `json:"ratio" jsonschema:"default=0.5,minimum=0,exclusiveMaximum=1" jsonschema_description:"Ratio."`
	ID       string             `json:"id" jsonschema:"pattern=^[a-f0-9]+$" jsonschema_description:"ID."`
	Logins   []login            `json:"logins" jsonschema_description:"Logins."`
	Weights  map[string]float64 `json:"weights" jsonschema_description:"Weights."`
	Optional *int               `json:"optional" jsonschema:"minimum=1" jsonschema_description:"Optional."`
}

type size struct {
	Total int     `json:"total" jsonschema:"required,minimum=1" jsonschema_description:"Total."`
	Ratio float64 `json:"ratio" jsonschema:"default=1.0" jsonschema_description:"Ratio."`
}

type login struct {
	User     string `json:"user" jsonschema:"required" jsonschema_description:"User."`
	Passcode string `json:"passcode" jsonschema_description:"Passcode." jsonschema_extras:"x-ansible-no_log=true"`
}

func (o *Try) Validate(call *Call) error {
	var errs []error
	if o.Ratio == 0 {
		errs = append(errs, &OptionError{Option: "ratio", Value: "0", Reason: "must not be 0"})
	}
	if o.Say == "rude" {
		errs = append(errs, &OptionError{Option: "say", Value: o.Say, Reason: "must be polite"})
	}
	if o.Say == "explode" {
		panic("validate went wrong")
	}
	if o.Do == "fail" && !call.Given("say") {
		errs = append(errs, &OptionError{Option: "say", Reason: "must be given to fail"})
	}
	return several.Join(append(errs, o.Common.Validate(call))...)
}

type tryResult struct {
	Said     string         `json:"said"`
	Check    bool           `json:"check"`
	Nothing  []string       `json:"nothing"`
	Options  any            `json:"options,omitempty"`
	Optional *int           `json:"optional"`
	ByKey    map[string]int `json:"by_key,omitempty"`
}

type detailedError struct{ secret string }

func (e *detailedError) Error() string { return "refused by " + e.secret }
func (e *detailedError) ResultKeys() map[string]any {
	return map[string]any{"refused": []string{"x"}, "said": "otherwise", "hint": e.secret}
}

func runTry(ctx context.Context, call *Call, o *Try) (any, error) {
	call.Warn("said %s", o.Say)
	call.Warn("said %s", o.Say)
	result := tryResult{Said: o.Say, Check: call.CheckMode, Optional: o.Optional}
	switch o.Do {
	case "panic":
		panic("said " + o.Say + " with " + o.Key)
	case "fail":
		return result, fmt.Errorf("could not say %s with %s", o.Say, o.Key)
	case "wait":
		if os.Getenv("BE_PLACEMENT") != "" {
			fmt.Println("waiting")
		}
		<-ctx.Done()
		return nil, fmt.Errorf("waiting: %w", ctx.Err())
	case "print":
		fmt.Println("a library that talks")
		result.Options = o
	case "details":
		return result, fmt.Errorf("wrapped: %w", &detailedError{o.Key})
	case "cycle":
		cycle := map[string]any{}
		cycle["cycle"] = cycle
		return cycle, nil
	}
	return result, nil
}

func testModules() []*Module {
	return []*Module{
		Define("placement_try", []byte(testDoc), runTry),
		Define("placement_free", []byte(testDoc), func(context.Context, *Call, *struct{}) (any, error) {
			return map[string]any{"changed": true, "list": []any(nil), "z": 1, "a": 2.5}, nil
		}),
		Define("placement_odd", []byte(testDoc), func(context.Context, *Call, *struct{}) (any, error) { return []int{1}, nil }),
		Define("placement_none", []byte(testDoc), func(context.Context, *Call, *struct{}) (any, error) { return nil, nil }),
	}
}
