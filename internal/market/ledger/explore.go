package ledger

import (
	"context"
	"strconv"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
)

func badCursor() error { return errs.Invalidf("page.bad_cursor") }

// Standing is an account with its balance.
type Standing struct {
	Account Account      `db:"account" json:"account"`
	Balance money.Amount `db:"balance" json:"balance"`
}

// AccountFilter chooses accounts: those whose names begin with Prefix, as in "held", and
// with a balance, when Open.
type AccountFilter struct {
	Prefix string
	Open   bool
	At     time.Time // balances over the entries before it; zero for all
}

// last is behind every name of an account with the prefix, in any collation.
const last = "zzzz"

// The accounts are found by stepping from one to the next in the index, not by looking at
// their entries.
const sqlAccounts = `with recursive walk(account, n) as (
  select (select min(account) from ledger_entries where account >= $1 and account > $2 and account < $3), 1
  union all
  select (select min(e.account) from ledger_entries e where e.account > w.account and e.account < $3), w.n + 1 from walk w where w.account is not null and w.n < $4)
select w.account, coalesce((select s.credit - s.debit from ledger_snapshots s where s.account = w.account and s.day <= $5 and s.until <= $6 order by s.day desc limit 1), 0)
+ coalesce((select sum(b.amount) from ledger_entries b where b.account = w.account and b.at < $6
  and b.at >= coalesce((select s.until from ledger_snapshots s where s.account = w.account and s.day <= $5 and s.until <= $6 order by s.day desc limit 1), 0)), 0) as balance from walk w where w.account is not null order by w.account`

const sqlAccountCount = `with recursive walk(account, n) as (
  select (select min(account) from ledger_entries where account >= $1 and account < $2), 1
  union all
  select (select min(e.account) from ledger_entries e where e.account > w.account and e.account < $2), w.n + 1 from walk w where w.account is not null and w.n < $3)
select count(*) from walk where account is not null`

// Those with a balance are few among many that were settled: each is looked at once.
const sqlOpenAccounts = `select e.account, sum(e.amount) as balance from ledger_entries e where e.account >= $1 and e.account > $2 and e.account < $3 and e.at < $4
group by e.account having sum(e.amount) <> 0 order by e.account limit $5`

const sqlOpenAccountCount = `select count(*) from (select 1 from ledger_entries e where e.account >= $1 and e.account < $2 and e.at < $3
group by e.account having sum(e.amount) <> 0 limit $4) as n`

// Accounts lists the accounts of the book by name.
func Accounts(ctx context.Context, q db.Querier, f AccountFilter, p page.Query) (page.Page[Standing], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Standing]{}, err
	}
	until := instant(f.At)
	var rows []Standing
	var n int
	end := f.Prefix + last
	if f.Open {
		if n, err = db.One[int](ctx, q, sqlOpenAccountCount, f.Prefix, end, until, page.TotalCap+1); err != nil {
			return page.Page[Standing]{}, err
		}
		rows, err = db.List[Standing](ctx, q, sqlOpenAccounts, f.Prefix, key[0], end, until, p.Size()+1)
	} else {
		if n, err = db.One[int](ctx, q, sqlAccountCount, f.Prefix, end, page.TotalCap+1); err != nil {
			return page.Page[Standing]{}, err
		}
		rows, err = db.List[Standing](ctx, q, sqlAccounts, f.Prefix, key[0], end, p.Size()+1, dayOf(until), until)
	}
	return page.Of(p, rows, func(s Standing) []string { return []string{string(s.Account)} }).WithTotal(n), err
}

const sqlKnown = `select account from ledger_entries where account = $1 limit 1`

// FindAccount tells the balance of an account before an instant (zero: now);
// "ledger.account_not_found" when nothing was ever posted to it.
func FindAccount(ctx context.Context, q db.Querier, a Account, at time.Time) (Standing, error) {
	_, ok, err := db.Maybe[string](ctx, q, sqlKnown, a)
	if err == nil && !ok {
		err = errs.NotFoundf("ledger.account_not_found")
	}
	if err != nil {
		return Standing{}, err
	}
	b, err := BalanceAt(ctx, q, a, at)
	return Standing{a, b}, err
}

// JournalFilter narrows the list of journals; empty fields do not.
type JournalFilter struct {
	Kind     string
	Cause    string // an order, a top-up's or withdrawal's number
	From, To time.Time
}

// Brief is a journal in a list; Amount is what it moved.
type Brief struct {
	ID       string       `db:"id" json:"id"`
	Kind     string       `db:"kind" json:"kind"`
	Cause    string       `db:"cause" json:"cause"`
	Currency string       `db:"currency" json:"currency"`
	At       time.Time    `db:"at" json:"at"`
	Amount   money.Amount `db:"amount" json:"amount"`
}

const briefColumns = `select j.id, j.kind, j.cause, j.currency, j.at, (select coalesce(sum(e.amount), 0) from ledger_entries e where e.journal_id = j.id and e.amount > 0) as amount from ledger_journals j `
const whereJournals = `where ($1 = '' or j.kind = $1) and j.at >= $2 and j.at < $3`
const sqlJournals = briefColumns + whereJournals + ` and (j.at, j.id) < ($4, $5) order by j.at desc, j.id desc limit $6`
const sqlJournalCount = `select count(*) from (select 1 from ledger_journals j ` + whereJournals + ` limit $4) as n`

// A text of its own, so that the index on cause is used.
const sqlJournalsOf = briefColumns + whereJournals + ` and j.cause = $4 and (j.at, j.id) < ($5, $6) order by j.at desc, j.id desc limit $7`
const sqlJournalCountOf = `select count(*) from (select 1 from ledger_journals j ` + whereJournals + ` and j.cause = $4 limit $5) as n`

// Journals lists the journals of the book, newest first.
func Journals(ctx context.Context, q db.Querier, f JournalFilter, p page.Query) (page.Page[Brief], error) {
	key, err := page.Decode(p.Cursor, 2)
	if err != nil {
		return page.Page[Brief]{}, err
	}
	before := instant(time.Time{})
	if key[0] != "" {
		if before, err = strconv.ParseInt(key[0], 10, 64); err != nil {
			return page.Page[Brief]{}, badCursor()
		}
	}
	args := []any{f.Kind, micros(f.From), instant(f.To)}
	list, count := sqlJournals, sqlJournalCount
	if f.Cause != "" {
		list, count, args = sqlJournalsOf, sqlJournalCountOf, append(args, f.Cause)
	}
	rows, err := db.List[Brief](ctx, q, list, append(args[:len(args):len(args)], before, key[1], p.Size()+1)...)
	if err != nil {
		return page.Page[Brief]{}, err
	}
	n, err := db.One[int](ctx, q, count, append(args[:len(args):len(args)], page.TotalCap+1)...)
	return page.Of(p, rows, func(b Brief) []string { return []string{strconv.FormatInt(b.At.UnixMicro(), 10), b.ID} }).WithTotal(n), err
}
