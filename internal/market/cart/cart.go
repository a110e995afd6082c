// Package cart owns the carts (购物车) of accounts: what somebody of an account means to buy,
// not yet at any price (trade.md §7.2).
//
// A cart has at most fifty lines and belongs to the account, not to one of its people. A line
// is a plan — one combination of one specification for one kind of period — with a length and
// a quantity; there is one line of a plan, so that adding it again changes it and adding it
// twice is adding it once. Prices and checks are not here: trade makes them anew on each view,
// and takes lines out when they are ordered. What is not a new purchase (trials, renewals,
// changes) never comes in; trade sees to that.
package cart

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
)

// MaxLines bounds a cart.
const MaxLines = 50

// Line is one line of a cart.
type Line struct {
	ID        string    `db:"id"`
	AccountID string    `db:"account_id"`
	PlanID    string    `db:"plan_id"`
	Periods   int       `db:"periods"`
	Quantity  int64     `db:"quantity"` // of the quantity attribute; 0 without one
	AddedBy   string    `db:"added_by"`
	AddedAt   time.Time `db:"added_at"`
}

const sqlHold = `insert into carts (account_id, changed_at) values ($1, $2)
on conflict (account_id) do update set changed_at = excluded.changed_at`

// Hold makes the transactions that change one cart wait for each other: the second one finds
// what the first left.
func Hold(ctx context.Context, tx *db.Tx, accountID string) error {
	_, err := db.Exec(ctx, tx, sqlHold, accountID, tx.Now)
	return err
}

const columns = `id, account_id, plan_id, periods, quantity, added_by, added_at`

const sqlOthers = `select count(*) from cart_lines where account_id = $1 and plan_id <> $2`
const sqlPut = `insert into cart_lines (` + columns + `) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (account_id, plan_id) do update set periods = excluded.periods, quantity = excluded.quantity
returning ` + columns

// Put adds a line, or sets length and quantity of the line that the cart has of the plan.
// "cart.full" (Conflict) when it would be the fifty-first.
func Put(ctx context.Context, tx *db.Tx, l Line) (Line, error) {
	if err := Hold(ctx, tx, l.AccountID); err != nil {
		return l, err
	}
	n, err := db.One[int](ctx, tx, sqlOthers, l.AccountID, l.PlanID)
	if err != nil {
		return l, err
	}
	if n >= MaxLines {
		return l, errs.Conflictf("cart.full", "max", MaxLines)
	}
	return db.One[Line](ctx, tx, sqlPut, id.New("crt"), l.AccountID, l.PlanID, l.Periods, l.Quantity, l.AddedBy, tx.Now)
}

const sqlChange = `update cart_lines set periods = $1, quantity = $2 where id = $3 and account_id = $4`

// Change sets length and quantity of a line; "cart.line_not_found".
func Change(ctx context.Context, tx *db.Tx, l Line) error {
	if err := Hold(ctx, tx, l.AccountID); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, sqlChange, l.Periods, l.Quantity, l.ID, l.AccountID)
	if err == nil && n == 0 {
		err = errs.NotFoundf("cart.line_not_found")
	}
	return err
}

const sqlFind = `select ` + columns + ` from cart_lines where id = $1 and account_id = $2`

// Find reads a line of the account's cart; "cart.line_not_found".
func Find(ctx context.Context, q db.Querier, accountID, lineID string) (Line, error) {
	l, ok, err := db.Maybe[Line](ctx, q, sqlFind, lineID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("cart.line_not_found")
	}
	return l, err
}

const sqlRemove = `delete from cart_lines where id = $1 and account_id = $2`

// Remove takes lines out; what is not there any more is no fault.
func Remove(ctx context.Context, tx *db.Tx, accountID string, lineIDs ...string) error {
	if err := Hold(ctx, tx, accountID); err != nil {
		return err
	}
	for _, lineID := range lineIDs {
		if _, err := db.Exec(ctx, tx, sqlRemove, lineID, accountID); err != nil {
			return err
		}
	}
	return nil
}

const sqlClear = `delete from cart_lines where account_id = $1`

// Clear takes all lines out.
func Clear(ctx context.Context, tx *db.Tx, accountID string) error {
	if err := Hold(ctx, tx, accountID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, sqlClear, accountID)
	return err
}

const sqlLines = `select ` + columns + ` from cart_lines where account_id = $1 order by added_at, id`

// Lines reads a cart in the order in which its lines came.
func Lines(ctx context.Context, q db.Querier, accountID string) ([]Line, error) {
	return db.List[Line](ctx, q, sqlLines, accountID)
}

const sqlCount = `select count(*) from cart_lines where account_id = $1`

// Count tells how many lines a cart has.
func Count(ctx context.Context, q db.Querier, accountID string) (int, error) {
	return db.One[int](ctx, q, sqlCount, accountID)
}
