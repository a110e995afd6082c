package demo

import (
	"context"
	"fmt"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/market/discount"
	"jishi/internal/market/pricing"
	vouchers "jishi/internal/market/voucher"
)

// discountAll has the sellers create their promotions, offers and voucher campaigns. It comes
// after the samples were bought, whose prices they leave alone.
func (f *filler) discountAll(ctx context.Context) error {
	for _, r := range f.market.Discounts {
		if err := f.reduce(ctx, r); err != nil {
			return fmt.Errorf("discount %s: %w", r.Name, err)
		}
	}
	for _, v := range f.market.Vouchers {
		if err := f.issue(ctx, v); err != nil {
			return fmt.Errorf("vouchers %s: %w", v.Name, err)
		}
	}
	return nil
}

func (f *filler) reduce(ctx context.Context, r reduction) error {
	ratio, err := money.ParsePrice(r.Ratio)
	if err != nil {
		return err
	}
	s := f.sellers[r.Seller]
	d := discount.Draft{Kind: discount.Promotion, SellerID: s.id, Name: r.Name, Public: true, New: true, Renewal: true}
	if len(r.Buyers) > 0 {
		d.Kind, d.Public, d.Renewal = discount.Offer, false, false
	}
	for _, p := range r.Products {
		d.Lines = append(d.Lines, discount.Line{ProductID: f.products[p], Form: pricing.Ratio, Value: ratio})
	}
	for _, b := range r.Buyers {
		d.Accounts = append(d.Accounts, f.buyers[b])
	}
	return f.asUser(ctx, s.account.owner, func(ctx context.Context, tx *db.Tx) error {
		d.EndsAt = tx.Now.AddDate(0, 0, r.Days)
		_, err := f.Discounts.Create(ctx, tx, d)
		return err
	})
}

func (f *filler) issue(ctx context.Context, v voucher) error {
	face, err := money.Parse(v.Face)
	if err != nil {
		return err
	}
	threshold, err := money.Parse(v.Threshold)
	if err != nil {
		return err
	}
	site, err := f.Settings.Site(ctx)
	if err != nil {
		return err
	}
	fee, err := money.ParsePrice(site.PlatformFee)
	if err != nil {
		return err
	}
	s := f.sellers[v.Seller]
	in := vouchers.Input{Kind: vouchers.Activity, Name: v.Name, Face: face, Threshold: threshold, Total: v.Total, PerAccount: 1,
		UseDays: v.Days, Modes: vouchers.Modes, SellerShare: money.PriceOf(1).Sub(fee), Currency: site.Currency}
	for _, p := range v.Products {
		in.Scope = append(in.Scope, vouchers.Scope{ProductID: f.products[p]})
	}
	return f.asUser(ctx, s.account.owner, func(ctx context.Context, tx *db.Tx) error {
		in.ClaimUntil = tx.Now.AddDate(0, 0, v.Days)
		c, err := vouchers.Create(ctx, tx, s.id, in)
		if err != nil {
			return err
		}
		_, err = f.Trade.PublishVouchers(ctx, tx, c.ID, s.id)
		return err
	})
}
