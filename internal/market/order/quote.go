package order

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/pricing"
)

// QuoteValid is how long a quoted price holds (trade.md §7.1).
const QuoteValid = 30 * time.Minute

// Terms are the site's figures that a price is made with.
type Terms struct {
	Currency string
	FeeRatio money.Price            // the platform's part
	TaxRates map[string]money.Price // by tax category
}

// Quote is a price for an account that holds until it expires or is used.
type Quote struct {
	ID        string       `db:"id"`
	AccountID string       `db:"account_id"`
	UserID    string       `db:"user_id"`
	Line      Line         `db:"line,json"`
	Amount    money.Amount `db:"amount"`
	Currency  string       `db:"currency"`
	CreatedAt time.Time    `db:"created_at"`
	ExpiresAt time.Time    `db:"expires_at"`
	OrderID   string       `db:"order_id"` // the order made from it
	Kind      Kind         `db:"kind"`
}

// Price computes the line for what is asked of a plan, by the rules of package pricing
// (trade.md §3). Periods and quantities that are left out (0) are the least ones. Faults
// are field errors: "periods", "quantity".
func Price(s catalog.Sale, a pricing.Ask, t Terms) (Line, error) {
	if a.Periods == 0 {
		a.Periods = s.MinPeriods
	}
	r, err := pricing.Compute(s.Item(), a)
	if err != nil {
		return Line{}, err
	}
	return Line{
		ProductID: s.ProductID, VersionID: s.VersionID, ProductName: s.ProductName,
		SpecID: s.SpecID, SpecName: s.SpecName, SkuCode: s.SkuCode, PlanID: s.PlanID, PlanNumber: s.PlanNumber,
		ChargingMode: string(s.ChargingMode), PeriodType: s.PeriodType, PeriodNumber: a.Periods,
		UnitPrice: r.PeriodPrice, ListAmount: r.Amount, Amount: r.Amount, Chosen: r.Chosen, Explanation: r.Components,
		TaxCategory: s.TaxCategory(), TaxRate: t.TaxRates[s.TaxCategory()], FeeRatio: t.FeeRatio,
		AddressID: s.AddressID, Path: s.Path, Generation: string(s.Generation), RefundPolicy: s.RefundPolicy,
	}, nil
}

// Tax is the part of a tax-inclusive amount that is tax, half up: amount × rate ÷ (1 + rate).
func Tax(amount money.Amount, rate money.Price) money.Amount {
	return money.HalfUp(amount.Price().Mul(rate).Div(money.PriceOf(1).Add(rate)))
}

// KeepQuote stores a quote for the account.
func KeepQuote(ctx context.Context, tx *db.Tx, accountID, userID string, kind Kind, line Line, t Terms) (Quote, error) {
	q := Quote{Kind: kind, ID: id.New("quo"), AccountID: accountID, UserID: userID, Line: line, Amount: line.Amount,
		Currency: t.Currency, CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(QuoteValid)}
	return q, db.Append(ctx, tx, "quotes", q)
}

const sqlQuote = `select id, account_id, user_id, line, amount, currency, created_at, expires_at, order_id, kind from quotes where id = $1 and account_id = $2`

// FindQuote reads an account's quote; "order.quote_not_found".
func FindQuote(ctx context.Context, q db.Querier, quoteID, accountID string) (Quote, error) {
	found, ok, err := db.Maybe[Quote](ctx, q, sqlQuote, quoteID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("order.quote_not_found")
	}
	return found, err
}

const sqlUseQuote = `update quotes set order_id = $1 where id = $2 and order_id = ''`

// useQuote ties the quote to the order; a second order from it is "order.quote_used".
func useQuote(ctx context.Context, tx *db.Tx, q Quote, orderID string) error {
	n, err := db.Exec(ctx, tx, sqlUseQuote, orderID, q.ID)
	if err == nil && n == 0 {
		err = errs.Conflictf("order.quote_used")
	}
	return err
}

const sqlPurgeQuotes = `delete from quotes where id in (select id from quotes where expires_at < $1 limit 500)`

// PurgeQuotes removes a batch of quotes that expired a day ago and tells whether more may be
// left; a periodic job calls it.
func PurgeQuotes(ctx context.Context, tx *db.Tx) (more bool, err error) {
	n, err := db.Exec(ctx, tx, sqlPurgeQuotes, tx.Now.Add(-24*time.Hour))
	return n == 500, err
}
