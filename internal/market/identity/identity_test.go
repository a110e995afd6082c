package identity_test

import (
	"context"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/secret"
	"jishi/internal/market/identity"
)

// bundle is a store on a fresh database with a clock that the test moves.
type bundle struct {
	*testing.T
	ctx   context.Context
	d     *db.DB
	s     *identity.Store
	clock *clock.Manual
	pw    identity.Password
}

const password = "correct horse"

func run(t *testing.T, fn func(b *bundle)) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		box, err := secret.NewBox(secret.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		b := &bundle{T: t, ctx: context.Background(), d: d, clock: clock.NewManual(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))}
		b.s = &identity.Store{Box: box, Clock: b.clock}
		if b.pw, err = b.s.NewPassword(b.ctx, password); err != nil {
			t.Fatal(err)
		}
		fn(b)
	})
}

func (b *bundle) update(fn func(tx *db.Tx) error) error { return b.d.Update(b.ctx, fn) }

func (b *bundle) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bundle) want(err error, code string) {
	b.Helper()
	if !errs.Is(err, code) {
		b.Errorf("got %v, want %s", err, code)
	}
}

func (b *bundle) wantField(err error, path, code string) {
	b.Helper()
	e, _ := errs.As(err)
	if e == nil || len(e.Fields) != 1 || e.Fields[0].Path != path || e.Fields[0].Code != code {
		b.Errorf("got %v, want field %s: %s", err, path, code)
	}
}

func (b *bundle) signUp(email string) identity.SignedUp {
	b.Helper()
	var out identity.SignedUp
	b.must(b.update(func(tx *db.Tx) (err error) {
		out, err = b.s.SignUp(b.ctx, tx, identity.SignUp{Kind: identity.CompanyAccount, AccountName: "Bamboo Works", Name: "Lin", Email: email, Locale: i18n.EN}, b.pw)
		return err
	}))
	return out
}

// account makes an account with its owner.
func (b *bundle) account(email string) (a identity.Account, u identity.User) {
	b.Helper()
	token := b.signUp(email).Token
	b.must(b.update(func(tx *db.Tx) (err error) { a, u, err = b.s.ConfirmSignUp(b.ctx, tx, token); return err }))
	return a, u
}

// signIn goes the whole way of a sign-in.
func (b *bundle) signIn(kind, email, password, address string) (session identity.Session, token string, err error) {
	var a identity.Attempt
	if err := b.update(func(tx *db.Tx) (err error) { a, err = b.s.BeginSignIn(b.ctx, tx, kind, email, address); return err }); err != nil {
		return session, "", err
	}
	if err := b.s.Verify(b.ctx, &a, password); err != nil {
		return session, "", err
	}
	err = b.update(func(tx *db.Tx) (err error) {
		e, err := b.s.FinishSignIn(b.ctx, tx, a, "test agent")
		session, token = e.Session, e.Token
		return err
	})
	return session, token, err
}

func (b *bundle) in(email, password, address string) error {
	_, _, err := b.signIn(identity.KindUser, email, password, address)
	return err
}
