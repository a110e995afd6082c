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
	Notices       *notification.Store
	Provider      fulfillment.Provider
	RunCases      CaseRunner
	PublicURL     string // without a slash at the end; for links in mails
}

// Buyer is who buys.
type Buyer struct {
	AccountID string
	UserID    string
}

// serviceTax is the rate of the category "service" for a general taxpayer (trade.md §2.1),
// copied to each line at payment.
const serviceTax = "0.06"

func (t *Trade) terms(site settings.Site) (order.Terms, error) {
	fee, err := money.ParsePrice(site.PlatformFee)
	if err != nil {
		return order.Terms{}, err
	}
	tax, err := money.ParsePrice(serviceTax)
	return order.Terms{Currency: site.Currency, FeeRatio: fee, TaxRate: tax}, err
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
}

const sqlParty = `select state, real_name_state from accounts where id = $1`

// mayBuy is the part of the check-list of trade.md §6 that concerns the account: nobody
// buys suspended or without a confirmed real name. "trade.account_suspended",
// "trade.real_name_needed" (Forbidden).
func mayBuy(ctx context.Context, q db.Querier, accountID string) error {
	p, err := db.One[party](ctx, q, sqlParty, accountID)
	switch {
	case err != nil:
		return err
	case p.State != "active":
		return errs.Forbiddenf("trade.account_suspended")
	case p.RealName != "verified":
		return errs.Forbiddenf("trade.real_name_needed")
	}
	return nil
}
