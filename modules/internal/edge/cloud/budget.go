// SPDX-License-Identifier: Apache-2.0

package cloud

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/strict"
)

// How large answers may be, in bytes. The largest real ones are those about allocation candidates: 10,000 hosts with a
// hundred traits each make 30 MB. Tokens take 100 KB, refusals a few.
const (
	largestAnswer  = 64 << 20
	largestToken   = 1 << 20
	largestRefusal = 64 << 10
)

// Of each answer so much is read without leave: what all requests in flight take of that is a part of what the program needs
// anyway.
const (
	ofEach    = 1 << 20
	firstRoom = 4 << 10
	someRoom  = 64 << 10
	largeRoom = 8 << 20
)

// tooLargeError says that an answer has more bytes than it may.
type tooLargeError struct{ limit int64 }

func (e *tooLargeError) Error() string { return fmt.Sprintf("answer larger than %d MiB", e.limit>>20) }

// budget is what all answers in flight may take in memory: one of the largest, as it came and decoded, or many smaller ones.
// An answer keeps its part until it is closed, which is when it was converted to what is kept of it.
type budget struct {
	bodies  *semaphore.Weighted // bytes of those larger than ofEach
	content *semaphore.Weighted // bytes that they take when they are decoded
}

func newBudget() *budget {
	return &budget{semaphore.NewWeighted(largestAnswer), semaphore.NewWeighted(strict.MostContent)}
}

// body is an answer that was read to its end.
type body struct {
	*bytes.Reader
	text    []byte
	masked  func(string) string
	budget  *budget
	held    int64 // of bodies
	content int64
	once    sync.Once
}

// Close gives back the answer's part of the budget. The connection is free already.
func (b *body) Close() error {
	b.once.Do(func() {
		b.budget.bodies.Release(b.held)
		b.budget.content.Release(b.content)
	})
	return nil
}

// Decode fills into, a pointer, with the body of an answer of a session, as package strict does. The body has to be closed
// when what was decoded is no longer needed.
func Decode(ctx context.Context, answer io.Reader, into any) error {
	b, ours := answer.(*body)
	if !ours { // of a client without a session, as tests have
		text, err := io.ReadAll(answer)
		if err != nil {
			return err
		}
		return strict.Decode(text, into, nil)
	}
	size, err := strict.Size(b.text, into)
	if err != nil {
		return err
	}
	if err := b.budget.content.Acquire(ctx, int64(size)); err != nil {
		return context.Cause(ctx)
	}
	b.content = int64(size)
	return strict.Fill(b.text, into, b.masked)
}

// most returns how large an answer may be, and whether more of it is cut off: of a refusal the status counts.
func most(r *http.Request, resp *http.Response) (bytes int64, cut bool) {
	switch {
	case resp.StatusCode >= http.StatusMultipleChoices:
		return largestRefusal, true
	case r.Method == http.MethodGet && resp.StatusCode == http.StatusOK && !isLogin(r):
		return largestAnswer, false
	}
	return largestToken, false
}

// read reads an answer to its end. An error leaves nothing of the budget taken.
func (b *budget) read(r *http.Request, resp *http.Response) (*body, error) {
	defer resp.Body.Close()
	limit, cut := most(r, resp)
	if resp.ContentLength > limit && !cut {
		return nil, &tooLargeError{limit}
	}
	read := &body{budget: b}
	for _, room := range rooms(resp.ContentLength, limit) {
		if err := read.leave(r.Context(), room); err != nil {
			_ = read.Close()
			return nil, err
		}
		ended, err := read.fill(resp.Body, room)
		if err != nil {
			_ = read.Close()
			return nil, &cutError{read: len(read.text), err: err}
		}
		if ended || cut && len(read.text) > int(limit) {
			read.Reader = bytes.NewReader(read.text)
			return read, nil
		}
	}
	_ = read.Close()
	return nil, &tooLargeError{limit}
}

// rooms are the sizes to which the buffer of an answer grows: to its length where that is known, else step by step. All are
// one byte larger than the answer, to see its end.
func rooms(length, limit int64) []int64 {
	if 0 <= length && length <= limit {
		return []int64{min(length+1, ofEach), length + 1}
	}
	steps := []int64{firstRoom, someRoom, ofEach, largeRoom}
	return append(slices.DeleteFunc(steps, func(room int64) bool { return room > limit }), limit+1)
}

// leave takes what an answer needs of the budget before it grows beyond what each may have. It takes that at once: answers
// that wait for each other to shrink would wait forever.
func (b *body) leave(ctx context.Context, room int64) error {
	if room <= ofEach || b.held > 0 {
		return nil
	}
	want := int64(largestAnswer)
	if room != largeRoom {
		want = min(room, want)
	}
	if err := b.budget.bodies.Acquire(ctx, want); err != nil {
		return err
	}
	b.held = want
	return nil
}

// fill reads until the text has that size, and reports whether the answer ended.
func (b *body) fill(from io.Reader, size int64) (ended bool, err error) {
	b.text = slices.Grow(b.text, int(size)-len(b.text))
	for len(b.text) < int(size) {
		n, err := from.Read(b.text[len(b.text):size])
		b.text = b.text[:len(b.text)+n]
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	}
	return false, nil
}
