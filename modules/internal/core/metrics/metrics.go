// SPDX-License-Identifier: Apache-2.0

// Package metrics writes a result as metrics, in Prometheus' text format. They count: no server, project or host has a label of its
// own, and a provider has one only if that is asked for.
package metrics

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/report"
)

// family is one metric, a gauge: it goes up and down with the cloud.
type family struct {
	name, help string
	samples    []sample
}

type sample struct {
	labels []string // name, value, name, value …
	value  float64
}

// cloudLabels are the labels of a cloud: its first endpoint, as the endpoints are sorted, or else its name, unless other ones are
// asked for. They are empty if nothing is known of the cloud, as with a saved snapshot.
func cloudLabels(l report.Labels, c openstack.Cloud) []string {
	name := c.Name
	if len(c.Endpoints) > 0 {
		name = c.Endpoints[0]
	}
	return []string{"cloud", cmp.Or(l.Cloud, name), "region", cmp.Or(l.Region, c.Region)}
}

func one(value float64) []sample { return []sample{{nil, value}} }

func truth(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// write writes the metric in the text format, or nothing if it has no samples. All of these get the common labels too.
func (f family) write(out *bytes.Buffer, prefix string, common ...string) {
	if len(f.samples) == 0 {
		return
	}
	name := prefix + f.name
	fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, escapeHelp(f.help), name)
	for _, s := range f.samples {
		out.WriteString(name)
		s.labels = slices.Concat(common, s.labels)
		s.writeLabels(out)
		out.WriteString(" " + strconv.FormatFloat(s.value, 'f', -1, 64) + "\n")
	}
}

func (s sample) writeLabels(out *bytes.Buffer) {
	if len(s.labels) == 0 {
		return
	}
	var pairs []string
	for i := 0; i+1 < len(s.labels); i += 2 {
		pairs = append(pairs, s.labels[i]+`="`+escapeLabel(s.labels[i+1])+`"`)
	}
	out.WriteString("{" + strings.Join(pairs, ",") + "}")
}

func escapeHelp(text string) string { return strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(text) }

func escapeLabel(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(strings.ToValidUTF8(text, "\uFFFD"))
}
