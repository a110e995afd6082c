package identity

import (
	"context"
	"encoding/hex"
	"strings"
	"testing"

	"jishi/internal/base/errs"
)

// Published results of argon2id, version 19, for the password "password" and the salt
// "somesalt".
func TestArgon2Vectors(t *testing.T) {
	for cost, want := range map[string]string{
		"m=64,t=1,p=1":    "655ad15eac652dc59f7170a7332bf49b8469be1fdb9c28bb",
		"m=64,t=2,p=1":    "068d62b26455936aa6ebe60060b0a65870dbfa3ddf8d41f7",
		"m=256,t=2,p=1":   "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
		"m=65536,t=2,p=1": "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
	} {
		raw, _ := hex.DecodeString(want)
		encoded := "$argon2id$v=19$" + cost + "$" + b64.EncodeToString([]byte("somesalt")) + "$" + b64.EncodeToString(raw)
		if ok, err := verify(encoded, "password"); err != nil || !ok {
			t.Errorf("%s: %v, %v", cost, ok, err)
		}
		if ok, err := verify(encoded, "passwore"); err != nil || ok {
			t.Errorf("%s: another password matches: %v", cost, err)
		}
	}
}

func TestPasswordsAreHashed(t *testing.T) {
	s := &Store{}
	ctx := context.Background()
	p, err := s.NewPassword(ctx, "密码密码密码密码")
	if err != nil || !strings.HasPrefix(p.encoded, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(p.encoded, err)
	}
	again, _ := s.NewPassword(ctx, "密码密码密码密码")
	if p.encoded == again.encoded {
		t.Error("two hashes of one password are equal")
	}
	if ok, err := s.matches(ctx, p.encoded, "密码密码密码密码"); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := s.matches(ctx, "", "anything at all"); ok || err != nil {
		t.Error("nobody's password matched", err)
	}
	for _, bad := range []string{"", "1234567", strings.Repeat("x", 129)} {
		if _, err := s.NewPassword(ctx, bad); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, broken := range []string{"x", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA", "$argon2id$v=16$m=64,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=0,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=1,p=1$AAAA$"} {
		if _, err := verify(broken, "x"); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}

func TestAtMostTwoHashesAtOnce(t *testing.T) {
	s := &Store{}
	for range atOnce {
		if err := s.turn(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.NewPassword(ctx, "long enough"); err == nil {
		t.Error("a third hash was computed at the same time")
	}
	s.leave()
	if _, err := s.NewPassword(context.Background(), "long enough"); err != nil {
		t.Error(err)
	}
}
