package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"jishi/internal/base/secret"
)

var quiet = slog.New(slog.DiscardHandler)

func TestAKeyBelongsToItsDatabase(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	c := Config{Storage: Storage{Data: dir}, Files: Files{Blobs: "dir"}}
	open := func(c Config) error {
		a, err := Open(ctx, c, quiet)
		if err == nil {
			err = a.Close()
		}
		return err
	}
	if err := open(c); err != nil {
		t.Fatal(err)
	}
	if err := open(c); err != nil {
		t.Fatal("second start:", err)
	}
	other := c
	other.MasterKey = secret.NewKey().Encode()
	if err := open(other); err == nil || !strings.Contains(err.Error(), "not the master key") {
		t.Errorf("another key: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "master.key")); err != nil {
		t.Fatal(err)
	}
	if err := open(c); err == nil || !strings.Contains(err.Error(), "is missing") {
		t.Errorf("a lost key must not be made anew: %v", err)
	}
}

func TestPostgresNeedsAKeyAndSharedFiles(t *testing.T) {
	st := Storage{Data: t.TempDir(), Database: "postgres://db.example/jishi"}
	if _, err := (Secrets{}).Key(st, true); err != ErrNoKey {
		t.Errorf("key: %v", err)
	}
	if _, err := (Files{Blobs: "dir"}).OpenStore(st); err == nil {
		t.Error("a folder of one node was accepted for several")
	}
	if _, err := (Files{Blobs: "dir", SharedFiles: true}).OpenStore(st); err != nil {
		t.Error(err)
	}
	if _, err := (Secrets{MasterKey: "x", MasterKeyFile: "y"}).Key(st, true); err == nil {
		t.Error("two keys were accepted")
	}
}

func TestPublicURL(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "https://market.example/": "https://market.example", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
		"market.example": "error", "https://market.example/shop": "error", "ftp://x": "error", "https://a:b@market.example": "error",
	} {
		got, err := Config{PublicURL: in}.origin()
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	any := &net.TCPAddr{IP: net.IPv4zero, Port: 8080}
	if got := (Listening{TLSCert: "x"}).Address(any); got != "https://127.0.0.1:8080" {
		t.Error(got)
	}
}

func TestConfigFileKnowsFlagsOnly(t *testing.T) {
	var flags struct {
		Listen string
		Shared bool
	}
	parse := func(text string) error {
		resolver, err := ConfigFile(strings.NewReader(text))
		if err != nil {
			return err
		}
		p, err := kong.New(&flags, kong.Resolvers(resolver))
		if err != nil {
			return err
		}
		_, err = p.Parse(nil)
		return err
	}
	if err := parse(`{"listen": "a:1", "shared": true}`); err != nil || flags.Listen != "a:1" || !flags.Shared {
		t.Errorf("%+v, %v", flags, err)
	}
	if err := parse(`{"listne": "a:1"}`); err == nil {
		t.Error("a mistyped member was accepted")
	}
	if err := parse(`[]`); err == nil {
		t.Error("a list was accepted")
	}
}

func TestMetricsStayHere(t *testing.T) {
	h := fromHere(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	ask := func(remote, forwarded string) int {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.RemoteAddr = remote
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	if ask("127.0.0.1:5", "") != 200 || ask("[::1]:5", "") != 200 || ask("10.0.0.9:5", "") != 404 || ask("127.0.0.1:5", "10.0.0.9") != 404 {
		t.Error("metrics are for this machine only")
	}
}

// The document is made without a database; a name that two types share would panic.
func TestOpenAPIIsMade(t *testing.T) {
	document, err := OpenAPI()
	if err != nil || len(document) < 1000 {
		t.Fatal(len(document), err)
	}
}

// Kinds are looked up by name, and every periodic one must be tried again after a fault.
func TestJobTable(t *testing.T) {
	a := &App{Log: quiet}
	a.build()
	seen := map[string]bool{}
	for _, k := range a.Jobs() {
		if seen[k.Name] || k.Name == "" || k.Handler == nil || len(k.Schedule) == 0 {
			t.Errorf("job %q", k.Name)
		}
		seen[k.Name] = true
	}
}
