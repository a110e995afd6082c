package koogallery

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/identity"
	"jishi/internal/market/order"
	"jishi/internal/market/subscription"
	"jishi/internal/market/term"
	"jishi/wire/openapi"
	"jishi/wire/saas"
)

// orderQuery answers the order query (查询订单, open-api.md §6); an order that is not here may be one of the seller's sandbox. A foreign order is MKT.0150, an unknown one MKT.0101.
// Parameters that the document does not know are ignored; they are signed all the same.
func (s *Server) orderQuery(ctx context.Context, c *call) (openapi.OrderAnswer, openapi.Code, error) {
	out, code, err := s.orderHere(ctx, c)
	if err != nil || s.Beside == nil || code != openapi.InvalidParameter && code != openapi.IllegalOperation {
		return out, code, err
	}
	there, answered := openapi.Success, false
	var found openapi.OrderAnswer
	_, err = s.Beside(ctx, c.caller.SellerID, func(other *Server) (err error) {
		found, there, err = other.orderHere(ctx, c)
		answered = there == openapi.Success
		return err
	})
	if err != nil {
		return out, openapi.SystemError, err
	}
	if answered {
		return found, there, nil
	}
	return out, code, nil
}

// orderHere looks in this realm alone.
func (s *Server) orderHere(ctx context.Context, c *call) (openapi.OrderAnswer, openapi.Code, error) {
	var none openapi.OrderAnswer
	orderID, lineID, ok := orderParams(c.r.URL.RawQuery)
	if !ok {
		return none, openapi.InvalidParameter, nil
	}
	site, err := s.Settings.Site(ctx)
	if err != nil {
		return none, openapi.SystemError, err
	}
	zone := site.Zone()
	if openapi.IsMock(orderID) {
		info, ok := openapi.MockOrder(orderID, s.DB.Now(), zone)
		return narrowed(info, ok, lineID)
	}
	o, err := order.Find(ctx, s.DB, order.Scope{SellerID: c.caller.SellerID}, orderID)
	if errs.Is(err, "order.not_found") {
		_, err = order.Find(ctx, s.DB, order.Everybody, orderID)
		switch {
		case err == nil:
			return none, openapi.IllegalOperation, nil
		case errs.Is(err, "order.not_found"):
			info, code, err := s.namedOrder(ctx, c, orderID, zone)
			if code != openapi.Success {
				return none, code, err
			}
			return narrowed(info, true, lineID)
		}
	}
	if err != nil {
		return none, openapi.SystemError, err
	}
	info, err := s.orderInfo(ctx, o, zone)
	if err != nil {
		return none, openapi.SystemError, err
	}
	return narrowed(info, true, lineID)
}

// orderParams reads the two parameters; each stands at most once and has at most 64 characters.
func orderParams(raw string) (orderID, lineID string, ok bool) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return "", "", false
	}
	for name, to := range map[string]*string{"orderId": &orderID, "orderLineId": &lineID} {
		values := query[name]
		if len(values) > 1 {
			return "", "", false
		}
		if len(values) == 1 {
			*to = values[0]
		}
		if utf8.RuneCountInString(*to) > openapi.MaxOrderID || !utf8.ValidString(*to) || strings.ContainsRune(*to, 0) {
			return "", "", false
		}
	}
	return orderID, lineID, orderID != ""
}

// narrowed restricts an order to the line asked for, if one is.
func narrowed(info openapi.OrderInfo, found bool, lineID string) (openapi.OrderAnswer, openapi.Code, error) {
	if !found {
		return openapi.OrderAnswer{}, openapi.InvalidParameter, nil
	}
	if lineID != "" {
		var lines []openapi.OrderLine
		for _, l := range info.OrderLine {
			if l.OrderLineID == lineID {
				lines = append(lines, l)
			}
		}
		if len(lines) == 0 {
			return openapi.OrderAnswer{}, openapi.InvalidParameter, nil
		}
		info.OrderLine = lines
	}
	return openapi.OrderAnswer{OrderInfo: &info}, openapi.Success, nil
}

var orderTypes = map[order.Kind]string{order.New: openapi.OrderNew, order.Trial: openapi.OrderTrial,
	order.Convert: openapi.OrderTrialToFormal, order.Renew: openapi.OrderRenew,
	order.Upgrade: openapi.OrderChange, order.RenewChange: openapi.OrderChange,
	order.Unsub: openapi.OrderUnsubscribe, order.UnsubRenewal: openapi.OrderUnsubscribe}

// orderInfo tells a seller of its order. What a buyer has to agree to first (需要用户授权) stays null.
func (s *Server) orderInfo(ctx context.Context, o order.Order, zone *time.Location) (openapi.OrderInfo, error) {
	out := openapi.OrderInfo{OrderID: o.ID, OrderType: orderTypes[o.Kind], CreateTime: openapi.FormatTime(o.CreatedAt, zone), ExtendParams: []openapi.ExtendParam{}}
	lines, err := order.Lines(ctx, s.DB, o.ID)
	if err != nil {
		return out, err
	}
	instances, err := s.Subscriptions.OfOrder(ctx, s.DB, o.ID)
	if err != nil {
		return out, err
	}
	for _, l := range lines {
		line := orderLine(o, l, instances, zone)
		if l.InstanceID != "" && o.Kind != order.Unsub && o.Kind != order.Upgrade { // a renewal begins where the old term ends, not with its payment
			if err := s.renewedUntil(ctx, o, l, zone, &line); err != nil {
				return out, err
			}
		}
		out.OrderLine = append(out.OrderLine, line)
	}
	buyer, err := s.Identity.Account(ctx, s.DB, o.AccountID)
	if err != nil {
		return out, err
	}
	out.BuyerInfo = &openapi.BuyerInfo{CustomerID: buyer.ID, CustomerName: clip(saas.Clean(buyer.Name), 64)}
	if buyer.RealNameState == "verified" {
		out.BuyerInfo.CustomerRealName = buyer.RealName
	}
	if buyer.Kind == identity.CompanyAccount {
		out.BuyerInfo.CustomerType = 1
	}
	return out, nil
}

// renewedUntil sets the expiry that refreshInstance tells of the same order, once it is paid; until then the present one.
func (s *Server) renewedUntil(ctx context.Context, o order.Order, l order.Line, zone *time.Location, line *openapi.OrderLine) error {
	if !l.EndsAt.IsZero() {
		return nil // it stands on the line
	}
	until, found, err := fulfillment.RenewedUntil(ctx, s.DB, o.ID, l.ID)
	if err == nil && !found {
		var in subscription.Instance
		in, err = s.Subscriptions.Find(ctx, s.DB, l.InstanceID, o.AccountID)
		until = in.ExpiresAt
	}
	if err == nil && !until.IsZero() {
		line.ExpireTime = openapi.FormatTime(until, zone)
	}
	return err
}

func orderLine(o order.Order, l order.Line, instances []subscription.Instance, zone *time.Location) openapi.OrderLine {
	name := strings.Join([]string{l.ProductName.In(i18n.ZH), l.SpecName.In(i18n.ZH), l.SkuCode, l.ChargingMode}, ",")
	out := openapi.OrderLine{
		OrderLineID: l.ID, ChargingMode: l.ChargingMode, PeriodType: l.PeriodType,
		ProductInfo:  []openapi.ProductInfo{{ProductID: l.PlanNumber, SkuCode: l.SkuCode, ProductName: saas.Clean(name)}},
		ExtendParams: []openapi.ExtendParam{},
		Currency:     decimal(l.ListAmount), CurrencyAfterDiscount: decimal(l.Amount),
	}
	if l.Chosen.Quantity != nil {
		n := int(l.Chosen.Quantity.Value)
		out.ProductInfo[0].LinearValue = &n
	}
	if o.Kind.Returns() { // both amounts say what goes back; the line keeps the list price of the purchase
		out.Currency = decimal(-l.ListAmount)
	}
	if l.ChargingMode == openapi.ChargePeriod {
		if n := l.PeriodNumber; n > 0 { // none of the days up to a unified expiry date
			out.PeriodNumber = &n
		}
		if !o.Kind.Returns() {
			out.ExpireTime = openapi.FormatTime(expiry(o, l, instances, zone), zone)
		}
	}
	return out
}

// expiry is when the term ends: as delivered, or before that as it would end if it began with the payment.
func expiry(o order.Order, l order.Line, instances []subscription.Instance, zone *time.Location) time.Time {
	if !l.EndsAt.IsZero() {
		return l.EndsAt // a paid renewal or conversion
	}
	for _, i := range instances {
		if i.OrderLineID == l.ID && !i.ExpiresAt.IsZero() {
			return i.ExpiresAt
		}
	}
	start := o.PaidAt
	if start.IsZero() {
		start = o.CreatedAt
	}
	return term.Expiry(start, term.Length{Type: l.PeriodType, Number: l.PeriodNumber}, zone)
}

// decimal writes an amount with at most two decimals and no needless zeros: "100", "99.5".
func decimal(a money.Amount) string {
	if a%100 == 0 {
		return strconv.FormatInt(int64(a/100), 10)
	}
	return strings.TrimSuffix(a.String(), "0")
}
