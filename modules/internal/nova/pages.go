// SPDX-License-Identifier: Apache-2.0

package nova

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/cloud"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/rest"
)

// list says what to read page by page.
type list struct {
	op, path, key string
	query         url.Values
}

// item is an element of a page; its id is the marker of the next page.
type item interface{ id() string }

// pages reads a list page by page. The first page is asked for without marker and without limit: only so does Nova show
// the servers of cells that do not answer. Nova's own next links are not followed: they may name another host, and a page
// that lost hidden entries has none although more follows.
func pages[R item, T any](ctx context.Context, c *Client, l list, data func(R) (T, error)) ([]T, error) {
	first, err := page[R](ctx, c, l, "")
	if err != nil {
		return nil, err
	}
	h := newHarvest(l.op, data)
	return h.all(h.chain(ctx, c, l, first))
}

// harvest gathers the pages of a list and converts each as it comes, so that never more than one page is kept as Nova
// wrote it. Chains may gather side by side.
type harvest[R item, T any] struct {
	op    string
	data  func(R) (T, error)
	mu    sync.Mutex
	seen  map[string]bool
	taken []T
}

func newHarvest[R item, T any](op string, data func(R) (T, error)) *harvest[R, T] {
	return &harvest[R, T]{op: op, data: data, seen: map[string]bool{}, taken: []T{}}
}

// all returns what was gathered, or the error with which that ended: half a list is none.
func (h *harvest[R, T]) all(err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	return h.taken, nil
}

// chain takes this page and those behind it until one brings nothing new.
func (h *harvest[R, T]) chain(ctx context.Context, c *Client, l list, items []R) error {
	for {
		fresh, err := h.take(items)
		if err != nil || fresh == 0 {
			return err
		}
		if items, err = next(ctx, c, l, items); err != nil {
			return err
		}
	}
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
			return fresh, cloud.AsError(h.op, err)
		}
		h.seen[i.id()] = true
		h.taken = append(h.taken, converted)
		fresh++
	}
	return fresh, nil
}

// next reads the page behind the last item. That item may have been deleted since: Nova then refuses the marker
// with 400, and the one before it is tried. What comes twice is dropped by the caller.
func next[R item](ctx context.Context, c *Client, l list, items []R) (behind []R, err error) {
	const tries = 10
	for n := len(items) - 1; n >= max(0, len(items)-tries); n-- {
		behind, err = page[R](ctx, c, l, items[n].id())
		if !badMarker(err) {
			return behind, err
		}
	}
	return behind, err
}

// page reads the page behind the marker; the first without one.
func page[R item](ctx context.Context, c *Client, l list, marker string) ([]R, error) {
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
	var answer map[string]json.RawMessage
	if err := rest.Get(ctx, c.sc, l.op, path, &answer); err != nil {
		return nil, err
	}
	content, there := answer[l.key]
	if !there || string(content) == "null" {
		return nil, rest.Missing(l.op, l.key)
	}
	return decode[R](l, content)
}

func decode[R item](l list, content json.RawMessage) ([]R, error) {
	var items []R
	if err := json.Unmarshal(content, &items); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", l.op, rest.ErrIncomplete, err)
	}
	if slices.ContainsFunc(items, func(i R) bool { return i.id() == "" }) { // it would be the marker of the first page
		return nil, fmt.Errorf("%s: %w: one of the list has no id", l.op, rest.ErrIncomplete)
	}
	return items, nil
}
