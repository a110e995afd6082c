package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// The parameters of RFC 6238 that every authenticator app knows; others are ignored by some of them.
const (
	factorStep   = 30 * time.Second
	factorDigits = 6
	factorSkew   = 1 // steps by which a device's clock may be wrong, either way
	factorBytes  = 20
)

var base32Key = base32.StdEncoding.WithPadding(base32.NoPadding)

func newFactorKey() []byte {
	key := make([]byte, factorBytes)
	_, _ = rand.Read(key)
	return key
}

// stepOf numbers the steps of 30 seconds since 1970.
func stepOf(t time.Time) int64 { return t.Unix() / int64(factorStep/time.Second) }

// factorCode is the code of one step (RFC 6238 with HMAC-SHA-1, truncated as RFC 4226 §5.3).
func factorCode(key []byte, step int64) string {
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	m := hmac.New(sha1.New, key)
	m.Write(counter[:])
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	number := binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
	return fmt.Sprintf("%0*d", factorDigits, number%1_000_000)
}

// matchStep finds the step near t whose code is the given one, the latest where two are. It always computes and compares
// all of them, so that its time tells nothing.
func matchStep(key []byte, code string, t time.Time) (int64, bool) {
	now, found := stepOf(t), int64(-1)
	for step := now - factorSkew; step <= now+factorSkew; step++ {
		if subtle.ConstantTimeCompare([]byte(factorCode(key, step)), []byte(code)) == 1 {
			found = step
		}
	}
	return found, found >= 0
}

// factorURI is what an authenticator app reads from the QR code. Blanks are %20: some apps show a plus sign as it is.
func factorURI(key []byte, issuer, label string) string {
	return fmt.Sprintf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d", url.PathEscape(issuer), url.PathEscape(label),
		base32Key.EncodeToString(key), strings.ReplaceAll(url.QueryEscape(issuer), "+", "%20"), factorDigits, int(factorStep/time.Second))
}
