// SPDX-License-Identifier: Apache-2.0

package change

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
)

var errNoHome = errors.New("there is no default: neither XDG_STATE_HOME nor HOME is set, and the system has no home directory for this user")

// Path returns where the journal is: what was given, or a place below the user's own home. A folder that all users share is
// never the default.
func Path(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		state = filepath.Join(home(), ".local", "state")
	}
	if !filepath.IsAbs(state) {
		return "", errNoHome
	}
	return filepath.Join(state, "openstack_ops.placement", "journal.jsonl"), nil
}

// home returns the user's home; that of the system's list of users where the environment has none, as in a unit of systemd.
func home() string {
	if home, err := os.UserHomeDir(); err == nil {
		return home
	}
	if me, err := user.LookupId(fmt.Sprint(os.Geteuid())); err == nil {
		return me.HomeDir
	}
	return ""
}
