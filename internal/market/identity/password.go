package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"jishi/internal/base/errs"
)

// The cost of a hash: 19 MiB, two passes, one lane. At most two are computed at once, so
// that a flood of sign-ins cannot take the machine's memory.
const (
	memoryKiB   = 19 * 1024
	passes      = 2
	lanes       = 1
	hashBytes   = 32
	saltBytes   = 16
	atOnce      = 2
	longestWait = 10 * time.Second
)

// Bounds of a password in characters (catalog-and-roles.md A1).
const (
	MinPassword = 8
	MaxPassword = 128
)

// Password is a checked and hashed password, ready to be stored.
type Password struct{ encoded string }

// CheckPassword adds a fault of the field when the password's length is wrong.
func CheckPassword(c *errs.Check, path, plain string) {
	if plain == "" {
		c.Add(path, "required")
		return
	}
	if n := utf8.RuneCountInString(plain); n < MinPassword || n > MaxPassword {
		c.Add(path, "length", "min", MinPassword, "max", MaxPassword, "actual", n)
	}
}

// NewPassword checks and hashes a password; it must not be called inside a transaction.
// Errors: field "password" (Invalid), "identity.busy" (Unavailable).
func (s *Store) NewPassword(ctx context.Context, plain string) (Password, error) {
	var c errs.Check
	CheckPassword(&c, "password", plain)
	if err := c.Err(); err != nil {
		return Password{}, err
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt)
	if err := s.turn(ctx); err != nil {
		return Password{}, err
	}
	defer s.leave()
	key := argon2.IDKey([]byte(plain), salt, passes, memoryKiB, lanes, hashBytes)
	return Password{encode(salt, key)}, nil
}

// matches tells whether plain is the password behind the encoded hash. An empty hash
// (nobody, or no password yet) costs the same and never matches, so that the time of an
// answer does not tell whether an e-mail is known.
func (s *Store) matches(ctx context.Context, encoded, plain string) (bool, error) {
	if err := s.turn(ctx); err != nil {
		return false, err
	}
	defer s.leave()
	known := encoded != ""
	if !known {
		encoded = s.decoy
	}
	ok, err := verify(encoded, plain)
	return ok && known, err
}

func (s *Store) turn(ctx context.Context) error {
	s.once.Do(func() {
		s.turns = make(chan struct{}, atOnce)
		salt := make([]byte, saltBytes)
		key := make([]byte, hashBytes)
		_, _ = rand.Read(salt)
		_, _ = rand.Read(key)
		s.decoy = encode(salt, key)
	})
	timeout := time.NewTimer(longestWait)
	defer timeout.Stop()
	select {
	case s.turns <- struct{}{}:
		return nil
	case <-timeout.C:
		return errs.Unavailablef("identity.busy")
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) leave() { <-s.turns }

var b64 = base64.RawStdEncoding

func encode(salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// verify reads the usual text form of argon2id hashes, whatever its cost.
func verify(encoded, plain string) (bool, error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("identity: not an argon2id hash")
	}
	var version, m, t, p int
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, fmt.Errorf("identity: argon2 version %q", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p); err != nil || m < 8 || m > 1<<20 || t < 1 || t > 100 || p < 1 || p > 255 {
		return false, fmt.Errorf("identity: argon2 cost %q", parts[3])
	}
	salt, err := b64.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("identity: argon2 salt: %w", err)
	}
	want, err := b64.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false, fmt.Errorf("identity: argon2 hash is not base64")
	}
	got := argon2.IDKey([]byte(plain), salt, uint32(t), uint32(m), uint8(p), uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
