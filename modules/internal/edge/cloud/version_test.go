// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

func TestVersionIsThatOfTheCollection(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "galaxy.yml"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^version: *"?([^"\s]+)`).FindSubmatch(text)
	if found == nil || string(found[1]) != version {
		t.Errorf("galaxy.yml says %s, the user agent %s", found, version)
	}
}
