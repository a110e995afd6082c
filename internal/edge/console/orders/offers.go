package orders

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/discount"
	"jishi/internal/trade"
)

// linkView is the page of a promotion's or an offer's link.
type linkView struct {
	ID         string      `json:"id"`
	Kind       string      `json:"kind"`
	Name       string      `json:"name"`
	SellerID   string      `json:"sellerId" doc:"Empty: the marketplace"`
	SellerName string      `json:"sellerName"`
	Open       bool        `json:"open" doc:"It holds now"`
	Configured bool        `json:"configured" doc:"Quantity and length are fixed: one click orders it"`
	StartsAt   time.Time   `json:"startsAt"`
	EndsAt     time.Time   `json:"endsAt"`
	Plans      []priceView `json:"plans" doc:"What it is given on, at its price; empty for a promotion of everything"`
}

type linkInput struct {
	Token string `path:"token" doc:"Of the link"`
}

type grantedView struct {
	Offers []grantedOffer `json:"offers"`
}

type grantedOffer struct {
	Token      string    `json:"token"`
	Name       string    `json:"name"`
	SellerName string    `json:"sellerName"`
	Configured bool      `json:"configured"`
	EndsAt     time.Time `json:"endsAt"`
}

const sqlSellerNames = `select name from sellers where id = $1`

func sellerName(ctx context.Context, q db.Querier, l i18n.Lang, sellerID string) (string, error) {
	if sellerID == "" {
		return "", nil
	}
	name, err := db.One[i18n.Text](ctx, q, sqlSellerNames, sellerID)
	return name.In(l), err
}

func registerOffers(c *console.Console, d Deps) {
	show := func(ctx context.Context, kind, token string) (out linkView, err error) {
		l := console.LangFrom(ctx)
		err = c.DB.View(ctx, func(q db.Querier) error {
			p, err := d.Trade.ShowLink(ctx, q, kind, token, console.CallerFrom(ctx).AccountID)
			if err != nil {
				return err
			}
			out = linkOf(l, p, c.DB.Now())
			out.SellerName, err = sellerName(ctx, q, l, p.Seller)
			return err
		})
		return out, err
	}
	console.Read(c, console.Op{Path: "/storefront/promotions/{token}", ID: "get-promotion-page", Tag: "Storefront", Summary: "What a promotion's link leads to"},
		func(ctx context.Context, in *linkInput) (linkView, error) {
			return show(ctx, discount.Promotion, in.Token)
		})
	console.Read(c, console.Op{Path: "/offers/{token}", ID: "get-granted-offer", Tag: "Buying", Need: access.OrderBuy, Summary: "An exclusive offer to my account"},
		func(ctx context.Context, in *linkInput) (linkView, error) { return show(ctx, discount.Offer, in.Token) })
	console.Read(c, console.Op{Path: "/offers", ID: "list-granted-offers", Tag: "Buying", Need: access.OrderBuy, Summary: "Exclusive offers to my account that hold now, the next to end first"},
		func(ctx context.Context, _ *struct{}) (grantedView, error) {
			out := grantedView{Offers: []grantedOffer{}}
			l := console.LangFrom(ctx)
			err := c.DB.View(ctx, func(q db.Querier) error {
				rules, err := discount.Granted(ctx, q, console.CallerFrom(ctx).AccountID, c.DB.Now())
				if err != nil {
					return err
				}
				for _, r := range rules {
					name, err := sellerName(ctx, q, l, r.SellerID)
					if err != nil {
						return err
					}
					out.Offers = append(out.Offers, grantedOffer{Token: r.Token, Name: r.Name, SellerName: name, Configured: r.Configured, EndsAt: r.EndsAt})
				}
				return nil
			})
			return out, err
		})
}

func linkOf(l i18n.Lang, p trade.LinkPage, now time.Time) linkView {
	v := linkView{ID: p.Rule.ID, Kind: p.Rule.Kind, Name: p.Rule.Name, SellerID: p.Seller, Open: p.Rule.In(now), Configured: p.Rule.Configured,
		StartsAt: p.Rule.StartsAt, EndsAt: p.Rule.EndsAt, Plans: []priceView{}}
	for _, o := range p.Offers {
		x := priceOf(l, o)
		if e, ok := errs.As(o.Blocker); ok && len(e.Fields) > 0 {
			x.Blocker = problemOf(l, e.Fields[0].Code, e.Fields[0].Args)
		}
		v.Plans = append(v.Plans, x)
	}
	return v
}
