// SPDX-License-Identifier: Apache-2.0

package ansible

// Shown is the option of a module whose result has a text for people.
type Shown struct {
	Show bool `json:"show" jsonschema:"default=false" jsonschema_description:"Print the result in the output of the play, as the program prints it in a terminal, and return it as C(text). A task with C(no_log) prints nothing."`
}
