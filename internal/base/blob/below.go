package blob

import (
	"context"
	"errors"
	"io"
)

// Below is a Store under a prefix of another one. What it does not have, it reads from
// Fallback when that is set; it never writes there.
type Below struct {
	Store    Store
	Prefix   string // ends with "/"
	Fallback Store
}

// Put implements Store.
func (b Below) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return b.Store.Put(ctx, b.Prefix+key, r, size, contentType)
}

// Get implements Store.
func (b Below) Get(ctx context.Context, key string) (io.ReadCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	body, info, err := b.Store.Get(ctx, b.Prefix+key)
	if b.Fallback != nil && errors.Is(err, ErrNotFound) {
		return b.Fallback.Get(ctx, key)
	}
	info.Key = key
	return body, info, err
}

// Delete implements Store.
func (b Below) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return b.Store.Delete(ctx, b.Prefix+key)
}
