package trade_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/job"
	"jishi/internal/base/money"
	"jishi/internal/base/settings"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/trade"
	"jishi/internal/trade/tradetest"
)

type banked struct{ *tradetest.Market }

func (b banked) code(who trade.Buyer) (code string) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) (err error) {
		code, err = payment.ReceivingCode(context.Background(), tx, who.AccountID)
		return err
	})
	return code
}

func (b banked) announce(who trade.Buyer, amount money.Amount, payer string) (t payment.TopUp) {
	b.T.Helper()
	b.Update(func(tx *db.Tx) (err error) {
		t, err = payment.RequestTopUp(context.Background(), tx, payment.TopUpRequest{AccountID: who.AccountID, UserID: who.UserID, Amount: amount, Currency: "CNY", Payer: payer})
		return err
	})
	return t
}

func (b banked) arrive(amount money.Amount, payer, remark string) (r payment.Receipt) {
	b.T.Helper()
	reference := fmt.Sprintf("B-%s-%s-%s", amount, payer, remark)
	b.Update(func(tx *db.Tx) (err error) {
		r, _, err = b.Trade.TakeReceipt(context.Background(), tx, payment.Incoming{BankReference: reference[:min(len(reference), 60)], BookedOn: "2026-01-05", Amount: amount, Payer: payer, Remark: remark})
		return err
	})
	return r
}

func (b banked) try(do func(ctx context.Context, tx *db.Tx) (payment.Receipt, error)) error {
	ctx := context.Background()
	return b.DB.Update(ctx, func(tx *db.Tx) error { _, err := do(ctx, tx); return err })
}

func TestTransfersAreMatched(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := banked{tradetest.New(t, d)}
		mine := ledger.BuyerBalance(b.Buyer.AccountID)
		for _, c := range []struct {
			name   string
			before func() (payer, remark string)
			amount money.Amount
			rule   string // of a credit by itself; "" stays unmatched
		}{
			{"by the code", func() (string, string) { return "Buyer One", "for " + b.code(b.Buyer) }, 10_00, payment.RuleCode},
			{"by the code, of an announced transfer", func() (string, string) {
				b.announce(b.Buyer, 11_00, "Buyer One")
				return "BUYER  ONE", b.code(b.Buyer)
			}, 11_00, payment.RuleCode},
			{"by the number", func() (string, string) { return "Buyer One", b.announce(b.Buyer, 12_00, "x y").Number }, 12_00, payment.RuleNumber},
			{"by payer and amount", func() (string, string) { b.announce(b.Buyer, 13_00, "Buyer One"); return "Buyer One", "" }, 13_00, payment.RulePayer},
			{"two are alike", func() (string, string) {
				b.announce(b.Buyer, 14_00, "Buyer One")
				b.announce(b.Buyer, 14_00, "Buyer One")
				return "Buyer One", ""
			}, 14_00, ""},
			{"somebody else pays", func() (string, string) { return "Rich Uncle", b.code(b.Buyer) }, 15_00, ""},
			{"it was confirmed by hand", func() (string, string) {
				t := b.announce(b.Buyer, 16_00, "Buyer One")
				b.Update(func(tx *db.Tx) error {
					_, err := payment.ConfirmTopUp(context.Background(), tx, t.ID, "")
					return err
				})
				return "Buyer One", b.code(b.Buyer)
			}, 16_00, ""},
			{"two accounts are named", func() (string, string) { return "Buyer One", b.code(b.Buyer) + " " + b.code(b.Other) }, 17_00, ""},
			{"nothing fits", func() (string, string) { return "Nobody", "hello" }, 18_00, ""},
		} {
			payer, remark := c.before()
			before := b.Balance(mine)
			r := b.arrive(c.amount, payer, remark)
			want := before
			if c.rule != "" {
				want += c.amount
			}
			if (r.State == payment.Credited) != (c.rule != "") || r.Rule != c.rule || b.Balance(mine) != want {
				t.Errorf("%s: %s by %q, balance %s, want %s", c.name, r.State, r.Rule, b.Balance(mine), want)
			}
		}
		unmatched := b.Count(`select coalesce(sum(amount), 0) from bank_receipts where state = 'unmatched'`)
		if got := b.Balance(ledger.BankClearing); int(got) != unmatched || unmatched != 80_00 {
			t.Errorf("clearing has %s, unmatched are %d", got, unmatched)
		}
		b.Sound()
	})
}

func TestTransfersAreDecidedByHand(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := banked{tradetest.New(t, d)}
		mine := ledger.BuyerBalance(b.Buyer.AccountID)
		r := b.arrive(20_00, "Rich Uncle", "")
		hand := payment.Assignment{AccountID: b.Buyer.AccountID, Rule: payment.RuleHand, Reason: "told by phone"}
		credit := func(ctx context.Context, tx *db.Tx) (payment.Receipt, error) {
			return b.Trade.CreditReceipt(ctx, tx, r.ID, hand)
		}
		if err := b.try(credit); !errs.Is(err, "payment.third_party") {
			t.Error("credited without an agreement:", err)
		}
		hand.Agreement = true
		if err := b.try(credit); err != nil {
			t.Fatal(err)
		}
		if err := b.try(credit); !errs.Is(err, "payment.receipt_decided") {
			t.Error("credited twice:", err)
		}
		if got := b.Balance(mine); got != 1020_00 {
			t.Error(got)
		}
		// The agreement holds from now on.
		if again := b.arrive(21_00, "rich uncle", b.code(b.Buyer)); again.State != payment.Credited {
			t.Error(again.State)
		}
		back := b.arrive(22_00, "Lost", "")
		if err := b.try(func(ctx context.Context, tx *db.Tx) (payment.Receipt, error) {
			return payment.ReturnReceipt(ctx, tx, back.ID, "R-1", "nobody's")
		}); err != nil {
			t.Error(err)
		}
		b.TopUp(b.Buyer, 23_00)
		late := b.arrive(23_00, "Buyer", "")
		list, exact, err := payment.Candidates(t.Context(), d, late, b.Clock.Now())
		if err != nil || exact || len(list) != 1 || list[0].Rule != payment.RuleCredited {
			t.Fatal(list, exact, err)
		}
		link := func(ctx context.Context, tx *db.Tx) (payment.Receipt, error) {
			return payment.LinkReceipt(ctx, tx, late.ID, list[0].TopUpID, "came before the statement")
		}
		if err := b.try(link); err != nil {
			t.Error(err)
		}
		if err := b.try(link); errs.KindOf(err) != errs.Invalid {
			t.Error("linked twice:", err)
		}
		if got := b.Balance(mine); got != 1064_00 || b.Balance(ledger.BankClearing) != 0 {
			t.Error(got, b.Balance(ledger.BankClearing))
		}
		b.Sound()
	})
}

// A statement imported twice, and two people who decide at once, move money once.
func TestStatementsAreImportedOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := banked{tradetest.New(t, d)}
		text := "date,amount,payer,reference,remark\n"
		for i := range 60 {
			text += fmt.Sprintf("2026-01-05,%d.00,Nobody,REF-%d,\n", i+1, i)
		}
		text += "2026-01-05,x,Nobody,REF-X,\n2026-01-05,5.00,Buyer One,REF-B," + b.code(b.Buyer) + "\n"
		cols := payment.Columns{Date: "Date", Amount: "Amount", Payer: "Payer", Reference: "Reference", Remark: "Remark"}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if _, err := b.Trade.ImportStatement(t.Context(), "january.csv", text, cols); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		again, err := b.Trade.ImportStatement(t.Context(), "january.csv", text, cols)
		if err != nil || again.Known != 61 || again.Taken != 0 || len(again.Faults) != 1 || again.Faults[0].Line != 62 {
			t.Errorf("%+v, %v", again, err)
		}
		other, err := b.Trade.ImportStatement(t.Context(), "other.csv", "date,amount,payer,reference,remark\n2026-01-05,9.99,Nobody,REF-1,\n", cols)
		if err != nil || len(other.Faults) != 1 || other.Faults[0].Code != "payment.receipt_differs" {
			t.Errorf("%+v, %v", other, err)
		}
		if got := b.Balance(ledger.BuyerBalance(b.Buyer.AccountID)); got != 1005_00 {
			t.Error(got)
		}
		r := b.arrive(33_00, "Somebody", "")
		for i := range 6 {
			wg.Go(func() {
				err := b.try(func(ctx context.Context, tx *db.Tx) (payment.Receipt, error) {
					if i%2 == 0 {
						return payment.ReturnReceipt(ctx, tx, r.ID, "R-1", "sent back")
					}
					return b.Trade.CreditReceipt(ctx, tx, r.ID, payment.Assignment{AccountID: b.Other.AccountID, Rule: payment.RuleHand, Reason: "his", Agreement: true})
				})
				if err != nil && !errs.Is(err, "payment.receipt_decided") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if sum := b.Balance(ledger.BankClearing); sum != money.Amount(60*61/2*100) {
			t.Error("clearing has", sum)
		}
		b.Sound()
	})
}

// A transfer pays the order that its remark names, where the site wants it.
func TestATransferPaysTheOrderItNames(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := banked{tradetest.New(t, d)}
		site, version, err := b.Trade.Settings.SiteVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		site.Payments = settings.Payments{AutoCredit: true, PayNamedOrder: true}
		b.Update(func(tx *db.Tx) error { return b.Trade.Settings.SaveSite(context.Background(), tx, version, site) })
		o, dear := b.Place("V1", 1), b.Place("V2", 9)
		b.Update(func(tx *db.Tx) error {
			return tradetest.Exec(tx, `update order_lines set amount = 5000000 where order_id = $1`, dear.ID)
		})
		for _, x := range []order.Order{o, dear} {
			b.arrive(100_00, "Buyer One", b.code(b.Buyer)+" "+x.ID)
		}
		jobs, err := db.List[job.Job](t.Context(), d, `select id, kind, args, coalesce(unique_key, '') as unique_key, ref, lane, state, run_at, attempt, lease_until, worker, error, created_at, finished_at from jobs where kind = $1`, trade.PayNamedJob)
		if err != nil || len(jobs) != 2 {
			t.Fatal(len(jobs), err)
		}
		for _, j := range append(jobs, jobs...) {
			if err := b.Trade.PayNamed(t.Context(), j); err != nil {
				t.Error(err)
			}
		}
		if b.Order(o).State != order.Processing || b.Order(dear).State != order.PendingPayment {
			t.Error(b.Order(o).State, b.Order(dear).State)
		}
	})
}
