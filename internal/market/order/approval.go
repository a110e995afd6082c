package order

import (
	"context"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/market/discount"
)

// Policy says which orders of an account a superior in the buyer's company approves before
// they are paid (企业审批): those above the limit. The zero value asks for none.
type Policy struct {
	AccountID string       `db:"account_id"`
	Enabled   bool         `db:"enabled"`
	Limit     money.Amount `db:"amount_limit"` // an order above it is reviewed
	ChangedAt time.Time    `db:"changed_at"`
}

// Reviews tells whether an order of this amount waits for an approval.
func (p Policy) Reviews(due money.Amount) bool { return p.Enabled && due > p.Limit }

const sqlPolicy = `select account_id, enabled, amount_limit, changed_at from approval_policies where account_id = $1`

// PolicyOf reads the account's policy; one that was never set is off.
func PolicyOf(ctx context.Context, q db.Querier, accountID string) (Policy, error) {
	p, ok, err := db.Maybe[Policy](ctx, q, sqlPolicy, accountID)
	if !ok {
		p.AccountID = accountID
	}
	return p, err
}

const sqlSetPolicy = `insert into approval_policies (account_id, enabled, amount_limit, changed_at) values ($1, $2, $3, $4)
on conflict (account_id) do update set enabled = excluded.enabled, amount_limit = excluded.amount_limit, changed_at = excluded.changed_at`

// maxLimit keeps the limit within what an order can cost.
const maxLimit money.Amount = 1_000_000_000_00

// SetPolicy switches approvals of an account; orders that wait already go on waiting. A
// negative limit is a field error.
func SetPolicy(ctx context.Context, tx *db.Tx, p Policy) (Policy, error) {
	var c errs.Check
	if p.Limit < 0 || p.Limit > maxLimit {
		c.Add("limit", "payment.amount_range", "min", "0.00", "max", maxLimit.String())
	}
	if err := c.Err(); err != nil {
		return p, err
	}
	p.ChangedAt = tx.Now
	if _, err := db.Exec(ctx, tx, sqlSetPolicy, p.AccountID, p.Enabled, p.Limit, p.ChangedAt); err != nil {
		return p, err
	}
	return p, audit.Record(ctx, tx, audit.Entry{Action: "account.approval", Object: "account", ObjectID: p.AccountID, AccountID: p.AccountID,
		Detail: map[string]any{"enabled": p.Enabled, "limit": p.Limit}})
}

const sqlSetDeadline = `update orders set deadline = $1 where id = $2`

// Decide is an approver's answer to an order that waits for review: PENDING_PAYMENT with a
// deadline that begins now, or EXPIRED. The comment (≤ 500 characters, needed for a refusal)
// stands in the history. Nobody decides on an order of his own: "order.own_approval"
// (Forbidden). A second decision is "order.bad_transition" (Conflict).
func Decide(ctx context.Context, tx *db.Tx, o *Order, userID string, approved bool, comment string, deadline time.Duration) error {
	comment = strings.TrimSpace(comment)
	min := 0
	if !approved {
		min = 2
	}
	var c errs.Check
	c.Length("comment", comment, min, 500)
	if err := c.Err(); err != nil {
		return err
	}
	if o.UserID == userID {
		return errs.Forbiddenf("order.own_approval")
	}
	detail := map[string]any{"comment": comment}
	if !approved {
		return Apply(ctx, tx, o, Reject, "order.review_rejected", detail)
	}
	detail["amount"] = o.DueAmount + o.Voucher // what he has approved
	if err := Apply(ctx, tx, o, Approve, "", detail); err != nil {
		return err
	}
	deadline, err := discount.Deadline(ctx, tx, o.DiscountID, deadline)
	if err != nil {
		return err
	}
	o.Deadline = tx.Now.Add(deadline)
	_, err = db.Exec(ctx, tx, sqlSetDeadline, o.Deadline, o.ID)
	return err
}

const sqlReviews = `select ` + rowColumns + ` from orders o
join order_lines l on l.order_id = o.id and l.id = o.id || '-000001'
join accounts a on a.id = o.account_id left join users u on u.id = o.user_id join sellers s on s.id = o.seller_id
where o.account_id = $1 and o.state = 'PENDING_REVIEW' and (o.created_at > $2 or (o.created_at = $2 and o.id > $3)) order by o.created_at, o.id limit $4`
const sqlReviewCount = `select count(*) from (select 1 from orders where account_id = $1 and state = 'PENDING_REVIEW' limit $2) as n`

// Reviews lists the orders of an account that wait for an approver, oldest first.
func Reviews(ctx context.Context, q db.Querier, accountID string, p page.Query) (page.Page[Row], error) {
	key, err := page.Decode(p.Cursor, 2)
	if err != nil {
		return page.Page[Row]{}, err
	}
	var after int64
	if key[0] != "" {
		if after, err = strconv.ParseInt(key[0], 10, 64); err != nil {
			return page.Page[Row]{}, errs.Invalidf("page.bad_cursor")
		}
	}
	rows, err := db.List[Row](ctx, q, sqlReviews, accountID, after, key[1], p.Size()+1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	n, err := db.One[int](ctx, q, sqlReviewCount, accountID, page.TotalCap+1)
	return page.Of(p, rows, func(r Row) []string {
		return []string{strconv.FormatInt(r.CreatedAt.UnixMicro(), 10), r.ID}
	}).WithTotal(n), err
}
