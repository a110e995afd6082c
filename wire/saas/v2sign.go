package saas

import (
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// FreshnessV2 is how long a V2 request is valid: a server refuses timestamps further away from its own clock.
const FreshnessV2 = 60 * time.Second

// ErrStale says that a V2 request is correctly signed but its timestamp is more than FreshnessV2 away: a replay, or one
// of the two clocks is wrong.
var ErrStale = errors.New("timestamp is not fresh")

// InnerHMAC is the lower-case hex HMAC-SHA256 of the body (saas.md §5.1 step 2).
func InnerHMAC(key string, body []byte) string {
	return hex.EncodeToString(hmacSHA256(key, body))
}

// CanonicalRequest is the text that a V2 signature signs: key, nonce, timestamp and InnerHMAC without separators. It
// contains the key; never log it.
func CanonicalRequest(key, nonce, timestamp string, body []byte) string {
	return key + nonce + timestamp + InnerHMAC(key, body)
}

// SignV2 computes the query parameter signature of a V2 call: 64 upper-case hex digits (saas.md §5.1). nonce is a random
// text, 64 upper-case hex digits by custom, timestamp comes from FormatMillis; both are drawn anew per attempt.
func SignV2(key, nonce, timestamp string, body []byte) string {
	return upperHex(hmacSHA256(key, []byte(CanonicalRequest(key, nonce, timestamp, body))))
}

// VerifyV2 checks a received V2 request: query holds signature, timestamp and nonce, body the received bytes. The
// signature is compared in constant time and regardless of case. It returns ErrSignature, or ErrStale when the signature
// holds but now is more than FreshnessV2 away from the timestamp. Timestamps in seconds are understood as well.
func VerifyV2(key string, query Params, body []byte, now time.Time) error {
	got, timestamp, nonce := query[ParamSignature], query[ParamTimestamp], query[ParamNonce]
	if key == "" || got == "" || timestamp == "" || nonce == "" {
		return ErrSignature
	}
	if !hmac.Equal([]byte(strings.ToUpper(got)), []byte(SignV2(key, nonce, timestamp, body))) {
		return ErrSignature
	}
	at, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return ErrSignature
	}
	sent := time.UnixMilli(at)
	if len(timestamp) <= 10 {
		sent = time.Unix(at, 0)
	}
	if d := now.Sub(sent); d > FreshnessV2 || d < -FreshnessV2 {
		return ErrStale
	}
	return nil
}

func upperHex(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }
