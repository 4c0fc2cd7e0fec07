// SPDX-License-Identifier: Apache-2.0

// Package generate makes files from what the code says: the stubs that ansible-doc reads, the JSON Schemas, and the
// routing of the collection.
//
// It refuses to write what would not read back as it was meant. It knows nothing about the modules beyond what
// package ansible tells about each of them; other kinds of files come as further outputs from their owners.
package generate

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
)

// Output is one generated file.
type Output struct {
	// Path is relative to the root of the repository, with slashes.
	Path string
	// Content makes the file's whole content, the same at every call. Of a symbolic link it is what the link points to.
	Content func() ([]byte, error)
	Link    bool
}

// link is a symbolic link.
func link(path, target string) Output {
	return Output{Path: path, Content: func() ([]byte, error) { return []byte(target), nil }, Link: true}
}

// Set is what is generated together.
type Set struct {
	Outputs []Output
	// Folders hold nothing but outputs.
	Folders []string
}

// Join makes one set of several.
func Join(sets ...Set) Set {
	var all Set
	for _, set := range sets {
		all.Outputs = append(all.Outputs, set.Outputs...)
		all.Folders = append(all.Folders, set.Folders...)
	}
	return all
}

// Write writes the files that are not current. Files that nothing generates any more are left to be removed by hand,
// and named in the error.
func Write(root string, set Set) error {
	for _, output := range set.Outputs {
		if err := write(root, output); err != nil {
			return err
		}
	}
	strays, err := strays(root, set)
	for _, name := range strays {
		err = several.Join(err, stray(name))
	}
	return err
}

func write(root string, output Output) error {
	want, err := output.Content()
	if err != nil {
		return fmt.Errorf("make %s: %w", output.Path, err)
	}
	path := filepath.Join(root, filepath.FromSlash(output.Path))
	if have, err := output.have(root); err == nil && bytes.Equal(have, want) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a folder of the repository
		return fmt.Errorf("make the folder of %s: %w", output.Path, err)
	}
	if output.Link {
		return several.Join(os.RemoveAll(path), os.Symlink(string(want), path))
	}
	if err := os.WriteFile(path, want, 0o644); err != nil { //nolint:gosec // a file of the repository
		return fmt.Errorf("write %s: %w", output.Path, err)
	}
	return nil
}

// have returns the content that is there.
func (o Output) have(root string) ([]byte, error) {
	path := filepath.Join(root, filepath.FromSlash(o.Path))
	if o.Link {
		target, err := os.Readlink(path)
		return []byte(target), err
	}
	return os.ReadFile(path)
}

// Check says which files are not as they would be generated now.
func Check(root string, set Set) error {
	var errs []error
	for _, output := range set.Outputs {
		want, err := output.Content()
		if err != nil {
			errs = append(errs, fmt.Errorf("make %s: %w", output.Path, err))
			continue
		}
		have, err := output.have(root)
		if err != nil || !bytes.Equal(have, want) {
			errs = append(errs, fmt.Errorf("%s is not current, run: go run ./cmd/gendocs", output.Path))
		}
	}
	strays, err := strays(root, set)
	for _, name := range strays {
		errs = append(errs, stray(name))
	}
	return several.Join(append(errs, err)...)
}

// stray tells of a file that nothing makes: what it was made of is gone, or is in no list.
func stray(name string) error {
	return fmt.Errorf("%s is not generated any more: remove it, or list the module, the check or the role that it is of", name)
}

// strays are the files in the set's folders that it does not make.
func strays(root string, set Set) ([]string, error) {
	var all []string
	for _, folder := range set.Folders {
		entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder)))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("look into %s: %w", folder, err)
		}
		for _, entry := range entries {
			path := folder + "/" + entry.Name()
			made := func(output Output) bool { return output.Path == path }
			if !entry.IsDir() && !slices.ContainsFunc(set.Outputs, made) {
				all = append(all, path)
			}
		}
	}
	return all, nil
}
