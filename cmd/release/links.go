// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path"
	"regexp"
	"strings"
)

var (
	fence    = regexp.MustCompile("(?ms)^```.*?^```$")
	relative = regexp.MustCompile(`\]\(([^()\s:#][^()\s:]*)\)`)
	// shown are the pages that Galaxy shows. It follows no relative link of them.
	shown = regexp.MustCompile(`^(README\.md|docs/[^/]+\.md|roles/[^/]+/README\.md)$`)
)

// absolute makes the relative links of the pages that Galaxy shows absolute: to the same file of the tag of this version.
func absolute(members []*member, manifest, files map[string]any) error {
	about, _ := manifest["collection_info"].(map[string]any)
	repository, _ := about["repository"].(string)
	version, _ := about["version"].(string)
	if repository == "" || version == "" {
		return errors.New("MANIFEST.json names no repository or no version")
	}
	digests := map[string]string{}
	for _, m := range members {
		if !shown.MatchString(m.header.Name) {
			continue
		}
		m.body = []byte(rebase(string(m.body), m.header.Name, repository+"/blob/v"+version+"/"))
		sum := sha256.Sum256(m.body)
		digests[m.header.Name] = hex.EncodeToString(sum[:])
	}
	rows, _ := files["files"].([]any)
	for _, row := range rows {
		if digest, changed := digests[nameOf(row)]; changed {
			row.(map[string]any)["chksum_sha256"] = digest //nolint:forcetypeassert // nameOf found its name
		}
	}
	return nil
}

// rebase returns the text of the page at a path with absolute links. What is in a block of code stays.
func rebase(text, page, base string) string {
	var b strings.Builder
	at := 0
	for _, code := range append(fence.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		b.WriteString(relative.ReplaceAllStringFunc(text[at:code[0]], func(link string) string {
			target, anchor, found := strings.Cut(relative.FindStringSubmatch(link)[1], "#")
			if found {
				anchor = "#" + anchor
			}
			return "](" + base + path.Join(path.Dir(page), target) + anchor + ")"
		}))
		b.WriteString(text[code[0]:code[1]])
		at = code[1]
	}
	return b.String()
}
