package identity_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/market/identity"
)

func (b *bundle) invite(accountID, email string) (u identity.User, l identity.Link, err error) {
	err = b.update(func(tx *db.Tx) (err error) {
		u, l, err = b.s.Invite(b.ctx, tx, accountID, identity.NewUser{Email: email, Name: "Mei", Locale: i18n.ZH})
		return err
	})
	return u, l, err
}

func TestSubUsers(t *testing.T) {
	run(t, func(b *bundle) {
		a, owner := b.account("lin@example.com")
		stranger, _ := b.account("other@example.com")
		u, link, err := b.invite(a.ID, "Mei@example.com")
		b.must(err)
		b.want(b.in("mei@example.com", password, "10.0.0.1"), "identity.bad_credentials") // no password yet
		if i, err := b.s.Invitation(b.ctx, b.d, identity.KindUser, link.Token); err != nil || i.Email != "mei@example.com" || i.Account != "Bamboo Works" {
			b.Errorf("%+v %v", i, err)
		}
		b.must(b.update(func(tx *db.Tx) error {
			_, err := b.s.AcceptInvitation(b.ctx, tx, identity.KindUser, link.Token, b.pw)
			return err
		}))
		b.must(b.in("mei@example.com", password, "10.0.0.1"))
		b.want(b.update(func(tx *db.Tx) error {
			_, err := b.s.AcceptInvitation(b.ctx, tx, identity.KindUser, link.Token, b.pw)
			return err
		}), "identity.link_over")

		// Another account's owner finds nobody here.
		for name, do := range map[string]func(tx *db.Tx) error{
			"disable": func(tx *db.Tx) error { return b.s.Disable(b.ctx, tx, stranger.ID, u.ID) },
			"change": func(tx *db.Tx) error {
				return b.s.ChangeUser(b.ctx, tx, stranger.ID, u.ID, identity.UserChange{Name: "X", Locale: i18n.ZH})
			},
			"again":    func(tx *db.Tx) error { _, _, err := b.s.InviteAgain(b.ctx, tx, stranger.ID, u.ID); return err },
			"withdraw": func(tx *db.Tx) error { return b.s.Withdraw(b.ctx, tx, stranger.ID, u.ID) },
		} {
			if err := b.update(do); !errs.Is(err, "user.not_found") {
				b.Errorf("%s: %v", name, err)
			}
		}
		b.must(b.update(func(tx *db.Tx) error { return b.s.Disable(b.ctx, tx, a.ID, u.ID) }))
		b.want(b.in("mei@example.com", password, "10.0.0.1"), "identity.disabled")
		b.must(b.update(func(tx *db.Tx) error { return b.s.Enable(b.ctx, tx, a.ID, u.ID) }))
		b.must(b.in("mei@example.com", password, "10.0.0.1"))

		_, _, err = b.invite(a.ID, "OTHER@example.com")
		b.wantField(err, "email", "taken")
		p, err := b.s.Users(b.ctx, b.d, a.ID, "me", "", page.Query{})
		if err != nil || p.Total != 1 || p.Items[0].ID != u.ID {
			b.Errorf("%+v %v", p, err)
		}
		p, err = b.s.Users(b.ctx, b.d, a.ID, "", "", page.Query{Limit: 1})
		if err != nil || p.Total != 2 || p.Items[0].ID != owner.ID || p.Next == "" {
			b.Fatalf("%+v %v", p, err)
		}
		if p, err = b.s.Users(b.ctx, b.d, a.ID, "", "", page.Query{Limit: 1, Cursor: p.Next}); err != nil || len(p.Items) != 1 || p.Items[0].ID != u.ID || p.Next != "" {
			b.Errorf("%+v %v", p, err)
		}
	})
}

func TestInvitationsAgainAndWithdrawn(t *testing.T) {
	run(t, func(b *bundle) {
		a, _ := b.account("lin@example.com")
		u, first, err := b.invite(a.ID, "mei@example.com")
		b.must(err)
		var second identity.Link
		again := func() error {
			return b.update(func(tx *db.Tx) (err error) { _, second, err = b.s.InviteAgain(b.ctx, tx, a.ID, u.ID); return err })
		}
		b.want(again(), "identity.mail_too_often")
		b.clock.Advance(2 * time.Minute)
		b.must(again())
		if p, err := audit.List(b.ctx, b.d, audit.Filter{Action: "user.invite_again", ObjectID: u.ID, AccountID: a.ID}, page.Query{}); err != nil || len(p.Items) != 1 {
			b.Errorf("audit: %+v, %v", p, err)
		}
		b.want(b.s.CheckLink(b.ctx, b.d, identity.LinkInvitation, first.Token), "identity.link_over")
		b.must(b.s.CheckLink(b.ctx, b.d, identity.LinkInvitation, second.Token))
		b.must(b.update(func(tx *db.Tx) error { return b.s.Withdraw(b.ctx, tx, a.ID, u.ID) }))
		b.want(b.s.CheckLink(b.ctx, b.d, identity.LinkInvitation, second.Token), "identity.link_over")
		_, _, err = b.invite(a.ID, "mei@example.com") // the address is free again
		b.must(err)
	})
}

// catalog-and-roles.md part J: "Sub-user 51: refused".
func TestFiftySubUsers(t *testing.T) {
	run(t, func(b *bundle) {
		a, _ := b.account("lin@example.com")
		for i := range identity.MaxSubUsers {
			_, _, err := b.invite(a.ID, fmt.Sprintf("user%d@example.com", i))
			b.must(err)
		}
		_, _, err := b.invite(a.ID, "user51@example.com")
		b.want(err, "user.too_many")
	})
}

func TestRealNameMoves(t *testing.T) {
	run(t, func(b *bundle) {
		events := map[string]func(tx *db.Tx, a identity.Account) error{
			"submit": func(tx *db.Tx, a identity.Account) error {
				return b.s.SubmitRealName(b.ctx, tx, a.ID, identity.RealName{Name: "Bamboo Works Ltd", Number: "91310000ma1k4xyz8b", Files: []string{"f1"}})
			},
			"approve": func(tx *db.Tx, a identity.Account) error {
				return b.s.DecideRealName(b.ctx, tx, a.ID, a.Version, true, "")
			},
			"reject": func(tx *db.Tx, a identity.Account) error {
				return b.s.DecideRealName(b.ctx, tx, a.ID, a.Version, false, "the scan is blurred")
			},
		}
		path := map[string][]string{"none": {}, "pending": {"submit"}, "verified": {"submit", "approve"}, "rejected": {"submit", "reject"}}
		n := 0
		for state, steps := range path {
			for event, do := range events {
				n++
				a, _ := b.account(fmt.Sprintf("a%d@example.com", n))
				for _, step := range steps {
					b.must(b.update(func(tx *db.Tx) error { return events[step](tx, a) }))
					a, _ = b.s.Account(b.ctx, b.d, a.ID)
				}
				err := b.update(func(tx *db.Tx) error { return do(tx, a) })
				got, _ := b.s.Account(b.ctx, b.d, a.ID)
				if want, ok := identity.RealNameMoves[state][event]; ok {
					if err != nil || got.RealNameState != want {
						b.Errorf("%s in %s: %s, %v; want %s", event, state, got.RealNameState, err, want)
					}
				} else if e, _ := errs.As(err); e == nil || e.Code != "realname.bad_transition" || e.State != state || got.RealNameState != state {
					b.Errorf("%s in %s: %s, %v; want a conflict", event, state, got.RealNameState, err)
				}
			}
		}
	})
}

func TestRealNameNumberIsSealed(t *testing.T) {
	run(t, func(b *bundle) {
		a, _ := b.account("lin@example.com")
		b.must(b.update(func(tx *db.Tx) error {
			return b.s.SubmitRealName(b.ctx, tx, a.ID, identity.RealName{Name: "Bamboo Works Ltd", Number: " 91310000ma1k4xyz8b", Files: []string{"f1"}})
		}))
		stored, err := db.One[string](b.ctx, b.d, "select real_name_number from accounts where id = $1", a.ID)
		if err != nil || slices.Contains([]string{"", "91310000MA1K4XYZ8B"}, stored) {
			b.Error(stored, err)
		}
		a, _ = b.s.Account(b.ctx, b.d, a.ID)
		if a.RealNameHint != "YZ8B" {
			b.Error(a.RealNameHint)
		}
		var shown string
		b.must(b.update(func(tx *db.Tx) (err error) { shown, err = b.s.RevealRealNameNumber(b.ctx, tx, a.ID); return err }))
		if shown != "91310000MA1K4XYZ8B" {
			b.Error(shown)
		}
		if n, err := db.One[int](b.ctx, b.d, "select count(*) from audit_log where action = 'realname.reveal' and object_id = $1", a.ID); n != 1 || err != nil {
			b.Error("the reveal was not recorded", err)
		}
		// A decision about a form that has changed meanwhile is refused.
		b.want(b.update(func(tx *db.Tx) error { return b.s.DecideRealName(b.ctx, tx, a.ID, a.Version-1, true, "") }), "realname.bad_transition")
		p, err := b.s.RealNames(b.ctx, b.d, "", page.Query{})
		if err != nil || p.Total != 1 || p.Items[0].OwnerEmail != "lin@example.com" {
			b.Errorf("%+v %v", p, err)
		}
		other, _ := b.account("mei@example.com")
		err = b.update(func(tx *db.Tx) error {
			return b.s.SubmitRealName(b.ctx, tx, other.ID, identity.RealName{Name: "Works", Number: "<script>"})
		})
		if e, _ := errs.As(err); e == nil || len(e.Fields) != 2 {
			b.Error(err)
		}
	})
}

func TestAPITokens(t *testing.T) {
	run(t, func(b *bundle) {
		a, u := b.account("lin@example.com")
		owner := identity.TokenOwner{Kind: identity.KindUser, ID: u.ID, AccountID: a.ID, Held: []string{"order:read", "order:buy"}}
		create := func(in identity.NewToken) (tok identity.APIToken, text string, err error) {
			err = b.update(func(tx *db.Tx) (err error) { tok, text, err = b.s.CreateToken(b.ctx, tx, owner, in); return err })
			return tok, text, err
		}
		_, _, err := create(identity.NewToken{Name: "script", Scopes: []string{"order:read", "user:manage"}})
		b.wantField(err, "scopes", "identity.scope_not_held")
		_, _, err = create(identity.NewToken{Name: "script", Scopes: []string{"order:read"}, ExpiresAt: b.clock.Now()})
		b.wantField(err, "expiresAt", "identity.bad_expiry")
		tok, text, err := create(identity.NewToken{Name: "script", Scopes: []string{"order:read", "order:read"}})
		b.must(err)
		if !identity.LooksLikeToken(text) || tok.Hint != text[len(text)-4:] || len(tok.Scopes) != 1 {
			b.Errorf("%+v %s", tok, text)
		}
		b.want(b.update(func(tx *db.Tx) error { return b.s.RevokeToken(b.ctx, tx, identity.TokenOwner{ID: "usr_other"}, tok.ID) }), "token.not_found")
		b.must(b.update(func(tx *db.Tx) error { return b.s.RevokeToken(b.ctx, tx, owner, tok.ID) }))
		b.want(b.update(func(tx *db.Tx) error { return b.s.RevokeToken(b.ctx, tx, owner, tok.ID) }), "token.not_found")
		if list, err := b.s.Tokens(b.ctx, b.d, u.ID); err != nil || len(list) != 0 {
			b.Errorf("%+v %v", list, err)
		}
	})
}

func TestFirstOperatorAndLater(t *testing.T) {
	run(t, func(b *bundle) {
		var setup identity.Link
		b.must(b.update(func(tx *db.Tx) (err error) { setup, err = b.s.CreateSetupLink(b.ctx, tx); return err }))
		first := identity.NewOperator{Email: "Ops@example.com", Name: "Operator", Roles: []string{"platform_admin"}}
		use := func() error {
			return b.update(func(tx *db.Tx) error { _, err := b.s.UseSetupLink(b.ctx, tx, setup.Token, first, b.pw); return err })
		}
		b.must(use())
		b.want(use(), "identity.link_over")
		b.want(b.update(func(tx *db.Tx) error { _, err := b.s.CreateSetupLink(b.ctx, tx); return err }), "operator.exists")
		_, _, err := b.signIn(identity.KindOperator, "ops@example.com", password, "10.0.0.1")
		b.must(err)
		b.want(b.in("ops@example.com", password, "10.0.0.1"), "identity.bad_credentials") // no user of an account

		var o identity.Operator
		var link identity.Link
		b.must(b.update(func(tx *db.Tx) (err error) {
			o, link, err = b.s.InviteOperator(b.ctx, tx, identity.NewOperator{Email: "fin@example.com", Name: "Finance", Roles: []string{"finance"}})
			return err
		}))
		b.must(b.update(func(tx *db.Tx) error {
			_, err := b.s.AcceptInvitation(b.ctx, tx, identity.KindOperator, link.Token, b.pw)
			return err
		}))
		_, _, err = b.signIn(identity.KindOperator, "fin@example.com", password, "10.0.0.1")
		b.must(err)
		o, err = b.s.Operator(b.ctx, b.d, o.ID)
		b.must(err)
		off := identity.OperatorChange{Name: "Finance", Roles: []string{"finance"}, State: "disabled"}
		b.want(b.update(func(tx *db.Tx) error { return b.s.ChangeOperator(b.ctx, tx, o.ID, o.Version-1, off) }), "operator.changed")
		b.must(b.update(func(tx *db.Tx) error { return b.s.ChangeOperator(b.ctx, tx, o.ID, o.Version, off) }))
		_, _, err = b.signIn(identity.KindOperator, "fin@example.com", password, "10.0.0.1")
		b.want(err, "identity.disabled")
		if list, _ := b.s.Sessions(b.ctx, b.d, o.ID); len(list) != 0 {
			b.Error("a disabled operator's sessions stayed")
		}
	})
}

// The set-up link stands in the log of the first start.
func TestSetUpLinkIsOverOnceThereIsAnOperator(t *testing.T) {
	run(t, func(b *bundle) {
		var setup identity.Link
		b.must(b.update(func(tx *db.Tx) (err error) { setup, err = b.s.CreateSetupLink(b.ctx, tx); return err }))
		make := func(email string) identity.NewOperator {
			return identity.NewOperator{Email: email, Name: "Operator", Roles: []string{"platform_admin"}}
		}
		b.must(b.update(func(tx *db.Tx) error {
			_, err := b.s.CreateOperator(b.ctx, tx, make("ops@example.com"), b.pw)
			return err
		}))
		b.want(b.update(func(tx *db.Tx) error {
			_, err := b.s.UseSetupLink(b.ctx, tx, setup.Token, make("eve@example.com"), b.pw)
			return err
		}), "operator.exists")
	})
}

func TestAccountsListAndPurge(t *testing.T) {
	run(t, func(b *bundle) {
		for i := range 3 {
			b.account(fmt.Sprintf("buyer_%d@example.com", i))
		}
		p, err := b.s.Accounts(b.ctx, b.d, identity.AccountFilter{Text: "BUYER_1@"}, page.Query{})
		if err != nil || p.Total != 1 || p.Items[0].OwnerEmail != "buyer_1@example.com" || p.Items[0].Users != 1 {
			b.Errorf("%+v %v", p, err)
		}
		if p, err = b.s.Accounts(b.ctx, b.d, identity.AccountFilter{Text: "%"}, page.Query{}); err != nil || p.Total != 0 {
			b.Errorf("a per cent sign finds %d, %v", p.Total, err)
		}
		seen := 0
		for q := (page.Query{Limit: 2}); ; q.Cursor = p.Next {
			if p, err = b.s.Accounts(b.ctx, b.d, identity.AccountFilter{Kind: "company", State: "active"}, q); err != nil {
				b.Fatal(err)
			}
			if seen += len(p.Items); p.Next == "" {
				break
			}
		}
		if seen != 3 || p.Total != 3 {
			b.Errorf("%d of %d accounts", seen, p.Total)
		}
		_, _, err = b.signIn(identity.KindUser, "buyer_1@example.com", password, "10.0.0.1")
		b.must(err)
		b.clock.Advance(8 * 24 * time.Hour)
		b.must(b.update(func(tx *db.Tx) error {
			_, err := b.s.Purge(b.ctx, tx)
			return err
		}))
		for _, table := range []string{"sessions", "sign_in_counters", "sign_ups", "one_time_links"} {
			if n, err := db.One[int](b.ctx, b.d, "select count(*) from "+table); n != 0 || err != nil {
				b.Errorf("%s: %d left, %v", table, n, err)
			}
		}
	})
}

// What has ended goes in batches: a site that was away a long time holds nobody up who signs in.
func TestPurgeGoesInBatches(t *testing.T) {
	run(t, func(b *bundle) {
		b.must(b.update(func(tx *db.Tx) error {
			for i := range 501 {
				if _, err := db.Exec(b.ctx, tx, `insert into sign_in_counters (key, failures, updated_at) values ($1, 1, 1)`, fmt.Sprint("k", i)); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, left := range []int{1, 0} {
			b.must(b.update(func(tx *db.Tx) error {
				more, err := b.s.Purge(b.ctx, tx)
				if more != (left > 0) {
					b.Errorf("%d left, more %v", left, more)
				}
				return err
			}))
			if n, err := db.One[int](b.ctx, b.d, `select count(*) from sign_in_counters`); n != left || err != nil {
				b.Errorf("%d left, want %d, %v", n, left, err)
			}
		}
	})
}
