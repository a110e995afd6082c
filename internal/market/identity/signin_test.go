package identity_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/identity"
)

func TestLockOutCountsPerEmailAndAddress(t *testing.T) {
	run(t, func(b *bundle) {
		b.account("lin@example.com")
		const home, away = "10.0.0.1", "203.0.113.7"
		for range 5 {
			b.want(b.in("lin@example.com", "wrong password", away), "identity.bad_credentials")
		}
		b.want(b.in("lin@example.com", password, away), "identity.locked") // even with the right one
		b.must(b.in("lin@example.com", password, home))                    // the owner is not locked out
		b.clock.Advance(15*time.Minute + time.Second)
		b.want(b.in("lin@example.com", "wrong password", away), "identity.bad_credentials")
		b.clock.Advance(16 * time.Minute)
		b.want(b.in("lin@example.com", password, away), "identity.locked") // the pause has doubled
		b.clock.Advance(15 * time.Minute)
		b.must(b.in("lin@example.com", password, away))
		b.want(b.in("lin@example.com", "wrong password", away), "identity.bad_credentials") // success forgets
		b.must(b.in("lin@example.com", password, away))
	})
}

// Whoever has one IPv6 address has its whole network, and must not get five tries with each.
func TestLockOutCountsIPv6ByNetwork(t *testing.T) {
	run(t, func(b *bundle) {
		b.account("lin@example.com")
		for _, from := range []string{"2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:1:2::4", "2001:db8:1:2::5"} {
			b.want(b.in("lin@example.com", "wrong password", from), "identity.bad_credentials")
		}
		b.want(b.in("lin@example.com", password, "2001:db8:1:2::6"), "identity.locked")
		b.must(b.in("lin@example.com", password, "2001:db8:1:3::6"))
	})
}

func TestLockOutOfAnUnknownEmailLooksTheSame(t *testing.T) {
	run(t, func(b *bundle) {
		for range 5 {
			b.want(b.in("nobody@example.com", "wrong password", "10.0.0.1"), "identity.bad_credentials")
		}
		b.want(b.in("nobody@example.com", "wrong password", "10.0.0.1"), "identity.locked")
	})
}

func TestManyGuessesAtOnceGetNoMoreTries(t *testing.T) {
	run(t, func(b *bundle) {
		b.account("lin@example.com")
		var wg sync.WaitGroup
		var admitted atomic.Int64
		for range 20 {
			wg.Go(func() {
				err := b.update(func(tx *db.Tx) error {
					_, err := b.s.BeginSignIn(b.ctx, tx, identity.KindUser, "lin@example.com", "203.0.113.7")
					return err
				})
				if err == nil {
					admitted.Add(1)
				} else if !errs.Is(err, "identity.locked") {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		if admitted.Load() != 5 {
			b.Errorf("%d guesses were admitted", admitted.Load())
		}
	})
}

func TestOneAddressCannotTryAllEmails(t *testing.T) {
	run(t, func(b *bundle) {
		try := func(email string) error {
			return b.update(func(tx *db.Tx) error {
				_, err := b.s.BeginSignIn(b.ctx, tx, identity.KindUser, email, "203.0.113.7")
				return err
			})
		}
		for i := range 100 {
			b.must(try(string(rune('a'+i%26)) + string(rune('a'+i/26)) + "@example.com"))
		}
		b.want(try("one.more@example.com"), "identity.address_busy")
		b.clock.Advance(16 * time.Minute)
		b.must(try("one.more@example.com"))
	})
}

func TestSuspendedAndDisabledPeopleStayOut(t *testing.T) {
	run(t, func(b *bundle) {
		a, u := b.account("lin@example.com")
		_, _, err := b.signIn(identity.KindUser, "lin@example.com", password, "10.0.0.1")
		b.must(err)
		b.must(b.update(func(tx *db.Tx) error { return b.s.Suspend(b.ctx, tx, a.ID, "unpaid bills") }))
		if list, err := b.s.Sessions(b.ctx, b.d, u.ID); err != nil || len(list) != 0 {
			b.Errorf("sessions of a suspended account: %v, %v", list, err)
		}
		b.want(b.in("lin@example.com", password, "10.0.0.1"), "identity.account_suspended")
		b.want(b.in("lin@example.com", "wrong password", "10.0.0.1"), "identity.bad_credentials")
		b.want(b.update(func(tx *db.Tx) error { return b.s.Suspend(b.ctx, tx, a.ID, "again") }), "account.bad_transition")
		b.want(b.update(func(tx *db.Tx) error { return b.s.Suspend(b.ctx, tx, "acc_other", "again") }), "account.not_found")
		b.must(b.update(func(tx *db.Tx) error { return b.s.Reactivate(b.ctx, tx, a.ID, "paid") }))
		b.must(b.in("lin@example.com", password, "10.0.0.1"))
		b.want(b.update(func(tx *db.Tx) error { return b.s.Disable(b.ctx, tx, a.ID, u.ID) }), "user.is_owner")
	})
}

func TestSessions(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		_, other := b.account("mei@example.com")
		one, token, err := b.signIn(identity.KindUser, "lin@example.com", password, "10.0.0.1")
		b.must(err)
		two, second, err := b.signIn(identity.KindUser, "lin@example.com", password, "10.0.0.2")
		b.must(err)
		if token == second || one.ID == two.ID || identity.CSRFToken(token) == identity.CSRFToken(second) {
			b.Error("two sessions are alike")
		}
		if n, err := db.One[int](b.ctx, b.d, "select count(*) from sessions where token_hash = $1", token); err != nil || n != 0 {
			b.Error("a token is stored readably")
		}
		if list, err := b.s.Sessions(b.ctx, b.d, u.ID); err != nil || len(list) != 2 || list[0].Agent != "test agent" {
			b.Errorf("%+v %v", list, err)
		}
		b.want(b.update(func(tx *db.Tx) error { return b.s.EndSession(b.ctx, tx, other.ID, one.ID) }), "session.not_found")
		epoch := b.s.Epoch()
		b.must(b.update(func(tx *db.Tx) error { return b.s.EndSession(b.ctx, tx, u.ID, one.ID) }))
		if b.s.Epoch() == epoch {
			b.Error("caches were not told")
		}
		b.must(b.update(func(tx *db.Tx) error { return b.s.EndAll(b.ctx, tx, u.ID, "") }))
		if list, _ := b.s.Sessions(b.ctx, b.d, u.ID); len(list) != 0 {
			b.Errorf("left: %+v", list)
		}
		_ = two
	})
}

func TestPasswordAgainAndChange(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		session, _, err := b.signIn(identity.KindUser, "lin@example.com", password, "10.0.0.1")
		b.must(err)
		_, _, err = b.signIn(identity.KindUser, "lin@example.com", password, "10.0.0.2")
		b.must(err)
		check := func(plain string) (a identity.Attempt, err error) {
			b.must(b.update(func(tx *db.Tx) (err error) {
				a, err = b.s.BeginCheck(b.ctx, tx, identity.KindUser, u.ID, "10.0.0.1")
				return err
			}))
			return a, b.s.VerifyOwn(b.ctx, &a, "oldPassword", plain)
		}
		a, err := check("not mine at all")
		b.wantField(err, "oldPassword", "identity.wrong_password")
		if err := b.update(func(tx *db.Tx) error { return b.s.FinishReauthentication(b.ctx, tx, a, session.ID) }); err == nil {
			b.Error("a failed attempt was finished")
		}
		b.clock.Advance(time.Hour)
		a, err = check(password)
		b.must(err)
		b.must(b.update(func(tx *db.Tx) error { return b.s.FinishReauthentication(b.ctx, tx, a, session.ID) }))
		list, err := b.s.Sessions(b.ctx, b.d, u.ID)
		b.must(err)
		fresh := 0
		for _, x := range list {
			if x.AuthenticatedAt.Equal(b.clock.Now()) {
				fresh++
			}
		}
		if fresh != 1 {
			b.Errorf("%d sessions are freshly authenticated", fresh)
		}
		next, err := b.s.NewPassword(b.ctx, "another password")
		b.must(err)
		a, err = check(password)
		b.must(err)
		b.must(b.update(func(tx *db.Tx) error { _, err := b.s.FinishChangePassword(b.ctx, tx, a, next, session.ID); return err }))
		if list, _ := b.s.Sessions(b.ctx, b.d, u.ID); len(list) != 1 || list[0].ID != session.ID {
			b.Errorf("other sessions stayed: %+v", list)
		}
		b.want(b.in("lin@example.com", password, "10.0.0.1"), "identity.bad_credentials")
		b.must(b.in("lin@example.com", "another password", "10.0.0.1"))
	})
}

func TestResetLinkWorksOnce(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		_, _, err := b.signIn(identity.KindUser, "lin@example.com", password, "10.0.0.1")
		b.must(err)
		request := func(email string) (l identity.Letter, ok bool) {
			b.must(b.update(func(tx *db.Tx) (err error) {
				l, ok, err = b.s.RequestReset(b.ctx, tx, identity.KindUser, email)
				return err
			}))
			return l, ok
		}
		if _, ok := request("nobody@example.com"); ok {
			b.Error("a letter to nobody")
		}
		l, ok := request(" LIN@example.com")
		if !ok || l.Email != "lin@example.com" || l.Link.Token == "" {
			b.Fatalf("%+v", l)
		}
		if _, ok := request("lin@example.com"); ok {
			b.Error("a second letter within a minute")
		}
		next, err := b.s.NewPassword(b.ctx, "another password")
		b.must(err)
		use := func(token string) error {
			return b.update(func(tx *db.Tx) error {
				_, err := b.s.ConfirmReset(b.ctx, tx, identity.KindUser, token, next)
				return err
			})
		}
		b.must(b.s.CheckLink(b.ctx, b.d, identity.LinkReset, l.Link.Token))
		b.want(b.s.CheckLink(b.ctx, b.d, identity.LinkInvitation, l.Link.Token), "identity.link_over")
		var wg sync.WaitGroup
		var done atomic.Int64
		for range 4 {
			wg.Go(func() {
				switch err := use(l.Link.Token); {
				case err == nil:
					done.Add(1)
				case !errs.Is(err, "identity.link_over"):
					b.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 {
			b.Errorf("the link worked %d times", done.Load())
		}
		if list, _ := b.s.Sessions(b.ctx, b.d, u.ID); len(list) != 0 {
			b.Error("a reset left sessions")
		}
		b.must(b.in("lin@example.com", "another password", "10.0.0.1"))
		b.clock.Advance(2 * time.Minute)
		l, _ = request("lin@example.com")
		b.clock.Advance(time.Hour)
		b.want(use(l.Link.Token), "identity.link_over")
	})
}
