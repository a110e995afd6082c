package trade

import (
	"context"
	"fmt"
	"slices"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
)

// Merged is the outcome of a merged payment (合并支付).
type Merged struct {
	Paid     bool          // false: some orders expired, none was paid
	Orders   []order.Order // in the order in which they were asked for
	Total    money.Amount  // of all of them
	Currency string
}

// FindUnpaid reads the orders of a merged payment, in the order in which they were asked for,
// and their sum: one to thirty different unpaid ones of the account. Field errors
// "orders", "orders[i]"; "order.not_found"; "trade.not_payable" (Conflict; fields
// "orders[i]") names those that do not wait for payment.
func (t *Trade) FindUnpaid(ctx context.Context, q db.Querier, b Buyer, ids []string) (Merged, error) {
	var c errs.Check
	if len(ids) == 0 || len(ids) > MaxOrders {
		c.Add("orders", "trade.merged_count", "min", 1, "max", MaxOrders)
		return Merged{}, c.Err()
	}
	for i, orderID := range ids {
		if slices.Contains(ids[:i], orderID) {
			c.Add(fmt.Sprintf("orders[%d]", i), "trade.order_twice")
		}
	}
	if err := c.Err(); err != nil {
		return Merged{}, err
	}
	var out Merged
	var closed errs.Check
	for i, orderID := range ids {
		o, err := order.Find(ctx, q, order.Scope{AccountID: b.AccountID}, orderID)
		if err != nil {
			return out, err
		}
		if o.State != order.PendingPayment {
			closed.Add(fmt.Sprintf("orders[%d]", i), "trade.order_state", "order", o.ID, "state", o.State)
		}
		out.Orders, out.Total, out.Currency = append(out.Orders, o), out.Total+o.DueAmount, o.Currency
	}
	if e, ok := errs.As(closed.Err()); ok {
		return out, &errs.Error{Kind: errs.Conflict, Code: "trade.not_payable", Fields: e.Fields}
	}
	return out, nil
}

// PayAll pays up to thirty orders of an account from its balance, all or nothing (trade.md
// §9.3). When the product of one was taken off sale or its deadline passed, no money moves and
// those orders come back EXPIRED with their causes: the caller commits that. Errors as
// FindUnpaid and Pay.
//
// Rows are locked in one order by everybody who takes several: guards by product, payments by
// product and order number, the balance, the vouchers, the orders. Two merged payments that share orders wait
// for each other once, and the second one finds them paid.
func (t *Trade) PayAll(ctx context.Context, tx *db.Tx, b Buyer, ids []string) (Merged, error) {
	m, err := t.FindUnpaid(ctx, tx, b, ids)
	if err != nil {
		return m, err
	}
	if err := mayBuy(ctx, tx, b.AccountID); err != nil {
		return m, err
	}
	sorted := byProduct(m.Orders)
	with, ready, whole := alongside{}, make([]readiness, len(sorted)), true
	for i, o := range sorted {
		if ready[i], err = t.ready(ctx, tx, *o, with); err != nil {
			return m, err
		}
		whole = whole && ready[i].ends == ""
	}
	if !whole {
		for i, o := range sorted {
			if ready[i].ends == "" {
				continue
			}
			if err := t.expire(ctx, tx, o, ready[i].ends, ready[i].cause); err != nil {
				return m, err
			}
		}
		return m, nil
	}
	items := make([]payment.Item, len(sorted))
	for i, o := range sorted {
		if items[i], err = t.item(ctx, tx, *o, ready[i].lines); err != nil {
			return m, err
		}
	}
	if err := payment.MergedFromBalance(ctx, tx, b.AccountID, m.Currency, items); err != nil {
		return m, err
	}
	for i, o := range sorted {
		if err := t.paid(ctx, tx, o, ready[i].lines, payment.Balance); err != nil {
			return m, err
		}
	}
	m.Paid = true
	return m, nil
}
