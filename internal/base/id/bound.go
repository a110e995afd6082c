package id

import (
	"encoding/binary"
	"time"
)

// First is the lowest id that New can make at t or later: what was made in a time is
// between two of them, which lets a list in the order of ids be cut by an index.
func First(prefix string, t time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(max(t.UnixMilli(), 0))<<16)
	return prefix + "_" + sortable.EncodeToString(b[:])
}
