package payment

import (
	"context"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

// Online is the instrument "online payment" (在线支付): the rest of an order, paid through a
// gateway instead of from the balance.
const Online = "online"

// AttemptState is the state of an attempt to pay online.
type AttemptState string

// The states. What a gateway reports as paid is paid: a success is taken in every state, because
// the money is there.
const (
	AttemptCreated   AttemptState = "created"   // written here; the gateway was not asked yet, or did not answer
	AttemptWaiting   AttemptState = "waiting"   // 待支付: the gateway waits for the payer
	AttemptSucceeded AttemptState = "succeeded" // 支付成功
	AttemptFailed    AttemptState = "failed"    // 支付失败
	AttemptClosed    AttemptState = "closed"    // 已关闭: given up by the buyer or too late
)

// AttemptMove is one row of the transition table.
type AttemptMove struct {
	From  AttemptState
	Event string
	To    AttemptState
	Actor string
}

// AttemptMoves is the transition table. A report that fits no row changes nothing.
var AttemptMoves = []AttemptMove{
	{AttemptCreated, "opened", AttemptWaiting, "gateway"},
	{AttemptCreated, "succeeded", AttemptSucceeded, "gateway"},
	{AttemptCreated, "failed", AttemptFailed, "gateway"},
	{AttemptCreated, "closed", AttemptClosed, "buyer, system"},
	{AttemptWaiting, "succeeded", AttemptSucceeded, "gateway"},
	{AttemptWaiting, "failed", AttemptFailed, "gateway"},
	{AttemptWaiting, "closed", AttemptClosed, "buyer, system"},
	{AttemptFailed, "succeeded", AttemptSucceeded, "gateway"},
	{AttemptClosed, "succeeded", AttemptSucceeded, "gateway"},
}

// Open tells whether the payer may still pay.
func (s AttemptState) Open() bool { return s == AttemptCreated || s == AttemptWaiting }

// What an attempt pays.
const (
	ForOrders  = "orders"
	ForBalance = "balance"
)

// What came of a success.
const (
	PaidOrders = "paid"    // its orders; a surplus is on the balance
	ToBalance  = "balance" // all of it is on the balance: it was for it, or the orders could not be paid
)

// Attempt is one payment that a gateway was asked to carry out.
type Attempt struct {
	ID          string       `db:"id"`
	Number      string       `db:"number"` // by which the gateway knows it
	AccountID   string       `db:"account_id"`
	UserID      string       `db:"user_id"`
	Gateway     string       `db:"gateway"`
	Purpose     string       `db:"purpose"`
	Amount      money.Amount `db:"amount"`
	Currency    string       `db:"currency"`
	State       AttemptState `db:"state"`
	Reference   string       `db:"reference"` // the gateway's own id
	Redirect    string       `db:"redirect"`
	RequestKey  string       `db:"request_key"`
	Outcome     string       `db:"outcome"`
	Cause       string       `db:"cause"`    // why it failed, or why the money is on the balance: a stable code
	Surplus     money.Amount `db:"surplus"`  // the part that is on the balance
	Refunded    money.Amount `db:"refunded"` // given back through the gateway, or on its way
	Checks      int          `db:"checks"`
	CreatedAt   time.Time    `db:"created_at"`
	ExpiresAt   time.Time    `db:"expires_at"`
	CheckAt     time.Time    `db:"check_at"` // the gateway is asked then
	SucceededAt time.Time    `db:"succeeded_at"`
	ClosedAt    time.Time    `db:"closed_at"`
	Version     int64        `db:"version"`
}

// AttemptOrder is an order that an attempt is to pay, with what was due then.
type AttemptOrder struct {
	AttemptID string       `db:"attempt_id"`
	OrderID   string       `db:"order_id"`
	Amount    money.Amount `db:"amount"`
	Position  int          `db:"position"`
}

// NewAttempt is what an attempt is made of.
type NewAttempt struct {
	AccountID  string
	UserID     string
	Gateway    string
	Currency   string
	RequestKey string         // the same key of an account is the same attempt
	Amount     money.Amount   // of a top-up
	Orders     []AttemptOrder // otherwise: their sum
	ExpiresAt  time.Time
}

const maxOpenAttempts = 50

const sqlOpenAttempts = `select count(*) from payment_attempts where account_id = $1 and state in ('created', 'waiting')`

// CreateAttempt writes an attempt that the gateway is asked for next. Field error "amount";
// "payment.too_many_attempts" (Conflict) above fifty open ones; "idempotency.mismatch" (Conflict)
// for a request that runs twice in this moment.
func CreateAttempt(ctx context.Context, tx *db.Tx, in NewAttempt) (Attempt, error) {
	a := Attempt{ID: id.New("pat"), AccountID: in.AccountID, UserID: in.UserID, Gateway: in.Gateway, Purpose: ForBalance, Amount: in.Amount,
		Currency: in.Currency, State: AttemptCreated, RequestKey: in.RequestKey, CreatedAt: tx.Now, ExpiresAt: in.ExpiresAt, CheckAt: tx.Now.Add(checkPause(0)), Version: 1}
	if len(in.Orders) > 0 {
		a.Purpose, a.Amount = ForOrders, 0
		for _, o := range in.Orders {
			a.Amount += o.Amount
		}
	}
	if a.Amount <= 0 || a.Amount > maxTopUp && a.Purpose == ForBalance {
		var c errs.Check
		c.Add("amount", "payment.amount_range", "min", "0.01", "max", maxTopUp.String())
		return a, c.Err()
	}
	n, err := db.One[int](ctx, tx, sqlOpenAttempts, in.AccountID)
	if err != nil {
		return a, err
	}
	if n >= maxOpenAttempts {
		return a, errs.Conflictf("payment.too_many_attempts", "max", maxOpenAttempts)
	}
	a.Number = "OP" + strings.ToUpper(a.ID[len("pat_"):])
	fresh, err := db.InsertIfAbsent(ctx, tx, "payment_attempts", a)
	if err == nil && !fresh {
		err = errs.Conflictf("idempotency.mismatch")
	}
	if err != nil {
		return a, err
	}
	for i := range in.Orders {
		in.Orders[i].AttemptID, in.Orders[i].Position = a.ID, i
	}
	return a, db.InsertAll(ctx, tx, "payment_attempt_orders", in.Orders)
}

// checkPause is how long after so many questions a gateway is asked again.
func checkPause(checks int) time.Duration {
	return min(time.Minute<<min(checks, 4), 10*time.Minute)
}

const sqlOpened = `update payment_attempts set state = 'waiting', reference = $1, redirect = $2, version = version + 1 where id = $3 and state = 'created'`

// Opened notes that the gateway waits for the payer. An attempt that went on meanwhile stays as
// it is.
func Opened(ctx context.Context, tx *db.Tx, attemptID, reference, redirect string) (Attempt, error) {
	if _, err := db.Exec(ctx, tx, sqlOpened, reference, redirect, attemptID); err != nil {
		return Attempt{}, err
	}
	return findAttempt(ctx, tx, attemptID, anyAccount)
}

const sqlLockAttempt = `update payment_attempts set version = version where number = $1 and gateway = $2`

// LockAttempt reads an attempt by its number at a gateway; transactions about it wait for each
// other. "payment.attempt_not_found".
func LockAttempt(ctx context.Context, tx *db.Tx, gateway, number string) (Attempt, error) {
	if _, err := db.Exec(ctx, tx, sqlLockAttempt, number, gateway); err != nil {
		return Attempt{}, err
	}
	a, found, err := db.Maybe[Attempt](ctx, tx, sqlAttemptByNumber, number, gateway)
	if err == nil && !found {
		err = errs.NotFoundf("payment.attempt_not_found")
	}
	return a, err
}

const sqlMoveAttempt = `update payment_attempts set state = $1, cause = $2, reference = case when reference = '' then $3 else reference end,
succeeded_at = case when $4 then $5 else succeeded_at end, closed_at = case when $4 then closed_at else $5 end, version = version + 1
where id = $6 and version = $7`

// moveAttempt moves a locked attempt by what its gateway, its buyer or the time says; false when
// that changes nothing.
func moveAttempt(ctx context.Context, tx *db.Tx, a *Attempt, event, cause, reference string) (bool, error) {
	i := slices.IndexFunc(AttemptMoves, func(m AttemptMove) bool { return m.From == a.State && m.Event == event })
	if i < 0 {
		return false, nil
	}
	to := AttemptMoves[i].To
	n, err := db.Exec(ctx, tx, sqlMoveAttempt, to, cause, reference, to == AttemptSucceeded, tx.Now, a.ID, a.Version)
	if err != nil {
		return false, err
	}
	if n == 0 {
		return false, errs.Conflictf("payment.attempt_moved", "state", a.State)
	}
	a.State, a.Cause, a.Version = to, cause, a.Version+1
	if a.Reference == "" {
		a.Reference = reference
	}
	if to == AttemptSucceeded {
		a.SucceededAt = tx.Now
	} else {
		a.ClosedAt = tx.Now
	}
	return true, nil
}

// Succeed, Fail and Close move a locked attempt; false when it stands there already or cannot go
// there any more. What a success pays is the caller's next step, in the same transaction.
func Succeed(ctx context.Context, tx *db.Tx, a *Attempt, reference string) (bool, error) {
	return moveAttempt(ctx, tx, a, "succeeded", "", reference)
}

// Fail is a refusal of the gateway or of the payer's bank; cause is a stable code.
func Fail(ctx context.Context, tx *db.Tx, a *Attempt, cause string) (bool, error) {
	return moveAttempt(ctx, tx, a, "failed", cause, "")
}

// Close ends an attempt that nobody can pay any more; cause is a stable code.
func Close(ctx context.Context, tx *db.Tx, a *Attempt, cause string) (bool, error) {
	return moveAttempt(ctx, tx, a, "closed", cause, "")
}

const sqlAsked = `update payment_attempts set checks = checks + 1, check_at = $1 where id = $2`

// Asked notes that the gateway was asked and has nothing new.
func Asked(ctx context.Context, tx *db.Tx, a Attempt) error {
	_, err := db.Exec(ctx, tx, sqlAsked, tx.Now.Add(checkPause(a.Checks+1)), a.ID)
	return err
}
