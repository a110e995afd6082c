package pricing_test

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

func price(s string) money.Price {
	p, err := money.ParsePrice(s)
	if err != nil {
		panic(err)
	}
	return p
}

func rate(m pricing.Mode, tiers ...pricing.Tier) *pricing.Rate {
	return &pricing.Rate{Mode: m, Tiers: tiers}
}

func users(min, max, step int64) *pricing.Quantity {
	return &pricing.Quantity{Code: "users", Name: i18n.Text{ZH: "用户数", EN: "Users"}, Unit: i18n.Text{ZH: "人", EN: "users"},
		Field: pricing.FieldAmount, Min: min, Max: max, Step: step}
}

func base(s string) pricing.Part { return pricing.Part{Kind: pricing.KindBase, Price: price(s)} }

func compute(t *testing.T, it pricing.Item, a pricing.Ask) pricing.Result {
	t.Helper()
	r, err := pricing.Compute(it, a)
	if err != nil {
		t.Fatal(err)
	}
	addsUp(t, r)
	return r
}

// addsUp proves that the explanation is the amount.
func addsUp(t interface{ Fatalf(string, ...any) }, r pricing.Result) {
	var sum money.Price
	for _, c := range r.Components {
		if c.Price.Times(c.Quantity).Times(int64(c.Periods)).Cmp(c.Amount) != 0 {
			t.Fatalf("%s × %d × %d is not %s", c.Price, c.Quantity, c.Periods, c.Amount)
		}
		sum = sum.Add(c.Amount)
	}
	if sum.Cmp(r.Amount.Price()) != 0 {
		t.Fatalf("components add up to %s, the amount is %s", sum, r.Amount)
	}
}

// E-2: intervals 0–3 at 0.30, above 3 at 0.20.
func TestE2(t *testing.T) {
	tiers := []pricing.Tier{{UpTo: 3, Price: price("0.30")}, {Price: price("0.20")}}
	for _, c := range []struct {
		q                 int64
		graduated, volume string
	}{{2, "0.60", "0.60"}, {3, "0.90", "0.90"}, {4, "1.10", "0.80"}, {8, "1.90", "1.60"}} {
		for mode, want := range map[pricing.Mode]string{pricing.Graduated: c.graduated, pricing.Volume: c.volume} {
			it := pricing.Item{Template: pricing.Template{Quantity: users(1, 100, 1)}, MinPeriods: 1, MaxPeriods: 1, Plan: pricing.Plan{Rate: rate(mode, tiers...)}}
			if r := compute(t, it, pricing.Ask{Periods: 1, Quantity: c.q}); r.Amount.String() != want {
				t.Errorf("%d by %s is %s, want %s", c.q, mode, r.Amount, want)
			}
		}
	}
	if drops := rate(pricing.Volume, tiers...).Drops(*users(1, 100, 1)); len(drops) != 1 || drops[0].Quantity != 3 || drops[0].Next != 4 {
		t.Errorf("q=4 costs less than q=3: %+v", drops)
	}
	if drops := rate(pricing.Graduated, tiers...).Drops(*users(1, 100, 1)); drops != nil {
		t.Errorf("GRADUATED never falls: %+v", drops)
	}
}

// E-3: LINEAR, 30 users × 12.50 per user and month × 12 months.
func TestE3(t *testing.T) {
	it := pricing.Item{Template: pricing.Template{Quantity: users(1, 500, 1)}, MinPeriods: 1, MaxPeriods: 12,
		Plan: pricing.Plan{Rate: rate(pricing.Linear, pricing.Tier{Price: price("12.50")})}}
	r := compute(t, it, pricing.Ask{Periods: 12, Quantity: 30})
	if r.Amount.String() != "4500.00" || r.PeriodPrice.String() != "375" || len(r.Components) != 1 || r.Components[0].Kind != pricing.KindUnits {
		t.Errorf("%+v", r)
	}
}

var e4 = pricing.Item{
	Template: pricing.Template{
		Attributes: []pricing.Attribute{
			{Code: "edition", Name: i18n.Text{EN: "Edition"}, Values: []pricing.Value{{Code: "basic", Name: i18n.Text{EN: "Basic"}}, {Code: "pro", Name: i18n.Text{EN: "Pro"}}}},
			{Code: "storage", Name: i18n.Text{EN: "Storage"}, Values: []pricing.Value{{Code: "100", Name: i18n.Text{EN: "100 GB"}}, {Code: "200", Name: i18n.Text{EN: "200 GB"}}}},
		},
		Quantity: users(1, 1000, 1),
	},
	Combination: pricing.Combination{{Attribute: "edition", Value: "pro"}, {Attribute: "storage", Value: "200"}},
	MinPeriods:  1, MaxPeriods: 9,
	Plan: pricing.Plan{
		Parts: []pricing.Part{base("400"), {Kind: pricing.KindSurcharge, Attribute: "edition", Value: "pro", Price: price("150")},
			{Kind: pricing.KindSurcharge, Attribute: "storage", Value: "200", Price: price("50")}},
		Rate: rate(pricing.Graduated, pricing.Tier{UpTo: 50, Price: price("20")}, pricing.Tier{UpTo: 100, Price: price("18")}, pricing.Tier{Price: price("15")}),
	},
}

// E-4: base 600.00, 60 users GRADUATED 1,180.00 (VOLUME 1,080.00), three months 5,340.00.
func TestE4(t *testing.T) {
	if got := e4.Plan.Base().String(); got != "600" {
		t.Fatal(got)
	}
	if got := e4.Plan.Rate.Price(60).String(); got != "1180" {
		t.Error(got)
	}
	volume := *e4.Plan.Rate
	volume.Mode = pricing.Volume
	if got := volume.Price(60).String(); got != "1080" {
		t.Error(got)
	}
	r := compute(t, e4, pricing.Ask{Periods: 3, Quantity: 60})
	if r.Amount.String() != "5340.00" || r.PeriodPrice.String() != "1780" {
		t.Errorf("%s %s", r.Amount, r.PeriodPrice)
	}
	want := []struct {
		kind     pricing.Kind
		from, to int64
		q        int64
		amount   string
	}{{pricing.KindBase, 0, 0, 1, "1200"}, {pricing.KindSurcharge, 0, 0, 1, "450"}, {pricing.KindSurcharge, 0, 0, 1, "150"},
		{pricing.KindTier, 0, 50, 50, "3000"}, {pricing.KindTier, 50, 100, 10, "540"}}
	if len(r.Components) != len(want) {
		t.Fatalf("%+v", r.Components)
	}
	for i, w := range want {
		if c := r.Components[i]; c.Kind != w.kind || c.From != w.from || c.To != w.to || c.Quantity != w.q || c.Amount.String() != w.amount {
			t.Errorf("component %d: %+v", i, c)
		}
	}
	if c := r.Chosen; len(c.Values) != 2 || c.Values[0].ValueName.EN != "Pro" || c.Linear("amount") != 60 || c.Linear("diskSize") != 0 {
		t.Errorf("%+v", c)
	}
}

// The one rounding of a charge: the whole line is cut, and the tail stands in the
// explanation. 512.12456789 → 512.12 (§1). Cutting each month would give 1536.36.
func TestALineIsCutOnceAtTheEnd(t *testing.T) {
	it := pricing.Item{MinPeriods: 1, MaxPeriods: 3, Plan: pricing.Plan{Parts: []pricing.Part{base("512.12456789")}}}
	r := compute(t, it, pricing.Ask{Periods: 1})
	if last := r.Components[len(r.Components)-1]; r.Amount.String() != "512.12" || last.Kind != pricing.KindCut || last.Amount.String() != "-0.00456789" {
		t.Errorf("%+v", r)
	}
	if r := compute(t, it, pricing.Ask{Periods: 3}); r.Amount.String() != "1536.37" {
		t.Error(r.Amount)
	}
}

func TestFaultsNameTheirField(t *testing.T) {
	stepped := e4
	stepped.Template.Quantity = users(5, 100, 5)
	simple := pricing.Item{MinPeriods: 1, MaxPeriods: 9, Plan: pricing.Plan{Parts: []pricing.Part{base("1")}}}
	huge := pricing.Item{Template: pricing.Template{Quantity: users(1, pricing.MaxQuantity, 1)}, MinPeriods: 1, MaxPeriods: 99,
		Plan: pricing.Plan{Rate: rate(pricing.Linear, pricing.Tier{Price: pricing.UnitCap})}}
	for _, c := range []struct {
		it          pricing.Item
		ask         pricing.Ask
		field, code string
	}{
		{e4, pricing.Ask{Periods: 0}, "periods", "range"},
		{e4, pricing.Ask{Periods: 10}, "periods", "range"},
		{e4, pricing.Ask{Periods: -1}, "periods", "range"},
		{e4, pricing.Ask{Periods: 1, Quantity: 1001}, "quantity", "range"},
		{e4, pricing.Ask{Periods: 1, Quantity: -1}, "quantity", "range"},
		{e4, pricing.Ask{Periods: 1, Quantity: 1 << 62}, "quantity", "range"},
		{stepped, pricing.Ask{Periods: 1, Quantity: 4}, "quantity", "range"},
		{stepped, pricing.Ask{Periods: 1, Quantity: 12}, "quantity", "pricing.step"},
		{simple, pricing.Ask{Periods: 1, Quantity: 2}, "quantity", "pricing.no_quantity"},
		{huge, pricing.Ask{Periods: 99, Quantity: pricing.MaxQuantity}, "amount", "pricing.price_range"},
	} {
		_, err := pricing.Compute(c.it, c.ask)
		e, ok := errs.As(err)
		if !ok || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Path != c.field || e.Fields[0].Code != c.code {
			t.Errorf("%+v: %v", c.ask, err)
		}
	}
	if r := compute(t, stepped, pricing.Ask{Periods: 1}); r.Chosen.Quantity.Value != 5 {
		t.Error("a quantity that is left out is the least one")
	}
}

func anyRate(t *rapid.T) pricing.Rate {
	r := pricing.Rate{Mode: rapid.SampledFrom([]pricing.Mode{pricing.Linear, pricing.Graduated, pricing.Volume}).Draw(t, "mode")}
	n := 1
	if r.Mode != pricing.Linear {
		n = rapid.IntRange(1, 6).Draw(t, "tiers")
	}
	upper := int64(0)
	for i := range n {
		p := money.Amount(rapid.Int64Range(0, 1e6).Draw(t, "price")).Price().Div(money.PriceOf(rapid.SampledFrom([]int64{1, 3, 1000}).Draw(t, "fraction")))
		upper += rapid.Int64Range(1, 60).Draw(t, "width")
		tier := pricing.Tier{UpTo: upper, Price: p}
		if i == n-1 {
			tier.UpTo = 0
		}
		r.Tiers = append(r.Tiers, tier)
	}
	return r
}

// Written another way: each unit by itself.
func slow(r pricing.Rate, q int64) money.Price {
	at := func(n int64) money.Price {
		for _, t := range r.Tiers {
			if t.UpTo == 0 || n <= t.UpTo {
				return t.Price
			}
		}
		panic("the last tier has no upper bound")
	}
	if r.Mode == pricing.Volume {
		return at(q).Times(q)
	}
	var sum money.Price
	for n := int64(1); n <= q; n++ {
		sum = sum.Add(at(n))
	}
	return sum
}

func TestRates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRate(t)
		var k errs.Check
		if r.Check(&k, "rate"); k.Err() != nil {
			t.Fatal(k.Err())
		}
		q := rapid.Int64Range(1, 300).Draw(t, "quantity")
		got := r.Price(q)
		if want := slow(r, q); got.Cmp(want) != 0 {
			t.Fatalf("%d by %s: %s, want %s", q, r.Mode, got, want)
		}
		// More never costs less, except across the intervals of VOLUME, of which Drops tells.
		if r.Price(q+1).Cmp(got) < 0 {
			found := false
			for _, d := range r.Drops(*users(1, 1000, 1)) {
				found = found || d.Quantity == q && d.Next == q+1
			}
			if r.Mode != pricing.Volume || !found {
				t.Fatalf("%d units cost %s, one more %s", q, got, r.Price(q+1))
			}
		}
	})
}

func TestComponentsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRate(t)
		it := e4
		it.Plan.Rate = &r
		it.Plan.Parts = []pricing.Part{base("0.0000000001"), {Kind: pricing.KindSurcharge, Attribute: "edition", Value: "pro",
			Price: money.Amount(rapid.Int64Range(0, 1e8).Draw(t, "surcharge")).Price()}}
		q := rapid.Int64Range(1, 1000).Draw(t, "quantity")
		n := rapid.IntRange(1, 9).Draw(t, "periods")
		got, err := pricing.Compute(it, pricing.Ask{Periods: n, Quantity: q})
		if err != nil {
			t.Fatal(err)
		}
		addsUp(t, got)
		// Longer never costs less, and a period's price × the periods is the amount but for the cut tail.
		if more, err := pricing.Compute(it, pricing.Ask{Periods: n%9 + 1, Quantity: q}); err != nil || n < 9 && more.Amount < got.Amount {
			t.Fatal(more.Amount, got.Amount, err)
		}
		if money.Cut(got.PeriodPrice.Times(int64(n))) != got.Amount {
			t.Fatal(got.PeriodPrice, n, got.Amount)
		}
	})
}

func TestIntervalsAreChecked(t *testing.T) {
	p := price("1")
	for name, c := range map[string]struct {
		r          *pricing.Rate
		path, code string
	}{
		"unknown mode":      {rate("STEP", pricing.Tier{Price: p}), "r.mode", "one_of"},
		"no tier":           {rate(pricing.Volume), "r.tiers", "required"},
		"linear with two":   {rate(pricing.Linear, pricing.Tier{UpTo: 3, Price: p}, pricing.Tier{Price: p}), "r.tiers", "pricing.one_price"},
		"closed at the end": {rate(pricing.Graduated, pricing.Tier{UpTo: 3, Price: p}), "r.tiers[0].upTo", "pricing.tier_open"},
		"overlap":           {rate(pricing.Graduated, pricing.Tier{UpTo: 3, Price: p}, pricing.Tier{UpTo: 3, Price: p}, pricing.Tier{Price: p}), "r.tiers[1].upTo", "range"},
		"open in between":   {rate(pricing.Graduated, pricing.Tier{Price: p}, pricing.Tier{Price: p}), "r.tiers[0].upTo", "range"},
		"negative":          {rate(pricing.Linear, pricing.Tier{Price: price("-0.01")}), "r.tiers[0].price", "pricing.price_range"},
		"too many":          {rate(pricing.Volume, make([]pricing.Tier, 21)...), "r.tiers", "pricing.too_many"},
	} {
		var k errs.Check
		c.r.Check(&k, "r")
		e, ok := errs.As(k.Err())
		if !ok || e.Fields[0].Path != c.path || e.Fields[0].Code != c.code {
			t.Errorf("%s: %v", name, k.Err())
		}
	}
}

func TestCombinations(t *testing.T) {
	all := e4.Template.Combinations()
	if len(all) != 4 || e4.Template.Size() != 4 {
		t.Fatal(all)
	}
	if key := all[3].Key(); key != "edition=pro,storage=200" {
		t.Error(key)
	}
	swapped := pricing.Combination{all[3][1], all[3][0]}
	if swapped.Key() != all[3].Key() {
		t.Error("the order of attributes makes another combination")
	}
	for _, key := range []string{"", "edition=pro", "edition=pro,storage=300", "edition=pro,edition=pro", "edition=pro,storage=200,os=x", "edition"} {
		if c, ok := e4.Template.Parse(key); ok {
			t.Errorf("%q is %v", key, c)
		}
	}
	if c, ok := e4.Template.Parse("storage=200,edition=pro"); !ok || c.Key() != all[3].Key() {
		t.Error(c, ok)
	}
	if c, ok := (pricing.Template{}).Parse(""); !ok || len(c) != 0 {
		t.Error("the simple template has one combination, without values")
	}
}

func TestTemplatesAreChecked(t *testing.T) {
	one := func(code string) pricing.Attribute {
		return pricing.Attribute{Code: code, Name: i18n.Text{EN: "A"}, Values: []pricing.Value{{Code: "v", Name: i18n.Text{EN: "V"}}}}
	}
	many := make([]pricing.Attribute, 3)
	for i := range many {
		many[i] = one("a" + strconv.Itoa(i))
		many[i].Values = nil
		for j := range 20 {
			many[i].Values = append(many[i].Values, pricing.Value{Code: strconv.Itoa(j), Name: i18n.Text{EN: "V"}})
		}
	}
	twice := one("a")
	twice.Values = append(twice.Values, twice.Values[0])
	for name, c := range map[string]struct {
		t          pricing.Template
		path, code string
	}{
		"nothing":         {pricing.Template{}, "s.attributes", "pricing.nothing_to_pick"},
		"reserved":        {pricing.Template{Attributes: []pricing.Attribute{one("OS")}}, "s.attributes[0].code", "pricing.code_reserved"},
		"form":            {pricing.Template{Attributes: []pricing.Attribute{one("a,b")}}, "s.attributes[0].code", "pricing.code_form"},
		"twice":           {pricing.Template{Attributes: []pricing.Attribute{one("a"), one("a")}}, "s.attributes[1].code", "pricing.code_twice"},
		"value twice":     {pricing.Template{Attributes: []pricing.Attribute{twice}}, "s.attributes[0].values[1].code", "pricing.code_twice"},
		"six attributes":  {pricing.Template{Attributes: make([]pricing.Attribute, 6)}, "s.attributes", "pricing.too_many"},
		"8000 SKUs":       {pricing.Template{Attributes: many}, "s.attributes", "pricing.combinations"},
		"no field":        {pricing.Template{Quantity: &pricing.Quantity{Code: "n", Name: i18n.Text{EN: "N"}, Min: 1, Max: 2, Step: 1}}, "s.quantity.field", "required"},
		"zero":            {pricing.Template{Quantity: users(0, 2, 1)}, "s.quantity.min", "range"},
		"eight digits":    {pricing.Template{Quantity: users(1, 10_000_000, 1)}, "s.quantity.max", "range"},
		"step too large":  {pricing.Template{Quantity: users(1, 10, 10)}, "s.quantity.step", "range"},
		"same as another": {pricing.Template{Attributes: []pricing.Attribute{one("users")}, Quantity: users(1, 10, 1)}, "s.quantity.code", "pricing.code_twice"},
	} {
		var k errs.Check
		c.t.Check(&k, "s")
		e, ok := errs.As(k.Err())
		if !ok || e.Fields[0].Path != c.path || e.Fields[0].Code != c.code {
			t.Errorf("%s: %v", name, k.Err())
		}
	}
	var k errs.Check
	if e4.Template.Check(&k, "s"); k.Err() != nil {
		t.Error(k.Err())
	}
}

func TestOnlyNamesMayChange(t *testing.T) {
	named := e4.Template
	named.Attributes = []pricing.Attribute{e4.Template.Attributes[1], e4.Template.Attributes[0]}
	named.Attributes[0].Name = i18n.Text{EN: "Disk"}
	if !named.SameShape(e4.Template) {
		t.Error("another name or order is the same shape")
	}
	wider := e4.Template
	wider.Quantity = users(1, 2000, 1)
	fewer := e4.Template
	fewer.Attributes = fewer.Attributes[:1]
	if wider.SameShape(e4.Template) || fewer.SameShape(e4.Template) || (pricing.Template{}).SameShape(e4.Template) {
		t.Error("range and attributes are frozen")
	}
}

// The table of §2.1 for what is sold and what will be.
func TestTaxCategories(t *testing.T) {
	for _, c := range [][3]string{
		{"hardware", "ONE_TIME", "hardware"}, {"license", "ONE_TIME", "software"}, {"ai", "ONE_TIME", "software"}, {"data", "ONE_TIME", "software"},
		{"license", "PERIOD", "service"}, {"data", "PERIOD", "service"}, {"image", "ONE_TIME", "service"}, {"saas", "PERIOD", "service"},
		{"saas", "ONE_TIME", "service"}, {"api", "ONE_TIME", "service"}, {"service", "ONE_TIME", "service"},
	} {
		if got := pricing.TaxCategory(c[0], c[1]); got != c[2] {
			t.Errorf("%s %s is %s", c[0], c[1], got)
		}
	}
}
