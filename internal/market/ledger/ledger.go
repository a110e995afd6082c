// Package ledger is the double-entry book of the marketplace (trade.md §16.11).
//
// It owns ledger_journals, ledger_entries, ledger_balances and ledger_snapshots. A journal
// is one event that moves money: its entries add up to zero, it is immutable, and its key
// makes it happen once. A positive amount credits an account, a negative one debits it:
// the balance of a party's account is what the marketplace owes that party, the balance of
// bank is minus what lies there.
//
// Accounts are names. A buyer's accounts have a row with their balance, which the database
// keeps from going below zero. Accounts that everybody shares (bank, revenue, tax) and
// sellers' payables have none, so that no row is updated by all orders: their balance is a
// snapshot and the entries after it.
package ledger

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

// Account names an account of the book.
type Account string

// The shared accounts.
const (
	Bank            Account = "bank"             // money from and to the outside by transfer
	BankClearing    Account = "clearing:bank"    // arrived at the bank, not credited to anybody yet
	RevenuePlatform Account = "revenue:platform" // the marketplace's fees
)

// BuyerBalance is what a buyer has topped up and not spent (余额).
func BuyerBalance(accountID string) Account { return Account("buyer:" + accountID + ":balance") }

// Held is the amount of an order line between payment and delivery or acceptance.
func Held(orderLineID string) Account { return Account("held:" + orderLineID) }

// PayableSeller is what the marketplace owes a seller.
func PayableSeller(sellerID string) Account { return Account("payable:seller:" + sellerID) }

// VoucherOf is what an issuer's vouchers have paid of orders that are not delivered yet, as a
// debit: with the delivery the issuer bears it. The issuer is a seller, or "platform".
func VoucherOf(issuer string) Account { return Account("voucher:" + issuer) }

// Gateway is what a payment gateway took for the marketplace and has not paid out yet: minus
// what it owes.
func Gateway(name string) Account { return Account("psp:" + name) }

// guarded tells whether the account has a balance row that must not go below zero.
func (a Account) guarded() bool { return strings.HasPrefix(string(a), "buyer:") }

// Line is one posting of a journal.
type Line struct {
	Account Account
	Amount  money.Amount
}

// Journal is what is to be posted. Key makes it idempotent, for example "capture:" and the
// order line; Cause is the order, refund or top-up.
type Journal struct {
	Key      string
	Kind     string
	Cause    string
	Currency string
	At       time.Time
	Lines    []Line
}

type journalRow struct {
	ID       string    `db:"id"`
	Key      string    `db:"key"`
	Kind     string    `db:"kind"`
	Cause    string    `db:"cause"`
	Currency string    `db:"currency"`
	At       time.Time `db:"at"`
}

type entryRow struct {
	ID        string       `db:"id"`
	JournalID string       `db:"journal_id"`
	Account   Account      `db:"account"`
	Amount    money.Amount `db:"amount"`
	At        time.Time    `db:"at"`
}

type balanceRow struct {
	Account Account      `db:"account"`
	Balance money.Amount `db:"balance"`
}

const sqlDebit = `update ledger_balances set balance = balance + $1 where account = $2 and balance + $1 >= 0`
const sqlCredit = `insert into ledger_balances (account, balance) values ($1, $2) on conflict (account) do update set balance = ledger_balances.balance + excluded.balance`

// Post writes the journal. It tells false when the key was posted before, and changes
// nothing then. "ledger.insufficient" (Conflict): a buyer's balance does not cover it.
// Lines that do not add up to zero are a fault of the caller and an internal error. Lines
// of amount zero are left out; a journal without lines is not written.
func Post(ctx context.Context, tx *db.Tx, j Journal) (bool, error) {
	var sum money.Amount
	lines := j.Lines[:0:0]
	for _, l := range j.Lines {
		sum += l.Amount
		if l.Amount != 0 {
			lines = append(lines, l)
		}
	}
	if sum != 0 {
		return false, fmt.Errorf("ledger: journal %s is out of balance by %s", j.Key, sum)
	}
	if len(lines) == 0 {
		return true, nil
	}
	if j.At.IsZero() {
		j.At = tx.Now
	}
	journal := journalRow{ID: id.New("jrn"), Key: j.Key, Kind: j.Kind, Cause: j.Cause, Currency: j.Currency, At: j.At}
	fresh, err := db.InsertIfAbsent(ctx, tx, "ledger_journals", journal)
	if err != nil || !fresh {
		return false, err
	}
	rows := make([]entryRow, len(lines))
	for i, l := range lines {
		rows[i] = entryRow{ID: fmt.Sprintf("%s_%02d", journal.ID, i+1), JournalID: journal.ID, Account: l.Account, Amount: l.Amount, At: j.At}
	}
	if err := db.AppendAll(ctx, tx, "ledger_entries", rows); err != nil {
		return false, err
	}
	for _, l := range lines {
		if !l.Account.guarded() {
			continue
		}
		if l.Amount > 0 {
			_, err = db.Exec(ctx, tx, sqlCredit, l.Account, l.Amount)
		} else {
			var n int64
			n, err = db.Exec(ctx, tx, sqlDebit, l.Amount, l.Account)
			if err == nil && n == 0 {
				err = errs.Conflictf("ledger.insufficient")
			}
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}
