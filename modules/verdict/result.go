// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/wire/ansible"
)

// decode reads the value of an option, which is what another task returned, each text on one line. A result without one of these keys
// is none: what is not there is not zero. A key is a path (flavors[].now.total); [] is each element of a list, and ? what may be missing as a whole.
func decode(option, what string, value map[string]any, into any, keys ...string) error {
	return take(option, what, foreign.Tree(value, foreign.Line), into, keys...)
}

// take is decode for texts of several lines.
func take(option, what string, value, into any, keys ...string) error {
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	for _, key := range keys {
		if err == nil {
			err = lacks(value, "", strings.Split(key, "."))
		}
	}
	if err != nil {
		return &ansible.OptionError{Option: option, Reason: fmt.Sprintf("must be %s (%v)", what, err)}
	}
	return nil
}

// lacks returns an error that names the first place below name where the path leads nowhere.
func lacks(value any, name string, path []string) error {
	if len(path) == 0 {
		return nil
	}
	key, each := strings.CutSuffix(path[0], "[]")
	key, optional := strings.CutSuffix(key, "?")
	given, _ := value.(map[string]any)
	inner, path := given[key], path[1:]
	switch {
	case inner == nil && optional:
		return nil
	case inner == nil:
		return fmt.Errorf("%s has no %s", cmp.Or(strings.TrimSuffix(name, "."), "it"), key)
	case !each:
		return lacks(inner, name+key+".", path)
	}
	all, _ := inner.([]any)
	for i, element := range all {
		if err := lacks(element, fmt.Sprintf("%s%s[%d].", name, key, i), path); err != nil {
			return err
		}
	}
	return nil
}
