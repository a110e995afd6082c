package isvapp

import (
	"context"
	"fmt"
	"time"

	"jishi/isv"
	"jishi/wire/openapi"
	"jishi/wire/saas"
)

// queryTimeout leaves a marketplace that waits for the answer of newInstance enough of its 20 s.
const queryTimeout = 10 * time.Second

// purchase is what an order line bought, as far as the application needs it.
type purchase struct {
	Product   string // name, specification, SKU and charging mode
	ProductID string
	Customer  string
	Quantity  int
	ExpireAt  time.Time // zero = no term
}

// asksOrders tells whether V2 calls can be completed by order queries.
func (a *App) asksOrders() bool { return a.config.Orders != nil }

// purchased reads an order line, which is all that V2 calls name. A call that cannot be completed fails, so that the
// marketplace repeats it; in a debug call, whose order may not exist, an unknown order is no failure.
func (a *App) purchased(ctx context.Context, test bool, orderID, orderLineID string) (purchase, error) {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	o, err := a.config.Orders.Order(ctx, orderID, orderLineID)
	if err != nil && test {
		a.config.Logger.Info("debug call without an order", "order", orderID, "error", err)
		return purchase{Quantity: 1}, nil
	}
	if err != nil {
		return purchase{}, fmt.Errorf("order %s: %w", orderID, err)
	}
	p := purchase{Quantity: 1}
	if o.BuyerInfo != nil {
		p.Customer = o.BuyerInfo.CustomerName
	}
	for _, l := range o.OrderLine {
		p.ExpireAt, _ = openapi.ParseTime(l.ExpireTime, zone)
		for _, i := range l.ProductInfo {
			p.Product, p.ProductID = i.ProductName, i.ProductID
			if i.LinearValue != nil {
				p.Quantity = max(1, *i.LinearValue)
			}
		}
	}
	return p, nil
}

// of makes the purchase of a V1 call, which carries it, or asks for that of a V2 call.
func (a *App) of(ctx context.Context, c isv.Create) (purchase, error) {
	switch {
	case c.V1 != nil:
		p := purchase{ProductID: c.ProductID, Customer: c.V1.CustomerName, Quantity: max(1, c.V1.Amount)}
		p.ExpireAt, _ = saas.ParseExpireTime(c.V1.ExpireTime, zone)
		return p, nil
	case a.asksOrders():
		return a.purchased(ctx, c.Test, c.OrderID, c.OrderLineID)
	}
	return purchase{Quantity: 1}, nil
}
