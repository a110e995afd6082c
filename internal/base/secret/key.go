package secret

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// keySize is the length of master and data keys in bytes: AES-256.
const keySize = 32

// ErrKey says that a text is not a master key.
var ErrKey = errors.New("secret: a master key is 32 bytes in base64")

// Key is a master key (主密钥). It never prints; Encode is the one way to its text.
type Key struct{ bytes *[keySize]byte }

// NewKey draws a random master key.
func NewKey() Key {
	k := Key{bytes: new([keySize]byte)}
	// crypto/rand.Read never fails: it ends the program when the system has no randomness.
	_, _ = rand.Read(k.bytes[:])
	return k
}

// ParseKey reads a master key from base64, standard or URL alphabet, padded or not;
// surrounding white space is ignored. Error: ErrKey.
func ParseKey(text string) (Key, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	raw, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != keySize {
		return Key{}, ErrKey
	}
	k := Key{bytes: new([keySize]byte)}
	copy(k.bytes[:], raw)
	return k, nil
}

// IsZero tells whether no key was set.
func (k Key) IsZero() bool { return k.bytes == nil }

// Encode is the base64 form that ParseKey reads: for the key file and nothing else.
func (k Key) Encode() string {
	if k.bytes == nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(k.bytes[:])
}

// id names the key inside sealed texts: 8 hex digits, derived one-way.
func (k Key) id() string { return hex.EncodeToString(k.derive("jishi master key id", 4)) }

// wrapping is the key that wraps data keys. The master key itself is never used as
// a cipher key, so that its id and check value stay independent of it.
func (k Key) wrapping() []byte { return k.derive("jishi data key wrapping", keySize) }

func (k Key) derive(purpose string, n int) []byte {
	out, err := hkdf.Key(sha256.New, k.bytes[:], nil, purpose, n)
	if err != nil {
		panic(err) // only for lengths no caller here asks for
	}
	return out
}

// Format prints a mark instead of the key, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// LogValue implements slog.LogValuer.
func (k Key) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText keeps the key out of JSON and other encoders.
func (k Key) MarshalText() ([]byte, error) { return []byte(mask), nil }
