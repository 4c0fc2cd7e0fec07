// SPDX-License-Identifier: Apache-2.0

package live

import (
	"cmp"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// apart is by how much the ports of a lab of a test's own are above those of the labs that all tests share.
const apart = 400

// Own brings up a lab with Nova that belongs to the test alone, which may upgrade it, in a folder below .lab. It is ended
// with the test; if that failed, its logs stay until the next time.
func Own(t testing.TB, folder, release string) *Lab {
	t.Helper()
	l := &Lab{profile: "nova", name: release, repository: Repository(t)}
	shared := cmp.Or(os.Getenv("LAB_DIR"), filepath.Join(l.repository, ".lab"))
	l.environ = []string{
		"LAB_DIR=" + l.Folder(t, folder), "LAB_PORT_BASE=" + strconv.FormatInt(Number(t, "LAB_PORT_BASE", 21000)+apart, 10),
		"LAB_CACHE=" + cmp.Or(os.Getenv("LAB_CACHE"), filepath.Join(shared, "cache")),
	}
	l.Build(t)
	l.Command(t, "down", "--wipe")
	t.Cleanup(func() {
		if t.Failed() {
			l.Command(t, "down")
		} else {
			l.Command(t, "down", "--wipe")
		}
	})
	l.Command(t, "up")
	l.Read(t)
	return l
}
