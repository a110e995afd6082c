package identity_test

import (
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/market/identity"
)

// A password is verified outside of any transaction; one that is replaced meanwhile must
// open nothing.
func TestAPasswordChangedWhileItIsVerifiedOpensNothing(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		session, _, err := b.signIn(identity.KindUser, "lin@example.com", password, "10.0.0.1")
		b.must(err)
		begin := func(signIn bool) (a identity.Attempt) {
			b.must(b.update(func(tx *db.Tx) (err error) {
				if signIn {
					a, err = b.s.BeginSignIn(b.ctx, tx, identity.KindUser, "lin@example.com", "203.0.113.7")
				} else {
					a, err = b.s.BeginCheck(b.ctx, tx, identity.KindUser, u.ID, "203.0.113.7")
				}
				return err
			}))
			b.must(b.s.Verify(b.ctx, &a, password))
			return a
		}
		late, change := begin(true), begin(false)
		next, err := b.s.NewPassword(b.ctx, "another password")
		b.must(err)
		a := begin(false)
		b.must(b.update(func(tx *db.Tx) error { _, err := b.s.FinishChangePassword(b.ctx, tx, a, next, session.ID); return err }))
		b.want(b.update(func(tx *db.Tx) error { _, err := b.s.FinishSignIn(b.ctx, tx, late, "test agent"); return err }), "identity.bad_credentials")
		b.want(b.update(func(tx *db.Tx) error {
			_, err := b.s.FinishChangePassword(b.ctx, tx, change, b.pw, session.ID)
			return err
		}), "identity.bad_credentials")
		if list, _ := b.s.Sessions(b.ctx, b.d, u.ID); len(list) != 1 || list[0].ID != session.ID {
			b.Errorf("%+v", list)
		}
		b.must(b.in("lin@example.com", "another password", "10.0.0.1"))
	})
}

func TestAPasswordChangeEndsResetLinks(t *testing.T) {
	run(t, func(b *bundle) {
		_, u := b.account("lin@example.com")
		var l identity.Letter
		b.must(b.update(func(tx *db.Tx) (err error) {
			l, _, err = b.s.RequestReset(b.ctx, tx, identity.KindUser, "lin@example.com")
			return err
		}))
		b.must(b.s.CheckLink(b.ctx, b.d, identity.LinkReset, l.Link.Token))
		b.clock.Advance(time.Minute)
		var a identity.Attempt
		b.must(b.update(func(tx *db.Tx) (err error) {
			a, err = b.s.BeginCheck(b.ctx, tx, identity.KindUser, u.ID, "10.0.0.1")
			return err
		}))
		b.must(b.s.Verify(b.ctx, &a, password))
		next, err := b.s.NewPassword(b.ctx, "another password")
		b.must(err)
		b.must(b.update(func(tx *db.Tx) error { _, err := b.s.FinishChangePassword(b.ctx, tx, a, next, ""); return err }))
		b.want(b.s.CheckLink(b.ctx, b.d, identity.LinkReset, l.Link.Token), "identity.link_over")
	})
}
