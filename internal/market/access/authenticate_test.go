package access_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

func TestSessionEndsAtOnceAndByAge(t *testing.T) {
	run(t, func(b *bundle) {
		u := b.account("lin@example.com")
		token := b.session(u)
		c := b.caller(token)
		var n atomic.Int64
		if _, _, err := b.auth.FromSession(db.WithCounter(b.ctx, &n), token, ""); err != nil || n.Load() != 0 {
			b.Errorf("a known session cost %d queries, %v", n.Load(), err)
		}
		over := func(token string) {
			b.Helper()
			if _, _, err := b.auth.FromSession(b.ctx, token, ""); !errs.Is(err, "access.sign_in") {
				b.Errorf("got %v", err)
			}
		}
		b.update(func(tx *db.Tx) error { return b.ids.EndSession(b.ctx, tx, u.ID, c.SessionID) })
		over(token)
		over("no such token")
		token = b.session(u)
		for range 13 { // used each 11 hours: the idle limit never strikes, the whole life does
			b.clock.Advance(11 * time.Hour)
			b.caller(token)
			b.update(func(tx *db.Tx) error { b.ids.Changed(tx); return nil }) // as if the cache had aged
			b.caller(token)
		}
		b.clock.Advance(30 * time.Hour)
		over(token)
		token = b.session(u)
		b.clock.Advance(12*time.Hour + time.Second)
		over(token)
	})
}

func TestColdSessionTakesTwoQueries(t *testing.T) {
	run(t, func(b *bundle) {
		owner := b.account("lin@example.com")
		u := b.subUser(owner.AccountID, "mei@example.com")
		for _, x := range []struct {
			token string
			most  int64
		}{{b.session(owner), 1}, {b.session(u), 2}} {
			var n atomic.Int64
			if _, _, err := b.auth.FromSession(db.WithCounter(b.ctx, &n), x.token, ""); err != nil || n.Load() > x.most {
				b.Errorf("%d queries, want at most %d, %v", n.Load(), x.most, err)
			}
		}
	})
}

func TestAPITokenIsCutToItsScopes(t *testing.T) {
	run(t, func(b *bundle) {
		owner := b.account("lin@example.com")
		u := b.subUser(owner.AccountID, "mei@example.com")
		g := b.group(owner.AccountID, "viewer")
		b.update(func(tx *db.Tx) error { return b.s.SetMembers(b.ctx, tx, owner.AccountID, g.ID, []string{u.ID}) })
		who := identity.TokenOwner{Kind: identity.KindUser, ID: u.ID, AccountID: u.AccountID, Held: []string{"order:read", "instance:read"}}
		var tok identity.APIToken
		var text string
		b.update(func(tx *db.Tx) (err error) {
			tok, text, err = b.ids.CreateToken(b.ctx, tx, who, identity.NewToken{Name: "script", Scopes: []string{"order:read"}, ExpiresAt: b.clock.Now().Add(time.Hour)})
			return err
		})
		c, err := b.auth.FromToken(b.ctx, text, "10.0.0.1")
		if err != nil || c.TokenID != tok.ID || c.SessionID != "" || !slices.Equal(c.Permissions, []access.Permission{access.OrderRead}) {
			b.Errorf("%+v %v", c, err)
		}
		if list, _ := b.ids.Tokens(b.ctx, b.d, u.ID); len(list) != 1 || !list[0].UsedAt.Equal(b.clock.Now()) {
			b.Errorf("use was not written: %+v", list)
		}
		// What the person loses, the token loses.
		b.update(func(tx *db.Tx) error { return b.s.SetMembers(b.ctx, tx, owner.AccountID, g.ID, nil) })
		if c, err := b.auth.FromToken(b.ctx, text, ""); err != nil || len(c.Permissions) != 0 {
			b.Errorf("%+v %v", c, err)
		}
		bad := func() {
			b.Helper()
			if _, err := b.auth.FromToken(b.ctx, text, ""); !errs.Is(err, "access.bad_token") {
				b.Errorf("got %v", err)
			}
		}
		b.update(func(tx *db.Tx) error { return b.ids.RevokeToken(b.ctx, tx, who, tok.ID) })
		bad()
		b.update(func(tx *db.Tx) (err error) {
			tok, text, err = b.ids.CreateToken(b.ctx, tx, who, identity.NewToken{Name: "script", Scopes: []string{"order:read"}, ExpiresAt: b.clock.Now().Add(time.Hour)})
			return err
		})
		b.clock.Advance(time.Hour)
		bad()
		text = "jst_unknown"
		bad()
	})
}
