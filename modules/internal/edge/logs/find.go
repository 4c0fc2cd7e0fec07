// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// File is a log with its rotated generations.
type File struct {
	// Path is that of the live file, which may be missing while generations of it are there.
	Path string
	// Older are its rotated generations, the oldest first.
	Older []Generation
	// Since is from when on lines are wanted.
	Since time.Time
	// Size is that of the live file when it was found, in bytes.
	Size int64
	// Bound says that the live file is read as far as it was then. What was written after stays for the next reading.
	Bound bool
	// Head, if set, is told that a file begins, before its lines. Of one that is read from somewhere within it is given the first
	// line, if that may name the columns of the others; else nothing.
	Head func(line []byte)
}

// Generation is a rotated file.
type Generation struct {
	Path    string
	Written time.Time // last
}

// Failure is a log that could not be read, or not to its end.
type Failure struct {
	Source string `json:"source"`
	Reason string `json:"reason"`
}

// Find lists the logs that the patterns match, in the order of the patterns, with those generations that were written
// to after since. Patterns that match nothing are returned as absent. Logrotate's names are known: X.1, X.2.gz and
// X-20261122.
func Find(patterns []string, since time.Time) (found []File, absent []string, failed []Failure) {
	seen := map[string]bool{}
	for _, pattern := range patterns {
		live, err := expand(pattern)
		if err != nil {
			failed = append(failed, Failure{pattern, reason(err)})
			continue
		}
		if len(live) == 0 {
			absent = append(absent, pattern)
		}
		for _, path := range live {
			if file := resolved(path); !seen[file] {
				seen[file] = true
				f := File{Path: path, Since: since, Size: sizeOf(path)}
				var problems []Failure
				f.Older, problems = generations(path, since)
				failed, found = append(failed, problems...), append(found, f)
			}
		}
	}
	return found, absent, failed
}

// sizeOf is the size of a file, 0 if it is not there: reading it says why.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// expand lists the live files that a pattern matches. A plain path stands for itself if it or a generation is there.
func expand(pattern string) ([]string, error) {
	if !strings.ContainsAny(pattern, "*?[") {
		return plainPath(pattern)
	}
	all, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	if err := unreadableFolder(pattern); err != nil && len(all) == 0 {
		return nil, err
	}
	return slices.DeleteFunc(all, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.IsDir() || rotated.MatchString(filepath.Base(path)) && slices.Contains(all, rotated.ReplaceAllString(path, ""))
	}), nil
}

func plainPath(path string) ([]string, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, errors.New("is a folder, not a file; name the files in it, with * for any characters")
	case err == nil:
		return []string{path}, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	older, err := filepath.Glob(quoted(path) + ".*")
	if err != nil || len(older) == 0 {
		return nil, err
	}
	return []string{path}, nil
}

// unreadableFolder tells a folder that may not be looked into from one without such files: Glob takes both for nothing.
func unreadableFolder(pattern string) error {
	folder := filepath.Dir(pattern)
	for strings.ContainsAny(folder, "*?[") {
		folder = filepath.Dir(folder)
	}
	d, err := os.Open(folder)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return d.Close()
}

var (
	rotated  = regexp.MustCompile(`(\.\d+|-\d{8}(-\d+)?)(\.gz|\.xz|\.zst|\.bz2)?$`)
	numbered = regexp.MustCompile(`\.(\d+)(\.\w+)?$`)
)

// generations lists the rotated files of a log, the oldest first. Those packed with what is not read here are failures, if
// they were written to after since.
func generations(path string, since time.Time) (found []Generation, failed []Failure) {
	all, err := filepath.Glob(quoted(path) + "*")
	if err != nil {
		return nil, []Failure{{path, reason(err)}}
	}
	for _, p := range all {
		if p == path || !rotated.MatchString(strings.TrimPrefix(p, path)) || rotated.ReplaceAllString(p, "") != path {
			continue
		}
		info, err := os.Stat(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // deleted just now: logrotate is at it
		}
		if err != nil {
			failed = append(failed, Failure{p, reason(err)})
			continue
		}
		packed := filepath.Ext(p)
		if packed != ".xz" && packed != ".zst" && packed != ".bz2" {
			found = append(found, Generation{p, info.ModTime()})
		} else if !info.ModTime().Before(since) {
			failed = append(failed, Failure{p, "is compressed with something other than gzip: unpack it"})
		}
	}
	slices.SortFunc(found, func(a, b Generation) int {
		return cmp.Or(cmp.Compare(age(b.Path), age(a.Path)), a.Written.Compare(b.Written), cmp.Compare(a.Path, b.Path))
	})
	return found, failed
}

// age is the number of a generation; 0 for one that is named by its date.
func age(path string) int {
	m := numbered.FindStringSubmatch(path)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// quoted is a path in which no character stands for others.
func quoted(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

func resolved(path string) string {
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		return followed
	}
	return path
}

// reason says what is wrong without repeating the path.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Op + ": " + path.Err.Error()
	}
	return err.Error()
}
