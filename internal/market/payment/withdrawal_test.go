package payment_test

import (
	"context"
	"flag"
	"sync"
	"sync/atomic"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/secret"
	"jishi/internal/base/statedoc"
	"jishi/internal/market/ledger"
	"jishi/internal/market/payment"
)

var _ = flag.Bool("update", false, "write the documents that are printed from code")

func TestStateTableIsDocumented(t *testing.T) {
	var moves []statedoc.Move
	for _, m := range payment.WithdrawalMoves {
		moves = append(moves, statedoc.Move{From: string(m.From), Event: m.Event, To: string(m.To), Actor: m.Actor})
	}
	statedoc.Check(t, "withdrawal", "States of a withdrawal", "A withdrawal begins as requested; its amount has left the balance and is held until finance has decided.", moves)
}

type bank struct {
	*testing.T
	db  *db.DB
	out *payment.Withdrawals
}

// open gives an account "acc" with 1,000.00, paid in by two payers.
func open(t *testing.T, d *db.DB) *bank {
	box, err := secret.NewBox(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	b := &bank{t, d, &payment.Withdrawals{Box: box}}
	b.must(func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `insert into accounts (id, kind, name, created_at) values ('acc', 'company', 'A', $1)`, tx.Now); err != nil {
			return err
		}
		for payer, amount := range map[string]money.Amount{"Payer One": 700_00, "Payer Two": 300_00} {
			top, err := payment.RequestTopUp(ctx, tx, payment.TopUpRequest{AccountID: "acc", UserID: "usr", Amount: amount, Currency: "CNY", Payer: payer})
			if err != nil {
				return err
			}
			if _, err := payment.ConfirmTopUp(ctx, tx, top.ID, "B"); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func (b *bank) must(do func(context.Context, *db.Tx) error) {
	b.Helper()
	if err := b.try(do); err != nil {
		b.Fatal(err)
	}
}

func (b *bank) try(do func(context.Context, *db.Tx) error) error {
	ctx := context.Background()
	return b.db.Update(ctx, func(tx *db.Tx) error { return do(ctx, tx) })
}

func (b *bank) balance(a ledger.Account, want string) {
	b.Helper()
	got, err := ledger.Balance(context.Background(), b.db, a)
	if err != nil || got.String() != want {
		b.Errorf("%s has %s, %v, want %s", a, got, err, want)
	}
}

func ask(payer string, amount money.Amount) payment.WithdrawalRequest {
	return payment.WithdrawalRequest{AccountID: "acc", UserID: "usr", Amount: amount, Currency: "CNY", Payer: payer, Bank: "First Bank", BankNo: "6222020001"}
}

func TestMoneyGoesBackToItsPayerOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		var w payment.Withdrawal
		b.must(func(ctx context.Context, tx *db.Tx) (err error) {
			w, err = b.out.Request(ctx, tx, ask("Payer Two", 300_00))
			return err
		})
		b.balance(ledger.BuyerBalance("acc"), "700.00")
		b.balance(ledger.Held(w.ID), "300.00")
		if err := b.try(func(ctx context.Context, tx *db.Tx) error {
			_, err := b.out.Request(ctx, tx, ask("Payer Two", 1))
			return err
		}); errs.KindOf(err) != errs.Invalid {
			t.Error("more than the payer paid in went out:", err)
		}
		pay := func(ctx context.Context, tx *db.Tx) error {
			_, err := b.out.PayOut(ctx, tx, w.ID, "T-1")
			return err
		}
		b.must(pay)
		if err := b.try(pay); !errs.Is(err, "payment.withdrawal_decided") {
			t.Error("paid out twice:", err)
		}
		b.balance(ledger.Held(w.ID), "0.00")
		b.balance(ledger.Bank, "-700.00")
		if f, err := ledger.Faults(context.Background(), d); err != nil || len(f) > 0 {
			t.Error(f, err)
		}
	})
}

// Ten requests at once for what is there only three times.
func TestRequestsAtOnceConserveMoney(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		var granted atomic.Int64
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				err := b.try(func(ctx context.Context, tx *db.Tx) error {
					_, err := b.out.Request(ctx, tx, ask("Payer One", 200_00))
					return err
				})
				switch {
				case err == nil:
					granted.Add(1)
				case errs.KindOf(err) != errs.Invalid && !errs.Is(err, "ledger.insufficient"):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if granted.Load() != 3 {
			t.Errorf("%d of ten were granted, want 3", granted.Load())
		}
		b.balance(ledger.BuyerBalance("acc"), "400.00")
		if f, err := ledger.Faults(context.Background(), d); err != nil || len(f) > 0 {
			t.Error(f, err)
		}
	})
}
