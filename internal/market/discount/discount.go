// Package discount owns what sellers and the marketplace take off their prices (优惠):
// promotions (促销折扣), public ones and such as only their own link leads to, and sellers'
// exclusive offers (商家专属优惠) to named accounts; their uses by orders; and the bounds that
// operators set per product: the authorised discount (授权折扣), from which on an offer needs no
// review, and the floor (底价), below which nothing is sold (trade.md §10.1, §10.3).
//
// It finds the discounts that fit a price, and counts their uses. It refuses what breaks its
// bounds, and is not edited once it was created. How a price becomes lower stands in package
// pricing; which one an order takes is decided in trade; package order takes and gives back uses.
//
// States are printed to docs/states/discount.md.
package discount

import (
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/notification"
	"jishi/internal/market/pricing"
)

// Store is the module.
type Store struct {
	Catalog   *catalog.Store
	Notices   *notification.Store
	PublicURL string // without a slash at the end; for links in mails
}

// The kinds of rules.
const (
	Promotion = pricing.ByPromotion
	Offer     = pricing.ByOffer
)

// State is that of a rule.
type State string

// The states.
const (
	Reviewing State = "REVIEWING" // 审核中: beyond the authorised discount, an operator decides
	Effective State = "EFFECTIVE" // 生效: from its start on
	Rejected  State = "REJECTED"  // 已驳回
	Withdrawn State = "WITHDRAWN" // 已撤销 by the seller before the decision
	Stopped   State = "STOPPED"   // 已停止 before its end
	Ended     State = "ENDED"     // 已结束: its validity is over
)

// States lists all of them.
var States = []State{Reviewing, Effective, Rejected, Withdrawn, Stopped, Ended}

// Event moves a rule.
type Event string

// The events.
const (
	Approve  Event = "approve"
	Reject   Event = "reject"
	Withdraw Event = "withdraw"
	Stop     Event = "stop"
	End      Event = "end of validity"
)

// Move is one row of the transition table.
type Move struct {
	From  State
	Event Event
	To    State
	Actor string // who may cause it, for people
}

// Moves is the transition table; every other pair is a conflict.
var Moves = []Move{
	{Reviewing, Approve, Effective, "operator"},
	{Reviewing, Reject, Rejected, "operator"},
	{Reviewing, Withdraw, Withdrawn, "seller"},
	{Reviewing, End, Ended, "system"},
	{Effective, Stop, Stopped, "operator; the seller of a promotion"},
	{Effective, End, Ended, "system"},
}

// Rule is a promotion or an exclusive offer.
type Rule struct {
	ID         string    `db:"id"`
	Kind       string    `db:"kind"`
	SellerID   string    `db:"seller_id"` // "" is the marketplace
	Name       string    `db:"name"`      // buyers see it
	NameKey    string    `db:"name_key"`  // unique among the seller's
	State      State     `db:"state"`
	Public     bool      `db:"public"`     // of a promotion: everybody sees it
	Configured bool      `db:"configured"` // of an offer: kind B (配置报价), one line of fixed quantity and length
	Token      string    `db:"token"`      // of its link
	StartsAt   time.Time `db:"starts_at"`
	EndsAt     time.Time `db:"ends_at"`
	New        bool      `db:"for_new"`
	Renewal    bool      `db:"for_renewal"`
	Change     bool      `db:"for_change"`

	TotalLimit    int `db:"total_limit"`    // orders in all; 0 has no limit
	AccountLimit  int `db:"account_limit"`  // orders of one account; 0 has no limit
	DeadlineHours int `db:"deadline_hours"` // of its orders' payment (§8.4); 0: as other orders

	Reason     string    `db:"reason"` // of the rejection or the stop
	CreatedBy  string    `db:"created_by"`
	CreatedAt  time.Time `db:"created_at"`
	ClosedAt   time.Time `db:"closed_at"`
	NotifiedAt time.Time `db:"notified_at"` // when an offer's customers were told
	Version    int64     `db:"version"`
}

// In tells whether the rule holds at the instant.
func (r Rule) In(now time.Time) bool {
	return r.State == Effective && !now.Before(r.StartsAt) && now.Before(r.EndsAt)
}

// Limited tells whether uses are counted.
func (r Rule) Limited() bool { return r.TotalLimit > 0 || r.AccountLimit > 0 }

// Line is what a rule is given on. Empty ids mean all: a line without a product is everything
// of the seller. Periods and Quantity are those of a configured offer.
type Line struct {
	ID        string       `db:"id"`
	RuleID    string       `db:"discount_id"`
	ProductID string       `db:"product_id"`
	SpecID    string       `db:"spec_id"`
	PlanID    string       `db:"plan_id"`
	Form      pricing.Form `db:"form"`
	Value     money.Price  `db:"value"`
	Periods   int          `db:"periods"`
	Quantity  int64        `db:"quantity"`
}

// covers tells how closely a line names a plan: 0 not at all, 4 by the plan itself.
func (l Line) covers(s catalog.Sale) int {
	switch {
	case l.ProductID == "":
		return 1
	case l.ProductID != s.ProductID || l.SpecID != "" && l.SpecID != s.SpecID || l.PlanID != "" && l.PlanID != s.PlanID:
		return 0
	case l.PlanID != "":
		return 4
	case l.SpecID != "":
		return 3
	}
	return 2
}

// discount is the line as a priced line keeps it. A configured offer's fixed price is that of
// the whole; any other is that of one period.
func (l Line) discount(r Rule) pricing.Discount {
	d := pricing.Discount{ID: r.ID, Kind: r.Kind, WireType: pricing.WirePromotion, Form: l.Form, Value: l.Value, Name: i18n.Text{ZH: r.Name, EN: r.Name}}
	if l.Form == pricing.Fixed && !r.Configured {
		d.Per = 1
	}
	return d
}

const columns = `d.id, d.kind, d.seller_id, d.name, d.name_key, d.state, d.public, d.configured, d.token, d.starts_at, d.ends_at, d.for_new, d.for_renewal, d.for_change, d.total_limit, d.account_limit, d.deadline_hours, d.reason, d.created_by, d.created_at, d.closed_at, d.notified_at, d.version`
const lineColumns = `id, discount_id, product_id, spec_id, plan_id, form, value, periods, quantity`

const sqlMove = `update discounts set state = $1, reason = case when $2 = '' then reason else $2 end, closed_at = case when $3 then $4 else closed_at end, version = version + 1 where id = $5 and state = $6 and version = $7`

// move applies an event; "discount.bad_transition" (Conflict) with the present state.
func move(ctx context.Context, tx *db.Tx, r *Rule, e Event, reason string) error {
	i := slices.IndexFunc(Moves, func(m Move) bool { return m.From == r.State && m.Event == e })
	if i < 0 {
		return errs.Conflictf("discount.bad_transition", "state", r.State)
	}
	to := Moves[i].To
	n, err := db.Exec(ctx, tx, sqlMove, to, reason, to != Effective, tx.Now, r.ID, r.State, r.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.Conflictf("discount.bad_transition", "state", r.State)
	}
	r.State, r.Version = to, r.Version+1
	if reason != "" {
		r.Reason = reason
	}
	return nil
}
