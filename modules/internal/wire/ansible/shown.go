// SPDX-License-Identifier: Apache-2.0

package ansible

// Shown is the option of a module whose result has a text for people.
type Shown struct {
	Show bool `json:"show" jsonschema:"default=false" jsonschema_description:"Show the result as text in the output of the play, as the program prints it in a terminal, and return it as C(text). In a play the action plugin shows it below the name of the task."`
}
