// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"reflect"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/mask"
)

// MaskedCopy returns a copy of v in which each text is without the secrets that are known so far, for what is written
// elsewhere than to the output. Only plain strings are texts: words of an own type, keys of maps and what structs do not
// export stay.
func MaskedCopy[T any](c *Call, v T) T {
	out := reflect.New(reflect.TypeFor[T]()).Elem()
	out.Set(copier{c.mask.Masker()}.of(reflect.ValueOf(&v).Elem()))
	copied, _ := out.Interface().(T)
	return copied
}

type copier struct{ masker *mask.Masker }

// of copies v. What holds no text may be shared with the copy.
func (c copier) of(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			return reflect.ValueOf(c.masker.Text(v.String()))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return c.pointed(v)
		}
	case reflect.Struct:
		return c.fields(v)
	case reflect.Slice, reflect.Map:
		if !v.IsNil() {
			return c.items(v)
		}
	default:
	}
	return v
}

func (c copier) pointed(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return c.of(v.Elem()).Convert(v.Elem().Type())
	}
	out := reflect.New(v.Type().Elem())
	out.Elem().Set(c.of(v.Elem()))
	return out
}

func (c copier) fields(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			out.Field(i).Set(c.of(v.Field(i)))
		}
	}
	return out
}

func (c copier) items(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Map {
		out := reflect.MakeMapWithSize(v.Type(), v.Len())
		for at := v.MapRange(); at.Next(); {
			out.SetMapIndex(at.Key(), c.of(at.Value()))
		}
		return out
	}
	out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		out.Index(i).Set(c.of(v.Index(i)))
	}
	return out
}
