// SPDX-License-Identifier: Apache-2.0

// Package several makes one error of several. It is the only place that says how they are told: on one line, since Ansible prints
// a message as a JSON string, where a line break reads as \n, and with a number each, since an error may hold semicolons itself.
package several

import (
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// Join makes one error of those that are not nil: nil if there are none, the error itself if there is one. Errors that Join has
// made are taken apart first. [errors.Is] and [errors.As] find each of them.
func Join(errs ...error) error {
	all := multierror.Append(nil, errs...)
	if len(all.Errors) == 1 {
		return all.Errors[0]
	}
	all.ErrorFormat = format
	return all.ErrorOrNil()
}

// Apart returns the errors that Join has made one of, the error itself if it is none of these, and nothing for nil.
func Apart(err error) []error {
	return multierror.Append(nil, err).Errors
}

// format is the text of all: "(1) one thing; (2) another".
func format(errs []error) string {
	texts := make([]string, len(errs))
	for i, err := range errs {
		texts[i] = fmt.Sprintf("(%d) %s", i+1, strings.TrimSuffix(err.Error(), "."))
	}
	return strings.Join(texts, "; ")
}
