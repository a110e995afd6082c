package secret

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

// mask stands where a secret would have been printed.
const mask = "[redacted]"

// String is a secret text in memory: a password from the configuration, an access
// key on its way to a signature. fmt, slog and encoders print a mark instead of it,
// also when it is an unexported field of a printed struct. Reveal is the one way out.
//
// It can be read from flags, environment and files (encoding.TextUnmarshaler) but
// is never written by an encoder. Use Equal, not ==.
type String struct{ value *string }

// NewString wraps a secret text.
func NewString(s string) String {
	if s == "" {
		return String{}
	}
	return String{value: &s}
}

// Reveal gives the secret itself.
func (s String) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero tells whether there is no secret.
func (s String) IsZero() bool { return s.value == nil }

// Equal compares in constant time.
func (s String) Equal(other String) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// String implements fmt.Stringer with the mark, or "" when there is no secret.
func (s String) String() string {
	if s.value == nil {
		return ""
	}
	return mask
}

// Format covers every verb, %#v and %x included.
func (s String) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue implements slog.LogValuer.
func (s String) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps the secret out of JSON, XML, YAML and flag listings.
func (s String) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a secret.
func (s *String) UnmarshalText(text []byte) error {
	*s = NewString(string(text))
	return nil
}
