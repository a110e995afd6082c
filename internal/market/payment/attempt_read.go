package payment

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/payment/gateway"
)

const attemptColumns = `a.id, a.number, a.account_id, a.user_id, a.gateway, a.purpose, a.amount, a.currency, a.state, a.reference, a.redirect, a.request_key, a.outcome, a.cause, a.surplus, a.refunded, a.checks, a.created_at, a.expires_at, a.check_at, a.succeeded_at, a.closed_at, a.version`

const sqlAttemptOfRequest = `select ` + attemptColumns + ` from payment_attempts a where a.account_id = $1 and a.request_key = $2`
const sqlAttemptByNumber = `select ` + attemptColumns + ` from payment_attempts a where a.number = $1 and a.gateway = $2`
const sqlAttempt = `select ` + attemptColumns + ` from payment_attempts a where a.id = $1 and ($2 = '*' or a.account_id = $2)`

// AttemptOfRequest finds the attempt that a request of the account has made before.
func AttemptOfRequest(ctx context.Context, q db.Querier, accountID, key string) (Attempt, bool, error) {
	return db.Maybe[Attempt](ctx, q, sqlAttemptOfRequest, accountID, key)
}

func findAttempt(ctx context.Context, q db.Querier, attemptID, accountID string) (Attempt, error) {
	a, found, err := db.Maybe[Attempt](ctx, q, sqlAttempt, attemptID, accountID)
	if err == nil && !found {
		err = errs.NotFoundf("payment.attempt_not_found")
	}
	return a, err
}

// FindAttempt reads an attempt within the scope; "payment.attempt_not_found".
func FindAttempt(ctx context.Context, q db.Querier, s Scope, attemptID string) (Attempt, error) {
	return findAttempt(ctx, q, attemptID, s.tenant())
}

func (s Scope) tenant() string {
	switch {
	case s.All:
		return anyAccount
	case s.AccountID == "":
		return "none"
	}
	return s.AccountID
}

const sqlAttemptOrders = `select attempt_id, order_id, amount, position from payment_attempt_orders where attempt_id = $1 order by position`

// OrdersOfAttempt lists what an attempt is to pay, in the order in which it was asked for.
func OrdersOfAttempt(ctx context.Context, q db.Querier, attemptID string) ([]AttemptOrder, error) {
	return db.List[AttemptOrder](ctx, q, sqlAttemptOrders, attemptID)
}

const sqlSameAttempt = `select ` + attemptColumns + ` from payment_attempts a join payment_attempt_orders o on o.attempt_id = a.id and o.order_id = $1
where a.account_id = $2 and a.gateway = $3 and a.state = 'waiting' and a.amount = $4 and a.expires_at > $5 order by a.id desc limit 20`

// SameAttempt finds an open attempt of an account that pays exactly these orders and lasts a
// while, so that a second browser goes to the same page of the gateway.
func SameAttempt(ctx context.Context, q db.Querier, in NewAttempt, lasts time.Time) (Attempt, bool, error) {
	var sum = in.Orders[0].Amount
	for _, o := range in.Orders[1:] {
		sum += o.Amount
	}
	found, err := db.List[Attempt](ctx, q, sqlSameAttempt, in.Orders[0].OrderID, in.AccountID, in.Gateway, sum, lasts)
	if err != nil {
		return Attempt{}, false, err
	}
	for _, a := range found {
		orders, err := OrdersOfAttempt(ctx, q, a.ID)
		if err != nil {
			return a, false, err
		}
		same := len(orders) == len(in.Orders)
		asked := map[string]bool{}
		for _, o := range in.Orders {
			asked[o.OrderID] = true
		}
		for _, o := range orders {
			same = same && asked[o.OrderID]
		}
		if same {
			return a, true, nil
		}
	}
	return Attempt{}, false, nil
}

const sqlAttemptsToCheck = `select ` + attemptColumns + ` from payment_attempts a where a.state in ('created', 'waiting') and a.check_at <= $1 order by a.check_at limit $2`

// AttemptsToCheck lists open attempts whose gateway is to be asked now, found by an index.
func AttemptsToCheck(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Attempt, error) {
	return db.List[Attempt](ctx, q, sqlAttemptsToCheck, now, limit)
}

// AttemptRow is an attempt in a list.
type AttemptRow struct {
	Attempt
	AccountName string `db:"account_name"`
}

// AttemptFilter narrows a list; empty fields do not.
type AttemptFilter struct {
	ID      string
	State   string
	Purpose string
	Gateway string
	Text    string // number, reference, order number, or a part of the account's name
	From    time.Time
	To      time.Time
}

const whereAttempts = ` from payment_attempts a join accounts c on c.id = a.account_id
where ($1 = '*' or a.account_id = $1) and ($2 = '' or a.state = $2) and ($3 = '' or a.purpose = $3) and ($4 = '' or a.gateway = $4)
and ($5 = '' or a.number = $5 or a.reference = $5 or lower(c.name) like $6 escape '!' or exists (select 1 from payment_attempt_orders o where o.attempt_id = a.id and o.order_id = $5))
and (a.created_at >= $7 or $7 = 0) and (a.created_at < $8 or $8 = 0) and ($9 = '' or a.id = $9)`
const sqlAttempts = `select ` + attemptColumns + `, c.name as account_name` + whereAttempts + ` and ($10 = '' or a.id < $10) order by a.id desc limit $11`
const sqlAttemptCount = `select count(*) from (select 1` + whereAttempts + ` limit $10) as n`

// Attempts lists attempts within the scope, newest first.
func Attempts(ctx context.Context, q db.Querier, s Scope, f AttemptFilter, p page.Query) (page.Page[AttemptRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[AttemptRow]{}, err
	}
	like, from, to := db.Contains(f.Text), micros(f.From), micros(f.To)
	rows, err := db.List[AttemptRow](ctx, q, sqlAttempts, s.tenant(), f.State, f.Purpose, f.Gateway, f.Text, like, from, to, f.ID, key[0], p.Size()+1)
	if err != nil {
		return page.Page[AttemptRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlAttemptCount, s.tenant(), f.State, f.Purpose, f.Gateway, f.Text, like, from, to, f.ID, page.TotalCap+1)
	return page.Of(p, rows, func(r AttemptRow) []string { return []string{r.ID} }).WithTotal(n), err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// What was done with a report of a gateway.
const (
	NoticeApplied  = "applied"  // it changed the attempt
	NoticeRepeated = "repeated" // it says what is known
	NoticeRefused  = "mismatch" // another amount, currency or payment: nothing was changed
)

// Notice is one report of a gateway about an attempt.
type Notice struct {
	ID        string         `db:"id" json:"id"`
	AttemptID string         `db:"attempt_id" json:"-"`
	Source    string         `db:"source" json:"source"` // "notice" came by itself, "query" was asked for
	Event     string         `db:"event" json:"event"`
	Status    gateway.Status `db:"status" json:"status"`
	Amount    money.Amount   `db:"amount" json:"amount"`
	Currency  string         `db:"currency" json:"currency"`
	Reference string         `db:"reference" json:"reference"`
	Verdict   string         `db:"verdict" json:"verdict"`
	At        time.Time      `db:"at" json:"at"`
}

// KeepNotice keeps a report, once per event and source.
func KeepNotice(ctx context.Context, tx *db.Tx, a Attempt, source string, s gateway.State, verdict string) error {
	event := s.Event
	if event == "" {
		event = string(s.Status) + ":" + verdict
	}
	_, err := db.InsertIfAbsent(ctx, tx, "payment_notices", Notice{ID: id.New("pnt"), AttemptID: a.ID, Source: source, Event: event, Status: s.Status,
		Amount: s.Amount, Currency: s.Currency, Reference: s.Reference, Verdict: verdict, At: tx.Now})
	return err
}

const sqlNotices = `select id, attempt_id, source, event, status, amount, currency, reference, verdict, at from payment_notices where attempt_id = $1 order by at, id limit 200`

// NoticesOf lists what the gateway told about an attempt, oldest first.
func NoticesOf(ctx context.Context, q db.Querier, attemptID string) ([]Notice, error) {
	return db.List[Notice](ctx, q, sqlNotices, attemptID)
}
