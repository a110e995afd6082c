package orders

import (
	"context"
	"time"

	"jishi/internal/base/job"
	"jishi/internal/base/money"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/ledger"
	"jishi/internal/market/order"
	"jishi/internal/trade"
)

type buyerHome struct {
	trade.BuyerWork
	UnpaidUntil *time.Time   `json:"unpaidUntil,omitempty" doc:"The nearest deadline of an unpaid order"`
	Balance     money.Amount `json:"balance"`
	Currency    string       `json:"currency"`
}

type sellerHome struct {
	Orders   order.Counts       `json:"orders"`
	Calls    fulfillment.Health `json:"calls"`
	Payable  money.Amount       `json:"payable" doc:"Earned and not settled yet"`
	Daily    []order.Day        `json:"daily" doc:"Paid orders of the last 30 days"`
	Currency string             `json:"currency"`
}

type operatorHome struct {
	trade.OperatorWork
	OldestSeller *time.Time   `json:"oldestSellerApplication,omitempty"`
	OldestTopUp  *time.Time   `json:"oldestTopUp,omitempty"`
	Orders       order.Counts `json:"orders"`
	Daily        []order.Day  `json:"daily"`
	Jobs         jobsView     `json:"jobs"`
	Currency     string       `json:"currency"`
}

type jobsView struct {
	Ready   int `json:"ready"`
	Running int `json:"running"`
	Dead    int `json:"dead"`
}

const chartDays = 30

func registerHomes(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/buyer/home", ID: "get-buyer-home", Tag: "Buying", Need: console.AnyUser, Summary: "What needs the buyer"},
		func(ctx context.Context, _ *struct{}) (buyerHome, error) {
			caller := console.CallerFrom(ctx)
			var v buyerHome
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return v, err
			}
			v.Currency = site.Currency
			if v.BuyerWork, err = trade.BuyerHome(ctx, c.DB, caller.AccountID, c.DB.Now()); err != nil {
				return v, err
			}
			v.UnpaidUntil = at(v.BuyerWork.UnpaidUntil)
			if caller.Can(access.BalanceRead) {
				v.Balance, err = ledger.Balance(ctx, c.DB, ledger.BuyerBalance(caller.AccountID))
			}
			return v, err
		})
	console.Read(c, console.Op{Path: "/seller/home", ID: "get-seller-home", Tag: "Selling", Need: access.SaleRead, Summary: "How the seller's sales and calls stand"},
		func(ctx context.Context, _ *struct{}) (sellerHome, error) {
			s := order.Scope{SellerID: console.CallerFrom(ctx).SellerID}
			var v sellerHome
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return v, err
			}
			now := c.DB.Now()
			v.Currency = site.Currency
			if v.Orders, err = order.CountAll(ctx, c.DB, s, now); err != nil {
				return v, err
			}
			if v.Calls, err = fulfillment.HealthOf(ctx, c.DB, s.SellerID, now.AddDate(0, 0, -30)); err != nil {
				return v, err
			}
			if v.Payable, err = ledger.Balance(ctx, c.DB, ledger.PayableSeller(s.SellerID)); err != nil {
				return v, err
			}
			v.Daily, err = order.Daily(ctx, c.DB, s, now, chartDays, site.Zone())
			return v, err
		})
	console.Read(c, console.Op{Path: "/operator/home", ID: "get-operator-home", Tag: "Operating", Need: console.SignedIn, Summary: "What waits for operators"},
		func(ctx context.Context, _ *struct{}) (operatorHome, error) {
			var v operatorHome
			if err := console.RequireOperator(ctx); err != nil {
				return v, err
			}
			site, err := d.Settings.Site(ctx)
			if err != nil {
				return v, err
			}
			now := c.DB.Now()
			v.Currency = site.Currency
			if v.OperatorWork, err = trade.OperatorHome(ctx, c.DB, now); err != nil {
				return v, err
			}
			v.OldestSeller, v.OldestTopUp = at(v.OperatorWork.OldestSeller), at(v.OperatorWork.OldestTopUp)
			if v.Orders, err = order.CountAll(ctx, c.DB, order.Everybody, now); err != nil {
				return v, err
			}
			if v.Daily, err = order.Daily(ctx, c.DB, order.Everybody, now, chartDays, site.Zone()); err != nil {
				return v, err
			}
			h, err := job.HealthOf(ctx, c.DB)
			v.Jobs = jobsView{Ready: h.Ready, Running: h.Running, Dead: h.Dead}
			return v, err
		})
}
