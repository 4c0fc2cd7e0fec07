// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"encoding/json"
	"fmt"

	"github.com/invopop/jsonschema"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/argspec"
)

// What a module says of its options, so that it imports the wire alone.
type (
	// OptionError is a fault of the user's in one option.
	OptionError = argspec.Error
	// Constraints are rules between options.
	Constraints = argspec.Constraints
	// RequiredIf is a rule for one value of an option.
	RequiredIf = argspec.RequiredIf
)

// Validator is an options struct with rules that tags can't express. Its errors are OptionErrors, joined. It is called
// even if other options are at fault; what it then says about those is dropped.
type Validator interface {
	Validate(call *Call) error
}

// decode checks args and fills the options struct with them. An error is a mistake in the module itself.
func (m *Module) decode(call *Call, args map[string]any, options any) (*argspec.Arguments, error) {
	read, err := argspec.Read(m.FullName(), options, args, &call.mask)
	if err != nil {
		return nil, fmt.Errorf("options of %s: %w", m.Name, err)
	}
	call.given = read.Given
	for _, text := range read.Doubts {
		call.Warn("%s", text)
	}
	read.Judge(func() error { return validate(call, options) })
	return read, nil
}

// validate asks the options struct and the structs embedded in it.
func validate(call *Call, options any) error {
	var errs []error
	for _, part := range argspec.Parts(options) {
		if v, ok := part.(Validator); ok {
			errs = append(errs, v.Validate(call))
		}
	}
	return several.Join(errs...)
}

// Options is the module's option table, in the order of the struct's fields.
func (m *Module) Options() ([]*argspec.Option, error) {
	table, err := argspec.Table(m.bind().options)
	if err != nil {
		return nil, fmt.Errorf("options of %s: %w", m.Name, err)
	}
	return table, nil
}

// Schema is the JSON Schema of the module's options. It fails if a tag of the options struct says something that
// would not be heard.
func (m *Module) Schema() (*jsonschema.Schema, error) {
	schema, err := argspec.Schema(m.bind().options)
	if err != nil {
		return nil, fmt.Errorf("options of %s: %w", m.Name, err)
	}
	schema.Title = m.FullName()
	return schema, nil
}

// SchemaJSON is the text of the schema, as published.
func (m *Module) SchemaJSON() ([]byte, error) {
	schema, err := m.Schema()
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema of %s: %w", m.Name, err)
	}
	return append(text, '\n'), nil
}

// Sentences says the rules between the options in words, for the documentation.
func (m *Module) Sentences() []string { return argspec.Sentences(m.bind().options) }
