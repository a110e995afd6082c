package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
)

func post(d *db.DB, j ledger.Journal) (fresh bool, err error) {
	err = d.Update(context.Background(), func(tx *db.Tx) error {
		fresh, err = ledger.Post(context.Background(), tx, j)
		return err
	})
	return fresh, err
}

func transfer(key string, from, to ledger.Account, a money.Amount) ledger.Journal {
	return ledger.Journal{Key: key, Kind: "test", Cause: key, Currency: "CNY", Lines: []ledger.Line{{from, -a}, {to, a}}}
}

func sound(t *testing.T, d *db.DB) {
	t.Helper()
	if f, err := ledger.Faults(context.Background(), d); err != nil || len(f) > 0 {
		t.Errorf("faults %v, %v", f, err)
	}
}

func TestAJournalIsPostedOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a := ledger.BuyerBalance("a")
		for i := range 2 {
			fresh, err := post(d, transfer("top", ledger.Bank, a, 10000))
			if err != nil || fresh != (i == 0) {
				t.Fatalf("try %d: %v %v", i, fresh, err)
			}
		}
		if b, err := ledger.Balance(ctx, d, a); err != nil || b != 10000 {
			t.Errorf("balance %s, %v", b, err)
		}
		if b, err := ledger.Balance(ctx, d, ledger.Bank); err != nil || b != -10000 {
			t.Errorf("bank %s, %v", b, err)
		}
		if _, err := post(d, ledger.Journal{Key: "odd", Lines: []ledger.Line{{ledger.Bank, 1}}}); err == nil {
			t.Error("a journal out of balance was posted")
		}
		sound(t, d)
	})
}

func TestABalanceIsNeverOverdrawn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		a := ledger.BuyerBalance("a")
		if _, err := post(d, transfer("top", ledger.Bank, a, 500)); err != nil {
			t.Fatal(err)
		}
		var paid, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range 10 {
			wg.Go(func() {
				_, err := post(d, transfer(fmt.Sprint("pay", i), a, ledger.Held(fmt.Sprint(i)), 100))
				switch {
				case err == nil:
					paid.Add(1)
				case errs.Is(err, "ledger.insufficient"):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if paid.Load() != 5 || refused.Load() != 5 {
			t.Errorf("%d paid, %d refused", paid.Load(), refused.Load())
		}
		sound(t, d)
	})
}
