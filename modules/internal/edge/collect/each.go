// SPDX-License-Identifier: Apache-2.0

package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/openstack"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/snapshot"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud"
)

// answers are what was read of many things, by key.
type answers[T any] struct {
	found  map[string]T
	gone   []string         // they answer 404
	failed map[string]error // they could not be read
}

// eachBut calls read for every key, up to limit at a time. It ends with an error if more than some of them fail.
func eachBut[T any](ctx context.Context, limit, some int, keys []string, read func(context.Context, string) (T, error),
) (answers[T], error) {
	out := answers[T]{found: map[string]T{}, failed: map[string]error{}}
	values, faults := make([]T, len(keys)), make([]error, len(keys))
	var failed atomic.Int32
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(max(1, limit))
	for i, key := range keys {
		if inner.Err() != nil {
			break
		}
		group.Go(func() error {
			values[i], faults[i] = read(inner, key)
			bad := faults[i] != nil && !errors.Is(faults[i], cloud.ErrNotFound)
			if bad && int(failed.Add(1)) > some {
				return faults[i]
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return out, err
	}
	if ctx.Err() != nil { // then keys were left out
		return out, context.Cause(ctx)
	}
	for i, key := range keys {
		switch {
		case faults[i] == nil:
			out.found[key] = values[i]
		case errors.Is(faults[i], cloud.ErrNotFound):
			out.gone = append(out.gone, key)
		default:
			out.failed[key] = faults[i]
		}
	}
	return out, nil
}

// none returns the first failure if all failed.
func (a answers[T]) none(of int) error {
	if of == 0 || len(a.failed) < of {
		return nil
	}
	return first(a.failed)
}

// first returns the failure of the first key; nil if there is none.
func first(failed map[string]error) error {
	if len(failed) == 0 {
		return nil
	}
	return failed[slices.Min(slices.Collect(maps.Keys(failed)))]
}

// bearable is how many of so many providers may fail before the service is taken for the one that does.
func bearable(n int) int {
	const most = 20
	return max(1, min(n/4, most))
}

// partError says that a part was read but for some providers.
type partError struct{ first error }

func (e *partError) Error() string { return e.first.Error() }

// inPart reports whether an error is about some of many.
func inPart(err error) bool {
	var part *partError
	return errors.As(err, &part)
}

// fatal reports whether an error is about all.
func fatal(err error) bool { return err != nil && !inPart(err) }

// blindTo notes which providers could not be read and returns the error of a part that was read without them.
func (r *reader) blindTo(failed map[string]error) error {
	if len(failed) == 0 {
		return nil
	}
	reasons := map[string]string{}
	for uuid, err := range failed {
		reasons[uuid] = err.Error()
	}
	r.s.BlindTo(snapshot.Blind{Providers: reasons})
	return &partError{first(failed)}
}

// whyMissing says what it means that a provider, or a part of it, answers 404: cloud.ErrNotFound if the provider was deleted. A part
// of a provider that exists never answers 404, and a provider that does is in no list: then something between us and Placement
// does, and nothing was read.
func (src Source) whyMissing(ctx context.Context, uuid string) (there openstack.Provider, err error) {
	there, err = src.Placement.Provider(ctx, uuid)
	if err == nil {
		return there, fmt.Errorf("resource provider %s (%s) exists, but what belongs to it answers 404", there.Name, uuid)
	}
	if !errors.Is(err, cloud.ErrNotFound) {
		return there, err
	}
	listed, broken := src.Placement.Providers(ctx, url.Values{"uuid": {uuid}})
	if len(listed) > 0 {
		broken = fmt.Errorf("placement lists resource provider %s (%s), but reading it answers 404", listed[0].Name, uuid)
	}
	return there, cmp.Or(broken, err)
}
