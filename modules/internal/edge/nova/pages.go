// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"context"
	"maps"
	"net/url"
	"sync"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/rest"
)

// list says what to read page by page. W is a page as Nova writes it, with items R.
type list[W any, R item] struct {
	op, path string
	query    url.Values
	items    func(*W) []R
}

// item is an element of a page; its id is the marker of the next page.
type item interface{ id() string }

// seen is what matters of a page when its items were taken.
type seen struct {
	fresh   int      // so many of them nobody had seen
	markers []string // ids of its last items, in their order
}

// pages reads a list page by page. The first page is asked for without marker and without limit: only so does Nova show
// the servers of cells that do not answer. Nova's own next links are not followed: they may name another host, and a page
// that lost hidden entries has none although more follows.
func pages[W any, R item, T any](ctx context.Context, c *Client, l list[W, R], data func(R) (T, error)) ([]T, error) {
	h := newHarvest(data)
	return h.all(chain(ctx, c, l, h))
}

// harvest gathers the pages of a list and converts each as it comes, so that never more than one page is kept as Nova
// wrote it. Chains may gather side by side.
type harvest[R item, T any] struct {
	data  func(R) (T, error)
	mu    sync.Mutex
	seen  map[string]bool
	taken []T
}

func newHarvest[R item, T any](data func(R) (T, error)) *harvest[R, T] {
	return &harvest[R, T]{data: data, seen: map[string]bool{}, taken: []T{}}
}

// all returns what was gathered, or the error with which that ended: half a list is none.
func (h *harvest[R, T]) all(err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	return h.taken, nil
}

// take keeps what nobody has seen and says how much that was.
func (h *harvest[R, T]) take(items []R) (fresh int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, i := range items {
		if h.seen[i.id()] {
			continue
		}
		converted, err := h.data(i)
		if err != nil {
			return fresh, err
		}
		h.seen[i.id()] = true
		h.taken = append(h.taken, converted)
		fresh++
	}
	return fresh, nil
}

// chain takes the pages of a list from the first on.
func chain[W any, R item, T any](ctx context.Context, c *Client, l list[W, R], h *harvest[R, T]) error {
	first, err := page(ctx, c, l, "", h.take)
	if err != nil {
		return err
	}
	return follow(ctx, c, l, h, first)
}

// follow takes the pages behind this one until one brings nothing new.
func follow[W any, R item, T any](ctx context.Context, c *Client, l list[W, R], h *harvest[R, T], last seen) (err error) {
	for last.fresh > 0 {
		if last, err = next(ctx, c, l, last.markers, h.take); err != nil {
			return err
		}
	}
	return nil
}

// next takes the page behind the last marker. What that stands for may have been deleted since: Nova then refuses the
// marker with 400, and the one before it is tried. What comes twice is dropped by the harvest.
func next[W any, R item](ctx context.Context, c *Client, l list[W, R], markers []string, take func([]R) (int, error)) (behind seen, err error) {
	for n := len(markers) - 1; n >= 0; n-- {
		behind, err = page(ctx, c, l, markers[n], take)
		if !badMarker(err) {
			return behind, err
		}
	}
	return behind, err
}

// page takes the page behind the marker; the first without one.
func page[W any, R item](ctx context.Context, c *Client, l list[W, R], marker string, take func([]R) (int, error)) (seen, error) {
	query := maps.Clone(l.query)
	if marker != "" {
		if query == nil {
			query = url.Values{}
		}
		query.Set("marker", marker)
	}
	path := l.path
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return rest.Get(ctx, c.sc, l.op, path, func(a *W) (seen, error) {
		items := l.items(a)
		fresh, err := take(items)
		return seen{fresh, lastIDs(items)}, err
	})
}

// lastIDs returns the ids of the last items of a page, in their order.
func lastIDs[R item](items []R) []string {
	const most = 10
	var ids []string
	for _, i := range items[max(0, len(items)-most):] {
		ids = append(ids, i.id())
	}
	return ids
}
