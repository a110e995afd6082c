package access_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/secret"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

type bundle struct {
	*testing.T
	ctx   context.Context
	d     *db.DB
	ids   *identity.Store
	s     *access.Store
	auth  *access.Authenticator
	clock *clock.Manual
	pw    identity.Password
}

func run(t *testing.T, fn func(b *bundle)) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		box, err := secret.NewBox(secret.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		b := &bundle{T: t, ctx: context.Background(), d: d, clock: clock.NewManual(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))}
		b.ids = &identity.Store{Box: box, Clock: b.clock}
		b.s = &access.Store{Identity: b.ids}
		b.auth = &access.Authenticator{DB: d, Identity: b.ids}
		if b.pw, err = b.ids.NewPassword(b.ctx, "correct horse"); err != nil {
			t.Fatal(err)
		}
		fn(b)
	})
}

func (b *bundle) update(fn func(tx *db.Tx) error) {
	b.Helper()
	if err := b.d.Update(b.ctx, fn); err != nil {
		b.Fatal(err)
	}
}

func (b *bundle) account(email string) (u identity.User) {
	b.Helper()
	b.update(func(tx *db.Tx) error {
		s, err := b.ids.SignUp(b.ctx, tx, identity.SignUp{Kind: "company", AccountName: "Bamboo Works", Name: "Lin", Email: email, Locale: i18n.EN}, b.pw)
		if err != nil {
			return err
		}
		if _, u, err = b.ids.ConfirmSignUp(b.ctx, tx, s.Token); err != nil {
			return err
		}
		return b.s.CreatePresets(b.ctx, tx, u.AccountID)
	})
	return u
}

func (b *bundle) subUser(accountID, email string) (u identity.User) {
	b.Helper()
	b.update(func(tx *db.Tx) error {
		var l identity.Link
		var err error
		if u, l, err = b.ids.Invite(b.ctx, tx, accountID, identity.NewUser{Email: email, Name: "Mei"}); err != nil {
			return err
		}
		_, err = b.ids.AcceptInvitation(b.ctx, tx, identity.KindUser, l.Token, b.pw)
		return err
	})
	return u
}

func (b *bundle) session(u identity.User) (token string) {
	b.Helper()
	b.update(func(tx *db.Tx) (err error) {
		_, token, err = b.ids.StartSession(b.ctx, tx, identity.KindUser, u.ID, u.AccountID, "10.0.0.1", "test")
		return err
	})
	return token
}

func (b *bundle) caller(token string) access.Caller {
	b.Helper()
	c, _, err := b.auth.FromSession(b.ctx, token, "10.0.0.1")
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func (b *bundle) seller(accountID, state string) {
	b.Helper()
	b.update(func(tx *db.Tx) error {
		_, err := db.Exec(b.ctx, tx, `insert into sellers (id, account_id, name, state, form, created_at, updated_at) values ($1, $2, '{}', $3, '{}', 1, 1)`, "sel_"+accountID, accountID, state)
		return err
	})
}

func (b *bundle) group(accountID, preset string) access.Group {
	b.Helper()
	all, err := b.s.Groups(b.ctx, b.d, accountID)
	if err != nil {
		b.Fatal(err)
	}
	for i, g := range all {
		if len(all) == len(access.Presets) && g.Preset != access.Presets[i].Key {
			b.Errorf("group %d is %s, want %s", i, g.Preset, access.Presets[i].Key)
		}
	}
	for _, g := range all {
		if g.Preset == preset {
			return g
		}
	}
	b.Fatalf("no group %s in %+v", preset, all)
	return access.Group{}
}

// catalog-and-roles.md part I, as far as the functions exist.
func TestOwnerHoldsTheSidesOfTheAccount(t *testing.T) {
	run(t, func(b *bundle) {
		u := b.account("lin@example.com")
		c := b.caller(b.session(u))
		if c.Kind != "user" || !c.Owner || c.AccountID != u.AccountID || c.SellerID != "" || c.Email != "lin@example.com" || c.SessionID == "" {
			b.Errorf("%+v", c)
		}
		for _, p := range access.Buyer {
			if !c.Can(p) {
				b.Errorf("the owner lacks %s", p)
			}
		}
		for _, p := range access.Seller {
			if c.Can(p) != (p == access.SellerApply) {
				b.Errorf("a buyer's owner and %s: %v", p, c.Can(p))
			}
		}
		b.seller(u.AccountID, "active")
		c = b.caller(b.session(u))
		for _, p := range access.Seller {
			if !c.Can(p) || c.SellerID == "" {
				b.Errorf("the seller's owner lacks %s", p)
			}
		}
		for p := range permissionsOfOperators() {
			if c.Can(p) {
				b.Errorf("a user holds %s", p)
			}
		}
	})
}

func TestSuspendedSellerLosesTheSellersSide(t *testing.T) {
	run(t, func(b *bundle) {
		u := b.account("lin@example.com")
		b.seller(u.AccountID, "suspended")
		if c := b.caller(b.session(u)); c.SellerID != "" || c.Can(access.ProductWrite) || !c.Can(access.OrderBuy) {
			b.Errorf("%+v", c)
		}
	})
}

func TestSubUserHoldsTheUnionOfGroups(t *testing.T) {
	run(t, func(b *bundle) {
		owner := b.account("lin@example.com")
		u := b.subUser(owner.AccountID, "mei@example.com")
		token := b.session(u)
		if c := b.caller(token); len(c.Permissions) != 0 { // A2: without a grant a sub-user sees nothing
			b.Errorf("ungranted: %v", c.Permissions)
		}
		viewer, technical := b.group(owner.AccountID, "viewer"), b.group(owner.AccountID, "technical")
		b.update(func(tx *db.Tx) error {
			return b.s.SetGroups(b.ctx, tx, owner.AccountID, u.ID, []string{viewer.ID, technical.ID})
		})
		if c := b.caller(token); !c.Can(access.OrderRead) || c.Can(access.OrderBuy) || c.Can(access.AddressWrite) {
			b.Errorf("a viewer of a buying account: %v", c.Permissions) // at once, not after the cache's age
		}
		b.seller(owner.AccountID, "active")
		if c := b.caller(b.session(u)); !c.Can(access.AddressWrite) || !c.Can(access.OrderRead) || c.Can(access.ProductWrite) {
			b.Errorf("viewer and technical: %v", c.Permissions)
		}
		b.update(func(tx *db.Tx) error { return b.s.DeleteGroup(b.ctx, tx, owner.AccountID, technical.ID) })
		if c := b.caller(token); c.Can(access.AddressWrite) {
			b.Error("a deleted group still gives")
		}
	})
}

func TestGroups(t *testing.T) {
	run(t, func(b *bundle) {
		owner, other := b.account("lin@example.com"), b.account("other@example.com")
		u, foreign := b.subUser(owner.AccountID, "mei@example.com"), b.subUser(other.AccountID, "wu@example.com")
		do := func(fn func(tx *db.Tx) error) error { return b.d.Update(b.ctx, fn) }
		want := func(err error, code string) {
			b.Helper()
			if !errs.Is(err, code) {
				b.Errorf("got %v, want %s", err, code)
			}
		}
		for _, p := range access.OwnerOnly {
			err := do(func(tx *db.Tx) error {
				_, err := b.s.CreateGroup(b.ctx, tx, owner.AccountID, access.GroupInput{Name: "G", Permissions: []access.Permission{p}})
				return err
			})
			if e, _ := errs.As(err); e == nil || len(e.Fields) != 1 || e.Fields[0].Code != "access.not_grantable" {
				b.Errorf("%s: %v", p, err)
			}
		}
		g := b.group(owner.AccountID, "viewer")
		if g.Title(i18n.EN) != "Viewing" || g.Title(i18n.ZH) != "只读" {
			b.Error(g.Title(i18n.EN), g.Title(i18n.ZH))
		}
		in := access.GroupInput{Name: "Readers", Permissions: []access.Permission{access.OrderRead, access.OrderRead}}
		want(do(func(tx *db.Tx) error { return b.s.ChangeGroup(b.ctx, tx, other.AccountID, g.ID, g.Version, in) }), "group.not_found")
		want(do(func(tx *db.Tx) error { return b.s.ChangeGroup(b.ctx, tx, owner.AccountID, g.ID, g.Version+1, in) }), "group.changed")
		b.update(func(tx *db.Tx) error { return b.s.ChangeGroup(b.ctx, tx, owner.AccountID, g.ID, g.Version, in) })
		if g, _ = b.s.Group(b.ctx, b.d, owner.AccountID, g.ID); g.Title(i18n.ZH) != "Readers" || len(g.Permissions) != 1 {
			b.Errorf("%+v", g)
		}
		want(do(func(tx *db.Tx) error { return b.s.DeleteGroup(b.ctx, tx, other.AccountID, g.ID) }), "group.not_found")
		want(do(func(tx *db.Tx) error { return b.s.SetMembers(b.ctx, tx, owner.AccountID, g.ID, []string{foreign.ID}) }), "invalid")
		want(do(func(tx *db.Tx) error { return b.s.SetMembers(b.ctx, tx, owner.AccountID, g.ID, []string{owner.ID}) }), "invalid")
		want(do(func(tx *db.Tx) error { return b.s.SetGroups(b.ctx, tx, owner.AccountID, foreign.ID, nil) }), "user.not_found")
		strange := b.group(other.AccountID, "viewer")
		want(do(func(tx *db.Tx) error { return b.s.SetGroups(b.ctx, tx, owner.AccountID, u.ID, []string{strange.ID}) }), "group.not_found")
		b.update(func(tx *db.Tx) error { return b.s.SetMembers(b.ctx, tx, owner.AccountID, g.ID, []string{u.ID, u.ID}) })
		if list, err := b.s.Memberships(b.ctx, b.d, owner.AccountID); err != nil || len(list) != 1 || list[0].UserID != u.ID {
			b.Errorf("%+v %v", list, err)
		}
	})
}

func TestOperatorsHoldTheUnionOfRoles(t *testing.T) {
	run(t, func(b *bundle) {
		var o identity.Operator
		var token string
		b.update(func(tx *db.Tx) (err error) {
			if o, err = b.ids.CreateOperator(b.ctx, tx, identity.NewOperator{Email: "ops@example.com", Name: "Ops", Roles: []string{"finance", "platform_admin"}}, b.pw); err != nil {
				return err
			}
			_, token, err = b.ids.StartSession(b.ctx, tx, identity.KindOperator, o.ID, "", "10.0.0.1", "")
			return err
		})
		c := b.caller(token)
		if c.Kind != "operator" || c.AccountID != "" || !c.Can(access.TopUpConfirm) || !c.Can(access.SettingsWrite) || c.Can(access.SellerReview) || c.Can(access.OrderBuy) {
			b.Errorf("%+v", c)
		}
		change := func(roles []string, state string) error {
			return b.d.Update(b.ctx, func(tx *db.Tx) error {
				now, err := b.ids.Operator(b.ctx, tx, o.ID)
				if err != nil {
					return err
				}
				return b.s.ChangeOperator(b.ctx, tx, o.ID, now.Version, identity.OperatorChange{Name: "Ops", Roles: roles, State: state})
			})
		}
		if err := change([]string{"finance"}, "active"); !errs.Is(err, "operator.last_admin") {
			b.Error(err)
		}
		if err := change([]string{"platform_admin"}, "disabled"); !errs.Is(err, "operator.last_admin") {
			b.Error(err)
		}
		if err := change([]string{"emperor"}, "active"); !errs.Is(err, "invalid") {
			b.Error(err)
		}
		if err := change([]string{"platform_admin"}, "active"); err != nil {
			b.Error(err)
		}
		if c := b.caller(token); c.Can(access.TopUpConfirm) {
			b.Error("a role taken away still gives")
		}
	})
}

func permissionsOfOperators() map[access.Permission]bool {
	all := map[access.Permission]bool{}
	for _, list := range access.Roles {
		for _, p := range list {
			all[p] = true
		}
	}
	return all
}

// catalog-and-roles.md I3: nobody of the marketplace sees secrets of buyers, and the
// auditor only reads.
func TestOperatorTable(t *testing.T) {
	for _, p := range append(slices.Clone(access.Buyer), access.Seller...) {
		if permissionsOfOperators()[p] {
			t.Errorf("an operator holds %s", p)
		}
	}
	for _, p := range access.Roles[access.Auditor] {
		if !slices.Contains([]access.Permission{access.AuditRead, access.LedgerRead, access.OrderOversee, access.CallOversee, access.AccountOversee}, p) {
			t.Errorf("the auditor holds %s", p)
		}
	}
	if len(access.AllRoles) != len(access.Roles) {
		t.Error("AllRoles is not all roles")
	}
	for _, preset := range access.Presets {
		for _, p := range preset.Permissions {
			if !access.Grantable(p) {
				t.Errorf("preset %s: %s cannot be granted", preset.Key, p)
			}
		}
		if !i18n.Has("group." + preset.Key) {
			t.Errorf("no text for preset %s", preset.Key)
		}
	}
}

// Each id costs a query within the transaction, so a list that repeats one must not.
func TestRepeatedIDsCostNothing(t *testing.T) {
	run(t, func(b *bundle) {
		owner := b.account("lin@example.com")
		u := b.subUser(owner.AccountID, "mei@example.com")
		groups, err := b.s.Groups(b.ctx, b.d, owner.AccountID)
		if err != nil {
			b.Fatal(err)
		}
		var n atomic.Int64
		ctx := db.WithCounter(b.ctx, &n)
		if err := b.d.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if err := b.s.SetMembers(ctx, tx, owner.AccountID, groups[0].ID, slices.Repeat([]string{u.ID}, 2000)); err != nil {
				return err
			}
			return b.s.SetGroups(ctx, tx, owner.AccountID, u.ID, slices.Repeat([]string{groups[0].ID, groups[1].ID}, 2000))
		}); err != nil {
			b.Fatal(err)
		}
		if n.Load() == 0 || n.Load() > 30 {
			b.Errorf("%d queries", n.Load())
		}
		if list, err := b.s.Memberships(b.ctx, b.d, owner.AccountID); err != nil || len(list) != 2 {
			b.Errorf("%v, %v", list, err)
		}
	})
}
