// SPDX-License-Identifier: Apache-2.0

package check

import "net/url"

// Documentation returns the address of the page about the check with that id.
func Documentation(id string) string {
	return "https://github.com/openstack-ops/ansible-collection-placement/blob/main/docs/checks/" + url.PathEscape(id) + ".md"
}
