package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/identity"
	"jishi/internal/market/payment"
	"jishi/internal/trade"
)

// addBuyer signs a buying company up, gives it people and a balance, and has them buy.
func (f *filler) addBuyer(ctx context.Context, b buyer) error {
	a, err := f.join(ctx, "buyer", b.Email, b.Account, b.Owner.In(b.Locale), b.Locale)
	if err != nil {
		return err
	}
	f.buyers[b.Key] = a.ID
	if err := f.confirmRealName(ctx, a, b.Company, b.Number); err != nil {
		return fmt.Errorf("real name: %w", err)
	}
	users := []identity.User{a.owner}
	for _, p := range b.Users {
		u, err := f.invite(ctx, a, "buyer", p)
		if err != nil {
			return fmt.Errorf("sub-user %s: %w", p.Email, err)
		}
		users = append(users, u)
	}
	for _, amount := range b.TopUps {
		if err := f.topUp(ctx, a, b.Company, amount, true); err != nil {
			return fmt.Errorf("top-up: %w", err)
		}
	}
	if b.Waiting != "" {
		if err := f.topUp(ctx, a, b.Company, b.Waiting, false); err != nil {
			return fmt.Errorf("top-up: %w", err)
		}
	}
	for _, o := range b.Orders {
		if err := f.buy(ctx, users[o.By], o); err != nil {
			return fmt.Errorf("order of %s: %w", o.Product, err)
		}
	}
	return nil
}

// topUp announces a transfer and, when it is to be confirmed, has the operator do so.
func (f *filler) topUp(ctx context.Context, a account, payer, amount string, confirmed bool) error {
	value, err := money.Parse(amount)
	if err != nil {
		return err
	}
	site, err := f.Settings.Site(ctx)
	if err != nil {
		return err
	}
	var t payment.TopUp
	err = f.asUser(ctx, a.owner, func(ctx context.Context, tx *db.Tx) error {
		t, err = payment.RequestTopUp(ctx, tx, payment.TopUpRequest{AccountID: a.ID, UserID: a.owner.ID, Amount: value, Currency: site.Currency, Payer: payer})
		return err
	})
	if err != nil || !confirmed {
		return err
	}
	return f.asOperator(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := payment.ConfirmTopUp(ctx, tx, t.ID, "BANK-"+t.Number)
		return err
	})
}

// buy takes an order as far as the sample says.
func (f *filler) buy(ctx context.Context, u identity.User, s sample) error {
	planID, err := f.planOf(s)
	if err != nil {
		return err
	}
	b := trade.Buyer{AccountID: u.AccountID, UserID: u.ID}
	var orderID string
	err = f.asUser(ctx, u, func(ctx context.Context, tx *db.Tx) error {
		q, offer, err := f.Trade.Quote(ctx, tx, b, trade.Wish{PlanID: planID, Periods: s.Periods, Quantity: s.Quantity})
		if err != nil {
			return err
		}
		if offer.Blocker != nil {
			return offer.Blocker
		}
		o, err := f.Trade.Place(ctx, tx, b, trade.Placing{QuoteID: q.ID, Accepted: true})
		orderID = o.ID
		return err
	})
	if err != nil || s.Ends == "unpaid" || s.Plan == "trial" {
		return err
	}
	return f.asUser(ctx, u, func(ctx context.Context, tx *db.Tx) error {
		if s.Ends == "canceled" {
			_, err := f.Trade.Cancel(ctx, tx, b, orderID)
			return err
		}
		_, err := f.Trade.Pay(ctx, tx, b, orderID)
		return err
	})
}

func (f *filler) planOf(s sample) (string, error) {
	specs := f.plans[s.Product]
	if s.Spec >= len(specs) {
		return "", errors.New("the product has no such specification")
	}
	for _, p := range specs[s.Spec].Plans {
		kind := p.PeriodType
		switch {
		case p.Trial:
			kind = "trial"
		case p.Mode == catalog.OneTime:
			kind = "once"
		}
		if kind == s.Plan && (p.Choice == s.Choice || p.Trial) {
			return p.ID, nil
		}
	}
	return "", fmt.Errorf("the specification has no price per %s", s.Plan)
}

const sqlUndelivered = `select count(*) from instances i where i.state = 'PENDING' and not exists (
select 1 from fulfillment_calls c where c.instance_id = i.id and c.attempts > 0 and c.state = 'retrying')`
const sqlWithoutAccess = `select count(*) from instances where state = 'ACTIVE' and access_state = 'none'`

// awaitDeliveries waits until the sample servers have delivered and the failing one was
// called, so that the first page a person opens is complete.
func (f *filler) awaitDeliveries(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		open, err := db.One[int](ctx, f.DB, sqlUndelivered)
		if err != nil {
			return err
		}
		blank, err := db.One[int](ctx, f.DB, sqlWithoutAccess)
		if err != nil {
			return err
		}
		if open+blank == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the sample servers did not deliver: %d orders are open", open+blank)
		case <-tick.C:
		}
	}
}
