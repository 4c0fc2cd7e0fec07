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
	h := newHarvest(l, data)
	first, err := c.page(ctx, l, "")
	if err != nil {
		return nil, err
	}
	err = h.chain(ctx, c, l, first)
	return h.all, err
}

// harvest gathers the pages of a list and converts each as it comes, so that never more than one page is kept as Nova
// wrote it. Chains may gather side by side.
type harvest[R item, T any] struct {
	op, key string
	data    func(R) (T, error)
	mu      sync.Mutex
	seen    map[string]bool
	all     []T
}

func newHarvest[R item, T any](l list, data func(R) (T, error)) *harvest[R, T] {
	return &harvest[R, T]{op: l.op, key: l.key, data: data, seen: map[string]bool{}, all: []T{}}
}

// chain takes this page and those behind it until one brings nothing new.
func (h *harvest[R, T]) chain(ctx context.Context, c *Client, l list, page json.RawMessage) error {
	for {
		items, err := decode[R](l, page)
		if err != nil {
			return err
		}
		fresh, err := h.take(items)
		if err != nil || fresh == 0 {
			return err
		}
		if page, err = next(ctx, c, l, items); err != nil {
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
		h.all = append(h.all, converted)
		fresh++
	}
	return fresh, nil
}

// next reads the page behind the last item. That item may have been deleted since: Nova then refuses the marker
// with 400, and the one before it is tried. What comes twice is dropped by the caller.
func next[T item](ctx context.Context, c *Client, l list, items []T) (json.RawMessage, error) {
	const tries = 10
	var page json.RawMessage
	var err error
	for n := len(items) - 1; n >= max(0, len(items)-tries); n-- {
		page, err = c.page(ctx, l, items[n].id())
		if !badMarker(err) {
			return page, err
		}
	}
	return page, err
}

func (c *Client) page(ctx context.Context, l list, marker string) (json.RawMessage, error) {
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
	return content, nil
}

func decode[T item](l list, page json.RawMessage) ([]T, error) {
	var items []T
	if err := json.Unmarshal(page, &items); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", l.op, rest.ErrIncomplete, err)
	}
	if slices.ContainsFunc(items, func(i T) bool { return i.id() == "" }) { // it would be the marker of the first page
		return nil, fmt.Errorf("%s: %w: one of the list has no id", l.op, rest.ErrIncomplete)
	}
	return items, nil
}
