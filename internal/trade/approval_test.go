package trade_test

import (
	"context"
	"testing"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/market/order"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

func (b *bundle) reviewAbove(limit int64) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) error {
		return tradetest.Exec(tx, `insert into approval_policies (account_id, enabled, amount_limit, changed_at) values ($1, true, $2, 0)`, b.Buyer.AccountID, limit)
	})
}

func (b *bundle) decide(who trade.Buyer, o order.Order, approved bool, comment string) error {
	return b.try(func(ctx context.Context, tx *db.Tx) error {
		_, err := b.Trade.Decide(ctx, tx, who, o.ID, approved, comment)
		return err
	})
}

func TestASuperiorApprovesOrdersAboveTheLimit(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.reviewAbove(100_00)
		boss := trade.Buyer{AccountID: b.Buyer.AccountID, UserID: "usr_boss", Approver: true}
		if o := b.Place("V1", 1); o.State != order.PendingPayment {
			t.Error("an order at the limit waits:", o.State)
		}
		o := b.Place("V1", 2)
		if o.State != order.PendingReview || !b.Order(o).Deadline.IsZero() {
			t.Fatal(o.State, o.Deadline)
		}
		if n := b.Count(`select count(*) from messages where code = 'order_review' and permission = 'order:approve' and account_id = $1`, b.Buyer.AccountID); n != 1 {
			t.Errorf("%d notices to approvers", n)
		}
		if err := b.Pay(o); !errs.Is(err, "order.bad_transition") {
			t.Error("paid without an approval:", err)
		}
		if _, err := b.payAll(o); !errs.Is(err, "trade.not_payable") {
			t.Error("paid without an approval:", err)
		}
		if _, err := order.Find(context.Background(), d, order.Scope{SellerID: b.Seller}, o.ID); !errs.Is(err, "order.not_found") {
			t.Error("the seller sees it:", err)
		}
		if err := b.decide(trade.Buyer{AccountID: b.Other.AccountID, UserID: "usr_other", Approver: true}, o, true, ""); !errs.Is(err, "order.not_found") {
			t.Error("another account approves:", err)
		}
		if err := b.decide(b.Buyer, o, true, ""); !errs.Is(err, "order.own_approval") {
			t.Error("the buyer approves:", err)
		}
		b.Clock.Advance(30 * 24 * time.Hour)
		b.Update(func(tx *db.Tx) error { _, err := b.Trade.ExpireDue(context.Background(), tx); return err })
		if b.Order(o).State != order.PendingReview {
			t.Error("it ran out while it waited")
		}
		approve := func(tx *db.Tx) error {
			_, err := b.Trade.Decide(context.Background(), tx, boss, o.ID, true, "for the new office")
			return err
		}
		first, second := b.overlap(approve, approve)
		if first != nil || !errs.Is(second, "order.bad_transition") {
			t.Error(first, second)
		}
		got := b.Order(o)
		if got.State != order.PendingPayment || !got.Deadline.Equal(b.Clock.Now().Add(7*24*time.Hour).Truncate(time.Microsecond)) {
			t.Error(got.State, got.Deadline)
		}
		steps, err := order.Steps(context.Background(), d, o.ID)
		if err != nil || len(steps) != 2 || steps[1].Detail.(map[string]any)["comment"] != "for the new office" {
			t.Error(steps, err)
		}
		if n := b.Count(`select count(*) from messages where code = 'order_approved'`); n != 1 {
			t.Errorf("%d notices to the buyer", n)
		}
		if err := b.Pay(o); err != nil {
			t.Error(err)
		}
		b.Sound()
	})
}

func TestASuperiorDeclinesWithAComment(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := newBundle(t, d)
		b.reviewAbove(0)
		boss := trade.Buyer{AccountID: b.Buyer.AccountID, UserID: "usr_boss", Approver: true}
		b.add(b.Plans["V1"], 1)
		made, err := b.checkout(b.all())
		if err != nil || made[0].State != order.PendingReview {
			t.Fatal(made, err)
		}
		if err := b.decide(boss, made[0], false, " "); faults(err) != "comment required" {
			t.Error(err)
		}
		if err := b.decide(boss, made[0], false, "too dear"); err != nil {
			t.Fatal(err)
		}
		if o := b.Order(made[0]); o.State != order.Expired || o.Cause != "order.review_rejected" {
			t.Error(o.State, o.Cause)
		}
		if _, err := order.Find(context.Background(), d, order.Scope{SellerID: b.Seller}, made[0].ID); !errs.Is(err, "order.not_found") {
			t.Error("the seller sees an order that was never offered for payment:", err)
		}
		// Who may approve needs no approval, and a trial costs nothing.
		b.Buyer.Approver = true
		b.add(b.Plans["V1"], 1)
		if made, err = b.checkout(b.all()); err != nil || made[0].State != order.PendingPayment {
			t.Error(made, err)
		}
		b.Buyer.Approver = false
		waiting := b.Place("V1", 1)
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.Trade.Cancel(ctx, tx, b.Buyer, waiting.ID)
			return err
		}); err != nil || b.Order(waiting).State != order.Canceled {
			t.Error("the buyer cannot take it back:", err)
		}
	})
}
