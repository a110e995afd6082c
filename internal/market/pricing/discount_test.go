package pricing_test

import (
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/base/errs"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// E-10, its first step: list 1,200.00, discount 90 % → 1,080.00.
func TestE10Discount(t *testing.T) {
	d := pricing.Discount{Form: pricing.Ratio, Value: price("0.9")}
	if got := d.Apply(price("1200"), price("1200"), 1); got.String() != "1080.00" {
		t.Error(got)
	}
}

// E-22, its last step: the discount is applied to the exact difference, and cut once.
func TestE22DiscountOfAChange(t *testing.T) {
	d := pricing.Discount{Form: pricing.Ratio, Value: price("0.9")}
	if got := d.ApplyToChange(price("296.0349462366"), price("150")); got.String() != "266.43" {
		t.Error(got)
	}
}

func TestDiscountForms(t *testing.T) {
	for name, x := range map[string]struct {
		form        pricing.Form
		value       string
		per         int
		exact, unit string
		periods     int
		want        string
	}{
		"ratio is cut once":             {pricing.Ratio, "0.85", 0, "99.999", "33.333", 3, "84.99"},
		"ratio 1 changes nothing":       {pricing.Ratio, "1", 0, "99.99", "99.99", 1, "99.99"},
		"fixed per period":              {pricing.Fixed, "30", 1, "99.999", "33.333", 3, "90.00"},
		"fixed for three periods":       {pricing.Fixed, "100", 3, "200", "100", 2, "66.66"},
		"fixed for the whole":           {pricing.Fixed, "77.77", 0, "300", "100", 3, "77.77"},
		"fixed with days beside":        {pricing.Fixed, "50", 1, "439.677", "300", 1, "73.27"},
		"fixed above the list":          {pricing.Fixed, "200", 1, "100", "100", 1, "100.00"},
		"reduction":                     {pricing.Reduction, "10.50", 0, "100", "100", 1, "89.50"},
		"reduction never below nothing": {pricing.Reduction, "500", 0, "100", "100", 1, "0.00"},
		"an unknown form does nothing":  {"", "5", 0, "100", "100", 1, "100.00"},
	} {
		d := pricing.Discount{Form: x.form, Value: price(x.value), Per: x.per}
		if got := d.Apply(price(x.exact), price(x.unit), x.periods); got.String() != x.want {
			t.Errorf("%s: %s, want %s", name, got, x.want)
		}
	}
}

// §10.1: fixed price → (new − old) × (fixed price of the new configuration ÷ its list price).
func TestDiscountFormsOfAChange(t *testing.T) {
	for _, x := range []struct {
		form                          pricing.Form
		value, difference, unit, want string
	}{
		{pricing.Fixed, "120", "296.03494624", "150", "236.82"},
		{pricing.Reduction, "96.03", "296.03494624", "150", "200.00"},
		{pricing.Reduction, "1000", "296.03494624", "150", "0.00"},
		{pricing.Ratio, "0.5", "-10", "150", "0.00"},
		{pricing.Fixed, "120", "296.03494624", "0", "296.03"},
	} {
		d := pricing.Discount{Form: x.form, Value: price(x.value), Per: 1}
		if got := d.ApplyToChange(price(x.difference), price(x.unit)); got.String() != x.want {
			t.Errorf("%s %s of %s: %s, want %s", x.form, x.value, x.difference, got, x.want)
		}
	}
}

func TestNoDiscountMakesALineDearerOrNegative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := money.Amount(rapid.Int64Range(0, 1e10).Draw(t, "exact"))
		d := pricing.Discount{Form: rapid.SampledFrom([]pricing.Form{pricing.Ratio, pricing.Fixed, pricing.Reduction}).Draw(t, "form"),
			Value: money.Amount(rapid.Int64Range(0, 1e9).Draw(t, "value")).Price(), Per: rapid.IntRange(0, 12).Draw(t, "per")}
		unit := money.Amount(rapid.Int64Range(0, 1e9).Draw(t, "unit")).Price()
		for _, got := range []money.Amount{d.Apply(cents.Price(), unit, rapid.IntRange(1, 12).Draw(t, "periods")), d.ApplyToChange(cents.Price(), unit)} {
			if got < 0 || got > cents {
				t.Fatalf("%s became %s by %+v", cents, got, d)
			}
		}
	})
}

func TestValuesOfADiscountAreChecked(t *testing.T) {
	for _, x := range []struct{ form, value, field string }{
		{"ratio", "0", "x.value"}, {"ratio", "1.01", "x.value"}, {"ratio", "0.12345", "x.value"}, {"ratio", "-1", "x.value"},
		{"fixed", "-1", "x.value"}, {"fixed", "1.001", "x.value"}, {"reduction", "0", "x.value"}, {"reduction", "900000000", "x.value"}, {"half", "1", "x.form"},
	} {
		var k errs.Check
		pricing.Discount{Form: pricing.Form(x.form), Value: price(x.value)}.Check(&k, "x")
		e, _ := errs.As(k.Err())
		if e == nil || e.Fields[0].Path != x.field {
			t.Errorf("%+v: %v", x, e)
		}
	}
}
