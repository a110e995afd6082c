package orders

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/seller"
)

// notificationView is the seller's order notification (订单通知配置, open-api.md §11).
type notificationView struct {
	Configured bool         `json:"configured"`
	AddressID  string       `json:"addressId"`
	Origin     string       `json:"origin"`
	Path       string       `json:"path"`
	KeyID      string       `json:"keyId" doc:"Of the general interfaces; empty while none is bound to the address: notices fail then"`
	Kinds      []kindSwitch `json:"kinds" doc:"Per kind of product"`
	UpdatedAt  *time.Time   `json:"updatedAt,omitempty"`
	Case       *noticeCase  `json:"case,omitempty" doc:"The debug run that was saved"`
}

type kindSwitch struct {
	Kind string `json:"kind"`
	On   bool   `json:"on"`
}

type noticeCase struct {
	Holds       bool              `json:"holds" doc:"False after a change of address, path or key: run it again"`
	At          time.Time         `json:"at"`
	OrderID     string            `json:"orderId"`
	OrderLineID string            `json:"orderLineId"`
	Path        string            `json:"path"`
	DurationUS  int64             `json:"durationUs"`
	Method      string            `json:"method"`
	URL         string            `json:"url"`
	RequestHead map[string]string `json:"requestHead"`
	RequestBody string            `json:"requestBody"`
	Status      int               `json:"status"`
	AnswerHead  map[string]string `json:"responseHead"`
	AnswerBody  string            `json:"responseBody"`
}

type notificationInput struct {
	Body struct {
		AddressID string          `json:"addressId"`
		Path      string          `json:"path" required:"false" doc:"Appended to the origin"`
		Kinds     map[string]bool `json:"kinds" required:"false" doc:"What differs from the default: all but images are told of"`
	}
}

type noticeDebugInput struct {
	Body struct {
		OrderID     string `json:"orderId" doc:"A mock order of the order query, or any other number"`
		OrderLineID string `json:"orderLineId"`
	}
}

type noticeDebugView struct {
	Succeeded bool             `json:"succeeded"`
	Saved     bool             `json:"saved"`
	Attempt   attemptView      `json:"attempt"`
	Settings  notificationView `json:"settings"`
}

func registerOrderNotification(c *console.Console, d Deps) {
	const path, tag = "/seller/order-notification", "Selling"
	console.Read(c, console.Op{Path: path, ID: "get-order-notification", Tag: tag, Need: access.AddressRead, Summary: "Where the seller is told of paid and refunded orders"},
		func(ctx context.Context, _ *struct{}) (out notificationView, err error) {
			id := console.CallerFrom(ctx).SellerID
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = d.notification(ctx, q, id)
				return err
			})
			return out, err
		})
	console.Write(c, console.Op{Method: http.MethodPut, Path: path, ID: "set-order-notification", Tag: tag, Need: access.AddressWrite, Summary: "Set order notification up"},
		func(ctx context.Context, tx *db.Tx, in *notificationInput) (notificationView, error) {
			id := console.CallerFrom(ctx).SellerID
			if _, err := d.Trade.Sellers.SetOrderNotification(ctx, tx, seller.NotifyInput{SellerID: id, AddressID: in.Body.AddressID, Path: in.Body.Path, Kinds: in.Body.Kinds}); err != nil {
				return notificationView{}, err
			}
			return d.notification(ctx, tx, id)
		})
	console.Write(c, console.Op{Method: http.MethodDelete, Path: path, ID: "stop-order-notification", Tag: tag, Need: access.AddressWrite, Summary: "End order notification"},
		func(ctx context.Context, tx *db.Tx, _ *struct{}) (console.None, error) {
			return console.None{}, d.Trade.Sellers.StopOrderNotification(ctx, tx, console.CallerFrom(ctx).SellerID)
		})
	console.Act(c, console.Op{Method: http.MethodPost, Path: path + "/debug", ID: "debug-order-notification", Tag: tag, Need: access.AddressWrite,
		Rate: "strict", Summary: "Send a test notice and save the run when it succeeds"},
		func(ctx context.Context, in *noticeDebugInput) (out noticeDebugView, err error) {
			id := console.CallerFrom(ctx).SellerID
			run, err := d.Trade.DebugNotice(ctx, id, console.CallerFrom(ctx).UserID, in.Body.OrderID, in.Body.OrderLineID)
			if err != nil {
				return out, err
			}
			l := console.LangFrom(ctx)
			out = noticeDebugView{Succeeded: run.Attempt.Outcome == fulfillment.OK, Saved: run.Saved, Attempt: tryOf(l, run.Attempt)}
			err = c.DB.View(ctx, func(q db.Querier) error {
				out.Settings, err = d.notification(ctx, q, id)
				return err
			})
			return out, err
		})
}

func (d Deps) notification(ctx context.Context, q db.Querier, sellerID string) (notificationView, error) {
	out := notificationView{Kinds: []kindSwitch{}}
	n, ok, err := d.Trade.Sellers.OrderNotification(ctx, q, sellerID)
	if err != nil {
		return out, err
	}
	for _, kind := range seller.NotifiedKinds {
		out.Kinds = append(out.Kinds, kindSwitch{Kind: kind, On: n.Wants(kind)})
	}
	if !ok {
		return out, nil
	}
	e, err := d.Trade.Sellers.Endpoint(ctx, q, n.AddressID)
	if err != nil {
		return out, err
	}
	out.Configured, out.AddressID, out.Origin, out.Path, out.KeyID, out.UpdatedAt = true, n.AddressID, e.Origin, n.Path, e.GeneralKeyID, at(n.UpdatedAt)
	c, ok, err := d.Trade.Sellers.NotifyCase(ctx, q, sellerID)
	if ok {
		out.Case = &noticeCase{Holds: c.Holds(n, e.GeneralKeyID), At: c.At, OrderID: c.OrderID, OrderLineID: c.OrderLineID, Path: c.Path, DurationUS: c.DurationUS,
			Method: c.Method, URL: c.URL, RequestHead: c.RequestHead, RequestBody: c.RequestBody, Status: c.Status, AnswerHead: c.ResponseHead, AnswerBody: c.ResponseBody}
	}
	return out, err
}
