// Package trade is the sequence over several modules in one transaction: quote, place, pay,
// deliver, refund. It exists so that a module never calls upwards: what belongs to one step
// of an order stands here as straight-line code in one place.
//
// How an order flows: Quote → Place (PENDING_PAYMENT) → Pay (money held, instance PENDING,
// call queued, PROCESSING) → RunCall (the seller's server is asked by the schedule) →
// deliver (instance ACTIVE, money captured, COMPLETED) or refund (money back, release
// call, REFUNDED). It owns no table.
package trade

import (
	"context"
	"log/slog"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/base/settings"
	"jishi/internal/market/catalog"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/notification"
	"jishi/internal/market/order"
	"jishi/internal/market/payment"
	"jishi/internal/market/payment/gateway"
	"jishi/internal/market/pricing"
	"jishi/internal/market/seller"
	"jishi/internal/market/subscription"
)

// Trade needs all the modules that an order passes.
type Trade struct {
	DB            *db.DB
	Log           *slog.Logger
	Settings      *settings.Store
	Sellers       *seller.Store
	Catalog       *catalog.Store
	Subscriptions *subscription.Store
	Withdrawals   *payment.Withdrawals
	Gateways      gateway.Set // none: orders are paid from the balance only
	Notices       *notification.Store
	Provider      fulfillment.Provider
	RunCases      CaseRunner
	PublicURL     string // without a slash at the end; for links in mails
}

// Buyer is who buys.
type Buyer struct {
	AccountID string
	UserID    string
	Approver  bool // may approve orders of the account; his own need no approval
}

// terms are the site's figures at an instant of the realm; the tax rates are those of that
// day (trade.md §2.1).
func (t *Trade) terms(site settings.Site, now time.Time) (order.Terms, error) {
	fee, err := money.ParsePrice(site.PlatformFee)
	if err != nil {
		return order.Terms{}, err
	}
	rates := site.TaxesAt(now)
	terms := order.Terms{Currency: site.Currency, FeeRatio: fee, TaxRates: map[string]money.Price{}}
	for category, rate := range map[string]string{pricing.TaxHardware: rates.Hardware, pricing.TaxSoftware: rates.Software, pricing.TaxService: rates.Service} {
		if terms.TaxRates[category], err = money.ParsePrice(rate); err != nil {
			return order.Terms{}, err
		}
	}
	return terms, nil
}

func (t *Trade) site(ctx context.Context) (settings.Site, *time.Location, error) {
	site, err := t.Settings.Site(ctx)
	if err != nil {
		return site, nil, err
	}
	return site, site.Zone(), nil
}

type party struct {
	State    string `db:"state"`
	RealName string `db:"real_name_state"`

	order.Policy // of the account's own approvals
}

const sqlParty = `select a.state, a.real_name_state, a.id as account_id, coalesce(p.enabled, false) as enabled, coalesce(p.amount_limit, 0) as amount_limit, p.changed_at
from accounts a left join approval_policies p on p.account_id = a.id where a.id = $1`

// mayBuy is the part of the check-list of trade.md §6 that concerns the account: nobody
// buys suspended or without a confirmed real name. "trade.account_suspended",
// "trade.real_name_needed" (Forbidden).
func mayBuy(ctx context.Context, q db.Querier, accountID string) error {
	_, err := partyOf(ctx, q, accountID)
	return err
}

// partyOf is mayBuy with the account's policy of approvals.
func partyOf(ctx context.Context, q db.Querier, accountID string) (party, error) {
	p, err := db.One[party](ctx, q, sqlParty, accountID)
	switch {
	case err != nil:
		return p, err
	case p.State != "active":
		return p, errs.Forbiddenf("trade.account_suspended")
	case p.RealName != "verified":
		return p, errs.Forbiddenf("trade.real_name_needed")
	}
	return p, nil
}

// reviews tells whether the buyer's order of this amount waits for a superior's approval.
func (p party) reviews(b Buyer, due money.Amount) bool { return !b.Approver && p.Policy.Reviews(due) }
