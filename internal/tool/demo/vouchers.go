package demo

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/voucher"
)

// issueVouchers has the first shop welcome new customers of its dearest product with a voucher,
// which nobody has claimed yet.
func (f *filler) issueVouchers(ctx context.Context) error {
	found, err := db.List[voucher.Scope](ctx, f.DB, sqlVoucherProduct, f.sellers[f.market.Sellers[0].Key].id)
	if err != nil || len(found) == 0 {
		return err
	}
	s := f.sellers[f.market.Sellers[0].Key]
	site, err := f.Settings.Site(ctx)
	if err != nil {
		return err
	}
	fee, err := money.ParsePrice(site.PlatformFee)
	if err != nil {
		return err
	}
	in := voucher.Input{Kind: voucher.Activity, Name: "新客代金券 Welcome", Face: 20_00, Threshold: 100_00, Total: 500, PerAccount: 1, UseDays: 30,
		ClaimUntil: f.DB.Now().AddDate(0, 3, 0), Modes: voucher.Modes, Scope: found[:1], SellerShare: money.PriceOf(1).Sub(fee), Currency: site.Currency}
	return f.asUser(ctx, s.account.owner, func(ctx context.Context, tx *db.Tx) error {
		c, err := voucher.Create(ctx, tx, s.id, in)
		if err != nil {
			return err
		}
		_, err = f.Trade.PublishVouchers(ctx, tx, c.ID, s.id)
		return err
	})
}

const sqlVoucherProduct = `select '' as campaign_id, l.product_id, '' as spec_id from price_plans l join products p on p.id = l.product_id
where p.seller_id = $1 and p.state = '` + string(catalog.OnSale) + `' and not l.trial and l.period_type = 'month' order by cast(l.price as numeric) desc limit 1`
