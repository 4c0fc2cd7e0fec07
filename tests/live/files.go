// SPDX-License-Identifier: Apache-2.0

package live

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"
)

// Files lists everything below the folders: by path its mode, size and time of the last change.
func Files(t testing.TB, folders ...string) map[string]string {
	t.Helper()
	list := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			if err == nil {
				list[path] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// Changed returns the paths that were made, changed or removed between two lists.
func Changed(before, after map[string]string) []string {
	var paths []string
	for path, is := range after {
		if before[path] != is {
			paths = append(paths, path)
		}
	}
	for path := range before {
		if _, is := after[path]; !is {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}
