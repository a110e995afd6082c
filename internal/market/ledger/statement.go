package ledger

import (
	"context"
	"strconv"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
)

// StatementFilter narrows a statement; empty fields do not. From is inclusive, To is not.
type StatementFilter struct {
	Kind     string
	Cause    string
	From, To time.Time
}

func (f StatementFilter) whole() bool { return f.Kind == "" && f.Cause == "" }

const whereStatement = `where e.account = $1 and ($2 = '' or j.kind = $2) and ($3 = '' or j.cause = $3) and e.at >= $4 and e.at < $5`
const sqlStatement = entryColumns + whereStatement + ` and (e.at, e.id) < ($6, $7) order by e.at desc, e.id desc limit $8`
const sqlStatementCount = `select count(*) from (select 1 from ledger_entries e join ledger_journals j on j.id = e.journal_id ` + whereStatement + ` limit $6) as n`
const sqlEarlierSame = `select coalesce(sum(amount), 0) from ledger_entries where account = $1 and at = $2 and id <= $3`

// Statement lists the postings of an account, newest first, each with the balance after it
// unless a filter leaves some out.
func Statement(ctx context.Context, q db.Querier, a Account, f StatementFilter, p page.Query) (page.Page[Entry], error) {
	key, err := page.Decode(p.Cursor, 2)
	if err != nil {
		return page.Page[Entry]{}, err
	}
	before := instant(time.Time{})
	if key[0] != "" {
		if before, err = strconv.ParseInt(key[0], 10, 64); err != nil {
			return page.Page[Entry]{}, badCursor()
		}
	}
	from, to := micros(f.From), instant(f.To)
	rows, err := db.List[Entry](ctx, q, sqlStatement, a, f.Kind, f.Cause, from, to, before, key[1], p.Size()+1)
	if err != nil {
		return page.Page[Entry]{}, err
	}
	if f.whole() && len(rows) > 0 {
		if err := runBalance(ctx, q, a, rows); err != nil {
			return page.Page[Entry]{}, err
		}
	}
	n, err := db.One[int](ctx, q, sqlStatementCount, a, f.Kind, f.Cause, from, to, page.TotalCap+1)
	return page.Of(p, rows, func(e Entry) []string { return []string{strconv.FormatInt(e.At.UnixMicro(), 10), e.ID} }).WithTotal(n), err
}

// runBalance notes the balance after each of successive entries, newest first.
func runBalance(ctx context.Context, q db.Querier, a Account, rows []Entry) error {
	balance, err := BalanceAt(ctx, q, a, rows[0].At)
	if err != nil {
		return err
	}
	same, err := db.One[money.Amount](ctx, q, sqlEarlierSame, a, rows[0].At, rows[0].ID)
	if err != nil {
		return err
	}
	balance += same
	for i := range rows {
		after := balance
		rows[i].Balance = &after
		balance -= rows[i].Amount
	}
	return nil
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

const sqlForward = entryColumns + `where e.account = $1 and (e.at, e.id) > ($2, $3) and e.at < $4 order by e.at, e.id limit $5`

// Forward lists an account's postings of a span in the order of time, after one of them:
// for files. The first call gives the zero Entry.
func Forward(ctx context.Context, q db.Querier, a Account, from, to time.Time, after Entry, limit int) ([]Entry, error) {
	at := micros(after.At)
	if after.ID == "" {
		at = micros(from) - 1
	}
	id := after.ID
	if id == "" {
		id = "~" // behind every entry of the instant before the span
	}
	return db.List[Entry](ctx, q, sqlForward, a, at, id, instant(to), limit)
}

// KindSum is what one kind of journal moved on an account in a span.
type KindSum struct {
	Kind    string       `db:"kind" json:"kind"`
	Out     money.Amount `db:"debit" json:"out"`
	In      money.Amount `db:"credit" json:"in"`
	Entries int          `db:"entries" json:"entries"`
}

// Summary is the head of a statement: what was there, what went in and out, what is left.
type Summary struct {
	From    time.Time    `json:"from"`
	To      time.Time    `json:"to" doc:"The first instant after the span"`
	Opening money.Amount `json:"opening"`
	In      money.Amount `json:"in"`
	Out     money.Amount `json:"out"`
	Closing money.Amount `json:"closing"`
	Kinds   []KindSum    `json:"kinds"`
}

const sqlKinds = `select j.kind, sum(case when e.amount < 0 then -e.amount else 0 end) as debit, sum(case when e.amount > 0 then e.amount else 0 end) as credit,
count(*) as entries from ledger_entries e join ledger_journals j on j.id = e.journal_id where e.account = $1 and e.at >= $2 and e.at < $3 group by j.kind order by j.kind`

// Summarize adds up an account's statement over [from, to). q should be a snapshot of the
// database (db.View), so that opening and movements give the closing balance.
func Summarize(ctx context.Context, q db.Querier, a Account, from, to time.Time) (Summary, error) {
	s := Summary{From: from, To: to}
	var err error
	if s.Opening, err = BalanceAt(ctx, q, a, from); err != nil {
		return s, err
	}
	if s.Kinds, err = db.List[KindSum](ctx, q, sqlKinds, a, from, to); err != nil {
		return s, err
	}
	for _, k := range s.Kinds {
		s.In += k.In
		s.Out += k.Out
	}
	s.Closing = s.Opening + s.In - s.Out
	return s, nil
}
