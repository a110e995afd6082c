package identity

import (
	"strings"
	"testing"
	"time"
)

// RFC 6238 appendix B, SHA-1; the RFC shows eight digits, of which six are the last.
func TestCodesOfRFC6238(t *testing.T) {
	key := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := factorCode(key, stepOf(time.Unix(at, 0))); got != want[2:] {
			t.Errorf("at %d: %s, want %s", at, got, want[2:])
		}
	}
}

func TestACodeMayBeOneStepOff(t *testing.T) {
	key, now := []byte("12345678901234567890"), time.Date(2026, 3, 1, 8, 0, 15, 0, time.UTC)
	for off := int64(-3); off <= 3; off++ {
		code := factorCode(key, stepOf(now)+off)
		step, ok := matchStep(key, code, now)
		if want := off >= -1 && off <= 1; ok != want || ok && step != stepOf(now)+off {
			t.Errorf("%d steps off: %v at step %d", off, ok, step-stepOf(now))
		}
	}
	if _, ok := matchStep(key, "", now); ok {
		t.Error("an empty code matches")
	}
}

func TestTheAddressForTheApp(t *testing.T) {
	uri := factorURI([]byte("12345678901234567890"), "My shop & Co", "lin+x@example.com")
	if want := "otpauth://totp/My%20shop%20&%20Co:lin+x@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=My%20shop%20%26%20Co&algorithm=SHA1&digits=6&period=30"; uri != want {
		t.Errorf("%s\nwant\n%s", uri, want)
	}
	if strings.Contains(factorURI([]byte("k"), "集市", "a@b.c"), "集") {
		t.Error("letters beyond ASCII are not escaped")
	}
}

// CodeAt is the device for tests outside the package.
func CodeAt(secret string, t time.Time) string {
	key, err := base32Key.DecodeString(secret)
	if err != nil {
		panic(err)
	}
	return factorCode(key, stepOf(t))
}
