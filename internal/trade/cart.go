package trade

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/cart"
	"jishi/internal/market/catalog"
	"jishi/internal/market/discount"
)

// CartLine is a line of a cart with what it would cost now.
type CartLine struct {
	cart.Line
	Offer      Offer // without amounts when nothing can be priced
	SellerName i18n.Text
	Problem    error // why this line cannot be ordered now; nil when it can
}

// Key names the order that a line becomes part of: that of its product, or of itself where each
// line has its own.
func (l CartLine) Key() string {
	if l.Offer.Sale.Generation == catalog.V2 {
		return l.Offer.Sale.ProductID
	}
	return l.ID
}

// Cart is an account's cart as it stands now (trade.md §7.2): every price is made anew. Lines
// that cannot be bought stay and say why. Blocker is what stands against buying anything.
type Cart struct {
	Lines     []CartLine
	Blocker   error
	Discounts map[string]Discounts // by the key of the order that they fit
}

// ShowCart reads the cart of the buyer's account, with the best discount of each order.
func (t *Trade) ShowCart(ctx context.Context, q db.Querier, b Buyer) (Cart, error) {
	return t.ShowCartWith(ctx, q, b, nil)
}

// ShowCartWith is ShowCart with the discounts that the buyer picked, by the key of the order; one
// that does not fit any more gives way to the best.
func (t *Trade) ShowCartWith(ctx context.Context, q db.Querier, b Buyer, picks map[string]discount.Pick) (Cart, error) {
	out := Cart{Discounts: map[string]Discounts{}}
	if out.Blocker = mayBuy(ctx, q, b.AccountID); out.Blocker != nil && errs.KindOf(out.Blocker) != errs.Forbidden {
		return out, out.Blocker
	}
	lines, err := cart.Lines(ctx, q, b.AccountID)
	if err != nil {
		return out, err
	}
	names := map[string]i18n.Text{}
	for _, l := range lines {
		shown, err := t.cartLine(ctx, q, l)
		if err != nil {
			return out, err
		}
		sellerID := shown.Offer.Sale.SellerID
		if _, known := names[sellerID]; !known && sellerID != "" {
			if names[sellerID], err = db.One[i18n.Text](ctx, q, sqlSellerName, sellerID); err != nil {
				return out, err
			}
		}
		shown.SellerName = names[sellerID]
		out.Lines = append(out.Lines, shown)
	}
	for i := range out.Lines {
		key := out.Lines[i].Key()
		if _, done := out.Discounts[key]; done || out.Lines[i].Problem != nil {
			continue
		}
		var offers []*Offer
		for k := i; k < len(out.Lines); k++ {
			if out.Lines[k].Problem == nil && out.Lines[k].Key() == key {
				offers = append(offers, &out.Lines[k].Offer)
			}
		}
		want := wanted{scene: discount.ForNew, accountID: b.AccountID, pick: picks[key]}
		found, err := t.discounts(ctx, q, want, offers...)
		if err != nil && want.pick.ID != "" && errs.KindOf(err) != errs.Internal {
			want.pick.ID = ""
			found, err = t.discounts(ctx, q, want, offers...)
		}
		if err != nil {
			return out, err
		}
		out.Discounts[key] = found
	}
	return out, nil
}

const sqlSellerName = `select name from sellers where id = $1`

// cartLine prices a line and applies the checks of trade.md §6 that concern it.
func (t *Trade) cartLine(ctx context.Context, q db.Querier, l cart.Line) (CartLine, error) {
	out := CartLine{Line: l}
	out.Offer, out.Problem = t.listPrice(ctx, q, Wish{PlanID: l.PlanID, Periods: l.Periods, Quantity: l.Quantity})
	if out.Problem == nil {
		out.Problem = cartable(out.Offer)
	}
	if out.Problem == nil {
		out.Problem = withinLimits(ctx, q, out.Offer.Sale, l.AccountID, "", t.DB.Now())
	}
	if out.Problem != nil && errs.KindOf(out.Problem) == errs.Internal {
		return out, out.Problem
	}
	return out, nil
}

// cartable is nil for what a cart may hold and can be bought now.
func cartable(o Offer) error {
	if o.Sale.Trial {
		return errs.Conflictf("cart.trial")
	}
	return o.Blocker
}

// AddToCart puts a wish into the cart, or changes the line of its plan. What cannot be bought
// now is refused; the account's own standing is looked at when something is ordered.
// "catalog.plan_not_found", "cart.trial", "cart.full", "catalog.*" and field errors.
func (t *Trade) AddToCart(ctx context.Context, tx *db.Tx, b Buyer, w Wish) (CartLine, error) {
	o, err := t.listPrice(ctx, tx, w)
	if err != nil {
		return CartLine{}, err
	}
	if err := cartable(o); err != nil {
		return CartLine{}, err
	}
	l, err := cart.Put(ctx, tx, cart.Line{AccountID: b.AccountID, PlanID: w.PlanID, Periods: o.Line.PeriodNumber, Quantity: quantityOf(o), AddedBy: b.UserID})
	return CartLine{Line: l, Offer: o}, err
}

// ChangeCart sets length and quantity of a line. "cart.line_not_found" and field errors.
func (t *Trade) ChangeCart(ctx context.Context, tx *db.Tx, b Buyer, lineID string, periods int, quantity int64) (CartLine, error) {
	l, err := cart.Find(ctx, tx, b.AccountID, lineID)
	if err != nil {
		return CartLine{}, err
	}
	o, err := t.listPrice(ctx, tx, Wish{PlanID: l.PlanID, Periods: periods, Quantity: quantity})
	if err != nil {
		return CartLine{}, err
	}
	l.Periods, l.Quantity = o.Line.PeriodNumber, quantityOf(o)
	if err := cart.Change(ctx, tx, l); err != nil {
		return CartLine{}, err
	}
	return t.cartLine(ctx, tx, l)
}

func quantityOf(o Offer) int64 {
	if o.Line.Chosen.Quantity == nil {
		return 0
	}
	return o.Line.Chosen.Quantity.Value
}
