package refund

import (
	"slices"
	"time"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
)

// fiveDays is the window of a refund without a reason, from the activation to the second
// (trade.md §14.3).
const fiveDays = 5 * 24 * time.Hour

// Rules are the site's figures.
type Rules struct {
	PerYear       int          // five-day refunds per account and calendar year
	ApprovalAbove money.Amount // a refund above it waits for an operator
	FeeRate       money.Price  // handling fee (手续费) of pro-rata refunds, of what was paid
}

// Explanation says how an amount came about; each rounding has its own figure.
type Explanation struct {
	Paid       money.Amount `json:"paid"`                 // of a pro-rata refund the cash part alone
	Voucher    money.Amount `json:"voucher,omitempty"`    // what a voucher paid of the line
	Before     money.Amount `json:"before"`               // refunded earlier
	UsedHours  int64        `json:"usedHours,omitempty"`  // pro rata
	TotalHours int64        `json:"totalHours,omitempty"` // pro rata
	Consumed   money.Amount `json:"consumed"`             // paid × used ÷ total, cut
	FeeRate    money.Price  `json:"feeRate"`
	Fee        money.Amount `json:"fee"`
	Until      *time.Time   `json:"until,omitempty"` // end of the five days
	Used       int          `json:"used"`            // five-day refunds of this year
	PerYear    int          `json:"perYear"`
}

// Case is what an assessment looks at.
type Case struct {
	Order    order.Order
	Line     order.Line
	Instance subscription.Instance
	Before   money.Amount // refunded of the line already
	Restored money.Amount // the part of Before that went back to a voucher
	Used     int          // five-day refunds of the account in this calendar year
	Open     bool         // a refund of the line waits for its decision
	Changed  bool         // of a renewal: a change of specification was priced into its period
	Renewed  bool         // it was renewed: that period would have to go back first
	Pending  error        // an unpaid order about the instance
	Changes  []Bought     // its paid changes, newest first: they go back together with it
	Now      time.Time
	Zone     *time.Location
}

// Bought is a change of specification that was bought for the instance.
type Bought struct {
	Order    order.Order
	Line     order.Line
	Before   money.Amount
	Restored money.Amount
}

// Of is the case of one of the changes alone, or of the purchase.
func (c Case) Of(lineID string) Case {
	for _, b := range c.Changes {
		if b.Line.ID == lineID {
			c.Order, c.Line, c.Before, c.Restored = b.Order, b.Line, b.Before, b.Restored
		}
	}
	return c
}

// Part is what goes back of one change.
type Part struct {
	OrderID     string
	LineID      string
	Amount      money.Amount
	Voucher     money.Amount
	Explanation Explanation
}

// Assessment is what a buyer may have back now.
type Assessment struct {
	Kind        Kind
	Amount      money.Amount // of the purchase and its changes
	Voucher     money.Amount // the part of Amount that goes back to vouchers
	Base        Part         // of the purchase
	Parts       []Part       // of its changes, newest first
	Approval    bool         // an operator decides
	Explanation Explanation
	Blocker     error // why there is nothing to be had; nil when there is
}

// Assess applies the rule of the product as it was sold (trade.md §14.2) and tells the amount
// with its formula, or what stands against it. Codes: "refund.none", "refund.not_delivered",
// "refund.ended", "refund.open", "refund.window_over", "refund.quota", "refund.renewed", "instance.pending_order",
// "refund.nothing_left"
// (all Conflict).
func Assess(c Case, r Rules) Assessment {
	a := Assessment{Kind: Kind(c.Line.RefundPolicy)}
	a.Base = part(c, r, a.Kind, c.Instance.StartedAt, c.Instance.ExpiresAt)
	a.Amount, a.Voucher, a.Explanation = a.Base.Amount, a.Base.Voucher, a.Base.Explanation
	for _, b := range c.Changes {
		p := part(c.Of(b.Line.ID), r, a.Kind, b.Line.StartsAt, b.Line.EndsAt)
		a.Parts, a.Amount, a.Voucher = append(a.Parts, p), a.Amount+p.Amount, a.Voucher+p.Voucher
	}
	a.Approval = a.Amount > r.ApprovalAbove
	a.Blocker = blocker(c, r, a)
	return a
}

// part applies the rule to one line: the purchase, or a change, of which only the time it was
// priced for counts.
func part(c Case, r Rules, kind Kind, from, to time.Time) Part {
	p := Part{OrderID: c.Order.ID, LineID: c.Line.ID, Explanation: Explanation{Paid: c.Line.Amount, Voucher: c.Line.Voucher, Before: c.Before, PerYear: r.PerYear, Used: c.Used}}
	switch kind {
	case FiveDay:
		until := c.Instance.StartedAt.Add(fiveDays)
		p.Explanation.Until = &until
		p.Amount = c.Line.Amount - c.Before
		p.Voucher = c.ToVoucher(p.Amount)
	case ProRata:
		p.Amount = proRata(c, r, &p.Explanation, from, to)
	}
	return p
}

func blocker(c Case, r Rules, a Assessment) error {
	switch {
	case c.Open || c.Order.State == order.Refunding:
		return errs.Conflictf("refund.open")
	case c.Instance.State == subscription.Pending:
		return errs.Conflictf("refund.not_delivered")
	case !c.Instance.State.Alive():
		return errs.Conflictf("refund.ended", "state", c.Instance.State)
	case a.Kind != FiveDay && a.Kind != ProRata:
		return errs.Conflictf("refund.none")
	case c.Order.State != order.Completed:
		return errs.Conflictf("refund.not_delivered")
	case c.Instance.State != subscription.Active:
		return errs.Conflictf("refund.not_active", "state", c.Instance.State)
	case a.Kind == FiveDay && c.Now.After(*a.Explanation.Until):
		return errs.Conflictf("refund.window_over")
	case a.Kind == FiveDay && c.Used >= r.PerYear:
		return errs.Conflictf("refund.quota", "used", c.Used, "max", r.PerYear)
	case c.Renewed:
		return errs.Conflictf("refund.renewed")
	case c.Pending != nil:
		return c.Pending
	case a.Amount <= 0:
		return errs.Conflictf("refund.nothing_left")
	}
	return nil
}

// Spread divides an operator's amount over what was paid: what was bought last gives first
// (trade.md §13.4). main is the part that the refund itself is about: the purchase when the
// service ends, else the first that gives anything; the others follow, newest first.
func (c Case) Spread(amount money.Amount, a Assessment, ends bool) (main Part, parts []Part) {
	rest := amount
	for _, p := range append(slices.Clone(a.Parts), a.Base) {
		at := c.Of(p.LineID)
		p.Amount = min(rest, at.Line.Amount-at.Before)
		p.Voucher = at.ToVoucher(p.Amount)
		p.Explanation.Paid, p.Explanation.Before = at.Line.Amount, at.Before
		p.Explanation.Consumed, p.Explanation.Fee, p.Explanation.Until, p.Explanation.UsedHours, p.Explanation.TotalHours = 0, 0, nil, 0, 0
		rest -= p.Amount
		parts = append(parts, p)
	}
	i := len(parts) - 1
	if !ends {
		i = slices.IndexFunc(parts, func(p Part) bool { return p.Amount > 0 })
	}
	main = parts[i]
	return main, slices.Delete(parts, i, i+1)
}

// ToVoucher is the part of an amount that goes back to the voucher that paid a part of the
// line: in the proportion of the pay items, cut, so that the cash is never lower than exact
// (trade.md §14.4, E-25). The parts of several refunds add up to that of their sum, and a whole
// refund gives back all of it.
func (c Case) ToVoucher(amount money.Amount) money.Amount {
	if c.Line.Voucher == 0 {
		return 0
	}
	all := money.Cut(c.Line.Voucher.Price().Mul((c.Before + amount).Price()).Div(c.Line.Amount.Price()))
	return min(max(all-c.Restored, 0), amount)
}

// proRata is paid − consumed − handling fee, never below 0 (trade.md §14.4). What was consumed
// is cut, so that the refund is never lower than the exact one.
func proRata(c Case, r Rules, x *Explanation, from, to time.Time) money.Amount {
	paid := c.Line.Amount - c.Line.Voucher - (c.Before - c.Restored) // vouchers are not given back
	x.Paid, x.Before = c.Line.Amount-c.Line.Voucher, c.Before-c.Restored
	x.UsedHours, x.TotalHours = term.Hours(from, c.Now, to, c.Zone)
	if to.IsZero() || x.TotalHours == 0 {
		x.UsedHours, x.TotalHours = 1, 1 // what does not end has been used whole
	}
	x.Consumed = money.Cut(paid.Price().Times(x.UsedHours).Div(money.PriceOf(x.TotalHours)))
	x.FeeRate, x.Fee = r.FeeRate, money.Cut(paid.Price().Mul(r.FeeRate))
	return max(paid-x.Consumed-x.Fee, 0)
}

// YearBegin is the first instant of now's calendar year in the site's zone.
func YearBegin(now time.Time, zone *time.Location) time.Time {
	return time.Date(now.In(zone).Year(), 1, 1, 0, 0, 0, 0, zone)
}
