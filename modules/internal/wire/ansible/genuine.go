// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
)

// digestName is how the transport names the program on a target: by its SHA-256.
var digestName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Damaged reports whether the program at path has a digest for its name and is not what the digest says. A program of
// any other name, or one that can't be read, is not judged. The transport looks at owner, mode and size of the program;
// this finds what a bad disk did to it. It costs 6 ms for 10 MB where the processor has instructions for SHA-256, and
// about 25 ms elsewhere.
func Damaged(path string) bool {
	name := filepath.Base(path)
	if !digestName.MatchString(name) {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return true
	}
	return hex.EncodeToString(sum.Sum(nil)) != name
}

// AskAgain tells the transport that this program is missing, so that it is sent again, and takes what was meant for it.
func AskAgain(p Process) int {
	fmt.Fprintf(p.Stdout, "PLACEMENT-MISSING %s\n", uname(runtime.GOOS, runtime.GOARCH))
	_, _ = io.Copy(io.Discard, p.Stdin)
	return 0
}

// uname is what `uname -s`-`uname -m` says on a platform, as the transport compares it.
func uname(system, machine string) string {
	systems := map[string]string{"linux": "Linux", "darwin": "Darwin"}
	machines := map[string]string{"amd64": "x86_64", "arm64": "arm64"}
	return systems[system] + "-" + machines[machine]
}
