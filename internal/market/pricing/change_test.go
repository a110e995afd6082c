package pricing_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
	"jishi/internal/market/term"
)

var shanghai = time.FixedZone("CST", 8*3600)

func instant(s string) time.Time {
	t, err := time.ParseInLocation(time.DateTime, s, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

// part is a discount that is a ratio.
type part struct{ ratio money.Price }

func (p part) ApplyToChange(difference, _ money.Price) money.Amount {
	return money.Cut(difference.Mul(p.ratio))
}

func held(price_, per string, left money.Price) []pricing.Component {
	return []pricing.Component{pricing.Held(pricing.Stretch{Price: price(price_), Per: per, Left: left})}
}

func item(price string) pricing.Item {
	return pricing.Item{Plan: pricing.Plan{Parts: []pricing.Part{base(price)}}, MinPeriods: 1, MaxPeriods: 9}
}

func change(t *testing.T, c pricing.ChangeCase) pricing.ChangeResult {
	t.Helper()
	r, err := pricing.ComputeChange(c)
	if err != nil {
		t.Fatal(err)
	}
	changeAddsUp(t, r)
	return r
}

// changeAddsUp proves that the explanation is the list amount.
func changeAddsUp(t interface{ Fatalf(string, ...any) }, r pricing.ChangeResult) {
	var sum money.Price
	for _, c := range r.Components {
		sum = sum.Add(c.Amount)
	}
	if sum.Cmp(r.List.Price()) != 0 {
		t.Fatalf("the components add up to %s, the amount is %s", sum, r.List)
	}
}

// E-20: 200 → 400 a month, 12 days of April and 8 of May left.
func TestE20ChangeOfSpecification(t *testing.T) {
	left := term.Remaining(instant("2025-04-19 00:00:00"), instant("2025-05-08 23:59:59"), shanghai)
	r := change(t, pricing.ChangeCase{Bought: held("200", "month", left), Item: item("400"), Per: "month", Left: left})
	if r.List.String() != "131.61" || r.Amount != r.List {
		t.Error(r.List, r.Amount)
	}
}

// E-21: nothing was paid before; changed at 13:40, counted from 14:00.
func TestE21ChangeOfSpecification(t *testing.T) {
	from := term.ChangeStart(instant("2026-05-25 13:40:00"), instant("2026-01-02 08:00:00"), shanghai)
	left := term.Remaining(from, instant("2026-06-30 23:59:59"), shanghai)
	r := change(t, pricing.ChangeCase{Bought: held("0", "month", left), Item: item("39"), Per: "month", Left: left})
	if r.List.String() != "47.07" || r.Difference.String()[:11] != "47.07258064" {
		t.Error(r.List, r.Difference)
	}
}

// E-22: a yearly price against a monthly one; the discount is on the exact difference.
func TestE22ChangeOfSpecification(t *testing.T) {
	from := term.ChangeStart(instant("2025-07-04 10:20:00"), instant("2025-01-01 09:00:00"), shanghai)
	left := term.Remaining(from, instant("2026-01-01 23:59:59"), shanghai)
	c := pricing.ChangeCase{Bought: held("1200", "year", left), Item: item("150"), Per: "month", Left: left}
	r := change(t, c)
	if r.List.String() != "296.03" || r.Difference.String()[:12] != "296.03494623" && r.Difference.String()[:12] != "296.03494624" {
		t.Error(r.List, r.Difference)
	}
	c.Discount = part{price("0.9")}
	if r = change(t, c); r.List.String() != "296.03" || r.Amount.String() != "266.43" {
		t.Error(r.List, r.Amount)
	}
}

// E-23: prices of a day, 0.10 up to 100 units and 0.08 above; 200 days are left.
func TestE23Expansion(t *testing.T) {
	days := price("200")
	stepped := []pricing.Tier{{UpTo: 100, Price: price("0.10")}, {Price: price("0.08")}}
	linear := []pricing.Tier{{Price: price("0.10")}}
	for _, x := range []struct {
		name  string
		mode  pricing.Mode
		tiers []pricing.Tier
		whole bool
		to    int64
		fee   string
	}{
		{"linear", pricing.Linear, linear, false, 150, "1000.00"},
		{"step", pricing.Volume, stepped, true, 150, "400.00"},
		{"tier", pricing.Volume, stepped, false, 150, "800.00"},
		{"step is negative", pricing.Volume, stepped, true, 110, ""},
		{"tier, ten more", pricing.Volume, stepped, false, 110, "160.00"},
		{"graduated", pricing.Graduated, stepped, false, 150, "800.00"},
	} {
		t.Run(x.name, func(t *testing.T) {
			it := pricing.Item{Template: pricing.Template{Quantity: users(1, 1000, 1)}, Plan: pricing.Plan{Rate: rate(x.mode, x.tiers...)}, MinPeriods: 1, MaxPeriods: 31}
			c := pricing.ChangeCase{Bought: held("10", "day", days), Item: it, Per: "day", Left: days, SameSKU: true, Before: 100, After: x.to, WholeTotal: x.whole}
			r, err := pricing.ComputeChange(c)
			if x.fee == "" {
				if e, ok := errs.As(err); !ok || e.Kind != errs.Invalid || e.Fields[0].Path != "quantity" || e.Fields[0].Code != "pricing.larger_step" {
					t.Error(err)
				}
				return
			}
			if err != nil || r.List.String() != x.fee {
				t.Error(r.List, err)
			}
			changeAddsUp(t, r)
		})
	}
}

// A dearer combination at the same quantity, then the increment at the price of the new total.
func TestAnotherCombinationWithMoreUnits(t *testing.T) {
	it := pricing.Item{Template: pricing.Template{Quantity: users(1, 1000, 1)}, MinPeriods: 1, MaxPeriods: 9, Plan: pricing.Plan{
		Parts: []pricing.Part{base("500")}, Rate: rate(pricing.Volume, pricing.Tier{UpTo: 100, Price: price("10")}, pricing.Tier{Price: price("8")})}}
	left := price("0.5")
	r := change(t, pricing.ChangeCase{Bought: held("1300", "month", left), Item: it, Per: "month", Left: left, Before: 100, After: 150})
	if r.List.String() != "300.00" { // (1500 − 1300) × 0.5 + 50 × 8 × 0.5
		t.Error(r.List)
	}
	if r.PeriodPrice.String() != "1700" || r.Chosen.Linear(pricing.FieldAmount) != 150 {
		t.Error(r.PeriodPrice, r.Chosen)
	}
}

func TestWhatCannotBeChanged(t *testing.T) {
	it := pricing.Item{Template: pricing.Template{Quantity: users(10, 100, 10)}, Plan: pricing.Plan{Rate: rate(pricing.Linear, pricing.Tier{Price: price("1")})}, MinPeriods: 1, MaxPeriods: 9}
	left := price("1")
	for _, x := range []struct {
		item       pricing.Item
		after      int64
		path, code string
	}{
		{it, 20, "target", "pricing.nothing_changes"},
		{it, 0, "target", "pricing.nothing_changes"},
		{it, 10, "quantity", "pricing.only_more"},
		{it, 25, "quantity", "pricing.step"},
		{it, -10, "quantity", "range"},
		{it, 110, "quantity", "range"},
		{it, 1 << 60, "quantity", "range"},
		{item("5"), 3, "quantity", "pricing.no_quantity"},
	} {
		before := int64(20)
		if x.item.Template.Quantity == nil {
			before = 0
		}
		_, err := pricing.ComputeChange(pricing.ChangeCase{Bought: held("20", "month", left), Item: x.item, Per: "month", Left: left, SameSKU: true, Before: before, After: x.after})
		if e, ok := errs.As(err); !ok || e.Fields[0].Path != x.path || e.Fields[0].Code != x.code {
			t.Errorf("%d: %v", x.after, err)
		}
	}
	// A cheaper combination costs nothing, and gives nothing back.
	r := change(t, pricing.ChangeCase{Bought: held("20", "month", left), Item: item("5"), Per: "month", Left: left})
	if r.List != 0 || r.Difference.Sign() != 0 {
		t.Error(r)
	}
}

// The later, the cheaper; never more than the full new price; never below 0.
func TestAChangeNeverCostsMoreThanTheFullPrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := func(label string) money.Price {
			return money.Amount(rapid.Int64Range(0, 10_000_00).Draw(t, label)).Price()
		}
		old, now := cents("old"), cents("new")
		expiry := instant("2027-01-31 23:59:59")
		first := rapid.Int64Range(0, 700*24).Draw(t, "hours before")
		later := rapid.Int64Range(0, first).Draw(t, "later")
		fee := func(hours int64) money.Amount {
			left := term.Remaining(expiry.Add(time.Second-time.Duration(hours)*time.Hour), expiry, shanghai)
			r, err := pricing.ComputeChange(pricing.ChangeCase{Bought: []pricing.Component{pricing.Held(pricing.Stretch{Price: old, Per: "month", Left: left})},
				Item: pricing.Item{Plan: pricing.Plan{Parts: []pricing.Part{{Kind: pricing.KindBase, Price: now}}}}, Per: "month", Left: left})
			if err != nil {
				t.Fatal(err)
			}
			changeAddsUp(t, r)
			if full := now.Mul(left); r.Difference.Cmp(full) > 0 || r.Difference.Sign() < 0 || r.List.Price().Cmp(r.Difference) > 0 {
				t.Fatalf("%s of %s", r.Difference, full)
			}
			return r.List
		}
		if a, b := fee(first), fee(later); b > a {
			t.Fatalf("with %d hours left %s, with %d only %s", later, b, first, a)
		}
	})
}
