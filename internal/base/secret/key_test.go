package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"jishi/internal/base/secret"
)

func TestParseKey(t *testing.T) {
	k := secret.NewKey()
	std := k.Encode()
	url := strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(std), "=")
	for _, text := range []string{std, url, " " + std + "\r\n"} {
		got, err := secret.ParseKey(text)
		if err != nil || got.Encode() != std {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"", "AAAA", std + "AAAA", "not base64 at all!", std[:43] + "A" + "A"} {
		if _, err := secret.ParseKey(text); !errors.Is(err, secret.ErrKey) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	if _, err := secret.LoadFile(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("missing file: %v", err)
	}
	first, created, err := secret.LoadOrCreateFile(path)
	if err != nil || !created {
		t.Fatal(created, err)
	}
	info, _ := os.Stat(path)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	second, created, err := secret.LoadOrCreateFile(path)
	if err != nil || created || second.Encode() != first.Encode() {
		t.Errorf("second start: %v %v", created, err)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	for _, mode := range []fs.FileMode{0o640, 0o604, 0o644, 0o660} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, _, err := secret.LoadOrCreateFile(path); err == nil || strings.Contains(err.Error(), first.Encode()) {
			t.Errorf("mode %v: %v", mode, err)
		}
	}
	_ = os.Chmod(path, 0o400)
	if _, err := secret.LoadFile(path); err != nil {
		t.Errorf("narrower mode refused: %v", err)
	}

	broken := filepath.Join(t.TempDir(), "broken.key")
	_ = os.WriteFile(broken, nil, 0o600)
	if _, _, err := secret.LoadOrCreateFile(broken); !errors.Is(err, secret.ErrKey) {
		t.Errorf("an empty file must never be replaced: %v", err)
	}
}

func TestKeyFileConcurrently(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	keys := make([]string, 16)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			k, _, err := secret.LoadOrCreateFile(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = k.Encode()
		})
	}
	wg.Wait()
	for _, k := range keys {
		if k != keys[0] {
			t.Fatal("two keys")
		}
	}
}

func TestNothingPrints(t *testing.T) {
	const text = "hunter-2-secret"
	s, k := secret.NewString(text), secret.NewKey()
	type inner struct {
		hidden secret.String
		key    secret.Key
	}
	value := struct {
		Open  secret.String
		Key   secret.Key
		inner inner
	}{s, k, inner{s, k}}
	raw := k.Encode()
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, s, &s, value, k)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "k", k, "v", value, "p", &s)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "s", s, "k", k, "v", value)
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	for _, bad := range []string{text, fmt.Sprintf("%x", text), raw, raw[:20]} {
		if strings.Contains(out.String(), bad) {
			t.Errorf("printed %q in:\n%s", bad, out.String())
		}
	}
	if s.Reveal() != text || s.IsZero() || !s.Equal(secret.NewString(text)) || s.Equal(secret.String{}) {
		t.Error("the secret itself is lost")
	}
	var read struct{ Password secret.String }
	if err := json.Unmarshal([]byte(`{"Password":"abc"}`), &read); err != nil || read.Password.Reveal() != "abc" {
		t.Errorf("reading: %v", err)
	}
}
