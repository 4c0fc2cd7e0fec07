// SPDX-License-Identifier: Apache-2.0

package repair

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/foreign"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/change"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// ErrBusy says that another repair holds the lock.
var ErrBusy = errors.New("another repair is at work")

// Lock makes sure that one repair of a cloud runs on this machine: it holds a file beside the journal until it is closed. The
// system frees it when its holder dies. An error that wraps [ErrBusy] says who holds it since when; any other, why no such file can
// be had.
func Lock(journal string, cloud openstack.Cloud, now func() time.Time) (io.Closer, error) {
	const few = 12
	name := "heal-" + change.Digest([]byte(cloud.String()))[:few] + ".lock"
	file, err := files.AppendOwn(filepath.Join(filepath.Dir(journal), name))
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = fmt.Errorf("%w: %s", ErrBusy, holder(file))
	}
	if err == nil {
		err = several.Join(file.Truncate(0), sign(file, now()))
	}
	if err != nil {
		return nil, several.Join(err, file.Close())
	}
	return file, nil
}

// sign says who holds the lock.
func sign(file *os.File, now time.Time) error {
	_, err := fmt.Fprintf(file, "process %d since %s\n", os.Getpid(), now.UTC().Format(time.RFC3339))
	return err
}

// holder is what the holder of the lock has signed.
func holder(file *os.File) string {
	const most = 200
	text, err := io.ReadAll(io.NewSectionReader(file, 0, most))
	if err != nil || len(text) == 0 {
		return "an unknown process"
	}
	return foreign.Line(strings.TrimSpace(string(text)))
}
