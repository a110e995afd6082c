package payment

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/ledger"
)

// RefundState is the state of a refund through a gateway.
type RefundState string

// The states.
const (
	RefundAsked    RefundState = "requested" // the gateway has not answered yet
	RefundTaken    RefundState = "paid"      // it has taken it
	RefundDeclined RefundState = "declined"  // the amount is back on the balance
)

// GatewayRefund gives balance back the way it came (原路退回).
type GatewayRefund struct {
	ID        string       `db:"id" json:"id"`
	Number    string       `db:"number" json:"number"`
	AttemptID string       `db:"attempt_id" json:"attemptId"`
	AccountID string       `db:"account_id" json:"accountId"`
	Amount    money.Amount `db:"amount" json:"amount"`
	Currency  string       `db:"currency" json:"currency"`
	State     RefundState  `db:"state" json:"state"`
	Reason    string       `db:"reason" json:"reason"`
	Error     string       `db:"error" json:"error"` // of a refusal
	CreatedAt time.Time    `db:"created_at" json:"createdAt"`
	DecidedAt time.Time    `db:"decided_at" json:"decidedAt,omitzero"`
	DecidedBy string       `db:"decided_by" json:"-"`
	Version   int64        `db:"version" json:"-"`
}

// ChannelRefund is what finance asks for.
type ChannelRefund struct {
	AttemptID  string
	Amount     money.Amount
	Reason     string // 2–500 characters
	RequestKey string
}

const channelRefundColumns = `id, number, attempt_id, account_id, amount, currency, state, reason, error, created_at, decided_at, decided_by, version`
const sqlChannelRefundByNumber = `select ` + channelRefundColumns + ` from gateway_refunds where number = $1`
const sqlChannelRefund = `select ` + channelRefundColumns + ` from gateway_refunds where id = $1`
const sqlChannelRefunds = `select ` + channelRefundColumns + ` from gateway_refunds where attempt_id = $1 order by id`
const sqlOpenChannelRefunds = `select ` + channelRefundColumns + ` from gateway_refunds where state = 'requested' and created_at < $1 order by id limit 100`
const sqlTakeRefund = `update payment_attempts set refunded = refunded + $1, version = version + 1 where id = $2 and state = 'succeeded' and refunded + $1 <= amount`
const sqlGiveRefund = `update payment_attempts set refunded = refunded - $1, version = version + 1 where id = $2`

// AskChannelRefund takes the amount out of the balance for a refund through the gateway that
// took it: at most what came through it and has not gone back. Errors as Trade.RefundOnline.
func AskChannelRefund(ctx context.Context, tx *db.Tx, in ChannelRefund) (GatewayRefund, error) {
	in.Reason = strings.TrimSpace(in.Reason)
	number := "GR" + strings.ToUpper(in.RequestKey)
	old, found, err := db.Maybe[GatewayRefund](ctx, tx, sqlChannelRefundByNumber, number)
	if err != nil || found {
		return old, err
	}
	a, err := findAttempt(ctx, tx, in.AttemptID, anyAccount)
	if err != nil {
		return GatewayRefund{}, err
	}
	var c errs.Check
	c.Length("reason", in.Reason, 2, 500)
	if in.Amount <= 0 || a.State != AttemptSucceeded || in.Amount > a.Amount-a.Refunded {
		c.Add("amount", "payment.refund_range", "max", (a.Amount - a.Refunded).String())
	}
	if err := c.Err(); err != nil {
		return GatewayRefund{}, err
	}
	n, err := db.Exec(ctx, tx, sqlTakeRefund, in.Amount, a.ID)
	if err != nil {
		return GatewayRefund{}, err
	}
	if n == 0 {
		return GatewayRefund{}, errs.Conflictf("payment.attempt_moved", "state", a.State)
	}
	r := GatewayRefund{ID: id.New("grf"), Number: number, AttemptID: a.ID, AccountID: a.AccountID, Amount: in.Amount, Currency: a.Currency, State: RefundAsked,
		Reason: in.Reason, CreatedAt: tx.Now, DecidedBy: audit.ActorFrom(ctx).ID, Version: 1}
	if err := db.Insert(ctx, tx, "gateway_refunds", r); err != nil {
		return r, err
	}
	if err := postRefund(ctx, tx, r, "channel_refund", ledger.BuyerBalance(r.AccountID), ledger.Held(r.ID)); err != nil {
		return r, err
	}
	return r, audit.Record(ctx, tx, audit.Entry{Action: "payment.refund", Object: "payment", ObjectID: a.ID, AccountID: a.AccountID, Reason: in.Reason,
		Detail: map[string]any{"amount": r.Amount, "refund": r.Number}})
}

func postRefund(ctx context.Context, tx *db.Tx, r GatewayRefund, kind string, from, to ledger.Account) error {
	_, err := ledger.Post(ctx, tx, ledger.Journal{Key: kind + ":" + r.ID, Kind: kind, Cause: r.Number, Currency: r.Currency,
		Lines: []ledger.Line{{Account: from, Amount: -r.Amount}, {Account: to, Amount: r.Amount}}})
	return err
}

const sqlDecideRefund = `update gateway_refunds set state = $1, error = $2, decided_at = $3, version = version + 1 where id = $4 and state = 'requested'`

// DecideChannelRefund writes the gateway's answer; an empty problem is a refund that it took. A
// second answer changes nothing.
func DecideChannelRefund(ctx context.Context, tx *db.Tx, refundID, problem string) (GatewayRefund, error) {
	state := RefundTaken
	if problem != "" {
		state = RefundDeclined
	}
	n, err := db.Exec(ctx, tx, sqlDecideRefund, state, problem, tx.Now, refundID)
	if err != nil {
		return GatewayRefund{}, err
	}
	r, err := db.One[GatewayRefund](ctx, tx, sqlChannelRefund, refundID)
	if err != nil || n == 0 {
		return r, err
	}
	if state == RefundDeclined {
		if _, err := db.Exec(ctx, tx, sqlGiveRefund, r.Amount, r.AttemptID); err != nil {
			return r, err
		}
		return r, postRefund(ctx, tx, r, "channel_refund_back", ledger.Held(r.ID), ledger.BuyerBalance(r.AccountID))
	}
	a, err := findAttempt(ctx, tx, r.AttemptID, anyAccount)
	if err != nil {
		return r, err
	}
	return r, postRefund(ctx, tx, r, "channel_refund_paid", ledger.Held(r.ID), ledger.Gateway(a.Gateway))
}

// RefundsOfAttempt lists the refunds through the gateway, oldest first.
func RefundsOfAttempt(ctx context.Context, q db.Querier, attemptID string) ([]GatewayRefund, error) {
	return db.List[GatewayRefund](ctx, q, sqlChannelRefunds, attemptID)
}

// OpenChannelRefunds lists refunds without an answer that were asked for before then.
func OpenChannelRefunds(ctx context.Context, q db.Querier, before time.Time) ([]GatewayRefund, error) {
	return db.List[GatewayRefund](ctx, q, sqlOpenChannelRefunds, before)
}
