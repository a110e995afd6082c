package identity_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/identity"
)

func TestSignUpNeedsTheMailbox(t *testing.T) {
	run(t, func(b *bundle) {
		s := b.signUp("  Lin@Example.COM ")
		if s.Token == "" || s.Taken || s.Email != "lin@example.com" {
			b.Fatalf("%+v", s)
		}
		b.want(b.in("lin@example.com", password, "10.0.0.1"), "identity.unverified")
		b.want(b.in("lin@example.com", "another password", "10.0.0.1"), "identity.bad_credentials")

		// Who opens the link must know the password as well.
		b.wantField(b.s.CheckSignUp(b.ctx, b.d, s.Token, "a stranger's"), "password", "identity.wrong_password")
		b.must(b.s.CheckSignUp(b.ctx, b.d, s.Token, password))
		var a identity.Account
		var u identity.User
		b.must(b.update(func(tx *db.Tx) (err error) { a, u, err = b.s.ConfirmSignUp(b.ctx, tx, s.Token); return err }))
		if a.Kind != "company" || a.Name != "Bamboo Works" || !u.Owner || u.AccountID != a.ID || u.State != "active" {
			b.Errorf("%+v %+v", a, u)
		}
		b.want(b.update(func(tx *db.Tx) error { _, _, err := b.s.ConfirmSignUp(b.ctx, tx, s.Token); return err }), "identity.link_over")
		b.must(b.in("LIN@example.com", password, "10.0.0.1"))
	})
}

func TestSignUpDoesNotRevealATakenEmail(t *testing.T) {
	run(t, func(b *bundle) {
		b.account("lin@example.com")
		s := b.signUp("lin@example.com")
		if !s.Taken || s.Token != "" || s.Name != "Lin" {
			b.Errorf("%+v", s)
		}
		// The stranger's password opens nothing.
		b.want(b.in("lin@example.com", "stranger's password", "10.0.0.9"), "identity.bad_credentials")
		// A mailbox is not flooded.
		for range 5 {
			s = b.signUp("lin@example.com")
		}
		if !s.Silent {
			b.Error("a sixth letter within a day")
		}
	})
}

func TestSignUpsForOneEmailDoNotDisturbEachOther(t *testing.T) {
	run(t, func(b *bundle) {
		mine, stranger := b.signUp("lin@example.com"), b.signUp("lin@example.com")
		b.must(b.s.CheckSignUp(b.ctx, b.d, mine.Token, password))
		var wg sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for _, token := range []string{mine.Token, stranger.Token, mine.Token} {
			wg.Go(func() {
				err := b.update(func(tx *db.Tx) error { _, _, err := b.s.ConfirmSignUp(b.ctx, tx, token); return err })
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					done++
				} else if !errs.Is(err, "identity.link_over") {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		if n, err := db.One[int](b.ctx, b.d, "select count(*) from accounts"); done != 1 || n != 1 || err != nil {
			b.Errorf("%d confirmed, %d accounts, %v", done, n, err)
		}
	})
}

func TestVerificationMailAgain(t *testing.T) {
	run(t, func(b *bundle) {
		again := func(email string) (out identity.SignedUp, ok bool) {
			b.must(b.update(func(tx *db.Tx) (err error) { out, ok, err = b.s.SignUpAgain(b.ctx, tx, email); return err }))
			return out, ok
		}
		first := b.signUp("lin@example.com")
		if _, ok := again("lin@example.com"); ok {
			b.Error("a second letter within a minute")
		}
		if _, ok := again("nobody@example.com"); ok {
			b.Error("a letter to nobody")
		}
		b.clock.Advance(2 * time.Minute)
		second, ok := again("lin@example.com")
		if !ok || second.Token == first.Token {
			b.Fatalf("%+v %v", second, ok)
		}
		b.want(b.s.CheckSignUp(b.ctx, b.d, first.Token, password), "identity.link_over")
		b.clock.Advance(24 * time.Hour)
		b.want(b.s.CheckSignUp(b.ctx, b.d, second.Token, password), "identity.link_over")
	})
}

func TestSignUpFaults(t *testing.T) {
	run(t, func(b *bundle) {
		for field, in := range map[string]identity.SignUp{
			"kind":        {Kind: "robot", Name: "Lin", Email: "a@b.example", Locale: i18n.ZH},
			"accountName": {Kind: "company", Name: "Lin", Email: "a@b.example", Locale: i18n.ZH, AccountName: "x"},
			"name":        {Kind: "person", Name: "visit https://x.example", Email: "a@b.example", Locale: i18n.ZH},
			"email":       {Kind: "person", Name: "Lin", Email: "Lin <a@b.example>", Locale: i18n.ZH},
			"locale":      {Kind: "person", Name: "Lin", Email: "a@b.example", Locale: "fr"},
		} {
			err := b.update(func(tx *db.Tx) error { _, err := b.s.SignUp(b.ctx, tx, in, b.pw); return err })
			if e, ok := errs.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Path != field {
				b.Errorf("%s: %v", field, err)
			}
		}
		for _, bad := range []string{"", "a", "a@", "@b", "a b@c.example", "a@b\n.example", strings.Repeat("a", 250) + "@b.example"} {
			var c errs.Check
			identity.SignUp{Kind: "person", Name: "Lin", Email: bad, Locale: i18n.ZH}.Check(&c)
			if c.OK() {
				b.Errorf("%q passed for an e-mail", bad)
			}
		}
	})
}
