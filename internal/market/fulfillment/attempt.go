package fulfillment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/market/order"
	"jishi/internal/market/seller"
	"jishi/internal/market/subscription"
)

// Provider speaks a protocol to sellers' servers. It is the one interface that points up:
// the protocol edge implements it.
type Provider interface {
	// Send makes one attempt and judges the answer. It never touches the database, and
	// tells every fault in its Result.
	Send(ctx context.Context, a Attempt) Result
}

// Attempt is all that one attempt needs. At is the wall clock's instant, which proves
// freshness; Start is the realm's, from which a term runs.
type Attempt struct {
	Call       Call
	Order      order.Order
	Line       order.Line
	Instance   subscription.Instance
	Endpoint   seller.Endpoint
	BuyerName  string
	At         time.Time
	Start      time.Time
	Zone       *time.Location
	BusinessID string
}

// Outcome is what an answer means.
type Outcome string

// The outcomes (saas.md §9).
const (
	OK       Outcome = "succeeded"
	Accepted Outcome = "accepted" // V2 create: goes on asynchronously
	Gone     Outcome = "gone"     // the seller does not know the instance: nothing left to do
	NotYet   Outcome = "not_yet"  // answered well, but without what is waited for
	Bad      Outcome = "failed"
)

// Problem is a fault with the values of its text.
type Problem struct {
	Code string         `json:"code"`
	Args map[string]any `json:"args,omitempty"`
}

// Exchange is what went over the wire, with secrets masked.
type Exchange struct {
	Method       string
	URL          string
	RequestHead  map[string]string
	RequestBody  string
	Status       int
	ResponseHead map[string]string
	ResponseBody string
	Duration     time.Duration
}

// Result is what came of an attempt.
type Result struct {
	Outcome    Outcome
	InstanceID string                   // that the answer named
	Access     *subscription.AccessData // nil: none in the answer
	Partly     bool                     // user name or password could not be decrypted
	ResultCode string
	ResultMsg  string
	Problem    *Problem // set unless Outcome is OK or Accepted
	Warnings   []Problem
	Exchange   Exchange
}

const sqlParty = `select a.name from accounts a where a.id = $1`

// Load reads all that an attempt of the call needs, from one snapshot.
func Load(ctx context.Context, q db.Querier, sellers *seller.Store, subs *subscription.Store, callID string) (Attempt, error) {
	var a Attempt
	var err error
	if a.Call, err = Find(ctx, q, callID, Everybody); err != nil {
		return a, err
	}
	if a.Instance, err = subs.Find(ctx, q, a.Call.InstanceID, subscription.Everybody); err != nil {
		return a, err
	}
	if a.Order, err = order.Find(ctx, q, order.Everybody, a.Instance.OrderID); err != nil {
		return a, err
	}
	lines, err := order.Lines(ctx, q, a.Order.ID)
	if err != nil {
		return a, err
	}
	for _, l := range lines {
		if l.ID == a.Instance.OrderLineID {
			a.Line = l
		}
	}
	a.Endpoint, err = sellers.Endpoint(ctx, q, a.Call.AddressID)
	if err != nil && !errs.Is(err, "seller.address_not_found") { // one that was removed fails the attempt, not the job
		return a, err
	}
	a.BuyerName, err = db.One[string](ctx, q, sqlParty, a.Order.AccountID)
	a.At = clock.Wall{}.Now()
	a.BusinessID = strings.ReplaceAll(id.UUID(), "-", "")
	return a, err
}

// AttemptRow is a recorded attempt.
type AttemptRow struct {
	ID           string            `db:"id" json:"id"`
	CallID       string            `db:"call_id" json:"-"`
	Number       int               `db:"number" json:"number"`
	At           time.Time         `db:"at" json:"at"`
	DurationUS   int64             `db:"duration_us" json:"durationUs"`
	BusinessID   string            `db:"business_id" json:"businessId"`
	Method       string            `db:"method" json:"method"`
	URL          string            `db:"url" json:"url"`
	RequestBody  string            `db:"request_body" json:"requestBody"`
	RequestHead  map[string]string `db:"request_head,json" json:"requestHead"`
	Status       int               `db:"status" json:"status"`
	ResponseHead map[string]string `db:"response_head,json" json:"responseHead"`
	ResponseBody string            `db:"response_body" json:"responseBody"`
	ResultCode   string            `db:"result_code" json:"resultCode"`
	ResultMsg    string            `db:"result_msg" json:"resultMsg"`
	Outcome      Outcome           `db:"outcome" json:"outcome"`
	ErrorCode    string            `db:"error_code" json:"errorCode"`
	ErrorArgs    map[string]any    `db:"error_args,json" json:"-"`
	Warnings     []Problem         `db:"warnings,json" json:"-"`
}

// Decision is what follows from a recorded attempt.
type Decision string

// The decisions.
const (
	Done      Decision = "done"      // the call is over and served its purpose
	Again     Decision = "again"     // it will be tried again
	Exhausted Decision = "exhausted" // the window has closed
	Stale     Decision = "stale"     // the call was ended meanwhile: record only
)

const sqlAfter = `update fulfillment_calls set state = $1, attempts = attempts + 1, first_at = coalesce(first_at, $2), last_at = $2, next_at = $3, done_at = $4,
external_id = case when $5 = '' then external_id else $5 end, result_code = $6, error_code = $7, error_args = $8
where id = $9 and attempts = $10 and state in ('calling', 'retrying')`
const sqlCount = `update fulfillment_calls set attempts = attempts + 1, last_at = $1 where id = $2 and attempts = $3`

// Record writes the attempt and moves its call: done, tried again by the schedule, or
// failed. Nothing but the call's own rows is touched. It is guarded by the number of
// attempts: a second worker's result of the same attempt is an error, which undoes its
// transaction.
func Record(ctx context.Context, tx *db.Tx, a *Attempt, r Result) (Decision, error) {
	now := clock.Wall{}.Now()
	c := &a.Call
	decision, to, next := Done, Succeeded, time.Time{}
	switch r.Outcome {
	case OK, Accepted, Gone:
	default:
		at, open := c.Profile.Next(c.WindowStart, c.WindowEnd, now)
		if open {
			decision, to, next = Again, Retrying, at
		} else {
			decision, to = Exhausted, Failed
		}
	}
	doneAt := now
	if to == Retrying {
		doneAt = time.Time{}
	}
	p := Problem{}
	if r.Problem != nil {
		p = *r.Problem
	}
	n, err := db.Exec(ctx, tx, sqlAfter, to, now, next, doneAt, r.InstanceID, r.ResultCode, p.Code, db.JSON(p.Args), c.ID, c.Attempts)
	if err != nil {
		return "", err
	}
	if n == 0 { // ended meanwhile, or made by somebody else
		n, err := db.Exec(ctx, tx, sqlCount, now, c.ID, c.Attempts)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", fmt.Errorf("fulfillment: attempt %d of call %s was recorded before", c.Attempts+1, c.ID)
		}
		decision = Stale
	} else {
		c.State, c.NextAt, c.DoneAt, c.LastAt, c.ErrorCode = to, next, doneAt, now, p.Code
		if r.InstanceID != "" {
			c.ExternalID = r.InstanceID
		}
	}
	c.Attempts++
	row := RowOf(*a, r)
	row.ID, row.CallID, row.Number = id.New("att"), c.ID, c.Attempts
	if err := db.Append(ctx, tx, "fulfillment_attempts", row); err != nil {
		return "", err
	}
	switch decision {
	case Again:
		return decision, wake(ctx, tx, *c)
	}
	return decision, startNext(ctx, tx, c.InstanceID)
}

// RowOf is an attempt with its result as the log shows it.
func RowOf(a Attempt, r Result) AttemptRow {
	p, x := Problem{}, r.Exchange
	if r.Problem != nil {
		p = *r.Problem
	}
	return AttemptRow{
		At: a.At, DurationUS: x.Duration.Microseconds(), BusinessID: a.BusinessID,
		Method: x.Method, URL: x.URL, RequestBody: x.RequestBody, RequestHead: x.RequestHead,
		Status: x.Status, ResponseHead: x.ResponseHead, ResponseBody: x.ResponseBody,
		ResultCode: r.ResultCode, ResultMsg: r.ResultMsg, Outcome: r.Outcome, ErrorCode: p.Code, ErrorArgs: p.Args, Warnings: r.Warnings,
	}
}

const sqlMailed = `update fulfillment_calls set mailed_at = $1 where id = $2`

// MailDue tells whether this failure deserves a mail: the first one, one more per hour, and
// the last (saas.md §10); it notes the mail.
func MailDue(ctx context.Context, tx *db.Tx, c *Call, exhausted bool) (bool, error) {
	now := clock.Wall{}.Now()
	if !exhausted && !c.MailedAt.IsZero() && now.Sub(c.MailedAt) < time.Hour-time.Minute {
		return false, nil
	}
	c.MailedAt = now
	_, err := db.Exec(ctx, tx, sqlMailed, now, c.ID)
	return err == nil, err
}

// keepAttempts is how long request and answer of an attempt stay readable
// (catalog-and-roles.md F1.2); the call itself stays.
const keepAttempts = 180 * 24 * time.Hour

const sqlPurgeAttempts = `delete from fulfillment_attempts where id in (select id from fulfillment_attempts where at < $1 limit 500)`

// PurgeAttempts removes a batch of old attempts and tells whether more may be left.
func PurgeAttempts(ctx context.Context, tx *db.Tx) (more bool, err error) {
	n, err := db.Exec(ctx, tx, sqlPurgeAttempts, clock.Wall{}.Now().Add(-keepAttempts))
	return n == 500, err
}
