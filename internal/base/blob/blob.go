// Package blob keeps files: pictures, guides, invoices, exports.
//
// A Store is a folder (Dir, one node or a folder that all nodes share) or an
// S3-compatible service (S3, any number of nodes). Files are written whole or not at
// all, are replaced by writing the same key again, and are found by key only: which
// files exist is known by the rows that name them. The caller decides who may read
// what; the package checks keys, sizes and, with CheckImage, that a picture is one.
package blob

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"jishi/internal/base/errs"
)

// ErrNotFound answers Get of a key that does not exist. Code "blob.not_found".
var ErrNotFound = errs.NotFoundf("blob.not_found")

// Faults of the caller, not of a person: they are never shown.
var (
	ErrKey  = errors.New("blob: not a valid key")
	ErrSize = errors.New("blob: the content does not have the announced size")
)

// Info describes a stored file.
type Info struct {
	Key         string
	Size        int64 // bytes
	ContentType string
	Modified    time.Time
}

// Store keeps files by key. All methods are safe for concurrent use.
type Store interface {
	// Put stores exactly size bytes from r under key, atomically, and replaces what was
	// there. Errors: ErrKey, ErrSize (nothing is stored), those of r and of the store.
	// It is idempotent.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	// Get opens a file; the caller closes it. Errors: ErrKey, ErrNotFound.
	Get(ctx context.Context, key string) (io.ReadCloser, Info, error)
	// Delete removes a file; a missing one is not an error. Error: ErrKey.
	Delete(ctx context.Context, key string) error
}

// maxKey is the longest key in bytes.
const maxKey = 512

// checkKey admits relative slash-separated paths of letters, digits, "-", "_" and
// ".", in which no part begins with a dot: such a key names the same file in every
// store and can never leave its folder.
func checkKey(key string) error {
	if key == "" || len(key) > maxKey {
		return ErrKey
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' || part[len(part)-1] == '.' || len(part) > 200 {
			return ErrKey
		}
		for i := range len(part) {
			c := part[i]
			letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
			if !letter && c != '-' && c != '_' && c != '.' {
				return ErrKey
			}
		}
	}
	return nil
}

// exactly reads as many bytes as were announced and fails with ErrSize when r has
// fewer or more. More is noticed before the last bytes are handed out, so that a
// store that streams has not finished by then.
type exactly struct {
	r    io.Reader
	left int64
}

func (e *exactly) Read(b []byte) (int, error) {
	if e.left <= 0 {
		return 0, e.end()
	}
	n, err := e.r.Read(b[:min(int64(len(b)), e.left)])
	e.left -= int64(n)
	switch {
	case e.left == 0:
		if err := e.end(); err != io.EOF {
			return 0, err
		}
		return n, nil
	case err == io.EOF:
		return n, ErrSize
	}
	return n, err
}

// end is io.EOF when r has nothing more.
func (e *exactly) end() error {
	if e.left < 0 {
		return ErrSize
	}
	var one [1]byte
	n, err := io.ReadFull(e.r, one[:])
	if n > 0 {
		return ErrSize
	}
	return err
}
