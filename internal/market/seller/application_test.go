package seller_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/market/seller"
)

func TestAdmission(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		a, err := b.submit(b.draft(b.account, form(b.account)))
		if err != nil {
			t.Fatal(err)
		}
		if a.State != seller.Reviewing || a.CompanyName != "云杉软件有限公司" || a.Certificate != "904X" || len(a.Agreements) != 2 || a.Agreements[0].Version != "1" {
			t.Fatalf("submitted: %+v", a)
		}
		if a, err = b.approve(a); err != nil {
			t.Fatal(err)
		}
		v, err := b.s.Get(b.ctx, d, a.SellerID)
		if err != nil || v.State != seller.Active || v.AccountID != b.account || v.ServiceEmail != "service@spruce.example" || v.Name.EN != "Spruce Software" {
			t.Fatalf("seller %+v, %v", v, err)
		}
		if len(b.notices) != 1 || b.notices[0].Code != seller.NoticeApproved {
			t.Errorf("notices %+v", b.notices)
		}
		k, err := b.s.V1Key(b.ctx, d, v.ID)
		if err != nil || k.Generation != seller.V1 {
			t.Errorf("V1 key %+v, %v", k, err)
		}
		steps, err := b.s.History(b.ctx, d, a.ID)
		if err != nil || len(steps) != 3 || steps[2].Event != seller.Approve || steps[2].From != seller.Reviewing || steps[2].ActorID != "usr_1" {
			t.Errorf("history %+v, %v", steps, err)
		}
		shop, err := b.s.Shop(b.ctx, d, v.ID, i18n.EN)
		if err != nil || shop.Name != "Spruce Software" || shop.PreSales.Email != "business@spruce.example" {
			t.Errorf("shop %+v, %v", shop, err)
		}
		log, err := audit.List(b.ctx, d, audit.Filter{Action: "seller."}, page.Query{})
		if err != nil || log.Total < 5 {
			t.Errorf("audit has %d entries, %v", log.Total, err)
		}
	})
}

func TestRealNameIsNeeded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		for _, state := range []string{"none", "pending", "rejected"} {
			account := "acc_" + state
			b.addAccount(account, state)
			_, err := b.submit(b.draft(account, form(account)))
			wantCode(t, err, "seller.real_name")
		}
	})
}

func TestAnotherAccountSeesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		a := b.draft(b.account, form(b.account))
		b.addAccount("acc_2", "verified")
		_, err := b.s.ApplicationOf(b.ctx, d, "acc_2", a.ID)
		wantCode(t, err, "seller.application_not_found")
		a.AccountID = "acc_2"
		_, err = b.submit(a)
		wantCode(t, err, "seller.application_not_found")
		f := form("acc_2")
		f.LogoKey = b.account + "-logo.png" // another account's file
		_, err = b.submit(b.draft("acc_2", f))
		if got := fieldCodes(err); got["logoKey"] != "seller.file_missing" {
			t.Errorf("foreign file: %v", err)
		}
	})
}

func TestOneOpenApplication(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		var ids sync.Map
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				a, err := in(b, func(tx *db.Tx) (seller.Application, error) {
					return b.s.SaveDraft(b.ctx, tx, b.account, form(b.account))
				})
				if err == nil {
					ids.Store(a.ID, true)
				} else if !errs.Is(err, "seller.application_open") && !errs.Is(err, "seller.application_changed") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		n := 0
		ids.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d open applications", n)
		}
	})
}

func TestConcurrentSubmit(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		a := b.draft(b.account, form(b.account))
		var done atomic.Int32
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if _, err := b.submit(a); err == nil {
					done.Add(1)
				} else if errs.KindOf(err) != errs.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		steps, err := b.s.History(b.ctx, d, a.ID)
		if err != nil || done.Load() != 1 || len(steps) != 2 {
			t.Errorf("%d submits, %d steps, %v", done.Load(), len(steps), err)
		}
	})
}

func TestReviewConditions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		f := form(b.account)
		f.Founded, f.Capital.Amount = "2026-01-05", "499999.99"
		a, err := b.submit(b.draft(b.account, f))
		if err != nil {
			t.Fatal(err)
		}
		list := seller.DefaultConfig().Checklist(a, today)
		got := map[string]string{}
		for _, c := range list {
			got[c.Code] = c.Computed
		}
		if got["age"] != seller.Failed || got["capital"] != seller.Failed || got["staff"] != "" {
			t.Errorf("computed %v", got)
		}
		decide := func(d seller.Decision) error {
			d.ApplicationID = a.ID
			_, err := in(b, func(tx *db.Tx) (seller.Application, error) { return b.s.Approve(b.ctx, tx, d) })
			return err
		}
		if c := fieldCodes(decide(seller.Decision{Checks: allChecks[:3], Reason: "x"})); c["checks"] != "seller.checks" {
			t.Errorf("missing tick: %v", c)
		}
		if c := fieldCodes(decide(seller.Decision{Checks: allChecks})); c["reason"] != "seller.reason_for_exception" {
			t.Errorf("exception without reason: %v", c)
		}
		wantCode(t, decide(seller.Decision{Checks: allChecks, Version: a.Version + 1}), "seller.application_changed")
		if err := decide(seller.Decision{Checks: allChecks, Reason: "母公司成立于 2015 年"}); err != nil {
			t.Error(err)
		}
		other := a
		other.Form.Capital.Currency = "USD"
		for _, c := range seller.DefaultConfig().Checklist(other, today) {
			if c.Code == "capital" && c.Computed != seller.Unknown {
				t.Errorf("another currency: %+v", c)
			}
		}
		exactly := a
		exactly.Form.Founded = today.AddDate(-1, 0, 0).Format(time.DateOnly)
		if c := seller.DefaultConfig().Checklist(exactly, today); c[1].Computed != seller.Met {
			t.Errorf("one year to the day: %+v", c[1])
		}
	})
}

func TestRejectAndSubmitAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		a := b.into(b.account, seller.Reviewing)
		_, err := in(b, func(tx *db.Tx) (seller.Application, error) {
			return b.s.Reject(b.ctx, tx, seller.Decision{ApplicationID: a.ID})
		})
		if c := fieldCodes(err); c["reason"] != "required" {
			t.Errorf("reject without reason: %v", err)
		}
		if err := b.fire(a, seller.Reject); err != nil {
			t.Fatal(err)
		}
		f := form(b.account)
		f.Staff = "200_999"
		again := b.draft(b.account, f)
		if again.ID != a.ID || again.State != seller.Rejected || again.Reason == "" {
			t.Fatalf("edited: %+v", again)
		}
		if again, err = b.submit(again); err != nil || again.Reason != "" || again.Form.Staff != "200_999" {
			t.Fatalf("submitted again: %+v, %v", again, err)
		}
	})
}

func TestChangeOfInformation(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		f := form(b.account)
		f.Website, f.PreSales = "https://new.spruce.example", seller.PreSales{Phone: "010-55550123", Extension: "8"}
		a := b.draft(b.account, f)
		if a.Kind != seller.Change || a.Before.Website != "https://www.spruce.example" {
			t.Fatalf("change: %+v", a)
		}
		// The contact takes effect at once, and the change written before does not undo it.
		must(b, func(tx *db.Tx) (seller.Seller, error) {
			return b.s.SetContact(b.ctx, tx, id, seller.Reachable{Phone: "010-55559999", Email: "new@spruce.example"})
		})
		v, err := b.s.Get(b.ctx, d, id)
		if err != nil || v.Form.Contact.Phone != "010-55559999" || v.Form.Website != "https://www.spruce.example" {
			t.Fatalf("before the review: %+v, %v", v.Form, err)
		}
		if a, err = b.submit(a); err != nil {
			t.Fatal(err)
		}
		if _, err = in(b, func(tx *db.Tx) (seller.Application, error) {
			return b.s.Approve(b.ctx, tx, seller.Decision{ApplicationID: a.ID, Reviewer: "opr_1"})
		}); err != nil {
			t.Fatal(err)
		}
		v, err = b.s.Get(b.ctx, d, id)
		if err != nil || v.Form.Website != f.Website || v.Form.PreSales.Extension != "8" || v.Form.Contact.Phone != "010-55559999" {
			t.Errorf("after the review: %+v, %v", v.Form, err)
		}
		sellers, err := b.s.List(b.ctx, d, "", "SPRUCE", page.Query{})
		if err != nil || sellers.Total != 1 {
			t.Errorf("list: %+v, %v", sellers, err)
		}
	})
}

func TestWorkList(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.into(b.account, seller.Reviewing)
		b.addAccount("acc_2", "verified")
		b.into("acc_2", seller.Rejected)
		b.addAccount("acc_3", "verified")
		b.draft("acc_3", form("acc_3")) // stands in no list
		for _, c := range []struct {
			filter seller.ApplicationFilter
			want   int
		}{
			{seller.ApplicationFilter{}, 2},
			{seller.ApplicationFilter{State: seller.Reviewing}, 1},
			{seller.ApplicationFilter{Kind: seller.Change}, 0},
			{seller.ApplicationFilter{Text: "云杉"}, 2},
			{seller.ApplicationFilter{Text: "100%"}, 0},
			{seller.ApplicationFilter{SubmittedBefore: today}, 0},
			{seller.ApplicationFilter{SubmittedBefore: today.Add(time.Hour)}, 2},
		} {
			p, err := b.s.Applications(b.ctx, d, c.filter, page.Query{Limit: 1})
			if err != nil || p.Total != c.want {
				t.Errorf("%+v: %d, %v", c.filter, p.Total, err)
			}
			if c.want == 2 {
				second, err := b.s.Applications(b.ctx, d, c.filter, page.Query{Limit: 1, Cursor: p.Next})
				if err != nil || len(second.Items) != 1 || second.Next != "" || second.Items[0].ID == p.Items[0].ID {
					t.Errorf("second page: %+v, %v", second, err)
				}
			}
		}
	})
}

func TestSuspension(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		suspend := func(reason string) error {
			_, err := in(b, func(tx *db.Tx) (seller.Seller, error) { return b.s.Suspend(b.ctx, tx, id, reason) })
			return err
		}
		if c := fieldCodes(suspend(" ")); c["reason"] != "required" {
			t.Errorf("no reason: %v", c)
		}
		if err := suspend("客服邮箱超过两次未回复"); err != nil {
			t.Fatal(err)
		}
		wantCode(t, suspend("再次"), "seller.bad_standing")
		_, err := b.s.Shop(b.ctx, d, id, i18n.ZH)
		wantCode(t, err, "seller.shop_not_found")
		v := must(b, func(tx *db.Tx) (seller.Seller, error) { return b.s.Reactivate(b.ctx, tx, id, "已整改") })
		if v.State != seller.Active || len(b.notices) != 3 {
			t.Errorf("%+v, %d notices", v.State, len(b.notices))
		}
	})
}

func TestContactGroups(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		id := b.admitted(b.account)
		group := seller.ContactGroup{Name: "售后一组", Phone: "400-555-0101", Email: "care@spruce.example", Hours: "5×8"}
		set := func(g ...seller.ContactGroup) ([]seller.ContactGroup, error) {
			return in(b, func(tx *db.Tx) ([]seller.ContactGroup, error) { return b.s.SetContactGroups(b.ctx, tx, id, g) })
		}
		first, err := set(group, group)
		if err != nil || len(first) != 2 {
			t.Fatal(first, err)
		}
		first[1].Name = "夜间组"
		second, err := set(first[1], group)
		if err != nil || len(second) != 2 || second[0].ID != first[1].ID || second[0].Name != "夜间组" {
			t.Errorf("replaced: %+v, %v", second, err)
		}
		_, err = set(group, group, group, group, group, group, group)
		if fieldCodes(err)["groups"] != "seller.too_many_groups" {
			t.Errorf("seven groups: %v", err)
		}
		bad := group
		bad.Phone = ""
		_, err = set(group, bad)
		if fieldCodes(err)["groups[1].phone"] != "required" {
			t.Errorf("no phone: %v", err)
		}
		foreign := group
		foreign.ID = "scg_other"
		_, err = set(foreign)
		wantCode(t, err, "seller.group_not_found")
	})
}
