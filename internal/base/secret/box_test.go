package secret_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"jishi/internal/base/secret"
)

// stableSealed is "P@ssw0rd!2024" under the context "example:1" and the master key of bytes 0 to 31.
const stableSealed = "s1.556ef02a.QQcJXLHpDXlLdkd_Yw0lwLPaFtCAKplvcOLxqe56qK1KIorMC4OQ4FCI4MMuuSxWBlnvPrbjo44MPaan.J4paeoim1rvZN1A48fU6tUg9lSUH8peIsfBHHbf5Vl0cLRTpqqkDG58"

func newBox(t testing.TB, current secret.Key, older ...secret.Key) *secret.Box {
	t.Helper()
	b, err := secret.NewBox(current, older...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealOpen(t *testing.T) {
	b := newBox(t, secret.NewKey())
	for _, plain := range [][]byte{nil, {}, []byte("k"), []byte("密码 P@ss"), bytes.Repeat([]byte{0}, 100_000)} {
		sealed, err := b.Seal(plain, "row:1")
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.Open(sealed, "row:1")
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened %d bytes, %v; sealed %d", len(got), err, len(plain))
		}
		again, _ := b.Seal(plain, "row:1")
		if again == sealed {
			t.Fatal("sealing twice gave the same text")
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	key := secret.NewKey()
	b := newBox(t, key)
	sealed, _ := b.Seal([]byte("value"), "row:1")
	other, _ := b.Seal([]byte("other"), "row:1")
	parts, otherParts := strings.Split(sealed, "."), strings.Split(other, ".")
	cases := map[string]struct {
		text, context string
		want          error
	}{
		"another context":     {sealed, "row:2", secret.ErrCorrupt},
		"value of another":    {strings.Join([]string{parts[0], parts[1], parts[2], otherParts[3]}, "."), "row:1", secret.ErrCorrupt},
		"layers exchanged":    {strings.Join([]string{parts[0], parts[1], parts[3], parts[2]}, "."), "row:1", secret.ErrCorrupt},
		"unknown master key":  {strings.Join([]string{parts[0], "00000000", parts[2], parts[3]}, "."), "row:1", secret.ErrKeyID},
		"another version":     {"s2" + sealed[2:], "row:1", secret.ErrFormat},
		"empty":               {"", "row:1", secret.ErrFormat},
		"plain text":          {"value", "row:1", secret.ErrFormat},
		"not base64":          {parts[0] + "." + parts[1] + ".!!." + parts[3], "row:1", secret.ErrFormat},
		"data key cut":        {parts[0] + "." + parts[1] + ".AAAA." + parts[3], "row:1", secret.ErrCorrupt},
		"value missing":       {parts[0] + "." + parts[1] + "." + parts[2] + ".", "row:1", secret.ErrCorrupt},
		"white space at end":  {sealed + "\n", "row:1", secret.ErrFormat},
		"a part more":         {sealed + ".AAAA", "row:1", secret.ErrFormat},
		"last character bent": {bend(sealed), "row:1", nil},
	}
	for name, c := range cases {
		got, err := b.Open(c.text, c.context)
		if err == nil || got != nil {
			t.Errorf("%s: opened", name)
		}
		if c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
		if strings.Contains(err.Error(), "value") && name != "value missing" {
			t.Errorf("%s: the error shows the secret: %v", name, err)
		}
	}
	foreign := newBox(t, secret.NewKey())
	if _, err := foreign.Open(sealed, "row:1"); !errors.Is(err, secret.ErrKeyID) {
		t.Errorf("another installation: %v", err)
	}
}

// bend changes the last character to its neighbour.
func bend(s string) string {
	last := byte('A')
	if s[len(s)-1] == 'A' {
		last = 'B'
	}
	return s[:len(s)-1] + string(last)
}

func TestOlderMasterKey(t *testing.T) {
	older, current := secret.NewKey(), secret.NewKey()
	before := newBox(t, older)
	after := newBox(t, current, older)
	sealed, _ := before.Seal([]byte("value"), "row:1")

	got, err := after.Open(sealed, "row:1")
	if err != nil || string(got) != "value" {
		t.Fatalf("older key does not open: %q %v", got, err)
	}
	moved, changed, err := after.Rewrap(sealed, "row:1")
	if err != nil || !changed {
		t.Fatalf("rewrap: %v %v", changed, err)
	}
	if _, err := before.Open(moved, "row:1"); !errors.Is(err, secret.ErrKeyID) {
		t.Errorf("the older key still opens: %v", err)
	}
	alone := newBox(t, current)
	if got, err := alone.Open(moved, "row:1"); err != nil || string(got) != "value" {
		t.Errorf("the current key alone: %q %v", got, err)
	}
	if same, changed, err := alone.Rewrap(moved, "row:1"); err != nil || changed || same != moved {
		t.Errorf("second rewrap: %v %v", changed, err)
	}
	if _, _, err := after.Rewrap(sealed, "row:2"); !errors.Is(err, secret.ErrCorrupt) {
		t.Errorf("rewrap under another context: %v", err)
	}
}

func TestCheckValue(t *testing.T) {
	key, other := secret.NewKey(), secret.NewKey()
	a, b, c := newBox(t, key), newBox(t, key, other), newBox(t, other)
	if a.CheckValue() != b.CheckValue() || a.CheckValue() == c.CheckValue() || len(a.CheckValue()) != 16 {
		t.Errorf("check values %q %q %q", a.CheckValue(), b.CheckValue(), c.CheckValue())
	}
	if a.KeyID() == c.KeyID() || strings.HasPrefix(a.CheckValue(), a.KeyID()) {
		t.Errorf("key ids %q %q", a.KeyID(), c.KeyID())
	}
	if _, err := secret.NewBox(secret.Key{}); !errors.Is(err, secret.ErrKey) {
		t.Errorf("box without key: %v", err)
	}
}

// A sealed text of an earlier release must open for ever.
func TestStableFormat(t *testing.T) {
	key, err := secret.ParseKey("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
	if err != nil {
		t.Fatal(err)
	}
	b := newBox(t, key)
	got, err := b.Open(stableSealed, "example:1")
	if err != nil || string(got) != "P@ssw0rd!2024" {
		t.Fatalf("%q %v (key id %s)", got, err, b.KeyID())
	}
}

func FuzzOpen(f *testing.F) {
	key, _ := secret.ParseKey("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
	b := newBox(f, key)
	f.Add(stableSealed, "example:1")
	f.Add("s1.00000000.AAAA.AAAA", "")
	f.Add("...", "x")
	f.Fuzz(func(t *testing.T, text, context string) {
		plain, err := b.Open(text, context)
		if err != nil {
			if plain != nil {
				t.Fatal("content beside an error")
			}
			return
		}
		if text != stableSealed || context != "example:1" || string(plain) != "P@ssw0rd!2024" {
			t.Fatalf("forged text opens: %q %q", text, context)
		}
	})
}
