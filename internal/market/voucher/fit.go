package voucher

import (
	"slices"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
)

// Terms are what a campaign says about the use of its vouchers.
type Terms struct {
	Issuer      string       `db:"issuer" json:"issuer"` // a seller, or Platform
	SellerID    string       `db:"seller_id" json:"sellerId"`
	Kind        Kind         `db:"kind" json:"kind"`
	Name        string       `db:"name" json:"name"`
	Threshold   money.Amount `db:"threshold" json:"threshold"` // the least amount of what it fits; 0 asks for none
	Modes       []Mode       `db:"modes,json" json:"modes"`
	AllProducts bool         `db:"all_products" json:"allProducts"`
	NoPromotion bool         `db:"no_promotion" json:"noPromotion"` // 不可与促销折扣同享
	NoSpecial   bool         `db:"no_special" json:"noSpecial"`     // 不可用于特价套餐
	SellerShare money.Price  `db:"seller_share" json:"sellerShare"` // the part of the cost that the seller bears (trade.md §16.4)
	Currency    string       `db:"currency" json:"currency"`
}

// Scope is a product that a voucher is for, or one specification of it.
type Scope struct {
	CampaignID string `db:"campaign_id" json:"-"`
	ProductID  string `db:"product_id" json:"productId"`
	SpecID     string `db:"spec_id" json:"specId"` // "" is all of them
}

// Line is what a voucher looks at of an order line.
type Line struct {
	SellerID  string
	ProductID string
	SpecID    string
	Mode      Mode         // "" fits none: trials, pay-per-use
	Amount    money.Amount // after the line's discount (§9.2)
	Promoted  bool         // with a promotional discount
	Special   bool         // a special package: sold at a fixed price (特价套餐)
}

// Cover is what a voucher would pay of an order: Parts is one amount per line.
type Cover struct {
	Amount money.Amount
	Parts  []money.Amount
}

// Fit tells what a voucher with this balance pays of the lines of one order, or why nothing:
// "voucher.other_products", "voucher.other_mode", "voucher.promoted", "voucher.special",
// "voucher.threshold", "voucher.nothing_left" (Conflict). It covers the lines that it fits, up
// to their amount; the threshold asks for their sum.
func (t Terms) Fit(scope []Scope, lines []Line, balance money.Amount) (Cover, error) {
	fits := slices.Repeat([]bool{true}, len(lines))
	for _, rule := range []struct {
		code string
		ok   func(Line) bool
	}{
		{"voucher.other_products", func(l Line) bool { return t.covers(scope, l) }},
		{"voucher.other_mode", func(l Line) bool { return slices.Contains(t.Modes, l.Mode) }},
		{"voucher.promoted", func(l Line) bool { return !t.NoPromotion || !l.Promoted }},
		{"voucher.special", func(l Line) bool { return !t.NoSpecial || !l.Special }},
	} {
		left := false
		for i, l := range lines {
			fits[i] = fits[i] && rule.ok(l)
			left = left || fits[i]
		}
		if !left {
			return Cover{}, errs.Conflictf(rule.code)
		}
	}
	var sum money.Amount
	amounts := make([]money.Amount, len(lines))
	for i, l := range lines {
		if fits[i] {
			amounts[i] = l.Amount
			sum += l.Amount
		}
	}
	if sum < t.Threshold {
		return Cover{}, errs.Conflictf("voucher.threshold", "threshold", t.Threshold.String(), "amount", sum.String())
	}
	amount := min(balance, sum)
	if amount <= 0 {
		return Cover{}, errs.Conflictf("voucher.nothing_left")
	}
	return Cover{Amount: amount, Parts: Split(amount, amounts)}, nil
}

func (t Terms) covers(scope []Scope, l Line) bool {
	if t.Issuer != Platform && t.SellerID != l.SellerID {
		return false
	}
	return t.AllProducts || slices.ContainsFunc(scope, func(s Scope) bool {
		return s.ProductID == l.ProductID && (s.SpecID == "" || s.SpecID == l.SpecID)
	})
}

// Split divides an amount over lines in proportion to theirs, cut to cents, the remainder to
// the first line (trade.md §9.3, E-12); what does not fit into it goes to the next ones. total
// is at most the sum of amounts.
func Split(total money.Amount, amounts []money.Amount) []money.Amount {
	parts := money.SplitByWeight(total, amounts, money.ToFirst)
	var over money.Amount
	for i := range parts {
		parts[i] += over
		over = max(parts[i]-amounts[i], 0)
		parts[i] -= over
	}
	return parts
}
