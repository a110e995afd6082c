// Package vouchers is the console API of marketplace vouchers: campaigns of sellers and of the
// marketplace, claiming, what an account holds, and which voucher pays a part of an order.
package vouchers

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/discount"
	"jishi/internal/market/voucher"
	"jishi/internal/trade"
)

// Deps are the modules that the operations call.
type Deps struct {
	Trade    *trade.Trade
	Settings *settings.Store
}

// Register adds the operations.
func Register(c *console.Console, d Deps) {
	registerIssuing(c, d)
	registerClaiming(c)
	registerHolding(c)
	registerChoosing(c, d)
}

// openView is a campaign on a product page.
type openView struct {
	ID string `json:"id"`
	TermsView
	Face       money.Amount `json:"face"`
	PerAccount int          `json:"perAccount"`
	Has        int          `json:"has" doc:"How many the reader's account has already"`
	Left       int          `json:"left"`
	SpecIDs    []string     `json:"specIds" doc:"Of the product; empty is all of them"`
	ClaimUntil *time.Time   `json:"claimUntil,omitempty"`
	UseFrom    *time.Time   `json:"useFrom,omitempty"`
	UseUntil   *time.Time   `json:"useUntil,omitempty"`
	UseDays    int          `json:"useDays,omitempty"`
}

type openList struct {
	Vouchers []openView `json:"vouchers"`
}

func registerClaiming(c *console.Console) {
	console.Read(c, console.Op{Path: "/storefront/products/{id}/vouchers", ID: "list-product-vouchers", Tag: "Storefront", Summary: "Vouchers that can be claimed for a product now"},
		func(ctx context.Context, in *struct {
			ID string `path:"id" doc:"Product"`
		}) (openList, error) {
			out, l := openList{Vouchers: []openView{}}, console.LangFrom(ctx)
			found, err := voucher.OpenFor(ctx, c.DB, in.ID, console.CallerFrom(ctx).AccountID, c.DB.Now())
			for _, x := range found {
				out.Vouchers = append(out.Vouchers, openView{ID: x.ID, TermsView: termsOf(l, x.Terms, i18n.Text{}), Face: x.Face, PerAccount: x.PerAccount, Has: x.Has,
					Left: x.Total - x.Claimed, SpecIDs: append([]string{}, x.SpecIDs...), ClaimUntil: at(x.ClaimUntil), UseFrom: at(x.UseFrom), UseUntil: at(x.UseUntil), UseDays: x.UseDays})
			}
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/vouchers/campaigns/{id}/claim", ID: "claim-voucher", Tag: "Buying", Need: access.OrderBuy, Money: true, Status: 201,
		Summary: "Claim a voucher of an activity campaign"},
		func(ctx context.Context, tx *db.Tx, in *campaignID) (VoucherView, error) {
			who := console.CallerFrom(ctx)
			h, err := voucher.Claim(ctx, tx, in.ID, who.AccountID, who.UserID)
			return voucherOf(console.LangFrom(ctx), h, i18n.Text{}), err
		})
}

func registerHolding(c *console.Console) {
	console.Read(c, console.Op{Path: "/vouchers", ID: "list-vouchers", Tag: "Buying", Need: access.OrderRead, Summary: "List the account's vouchers"},
		func(ctx context.Context, in *struct {
			console.ListInput
			State string `query:"state" required:"false" doc:"CLAIMED, LOCKED, USED or LAPSED"`
		}) (page.Page[VoucherView], error) {
			p, err := voucher.OfAccount(ctx, c.DB, console.CallerFrom(ctx).AccountID, voucher.HoldingState(in.State), in.Page())
			return page.Map(p, func(r voucher.Row) VoucherView { return voucherOf(console.LangFrom(ctx), r.Held, r.SellerName) }), err
		})
	console.Read(c, console.Op{Path: "/vouchers/{id}", ID: "get-voucher", Tag: "Buying", Need: access.OrderRead, Summary: "Show a voucher with what it is for and its use record"},
		func(ctx context.Context, in *struct {
			ID string `path:"id"`
		}) (out voucherDetail, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				l, accountID := console.LangFrom(ctx), console.CallerFrom(ctx).AccountID
				h, err := voucher.Own(ctx, q, in.ID, accountID)
				if err != nil {
					return err
				}
				out = voucherDetail{VoucherView: voucherOf(l, h, i18n.Text{}), Uses: []voucher.Use{}}
				if out.Scope, err = scopeOf(ctx, q, l, h.CampaignID); err != nil {
					return err
				}
				uses, err := voucher.UsesOf(ctx, q, h.ID, accountID)
				out.Uses = append(out.Uses, uses...)
				return err
			})
			return out, err
		})
}

func registerChoosing(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/quotes/{id}/vouchers", ID: "list-quote-vouchers", Tag: "Buying", Need: access.OrderBuy, Summary: "What the account's vouchers would pay of a quote"},
		func(ctx context.Context, in *struct {
			ID string `path:"id" doc:"Quote"`
		}) (out fittings, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				list, err := d.Trade.VouchersForQuote(ctx, q, console.CallerFrom(ctx).AccountID, in.ID)
				out = fittingsOf(console.LangFrom(ctx), list)
				return err
			})
			return out, err
		})
	console.Read(c, console.Op{Path: "/orders/{id}/vouchers", ID: "list-order-vouchers", Tag: "Buying", Need: access.OrderBuy, Summary: "What the account's vouchers would pay of an unpaid order"},
		func(ctx context.Context, in *struct {
			ID string `path:"id" doc:"Order number"`
		}) (out fittings, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				list, use, err := d.Trade.VouchersForOrder(ctx, q, console.CallerFrom(ctx).AccountID, in.ID)
				out = fittingsOf(console.LangFrom(ctx), list)
				out.Chosen = use.HoldingID
				return err
			})
			return out, err
		})
	console.Act(c, console.Op{Method: http.MethodPost, Path: "/cart/vouchers", ID: "list-cart-vouchers", Tag: "Buying", Need: access.OrderBuy, Summary: "What the account's vouchers would pay of the orders that lines of the cart become"},
		func(ctx context.Context, in *struct {
			Body struct {
				Lines     []string `json:"lines"`
				Discounts []struct {
					Key      string `json:"key" doc:"Of the order"`
					Discount string `json:"discount"`
					Link     string `json:"link" required:"false"`
				} `json:"discounts" required:"false" doc:"What the buyer picked for each order, as the checkout sends it"`
			}
		}) (out struct {
			Orders []fittings `json:"orders"`
		}, err error) {
			out.Orders = []fittings{}
			picks := map[string]discount.Pick{}
			for _, p := range in.Body.Discounts {
				picks[p.Key] = discount.Pick{ID: p.Discount, Link: p.Link}
			}
			caller := console.CallerFrom(ctx)
			err = c.DB.View(ctx, func(q db.Querier) error {
				orders, err := d.Trade.VouchersForCart(ctx, q, trade.Buyer{AccountID: caller.AccountID, UserID: caller.UserID}, in.Body.Lines, picks)
				for _, o := range orders {
					f := fittingsOf(console.LangFrom(ctx), o.List)
					f.Lines = o.LineIDs
					out.Orders = append(out.Orders, f)
				}
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPut, Path: "/orders/{id}/voucher", ID: "choose-voucher", Tag: "Buying", Need: access.OrderBuy, Money: true,
		Summary: "Choose the voucher of an unpaid order, or take it off; the amount that it pays is locked until the order is paid or ends"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id" doc:"Order number"`
			Body struct {
				VoucherID string        `json:"voucherId" required:"false" doc:"Empty: none"`
				Amount    *money.Amount `json:"amount" required:"false" doc:"What it was shown to pay; another amount is a conflict"`
			}
		}) (out chosenView, err error) {
			caller := console.CallerFrom(ctx)
			o, err := d.Trade.ChooseVoucher(ctx, tx, trade.Buyer{AccountID: caller.AccountID, UserID: caller.UserID}, in.ID, trade.VoucherChoice{ID: in.Body.VoucherID, Amount: in.Body.Amount})
			return chosenView{OrderID: o.ID, VoucherAmount: o.Voucher, DueAmount: o.DueAmount, Currency: o.Currency}, err
		})
}

type chosenView struct {
	OrderID       string       `json:"orderId"`
	VoucherAmount money.Amount `json:"voucherAmount"`
	DueAmount     money.Amount `json:"dueAmount" doc:"Left to be paid"`
	Currency      string       `json:"currency"`
}
