package orders

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/order"
)

type approvalView struct {
	Enabled  bool         `json:"enabled" doc:"Orders of people who may not approve wait for somebody who may"`
	Limit    money.Amount `json:"limit" doc:"Only orders above it are reviewed"`
	Currency string       `json:"currency"`
}

func registerApprovals(c *console.Console, d Deps) {
	view := func(ctx context.Context, p order.Policy) (approvalView, error) {
		site, err := d.Settings.Site(ctx)
		return approvalView{Enabled: p.Enabled, Limit: p.Limit, Currency: site.Currency}, err
	}
	console.Read(c, console.Op{Path: "/account/approval", ID: "get-approval-policy", Tag: "Account", Need: console.AnyUser, Summary: "Which orders of the account a superior approves"},
		func(ctx context.Context, _ *struct{}) (approvalView, error) {
			p, err := order.PolicyOf(ctx, c.DB, console.CallerFrom(ctx).AccountID)
			if err != nil {
				return approvalView{}, err
			}
			return view(ctx, p)
		})
	console.Write(c, console.Op{Method: http.MethodPut, Path: "/account/approval", ID: "set-approval-policy", Tag: "Account", Need: access.AccountManage,
		Summary: "Switch approvals on or off; who may approve holds the permission order:approve"},
		func(ctx context.Context, tx *db.Tx, in *struct {
			Body struct {
				Enabled bool         `json:"enabled"`
				Limit   money.Amount `json:"limit"`
			}
		}) (approvalView, error) {
			p, err := order.SetPolicy(ctx, tx, order.Policy{AccountID: console.CallerFrom(ctx).AccountID, Enabled: in.Body.Enabled, Limit: in.Body.Limit})
			if err != nil {
				return approvalView{}, err
			}
			return view(ctx, p)
		})
	console.Read(c, console.Op{Path: "/approvals", ID: "list-approvals", Tag: "Buying", Need: access.OrderApprove, Summary: "Orders of the own account that wait for an approver, oldest first"},
		func(ctx context.Context, in *console.ListInput) (page.Page[OrderView], error) {
			p, err := order.Reviews(ctx, c.DB, console.CallerFrom(ctx).AccountID, in.Page())
			return page.Map(p, func(r order.Row) OrderView { return orderOf(console.LangFrom(ctx), r, false) }), err
		})
	for _, x := range []struct {
		path, id, summary string
		approved          bool
	}{
		{"/orders/{id}/approve", "approve-order", "Approve an order of the own account; its deadline begins now", true},
		{"/orders/{id}/reject", "reject-order", "Decline an order of the own account with a comment; it expires", false},
	} {
		console.Write(c, console.Op{Method: http.MethodPost, Path: x.path, ID: x.id, Tag: "Buying", Need: access.OrderApprove, Summary: x.summary},
			func(ctx context.Context, tx *db.Tx, in *struct {
				ID   string `path:"id" doc:"Order number"`
				Body struct {
					Comment string `json:"comment" required:"false" doc:"For the buyer, at most 500 characters; needed to decline"`
				}
			}) (OrderView, error) {
				o, err := d.Trade.Decide(ctx, tx, buyerOf(ctx), in.ID, x.approved, in.Body.Comment)
				if err != nil {
					return OrderView{}, err
				}
				return shown(ctx, tx, o)
			})
	}
}
