// SPDX-License-Identifier: Apache-2.0

package feed

import "regexp"

var (
	// who are the pod and the container of a prefix of kubectl.
	who = regexp.MustCompile(`^\[?pod/([^/\s]+)/([^\]\s]+)\]? *$`)
	// apart are those of one of stern: words, as prose has them, too.
	apart = regexp.MustCompile(`^([a-z0-9]+-[-a-z0-9.]*) ([a-z][-a-z0-9]*) +(?:[|│] *)?$`)
	// one is a prefix that is the name of a container alone.
	one = regexp.MustCompile(`^([a-z][-a-z0-9_]*?)([-_]\d+)? +\| *$`)
	// families are the services that write to Placement, and itself.
	families = regexp.MustCompile(`(?:^|[-_])(?:nova|placement|neutron|cyborg|blazar|zun|ironic|cinder|watcher|masakari|keystone)(?:$|[-_])`)
)

// writer returns the pod and the container that a prefix names, which are a host and a service of their own. Of several containers of one
// service each is a host. Both are empty if it names none.
func writer(name string) (host, service string) {
	if m := who.FindStringSubmatch(name); m != nil {
		return m[1], m[2]
	}
	if m := apart.FindStringSubmatch(name); m != nil && families.MatchString(m[2]) {
		return m[1], m[2]
	}
	if m := one.FindStringSubmatch(name); m != nil && families.MatchString(m[1]) {
		if len(m[2]) > 0 {
			host = m[1] + m[2]
		}
		return host, m[1]
	}
	return "", ""
}
