// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/ansible"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/check"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/collect"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/connect"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/snapshot"
)

// Nova deletes a server first and then its allocation; a slow Placement makes seconds of that.
const shortGrace = 5

// read reads the cloud, looks again at what is suspicious, and counts the requests.
func read(ctx context.Context, call *ansible.Call, o *Options, chosen []*check.Check,
) (*snapshot.Snapshot, map[string]int, error) {
	clients, err := connect.Open(ctx, call, &o.Options)
	if err != nil {
		return nil, nil, err
	}
	defer clients.Session.Close()
	parts := partsFor(o, chosen)
	src := collect.Source{
		Placement: clients.Placement, Concurrency: clients.Session.Concurrency(), Now: time.Now,
		Admin: clients.Session.HasRole("admin"),
	}
	if needsCompute(parts) {
		src.Compute, src.NoCompute = clients.Compute(ctx)
	}
	if o.Grace < shortGrace {
		call.Warn("grace: %d seconds are short: a server that is just being deleted may still look like an orphan's", o.Grace)
	}
	s := collect.Read(ctx, src, parts)
	s.Second = collect.LookAgain(ctx, src, s, check.Suspects(s, chosen, o.settings()), time.Duration(o.Grace)*time.Second)
	return s, clients.Session.Requests(), nil
}

// load reads a saved snapshot.
func load(path string) (*snapshot.Snapshot, error) {
	data, err := os.ReadFile(path)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err // the path is named anyway
	}
	if err != nil {
		return nil, &ansible.OptionError{
			Option: "snapshot", Value: path, Reason: fmt.Sprintf("must be a file that can be read (%v)", err),
		}
	}
	s, err := snapshot.Decode(data)
	if err != nil {
		return nil, &ansible.OptionError{
			Option: "snapshot", Value: path,
			Reason: fmt.Sprintf("must be a file that save_snapshot has written (%v)", err),
		}
	}
	return s, nil
}

// save writes the snapshot where the options ask for it: beside the target and then in its place, so that no half
// of a file is ever found there.
func save(call *ansible.Call, o *Options, s *snapshot.Snapshot) error {
	if o.SaveSnapshot == "" || call.CheckMode {
		return nil
	}
	data, err := s.Encode()
	if err != nil {
		return err
	}
	if err := replaceFile(o.SaveSnapshot, data); err != nil {
		return &ansible.OptionError{
			Option: "save_snapshot", Value: o.SaveSnapshot, Reason: fmt.Sprintf("must be a file that can be written (%v)", err),
		}
	}
	return nil
}

func replaceFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
