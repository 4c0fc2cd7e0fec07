// SPDX-License-Identifier: Apache-2.0

package change

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/uuid/v5"
	"golang.org/x/sys/unix"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

// Journal appends entries to a file, each on disk before Add returns. Several processes may use one file.
type Journal struct {
	Path  string
	file  *os.File
	cloud openstack.Cloud
	run   string
	place int
	known chain // without its entries
	now   func() time.Time
}

// OpenJournal opens the journal of writes to a cloud for appending, or makes it, readable for its owner only. It is an error
// if another user could have written it, or if it is not whole.
func OpenJournal(path string, cloud openstack.Cloud, now func() time.Time) (*Journal, error) {
	run, err := uuid.NewV4()
	if err != nil {
		return nil, err
	}
	file, err := files.AppendOwn(path)
	if err != nil {
		return nil, err
	}
	j := &Journal{Path: path, file: file, cloud: cloud, run: run.String(), now: now}
	if err := j.locked(j.catchUp); err != nil {
		return nil, several.Join(err, file.Close())
	}
	return j, nil
}

// Run is the UUID under which the entries of this process stand.
func (j *Journal) Run() string { return j.run }

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

// Add appends an entry and waits until it is on disk. It fills in the time, the cloud, the run, and the link to the line
// before.
func (j *Journal) Add(e Entry) error {
	err := j.locked(func() error {
		if err := j.catchUp(); err != nil {
			return err
		}
		e.Time, e.Cloud, e.Run, e.Place, e.Previous = j.now().UTC(), j.cloud, j.run, j.place+1, j.known.last
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if _, err := j.file.Write(append(line, '\n')); err != nil {
			return err
		}
		j.place++
		return several.Join(j.known.read(append(line, '\n')), j.file.Sync())
	})
	if err != nil {
		return fmt.Errorf("write journal %s: %w", j.Path, err)
	}
	return nil
}

// locked does something while no other process appends.
func (j *Journal) locked(do func() error) error {
	fd := int(j.file.Fd())
	for {
		err := unix.Flock(fd, unix.LOCK_EX)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("lock: %w", err)
		}
	}
	return several.Join(do(), unix.Flock(fd, unix.LOCK_UN))
}

// catchUp reads what others have appended, and takes away a last line that was cut by a crash or a full disk: its write was
// never sent.
func (j *Journal) catchUp() error {
	j.known.entries = nil // of no use here
	info, err := j.file.Stat()
	if err != nil || info.Size() == j.known.end {
		return err
	}
	if info.Size() < j.known.end {
		return errors.New("it has become shorter")
	}
	if info.Size() > files.MaxJournal {
		return fmt.Errorf("it is larger than %d MiB: move it away to begin a new one", files.MaxJournal>>20)
	}
	data := make([]byte, info.Size()-j.known.end)
	if _, err := j.file.ReadAt(data, j.known.end); err != nil {
		return err
	}
	if err := j.known.read(data); err != nil {
		return err
	}
	if err := j.file.Truncate(j.known.end); err != nil || !j.known.unended {
		return err
	}
	j.known.unended, j.known.end = false, j.known.end+1
	_, err = j.file.WriteString("\n")
	return err
}
