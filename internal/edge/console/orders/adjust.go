package orders

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/order"
)

func registerAdjustments(c *console.Console, d Deps) {
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/orders/{id}/adjust", ID: "adjust-order", Tag: "Operating", Need: access.OrderAdjust, Money: true,
		Summary: "Set another price on an unpaid order, in total or line by line, never above the list price: the buyer confirms or refuses it; off unless the site allows it"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id" doc:"Order number"`
			Body struct {
				Total *money.Amount `json:"total,omitempty" required:"false" doc:"Of all lines, in proportion to their list prices"`
				Lines []struct {
					ID     string       `json:"id"`
					Amount money.Amount `json:"amount"`
				} `json:"lines,omitempty" required:"false" doc:"Or of some lines; the others keep theirs"`
				Reason string `json:"reason" doc:"Shown to the buyer"`
			}
		}) (orderDetail, error) {
			p := order.NewPrice{Total: in.Body.Total, Reason: in.Body.Reason, Lines: map[string]money.Amount{}}
			for _, l := range in.Body.Lines {
				p.Lines[l.ID] = l.Amount
			}
			if _, err := d.Trade.AdjustPrice(ctx, tx, in.ID, p); err != nil {
				return orderDetail{}, err
			}
			return d.detail(ctx, tx, operatorSide, in.ID)
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/orders/{id}/confirm-price", ID: "confirm-price", Tag: "Buying", Need: access.OrderBuy, Money: true,
		Summary: "Confirm or refuse the price that the marketplace has adjusted; a refused order expires, one over the company's limit waits for a superior"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id" doc:"Order number"`
			Body struct {
				Accepted bool `json:"accepted"`
			}
		}) (OrderView, error) {
			o, err := d.Trade.ConfirmPrice(ctx, tx, buyerOf(ctx), in.ID, in.Body.Accepted)
			if err != nil {
				return OrderView{}, err
			}
			return shown(ctx, tx, o)
		})
}
