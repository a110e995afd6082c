package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// version opens every sealed text, so that another format can be told apart later.
const version = "s1"

// What Open and Rewrap answer. None of them says more: a text that does not
// open is broken, moved to another context, or forged, and nobody can tell which.
var (
	ErrFormat  = errors.New("secret: not a sealed text")
	ErrKeyID   = errors.New("secret: sealed with a master key that is not configured")
	ErrCorrupt = errors.New("secret: sealed text does not open here")
)

// Box seals and opens stored secrets. It is safe for concurrent use and never changes.
type Box struct {
	current string
	wrap    map[string]cipher.AEAD // by master key id
	check   string
}

// NewBox makes a Box that seals with current and also opens what older keys sealed.
func NewBox(current Key, older ...Key) (*Box, error) {
	b := &Box{wrap: make(map[string]cipher.AEAD, 1+len(older))}
	for i, k := range append([]Key{current}, older...) {
		if k.IsZero() {
			return nil, ErrKey
		}
		aead, err := newGCM(k.wrapping())
		if err != nil {
			return nil, err
		}
		if i == 0 {
			b.current = k.id()
			b.check = hex.EncodeToString(k.derive("jishi check value", 8))
		}
		b.wrap[k.id()] = aead
	}
	return b, nil
}

// CheckValue is 16 hex digits that are equal on nodes with the same current master
// key and tell nothing else about it.
func (b *Box) CheckValue() string { return b.check }

// KeyID names the current master key as it stands in sealed texts.
func (b *Box) KeyID() string { return b.current }

// Seal encrypts plain for the place named by context and returns a printable text:
// version, key id, wrapped data key, value, joined by dots. Sealing the same value
// twice gives different texts.
func (b *Box) Seal(plain []byte, context string) (string, error) {
	dataKey := make([]byte, keySize)
	_, _ = rand.Read(dataKey) // never fails, see NewKey
	aead, err := newGCM(dataKey)
	if err != nil {
		return "", err
	}
	wrapped := seal(b.wrap[b.current], dataKey, wrapContext(b.current, context))
	value := seal(aead, plain, valueContext(context))
	return join(b.current, wrapped, value), nil
}

// Open decrypts a sealed text. The context must be the one it was sealed with.
// Errors: ErrFormat, ErrKeyID, ErrCorrupt.
func (b *Box) Open(sealed, context string) ([]byte, error) {
	keyID, wrapped, value, err := split(sealed)
	if err != nil {
		return nil, err
	}
	dataKey, err := b.unwrap(keyID, wrapped, context)
	if err != nil {
		return nil, err
	}
	aead, err := newGCM(dataKey)
	if err != nil {
		return nil, ErrCorrupt
	}
	return open(aead, value, valueContext(context))
}

// Rewrap moves a sealed text to the current master key; only the wrapped data key
// changes. changed is false when it already was there. Errors as Open.
func (b *Box) Rewrap(sealed, context string) (text string, changed bool, err error) {
	keyID, wrapped, value, err := split(sealed)
	if err != nil {
		return "", false, err
	}
	if keyID == b.current {
		return sealed, false, nil
	}
	dataKey, err := b.unwrap(keyID, wrapped, context)
	if err != nil {
		return "", false, err
	}
	wrapped = seal(b.wrap[b.current], dataKey, wrapContext(b.current, context))
	return join(b.current, wrapped, value), true, nil
}

func (b *Box) unwrap(keyID string, wrapped []byte, context string) ([]byte, error) {
	master, ok := b.wrap[keyID]
	if !ok {
		return nil, fmt.Errorf("%w (key id %s)", ErrKeyID, keyID)
	}
	return open(master, wrapped, wrapContext(keyID, context))
}

// The two layers have different additional data, so that one can never stand in for the other.
func wrapContext(keyID, context string) []byte {
	return []byte(version + ".key." + keyID + "." + context)
}

func valueContext(context string) []byte { return []byte(version + ".value." + context) }

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal and open leave the nonce to the cipher, which draws it and puts it in front.
func seal(aead cipher.AEAD, plain, context []byte) []byte {
	return aead.Seal(nil, nil, plain, context)
}

func open(aead cipher.AEAD, sealed, context []byte) ([]byte, error) {
	plain, err := aead.Open(nil, nil, sealed, context)
	if err != nil {
		return nil, ErrCorrupt
	}
	return plain, nil
}

func join(keyID string, wrapped, value []byte) string {
	enc := base64.RawURLEncoding
	return version + "." + keyID + "." + enc.EncodeToString(wrapped) + "." + enc.EncodeToString(value)
}

func split(sealed string) (keyID string, wrapped, value []byte, err error) {
	parts := strings.Split(sealed, ".")
	// The base64 decoder skips line ends; a sealed text has none.
	if len(parts) != 4 || parts[0] != version || len(parts[1]) != 8 || strings.ContainsAny(sealed, "\r\n") {
		return "", nil, nil, ErrFormat
	}
	// Strict: one value has one text, so that equal texts can be compared.
	enc := base64.RawURLEncoding.Strict()
	if wrapped, err = enc.DecodeString(parts[2]); err != nil {
		return "", nil, nil, ErrFormat
	}
	if value, err = enc.DecodeString(parts[3]); err != nil {
		return "", nil, nil, ErrFormat
	}
	return parts[1], wrapped, value, nil
}
