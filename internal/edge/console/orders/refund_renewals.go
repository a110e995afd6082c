package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/trade"
)

// renewalRefundPreview is what giving back a renewed period that has not begun would bring.
type renewalRefundPreview struct {
	Possible bool         `json:"possible"`
	OrderID  string       `json:"orderId" doc:"Of the renewal; empty when there is none"`
	Amount   money.Amount `json:"amount" doc:"All that was paid for the period; to be sent with the request"`
	Voucher  money.Amount `json:"voucherAmount" doc:"The part of it that goes back to the voucher"`
	Currency string       `json:"currency"`
	Begins   *time.Time   `json:"begins,omitempty" doc:"The period begins after it; the service would end with it"`
	Ends     *time.Time   `json:"ends,omitempty" doc:"End of the period, the present expiry"`
	Approval bool         `json:"approval" doc:"An operator decides"`
	Blocker  *problemView `json:"blocker,omitempty" doc:"Why it is not possible"`
}

func renewalRefundOf(ctx context.Context, r trade.RenewalRefund) renewalRefundPreview {
	v := renewalRefundPreview{Possible: r.Blocker == nil, OrderID: r.OrderID, Amount: r.Amount, Voucher: r.Voucher, Currency: r.Currency, Begins: at(r.Begins), Ends: at(r.Ends), Approval: r.Approval}
	if e, ok := errs.As(r.Blocker); ok {
		v.Amount, v.Voucher, v.Blocker = 0, 0, problemOf(console.LangFrom(ctx), e.Code, e.Args)
	}
	return v
}

func registerRenewalRefunds(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/instances/{id}/renewal-refund", ID: "preview-renewal-refund", Tag: "Buying", Need: access.OrderBuy,
		Summary: "What giving back the newest renewed period would bring, as long as it has not begun"},
		func(ctx context.Context, in *instanceID) (out renewalRefundPreview, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				r, err := d.Trade.AssessRenewalRefund(ctx, q, console.CallerFrom(ctx).AccountID, in.ID)
				out = renewalRefundOf(ctx, r)
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/instances/{id}/renewal-refund", ID: "request-renewal-refund", Tag: "Buying", Need: access.OrderBuy, Money: true, Status: 201,
		Summary: "Give the newest renewed period back; the service ends where the period would have begun"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Amount money.Amount `json:"amount" doc:"As the preview showed it"`
				Reason string       `json:"reason" required:"false"`
			}
		}) (refundView, error) {
			r, err := d.Trade.RequestRenewalRefund(ctx, tx, buyerOf(ctx), trade.RefundRequest{InstanceID: in.ID, Amount: in.Body.Amount, Reason: in.Body.Reason})
			return bareRefund(ctx, tx, r, err)
		})
}
