// Package money counts in integers of 0.01 and names every rounding.
//
// An Amount is what is charged, paid or posted. A Price is an exact decimal, as unit
// prices and rates are. Going from Price to Amount always says how: Cut (buyer charges,
// the tail is wiped, 抹零), or HalfUp (earnings and tax). Splits say where the spare
// cents go. Formulas: trade.md §1 and §9.3.
package money

import (
	"database/sql/driver"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"jishi/internal/base/errs"
)

// Amount is a sum in 0.01 of the site's currency. In JSON it is a text with two
// decimals, never a number.
type Amount int64

// String is the plain decimal form, "-12.30".
func (a Amount) String() string {
	n, sign := int64(a), ""
	u := uint64(n)
	if n < 0 {
		sign, u = "-", uint64(-(n+1))+1
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

// MarshalText and UnmarshalText are the JSON and form encoding.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText accepts what Parse accepts.
func (a *Amount) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err == nil {
		*a = v
	}
	return err
}

// Parse reads "12", "12.3" or "-12.30". More than two decimals, another notation or an
// amount beyond ±10¹⁵ is the error "money.invalid" (Invalid): nothing is rounded silently.
func Parse(s string) (Amount, error) {
	bad := errs.Invalidf("money.invalid", "value", s)
	t := strings.TrimPrefix(s, "-")
	whole, frac, hasDot := strings.Cut(t, ".")
	if whole == "" || len(whole) > 13 || hasDot && (frac == "" || len(frac) > 2) || !digits(whole) || !digits(frac) {
		return 0, bad
	}
	for len(frac) < 2 {
		frac += "0"
	}
	n, err := strconv.ParseInt(whole+frac, 10, 64)
	if err != nil {
		return 0, bad.Wrap(err)
	}
	if strings.HasPrefix(s, "-") {
		n = -n
	}
	return Amount(n), nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// Price is the amount as an exact decimal.
func (a Amount) Price() Price { return Price{decimal.New(int64(a), -2)} }

// Price is an exact decimal: a unit price, a ratio, an intermediate result. The zero
// value is 0. In JSON and in the database it is text.
type Price struct{ d decimal.Decimal }

// PriceDecimals is the greatest precision of a unit price.
const PriceDecimals = 10

// intermediate is how many decimals an intermediate result keeps (trade.md §1).
const intermediate = 12

// ParsePrice reads a plain decimal with at most PriceDecimals decimals; anything else
// is "money.invalid" (Invalid).
func ParsePrice(s string) (Price, error) { return parsePrice(s, PriceDecimals) }

func parsePrice(s string, decimals int) (Price, error) {
	bad := errs.Invalidf("money.invalid", "value", s)
	t := strings.TrimPrefix(s, "-")
	whole, frac, hasDot := strings.Cut(t, ".")
	if whole == "" || len(whole) > 13 || hasDot && (frac == "" || len(frac) > decimals) || !digits(whole) || !digits(frac) {
		return Price{}, bad
	}
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Price{}, bad.Wrap(err)
	}
	return Price{d}, nil
}

// PriceOf is the whole number n.
func PriceOf(n int64) Price { return Price{decimal.NewFromInt(n)} }

// String has no exponent and no needless zeros.
func (p Price) String() string { return p.d.String() }

// MarshalText implements encoding.TextMarshaler.
func (p Price) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// storedDecimals is the greatest precision of a stored intermediate result: a unit price times
// what is left of a term.
const storedDecimals = 40

// UnmarshalText reads what MarshalText has written, an intermediate result too. What people
// enter is read by ParsePrice.
func (p *Price) UnmarshalText(b []byte) error {
	v, err := parsePrice(string(b), storedDecimals)
	if err == nil {
		*p = v
	}
	return err
}

// Value implements driver.Valuer.
func (p Price) Value() (driver.Value, error) { return p.d.String(), nil }

// Scan implements sql.Scanner.
func (p *Price) Scan(v any) error {
	switch s := v.(type) {
	case string:
		return p.UnmarshalText([]byte(s))
	case []byte:
		return p.UnmarshalText(s)
	}
	return fmt.Errorf("money: cannot read a price from %T", v)
}

// PriceOfRatio is a/b with 12 decimals, rounded half up once: the last step of a sum of
// fractions that was made exactly. b is not zero.
func PriceOfRatio(a, b *big.Int) Price {
	return Price{decimal.NewFromBigInt(a, 0).DivRound(decimal.NewFromBigInt(b, 0), intermediate)}
}

// Add, Sub and Mul are exact.
func (p Price) Add(q Price) Price { return Price{p.d.Add(q.d)} }

// Sub is exact.
func (p Price) Sub(q Price) Price { return Price{p.d.Sub(q.d)} }

// Mul is exact.
func (p Price) Mul(q Price) Price { return Price{p.d.Mul(q.d)} }

// Times multiplies by a whole number.
func (p Price) Times(n int64) Price { return Price{p.d.Mul(decimal.NewFromInt(n))} }

// Div keeps 12 decimals, rounded half up. Dividing by zero panics: the caller knows
// that its divisor is not zero.
func (p Price) Div(q Price) Price { return Price{p.d.DivRound(q.d, intermediate)} }

// Short is the price with PriceDecimals decimals, rounded half up: an intermediate result as it
// is kept and shown beside a formula. Charges are made from the whole one.
func (p Price) Short() Price { return Price{p.d.Round(PriceDecimals)} }

// Cmp compares as -1, 0, 1.
func (p Price) Cmp(q Price) int { return p.d.Cmp(q.d) }

// Sign is -1, 0 or 1.
func (p Price) Sign() int { return p.d.Sign() }

// Fits tells whether p has at most so many decimals.
func (p Price) Fits(decimals int32) bool { return p.d.Equal(p.d.Truncate(decimals)) }

// Cut drops what is below 0.01: a buyer is never charged a started cent.
func Cut(p Price) Amount { return Amount(p.d.Shift(2).Truncate(0).IntPart()) }

// HalfUp rounds to 0.01, half away from zero: earnings and tax, once per printed total.
func HalfUp(p Price) Amount { return Amount(p.d.Shift(2).Round(0).IntPart()) }
