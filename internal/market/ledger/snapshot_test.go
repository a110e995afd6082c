package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/ledger"
)

// carry brings the snapshots up to an instant and tells in how many steps.
func carry(t *testing.T, d *db.DB, until time.Time) (steps int) {
	t.Helper()
	ctx := context.Background()
	for {
		s, more, err := ledger.NextStep(ctx, d, until)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return steps
		}
		for range 2 { // a second node does the same step: it changes nothing
			if err := d.UpdateCtx(ctx, s.Carry); err != nil {
				t.Fatal(err)
			}
		}
		steps++
	}
}

type posted struct {
	at     time.Time
	from   ledger.Account
	to     ledger.Account
	amount money.Amount
}

// balanceBy adds up what was posted before an instant, without the ledger.
func balanceBy(all []posted, a ledger.Account, at time.Time) (sum money.Amount) {
	for _, p := range all {
		if !p.at.Before(at) {
			continue
		}
		if p.from == a {
			sum -= p.amount
		}
		if p.to == a {
			sum += p.amount
		}
	}
	return sum
}

// Random postings over some days with snapshots in between: every balance and trial balance
// as of any instant is what the entries say.
func TestBalancesAsOfAnyInstant(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		c := clock.NewManual(time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC))
		d.SetClock(c)
		r := rand.New(rand.NewPCG(1, 2))
		seller, other := ledger.PayableSeller("s"), ledger.PayableSeller("t")
		buyer := ledger.BuyerBalance("b")
		accounts := []ledger.Account{seller, other, buyer, ledger.Bank, ledger.RevenuePlatform, ledger.Held("l1")}
		var all []posted
		steps := 0
		for i := range 120 {
			from, to := ledger.Bank, accounts[r.IntN(3)]
			if i%4 == 3 {
				from, to = ledger.RevenuePlatform, ledger.Held("l1")
			}
			p := posted{c.Now(), from, to, money.Amount(1 + r.IntN(1000))}
			if _, err := post(d, transfer(fmt.Sprint("k", i), p.from, p.to, p.amount)); err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
			if r.IntN(3) > 0 {
				c.Advance(time.Duration(r.IntN(120)) * time.Minute)
			}
			if i%15 == 14 {
				steps += carry(t, d, ledger.Settled(d.Now()))
			}
			if i == 60 {
				c.Advance(50 * time.Hour)
			}
		}
		if steps < 5 {
			t.Errorf("only %d steps", steps)
		}
		sound(t, d)
		begin := all[0].at
		for i := range 60 {
			at := begin.Add(time.Duration(r.Int64N(int64(c.Now().Sub(begin)) + 1)))
			if i%5 == 0 {
				at = all[r.IntN(len(all))].at // the very instant of an entry: not in it yet
			}
			var sum, total money.Amount
			for _, a := range accounts {
				got, err := ledger.BalanceAt(ctx, d, a, at)
				if want := balanceBy(all, a, at); err != nil || got != want {
					t.Fatalf("%s at %s: %s, want %s, %v", a, at, got, want, err)
				}
				total += got
			}
			rows, err := ledger.TrialBalance(ctx, d, at)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				sum += row.Balance
				if row.Purpose == "payable:seller" && row.Balance != balanceBy(all, seller, at)+balanceBy(all, other, at) {
					t.Errorf("payables at %s: %s", at, row.Balance)
				}
			}
			if sum != 0 || total != 0 {
				t.Errorf("at %s the book adds up to %s", at, sum)
			}
		}
		for _, a := range accounts {
			if got, err := ledger.Balance(ctx, d, a); err != nil || got != balanceBy(all, a, c.Now().Add(time.Second)) {
				t.Errorf("%s now %s, %v", a, got, err)
			}
		}
	})
}

func TestStatementsRunOverAllPages(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		begin := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		c := clock.NewManual(begin)
		d.SetClock(c)
		s := ledger.PayableSeller("s")
		for i := range 25 {
			if _, err := post(d, transfer(fmt.Sprint("k", i), ledger.RevenuePlatform, s, 7)); err != nil {
				t.Fatal(err)
			}
			if i%3 == 0 { // some share their instant
				c.Advance(time.Minute)
			}
		}
		left := money.Amount(25 * 7)
		for q := (page.Query{Limit: 10}); ; {
			p, err := ledger.Statement(ctx, d, s, ledger.StatementFilter{}, q)
			if err != nil || p.Total != 25 {
				t.Fatal(p.Total, err)
			}
			for _, e := range p.Items {
				if e.Balance == nil || *e.Balance != left {
					t.Fatalf("balance %v after %s, want %s", e.Balance, e.ID, left)
				}
				left -= e.Amount
			}
			if q.Cursor = p.Next; p.Next == "" {
				break
			}
		}
		if left != 0 {
			t.Errorf("%s is left over all pages", left)
		}
		var after ledger.Entry
		seen := 0
		for {
			list, err := ledger.Forward(ctx, d, s, begin, time.Time{}, after, 4)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			seen, after = seen+len(list), list[len(list)-1]
		}
		if seen != 25 {
			t.Errorf("%d entries forward", seen)
		}
		sum, err := ledger.Summarize(ctx, d, s, begin.Add(time.Minute), begin.Add(3*time.Minute))
		if err != nil || sum.Opening != 7 || sum.In != 42 || sum.Closing != 49 || len(sum.Kinds) != 1 || sum.Kinds[0].Entries != 6 {
			t.Errorf("summary %+v, %v", sum, err)
		}
		if p, err := ledger.Statement(ctx, d, s, ledger.StatementFilter{Cause: "k3"}, page.Query{}); err != nil || p.Total != 1 || p.Items[0].Balance != nil {
			t.Errorf("by cause %+v, %v", p, err)
		}
		if _, err := ledger.Statement(ctx, d, s, ledger.StatementFilter{}, page.Query{Cursor: page.Encode("x", "y")}); !errs.Is(err, "page.bad_cursor") {
			t.Error(err)
		}
	})
}

func TestAccountsAndJournalsAreFound(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for i := range 7 {
			l := ledger.Held(fmt.Sprint("l", i))
			if _, err := post(d, transfer(fmt.Sprint("hold", i), ledger.Bank, l, 5)); err != nil {
				t.Fatal(err)
			}
			if i < 4 {
				if _, err := post(d, transfer(fmt.Sprint("take", i), l, ledger.PayableSeller("s"), 5)); err != nil {
					t.Fatal(err)
				}
			}
		}
		names := func(f ledger.AccountFilter, limit int) (out []string) {
			for q := (page.Query{Limit: limit}); ; {
				p, err := ledger.Accounts(ctx, d, f, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range p.Items {
					if p.Total == 0 {
						t.Error("no total")
					}
					out = append(out, fmt.Sprint(s.Account, " ", s.Balance))
				}
				if q.Cursor = p.Next; p.Next == "" {
					return out
				}
			}
		}
		if got := names(ledger.AccountFilter{}, 2); len(got) != 9 || got[0] != "bank -0.35" || got[8] != "payable:seller:s 0.20" {
			t.Error(got)
		}
		if got := names(ledger.AccountFilter{Prefix: "held:"}, 3); len(got) != 7 {
			t.Error(got)
		}
		if got := names(ledger.AccountFilter{Prefix: "held:", Open: true}, 2); len(got) != 3 || got[0] != "held:l4 0.05" {
			t.Error(got)
		}
		if _, err := ledger.FindAccount(ctx, d, "held:nobody", time.Time{}); !errs.Is(err, "ledger.account_not_found") {
			t.Error(err)
		}
		p, err := ledger.Journals(ctx, d, ledger.JournalFilter{}, page.Query{Limit: 4})
		if err != nil || p.Total != 11 || len(p.Items) != 4 || p.Items[0].Amount != 5 {
			t.Fatal(p, err)
		}
		if p, err = ledger.Journals(ctx, d, ledger.JournalFilter{Cause: "take2"}, page.Query{}); err != nil || p.Total != 1 {
			t.Fatal(p, err)
		}
		j, err := ledger.FindJournal(ctx, d, p.Items[0].ID)
		if err != nil || len(j.Entries) != 2 || j.Key != "take2" {
			t.Error(j, err)
		}
		if _, err := ledger.FindJournal(ctx, d, "jrn_x"); !errs.Is(err, "ledger.journal_not_found") {
			t.Error(err)
		}
	})
}
