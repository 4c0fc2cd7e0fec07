// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const licensesHead = `The programs in binaries/ contain Go's own library and the modules below.
Each heading names a module and its version. Its source code is at https://pkg.go.dev/ followed by that heading.
The texts of the licenses follow the heading.
`

// module is a Go module, as "go list" describes it.
type module struct {
	Path    string
	Version string
	Dir     string
	Main    bool
}

// licenses returns the licenses of every module that the program contains on one of the platforms, such as linux_amd64.
func licenses(ctx context.Context, platforms []string) ([]byte, error) {
	all := map[string]string{}
	for _, platform := range platforms {
		if err := contained(ctx, platform, all); err != nil {
			return nil, err
		}
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("find the home of Go: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(licensesHead)
	if err := section(&b, "std", strings.TrimSpace(string(goroot))); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := section(&b, name, all[name]); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// contained adds the folders of the modules in the program for a platform, by path@version.
func contained(ctx context.Context, platform string, all map[string]string) error {
	system, machine, ok := strings.Cut(platform, "_")
	if !ok {
		return fmt.Errorf("a platform is written as linux_amd64, got: %s", platform)
	}
	list := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Module", "./cmd/placement")
	list.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+machine, "CGO_ENABLED=0")
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("list what the program for %s contains: %w", platform, err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg struct{ Module *module }
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read the list of %s: %w", platform, err)
		}
		if m := pkg.Module; m != nil && !m.Main {
			all[m.Path+"@"+m.Version] = m.Dir
		}
	}
}

// section adds the license and notice files in a folder. A module without any may not be shipped.
func section(b *bytes.Buffer, name, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("read the folder of %s: %w", name, err)
	}
	legal, found := regexp.MustCompile(`(?i)^(licen[cs]e|notice|copying|patents)(\.(txt|md))?$`), false
	fmt.Fprintf(b, "\n%s\n%s\n", strings.Repeat("=", 80), name)
	for _, entry := range entries {
		if entry.IsDir() || !legal.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return fmt.Errorf("read the license of %s: %w", name, err)
		}
		found = true
		fmt.Fprintf(b, "\n--- %s\n\n%s\n", entry.Name(), strings.TrimSpace(plain().Replace(string(text))))
	}
	if !found {
		return fmt.Errorf("%s has no license file in %s", name, dir)
	}
	return nil
}

// plain makes line ends and quotation marks those of ASCII: ansible-test refuses others.
func plain() *strings.Replacer {
	return strings.NewReplacer("\r\n", "\n", "\u201c", `"`, "\u201d", `"`, "\u2018", "'", "\u2019", "'")
}
