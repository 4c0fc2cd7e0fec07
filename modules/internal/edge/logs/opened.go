// SPDX-License-Identifier: Apache-2.0

package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/core/several"
	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/files"
)

const headLength = 1024

func sum(head []byte) string {
	s := sha256.Sum256(head)
	return hex.EncodeToString(s[:])
}

// longestHeading is how long the line can be that names the columns of a file.
const longestHeading = 4096

// readStart reads the beginning of a file, shorter if the file is.
func readStart(in *opened) ([]byte, error) {
	start := make([]byte, longestHeading+1)
	n, err := io.ReadFull(in, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return start[:n], nil
}

// opened is a file, unpacked and put into UTF-8 on the way if it needs that.
type opened struct {
	io.Reader
	file      *os.File
	converted bool
	packed    bool // it is whole
}

// skip goes to the offset; some bytes were read already.
func (o *opened) skip(offset int64, read int) error {
	if offset < int64(read) {
		if err := o.begin(); err != nil {
			return err
		}
		read = 0
	}
	_, err := io.CopyN(io.Discard, o, offset-int64(read))
	return err
}

// begin makes the reader of the whole file.
func (o *opened) begin() error {
	if _, err := o.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	o.Reader, o.converted = o.file, false
	if bytes.Equal(o.head(), []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(bufio.NewReaderSize(o.file, 1<<18))
		if err != nil {
			return err
		}
		o.Reader, o.converted, o.packed = unpacked, true, true
	} else if order := byteOrder(o.head()); order != nil {
		decoded, err := newWide(o.file, order)
		if err != nil {
			return err
		}
		o.Reader, o.converted = decoded, true
	}
	return nil
}

// head returns the first two bytes of the file.
func (o *opened) head() []byte {
	magic := make([]byte, 2)
	n, _ := o.file.ReadAt(magic, 0)
	return magic[:n]
}

// Close closes the file.
func (o *opened) Close() error { return o.file.Close() }

func open(path string) (*opened, error) {
	file, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	o := &opened{file: file}
	if err := o.begin(); err != nil {
		return nil, several.Join(err, file.Close())
	}
	return o, nil
}
