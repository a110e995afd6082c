package order

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// Adjustment (订单调价, type 609) is a new price of an unpaid order that an operator has set and
// its buyer confirms or refuses.
type Adjustment struct {
	ID         string         `db:"id" json:"id"`
	OrderID    string         `db:"order_id" json:"-"`
	Type       int            `db:"type" json:"type"`
	Before     money.Amount   `db:"before_amount" json:"before"` // of all lines
	After      money.Amount   `db:"after_amount" json:"after"`
	Lines      []AdjustedLine `db:"lines,json" json:"lines"`
	Reason     string         `db:"reason" json:"reason"`
	State      string         `db:"state" json:"state"`
	OperatorID string         `db:"operator_id" json:"-"`
	CreatedAt  time.Time      `db:"created_at" json:"createdAt"`
	DecidedAt  time.Time      `db:"decided_at" json:"decidedAt,omitzero"`
	DecidedBy  string         `db:"decided_by" json:"-"`
}

// AdjustedLine is what the adjustment did to one line.
type AdjustedLine struct {
	LineID string       `json:"lineId"`
	Before money.Amount `json:"before"`
	After  money.Amount `json:"after"`
}

// States of an adjustment: Proposed waits for the buyer; Replaced was followed by another one or
// by the end of its order.
const (
	Proposed  = "proposed"
	Confirmed = "confirmed"
	Refused   = "refused"
	Replaced  = "replaced"
)

// NewPrice is what an operator sets: the total of all lines, or the amount of each.
type NewPrice struct {
	Total  *money.Amount
	Lines  map[string]money.Amount // by line; the others keep theirs
	Reason string                  // 2–500 characters, shown to the buyer
}

// adjustable are the kinds whose lines are priced by the list. A change of specification is
// priced by what was paid before, and keeps its formula.
func (k Kind) adjustable() bool { return k == New || k == Renew || k == Convert }

const sqlAdjustLine = `update order_lines set amount = $1, discount = $2 where id = $3`
const sqlAdjustOrder = `update orders set due_amount = $1, deadline = $2, version = version + 1 where id = $3 and version = $4`
const sqlReplace = `update order_adjustments set state = 'replaced' where order_id = $1 and state = 'proposed'`

// Adjust sets another price on an order that waits for payment, or for the confirmation of an
// earlier adjustment: PENDING_CONFIRM, with a deadline that begins anew. No line becomes dearer
// than its list price. The adjustment takes the place of a line's discount, since there is one at
// most. The order's voucher must have been taken off. Errors: fields "total", "lines.<id>",
// "reason"; "order.not_adjustable", "order.same_price", "order.bad_transition" (Conflict).
func Adjust(ctx context.Context, tx *db.Tx, o *Order, p NewPrice, deadline time.Duration) (Adjustment, error) {
	a := Adjustment{ID: id.New("adj"), OrderID: o.ID, Type: pricing.WireAdjustment, Reason: strings.TrimSpace(p.Reason), State: Proposed,
		OperatorID: audit.ActorFrom(ctx).ID, CreatedAt: tx.Now}
	lines, err := Lines(ctx, tx, o.ID)
	if err != nil {
		return a, err
	}
	if !o.Kind.adjustable() {
		return a, errs.Conflictf("order.not_adjustable", "state", o.State)
	}
	after, err := p.share(lines, a.Reason)
	if err != nil {
		return a, err
	}
	same := true
	for i, l := range lines {
		a.Before, a.After, same = a.Before+l.Amount, a.After+after[i], same && l.Amount == after[i]
		a.Lines = append(a.Lines, AdjustedLine{l.ID, l.Amount, after[i]})
	}
	if same {
		return a, errs.Conflictf("order.same_price", "state", o.State)
	}
	if err := Apply(ctx, tx, o, AdjustPrice, "", map[string]any{"before": a.Before, "after": a.After, "reason": a.Reason}); err != nil {
		return a, err
	}
	for i, l := range lines {
		if l.Amount == after[i] {
			continue
		}
		d := &pricing.Discount{ID: a.ID, Kind: pricing.ByAdjustment, WireType: pricing.WireAdjustment, Form: pricing.Fixed, Value: after[i].Price(),
			Name: i18n.Text{ZH: "订单调价", EN: "Price adjustment"}}
		if _, err := db.Exec(ctx, tx, sqlAdjustLine, after[i], db.JSON(d), l.ID); err != nil {
			return a, err
		}
	}
	o.DueAmount, o.Deadline = a.After, tx.Now.Add(deadline)
	if _, err := db.Exec(ctx, tx, sqlAdjustOrder, o.DueAmount, o.Deadline, o.ID, o.Version); err != nil {
		return a, err
	}
	o.Version++
	if _, err := db.Exec(ctx, tx, sqlReplace, o.ID); err != nil {
		return a, err
	}
	return a, db.Insert(ctx, tx, "order_adjustments", a)
}

// share finds the new amount of each line.
func (p NewPrice) share(lines []Line, reason string) ([]money.Amount, error) {
	var c errs.Check
	c.Length("reason", reason, 2, 500)
	var list money.Amount
	known := map[string]bool{}
	for _, l := range lines {
		list, known[l.ID] = list+l.ListAmount, true
	}
	after := make([]money.Amount, len(lines))
	if p.Total != nil {
		if len(p.Lines) > 0 {
			c.Add("total", "order.total_or_lines")
		} else if *p.Total < 0 || *p.Total > list {
			c.Add("total", "payment.amount_range", "min", "0.00", "max", list.String())
		} else {
			after = spread(*p.Total, lines)
		}
		return after, c.Err()
	}
	if len(p.Lines) == 0 {
		c.Add("total", "required")
	}
	for lineID := range p.Lines {
		if !known[lineID] {
			c.Add("lines."+lineID, "unknown")
		}
	}
	for i, l := range lines {
		after[i] = l.Amount
		if v, set := p.Lines[l.ID]; set {
			if v < 0 || v > l.ListAmount {
				c.Add("lines."+l.ID, "payment.amount_range", "min", "0.00", "max", l.ListAmount.String())
			}
			after[i] = v
		}
	}
	return after, c.Err()
}

// spread divides a total over lines in proportion to their list prices, cut to cents; what is
// left goes to the first lines that have room below their list price.
func spread(total money.Amount, lines []Line) []money.Amount {
	weights := make([]money.Amount, len(lines))
	for i, l := range lines {
		weights[i] = l.ListAmount
	}
	parts := money.SplitByWeight(total, weights, money.ToFirst)
	var over money.Amount
	for i := range parts {
		if more := parts[i] - weights[i]; more > 0 {
			parts[i], over = weights[i], over+more
		}
	}
	for i := range parts {
		more := min(over, weights[i]-parts[i])
		parts[i], over = parts[i]+more, over-more
	}
	return parts
}

const sqlDecideAdjustment = `update order_adjustments set state = $1, decided_at = $2, decided_by = $3 where order_id = $4 and state = 'proposed'`
const sqlNoDeadline = `update orders set deadline = null where id = $1`

// ConfirmPrice is the buyer's answer to an adjustment: the order waits for payment again, for a
// superior when review says so, or it has expired. A second answer is "order.bad_transition"
// (Conflict).
func ConfirmPrice(ctx context.Context, tx *db.Tx, o *Order, accepted, review bool) error {
	event, cause, state := Confirm, "", Confirmed
	switch {
	case !accepted:
		event, cause, state = Refuse, "order.price_refused", Refused
	case review:
		event = ConfirmReview
	}
	if err := Apply(ctx, tx, o, event, cause, nil); err != nil {
		return err
	}
	if event == ConfirmReview {
		o.Deadline = time.Time{} // as every order that a superior has to approve
		if _, err := db.Exec(ctx, tx, sqlNoDeadline, o.ID); err != nil {
			return err
		}
	}
	_, err := db.Exec(ctx, tx, sqlDecideAdjustment, state, tx.Now, audit.ActorFrom(ctx).ID, o.ID)
	return err
}

// ApprovedAmount is the highest price at which a superior has approved the order, before its
// voucher; found is false when none has, or when it was not noted then.
func ApprovedAmount(ctx context.Context, q db.Querier, orderID string) (highest money.Amount, found bool, err error) {
	steps, err := Steps(ctx, q, orderID)
	if err != nil {
		return 0, false, err
	}
	for _, x := range steps {
		detail, _ := x.Detail.(map[string]any)
		if text, ok := detail["amount"].(string); ok && x.Event == Approve {
			amount, err := money.Parse(text)
			if err != nil {
				return 0, false, err
			}
			highest, found = max(highest, amount), true
		}
	}
	return highest, found, nil
}

// EndAdjustment closes the proposal of an order that ended.
func EndAdjustment(ctx context.Context, tx *db.Tx, orderID string) error {
	_, err := db.Exec(ctx, tx, sqlReplace, orderID)
	return err
}

const sqlAdjustments = `select id, order_id, type, before_amount, after_amount, lines, reason, state, operator_id, created_at, decided_at, decided_by from order_adjustments where order_id = $1 order by id`

// Adjustments lists the adjustments of an order, oldest first.
func Adjustments(ctx context.Context, q db.Querier, orderID string) ([]Adjustment, error) {
	list, err := db.List[Adjustment](ctx, q, sqlAdjustments, orderID)
	if err != nil {
		return nil, fmt.Errorf("adjustments: %w", err)
	}
	return list, nil
}

const sqlConfirmDue = `select ` + columns + ` from orders where state = 'PENDING_CONFIRM' and deadline <= $1 order by deadline limit $2`

// ConfirmDue lists orders whose buyer has not answered to an adjustment in time.
func ConfirmDue(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Order, error) {
	return db.List[Order](ctx, q, sqlConfirmDue, now, limit)
}
