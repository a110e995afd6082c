// Package id makes identifiers in the application, never in the database, so that
// every node makes them alike and a row's id is known before it is written.
package id

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"time"

	"jishi/internal/base/clock"
)

var sortable = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New makes "prefix_" and 26 characters: 48 bits of wall-clock milliseconds and 80
// random bits, sorted by time to the millisecond.
func New(prefix string) string {
	var b [16]byte
	ms := uint64(clock.Wall{}.Now().UnixMilli())
	binary.BigEndian.PutUint64(b[:8], ms<<16)
	rand.Read(b[6:])
	return prefix + "_" + sortable.EncodeToString(b[:])
}

const base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// OrderNumber makes "CS", yyMMddHHmm in the site's zone and 5 random base-36
// characters (architecture.md §3.9). It is not unique by itself: the caller draws
// again when the unique index refuses it. Sellers de-duplicate by it.
func OrderNumber(wall time.Time, zone *time.Location) string {
	return "CS" + wall.In(zone).Format("0601021504") + random36(5)
}

// PlanNumber makes the wire's productId of a price plan: "OFFI" and 19 digits.
func PlanNumber() string {
	var b [8]byte
	rand.Read(b[:])
	n := binary.BigEndian.Uint64(b[:])
	out := []byte("OFFI0000000000000000000")
	for i := len(out) - 1; i >= 4; i-- {
		out[i] = byte('0' + n%10)
		n /= 10
	}
	if out[4] == '0' {
		out[4] = '3'
	}
	return string(out)
}

// UUID makes a random version 4 UUID in lower-case text, the form of the keys and
// skuCodes on the wire.
func UUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Hex makes n random bytes as lower-case hex digits.
func Hex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Token makes an unguessable text of 256 bits for links, sessions and API tokens.
func Token() string {
	var b [32]byte
	rand.Read(b[:])
	return sortable.EncodeToString(b[:])
}

func random36(n int) string {
	out := make([]byte, n)
	var b [1]byte
	for i := 0; i < n; {
		rand.Read(b[:])
		if b[0] >= 252 { // 7×36: keep the draw even
			continue
		}
		out[i] = base36[b[0]%36]
		i++
	}
	return string(out)
}
