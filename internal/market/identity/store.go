package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/secret"
)

// Kinds of people, as sessions, tokens and callers name them.
const (
	KindUser     = "user"
	KindOperator = "operator"
)

// Store is the module. One value serves the process.
type Store struct {
	Box   *secret.Box
	Clock clock.Clock // the wall clock when nil

	epoch atomic.Int64

	once  sync.Once
	turns chan struct{}
	decoy string
}

func (s *Store) now() time.Time {
	if s.Clock != nil {
		return s.Clock.Now()
	}
	return clock.Wall{}.Now()
}

// Now is the wall clock that sessions and links are judged by.
func (s *Store) Now() time.Time { return s.now() }

// Epoch changes whenever somebody's session, token, state or rights changed in this
// process. Whoever caches callers drops its cache then; other nodes follow by age.
func (s *Store) Epoch() int64 { return s.epoch.Load() }

// Changed moves the epoch after the commit. Modules that change rights call it.
func (s *Store) Changed(tx *db.Tx) { tx.AfterCommit(func() { s.epoch.Add(1) }) }

// TokenHash is the form in which tokens and links are stored.
func TokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Email brings an address to its stored form.
func Email(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func checkEmail(c *errs.Check, path, email string) {
	if !c.Required(path, email) {
		return
	}
	a, err := mail.ParseAddress(email)
	at := strings.LastIndexByte(email, '@')
	if err != nil || a.Address != email || a.Name != "" || len(email) > 254 || at < 0 || strings.ContainsAny(email, " <>\"") {
		c.Add(path, "email")
	}
}

// checkName wants a name that cannot pose as an address: names stand in letters that go to
// people who did not ask for them.
func checkName(c *errs.Check, path, name string, min int) {
	if c.Length(path, name, min, 60) && (strings.ContainsAny(name, "<>/\\@\r\n\x00") || strings.Contains(strings.ToLower(name), "www.")) {
		c.Add(path, "identity.bad_name")
	}
}

func checkLocale(c *errs.Check, path string, l i18n.Lang) {
	c.OneOf(path, string(l), string(i18n.ZH), string(i18n.EN))
}

// like makes a case-blind "contains" pattern; an empty text matches everything.
func like(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	text = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
	return "%" + text + "%"
}
