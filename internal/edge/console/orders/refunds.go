package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/order"
	"jishi/internal/market/refund"
	"jishi/internal/trade"
)

type refundView struct {
	ID            string             `json:"id"`
	Kind          refund.Kind        `json:"kind" enum:"five_day,prorata,operator,renewal"`
	State         refund.State       `json:"state" enum:"requested,paid,rejected,withdrawn"`
	OrderID       string             `json:"orderId"`
	InstanceID    string             `json:"instanceId"`
	ProductName   string             `json:"productName"`
	SpecName      string             `json:"specName"`
	AccountName   string             `json:"accountName"`
	SellerName    string             `json:"sellerName"`
	Amount        money.Amount       `json:"amount" doc:"Of the purchase and its changes, which go back together"`
	Voucher       money.Amount       `json:"voucherAmount" doc:"The part that goes back to the voucher; the rest to the balance"`
	Currency      string             `json:"currency"`
	Explanation   refund.Explanation `json:"explanation" doc:"How the amount came about"`
	Reason        string             `json:"reason"`
	Decision      string             `json:"decision" doc:"Why it was rejected, or given by an operator"`
	RefundOrderID string             `json:"refundOrderId"`
	EndsService   bool               `json:"endsService"`
	CreatedAt     time.Time          `json:"createdAt"`
	DecidedAt     *time.Time         `json:"decidedAt,omitempty"`
}

func refundOf(l i18n.Lang, r refund.Row) refundView {
	return refundView{ID: r.ID, Kind: r.Kind, State: r.State, OrderID: r.OrderID, InstanceID: r.InstanceID, ProductName: r.ProductName.In(l),
		SpecName: r.SpecName.In(l), AccountName: r.AccountName, SellerName: r.SellerName.In(l), Amount: r.Total, Voucher: r.TotalVoucher, Currency: r.Currency,
		Explanation: r.Explanation, Reason: r.Reason, Decision: r.Decision, RefundOrderID: r.RefundOrderID, EndsService: r.EndsService,
		CreatedAt: r.CreatedAt, DecidedAt: at(r.DecidedAt)}
}

// bareRefund is a refund right after it was asked for or decided.
func bareRefund(ctx context.Context, q db.Querier, r refund.Refund, err error) (refundView, error) {
	if err != nil {
		return refundView{}, err
	}
	sum, err := refund.TotalOf(ctx, q, r.ID)
	return refundOf(console.LangFrom(ctx), refund.Row{Refund: r, Total: sum.Amount, TotalVoucher: sum.Voucher}), err
}

type refundPreview struct {
	Possible    bool               `json:"possible"`
	Kind        refund.Kind        `json:"kind" doc:"The rule of the product as it was sold; none, when there is none"`
	Amount      money.Amount       `json:"amount" doc:"What would go back now; to be sent with the request"`
	Voucher     money.Amount       `json:"voucherAmount" doc:"The part of it that goes back to the voucher; the rest to the balance"`
	Approval    bool               `json:"approval" doc:"An operator decides; until then the service goes on"`
	Explanation refund.Explanation `json:"explanation" doc:"Of the purchase"`
	Parts       []refundPart       `json:"parts" doc:"Of changes of specification, which go back with it, newest first; none where nothing was changed"`
	Base        money.Amount       `json:"baseAmount" doc:"The purchase's own part of amount"`
	Blocker     *problemView       `json:"blocker,omitempty" doc:"Why it is not possible"`
}

// refundPart is what goes back of a change.
type refundPart struct {
	OrderID     string             `json:"orderId"`
	Amount      money.Amount       `json:"amount"`
	Explanation refund.Explanation `json:"explanation"`
}

func previewOf(ctx context.Context, a refund.Assessment) refundPreview {
	v := refundPreview{Possible: a.Blocker == nil, Kind: a.Kind, Amount: a.Amount, Voucher: a.Voucher, Approval: a.Approval, Explanation: a.Explanation, Base: a.Base.Amount, Parts: []refundPart{}}
	for _, p := range a.Parts {
		v.Parts = append(v.Parts, refundPart{OrderID: p.OrderID, Amount: p.Amount, Explanation: p.Explanation})
	}
	if e, ok := errs.As(a.Blocker); ok {
		v.Amount, v.Voucher = 0, 0
		v.Blocker = problemOf(console.LangFrom(ctx), e.Code, e.Args)
	}
	return v
}

type refundFilter struct {
	console.ListInput
	State string `query:"state" required:"false"`
	Kind  string `query:"kind" required:"false"`
	Q     string `query:"q" required:"false" doc:"Order or refund order number, or a part of the buyer's name"`
}

type refundID struct {
	ID string `path:"id"`
}

func registerRefunds(c *console.Console, d Deps) {
	console.Read(c, console.Op{Path: "/instances/{id}/refund", ID: "preview-refund", Tag: "Buying", Need: access.OrderBuy, Summary: "What giving a service back would bring now"},
		func(ctx context.Context, in *instanceID) (out refundPreview, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				a, err := d.Trade.AssessRefund(ctx, q, console.CallerFrom(ctx).AccountID, in.ID)
				out = previewOf(ctx, a)
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/instances/{id}/refund", ID: "request-refund", Tag: "Buying", Need: access.OrderBuy, Money: true, Status: 201,
		Summary: "Give a service back; up to the site's limit the money is on the balance at once"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Amount money.Amount `json:"amount" doc:"As the preview showed it"`
				Reason string       `json:"reason" required:"false"`
			}
		}) (refundView, error) {
			r, err := d.Trade.RequestRefund(ctx, tx, buyerOf(ctx), trade.RefundRequest{InstanceID: in.ID, Amount: in.Body.Amount, Reason: in.Body.Reason})
			return bareRefund(ctx, tx, r, err)
		})
	registerRenewalRefunds(c, d)
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/refunds/{id}/withdraw", ID: "withdraw-refund", Tag: "Buying", Need: access.OrderBuy, Money: true,
		Summary: "Take a refund back that waits for its approval"},
		func(ctx context.Context, tx *db.Tx, in *refundID) (refundView, error) {
			r, err := d.Trade.WithdrawRefund(ctx, tx, buyerOf(ctx), in.ID)
			return bareRefund(ctx, tx, r, err)
		})
	for _, x := range []struct {
		path, id, tag string
		need          access.Permission
		scope         func(context.Context) order.Scope
	}{
		{"/refunds", "list-refunds", "Buying", access.OrderRead, func(ctx context.Context) order.Scope {
			return order.Scope{AccountID: console.CallerFrom(ctx).AccountID}
		}},
		{"/seller/refunds", "list-seller-refunds", "Selling", access.SaleRead, func(ctx context.Context) order.Scope { return order.Scope{SellerID: console.CallerFrom(ctx).SellerID} }},
		{"/operator/refunds", "list-operator-refunds", "Operating", access.OrderOversee, func(context.Context) order.Scope { return order.Everybody }},
	} {
		console.Read(c, console.Op{Path: x.path, ID: x.id, Tag: x.tag, Need: x.need, Summary: "List refunds of delivered orders"},
			func(ctx context.Context, in *refundFilter) (page.Page[refundView], error) {
				p, err := refund.List(ctx, c.DB, x.scope(ctx), refund.Filter{State: refund.State(in.State), Kind: refund.Kind(in.Kind), Text: in.Q}, in.Page())
				return page.Map(p, func(r refund.Row) refundView { return refundOf(console.LangFrom(ctx), r) }), err
			})
	}
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/refunds/{id}/approve", ID: "approve-refund", Tag: "Operating", Need: access.RefundDecide, Money: true, Recent: true,
		Summary: "Pay a refund that waits for approval"},
		func(ctx context.Context, tx *db.Tx, in *refundID) (refundView, error) {
			r, err := d.Trade.ApproveRefund(ctx, tx, in.ID)
			return bareRefund(ctx, tx, r, err)
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/refunds/{id}/reject", ID: "reject-refund", Tag: "Operating", Need: access.RefundDecide, Money: true,
		Summary: "Refuse a refund that waits for approval"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Reason string `json:"reason" doc:"Shown to the buyer"`
			}
		}) (refundView, error) {
			r, err := d.Trade.RejectRefund(ctx, tx, in.ID, in.Body.Reason)
			return bareRefund(ctx, tx, r, err)
		})
	console.Write(c, console.Op{Method: http.MethodPost, Path: "/operator/instances/{id}/refund", ID: "refund-by-operator", Tag: "Operating", Need: access.RefundDecide, Money: true, Recent: true, Status: 201,
		Summary: "Refund any part of what was paid for a service"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Amount      money.Amount `json:"amount"`
				EndsService bool         `json:"endsService" doc:"The instance is unsubscribed and released"`
				Reason      string       `json:"reason" doc:"Shown to the buyer"`
			}
		}) (refundView, error) {
			r, err := d.Trade.RefundByOperator(ctx, tx, trade.OperatorRefund{InstanceID: in.ID, Amount: in.Body.Amount, EndsService: in.Body.EndsService, Reason: in.Body.Reason})
			return bareRefund(ctx, tx, r, err)
		})
}
