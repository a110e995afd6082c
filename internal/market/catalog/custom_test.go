package catalog_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/catalogtest"
	"jishi/internal/market/pricing"
)

// e4 is the specification of E-4 with a second edition and storage: 600.00 a month for Pro
// with 200 GB, by surcharges; users GRADUATED.
func e4() catalog.SpecContent {
	en := func(s string) i18n.Text { return i18n.Text{ZH: s, EN: s} }
	return catalog.SpecContent{
		Name: en("Team"), Template: catalog.CustomTemplate,
		Attributes: []pricing.Attribute{
			{Code: "edition", Name: en("Edition"), Values: []pricing.Value{{Code: "basic", Name: en("Basic")}, {Code: "pro", Name: en("Pro")}}},
			{Code: "storage", Name: en("Storage"), Values: []pricing.Value{{Code: "100", Name: en("100 GB")}, {Code: "200", Name: en("200 GB")}}},
		},
		Quantity: &pricing.Quantity{Code: "users", Name: en("Users"), Unit: en("users"), Field: pricing.FieldAmount, Min: 5, Max: 1000, Step: 5},
		Plans: []catalog.PlanContent{
			{Mode: catalog.Period, PeriodType: "month", Price: "400", MinPeriods: 1, MaxPeriods: 9,
				Surcharges: []catalog.SurchargeContent{{Attribute: "edition", Value: "pro", Price: "150"}, {Attribute: "storage", Value: "200", Price: "50"}},
				Rate:       &catalog.RateContent{Mode: "GRADUATED", Tiers: []catalog.TierContent{{UpTo: 50, Price: "20"}, {UpTo: 100, Price: "18"}, {Price: "15"}}}},
			{Mode: catalog.Period, PeriodType: "year", Price: "4000", MinPeriods: 1, MaxPeriods: 3,
				Rate: &catalog.RateContent{Mode: "LINEAR", Tiers: []catalog.TierContent{{Price: "199.9999999999"}}}},
		},
		Combinations: []catalog.CombinationContent{
			{Choice: "edition=basic,storage=200", Off: true},
			{Choice: "edition=pro,storage=100", Prices: []catalog.CombinationPrice{{Mode: catalog.Period, PeriodType: "month", Price: "444.44"}}},
		},
		TrialDays: 30,
		Limit:     &catalog.Limit{Kind: catalog.LimitQuantity, Count: 3},
	}
}

func custom(m *catalogtest.Market) catalog.Content {
	c := m.Content("协作套件", "Team suite")
	c.Specs = append(c.Specs, e4())
	return c
}

// plansOf finds the sold plans of the last specification by combination and period.
func plansOf(t *testing.T, d *db.DB, m *catalogtest.Market, productID string) (catalog.Spec, map[string]catalog.Plan) {
	t.Helper()
	specs, err := m.Store.Specs(t.Context(), d, productID)
	if err != nil || len(specs) != 3 {
		t.Fatal(len(specs), err)
	}
	out := map[string]catalog.Plan{}
	for _, p := range specs[2].Plans {
		key := p.Choice + " " + p.PeriodType
		if p.Trial {
			key = "trial"
		}
		if _, twice := out[key]; twice {
			t.Fatal("two plans for", key)
		}
		out[key] = p
	}
	return specs[2], out
}

func TestACustomTemplateIsReleased(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		productID := m.Release(t, custom(m))
		spec, plans := plansOf(t, d, m, productID)
		if len(plans) != 7 || spec.TrialDays != 30 || spec.Limit.Count != 3 || spec.Template.Quantity.Max != 1000 {
			t.Fatalf("%d plans, %+v", len(plans), spec)
		}
		for key, base := range map[string]string{
			"edition=basic,storage=100 month": "400", "edition=pro,storage=100 month": "444.44", "edition=pro,storage=200 month": "600",
			"edition=pro,storage=200 year": "4000", "trial": "0"} {
			if p, ok := plans[key]; !ok || p.Price.String() != base || !p.Sold {
				t.Errorf("%s: %+v", key, p)
			}
		}
		// A skuCode per combination, the same for every period; a plan number per period (§2.3).
		month, year, other := plans["edition=pro,storage=200 month"], plans["edition=pro,storage=200 year"], plans["edition=pro,storage=100 month"]
		if month.SkuCode == "" || month.SkuCode != year.SkuCode || month.SkuCode == other.SkuCode || month.Number == year.Number {
			t.Errorf("%+v\n%+v\n%+v", month, year, other)
		}
		if trial := plans["trial"]; trial.SkuCode != plans["edition=basic,storage=100 month"].SkuCode || trial.Min != 30 || trial.Max != 30 {
			t.Errorf("%+v", trial)
		}

		// E-4: three months for 60 users.
		sale, err := m.Store.ForSale(t.Context(), d, month.ID)
		if err != nil || sale.SkuCode != month.SkuCode || sale.Buyable() != nil || !sale.Limited() || sale.Trial || sale.TaxCategory() != "service" {
			t.Fatalf("%+v %v", sale, err)
		}
		r, err := pricing.Compute(sale.Item(), pricing.Ask{Periods: 3, Quantity: 60})
		if err != nil || r.Amount.String() != "5340.00" {
			t.Error(r.Amount, err)
		}
		// Renewing to a year keeps the combination.
		again, err := m.Store.SpecPlans(t.Context(), d, spec.ID, month.Choice)
		if err != nil || len(again) != 2 || again[0].SkuCode != month.SkuCode || again[1].SkuCode != month.SkuCode {
			t.Errorf("%+v %v", again, err)
		}
		// The list says the least price: 5 users, one month, of the cheapest combination.
		var card struct {
			Price int64  `db:"price"`
			Unit  string `db:"price_unit"`
		}
		if card, err = db.One[struct {
			Price int64  `db:"price"`
			Unit  string `db:"price_unit"`
		}](t.Context(), d, `select price, price_unit from product_cards where product_id = $1`, productID); err != nil || card.Price != 99_00 || card.Unit != "month" {
			t.Error(card, err)
		}
	})
}

func TestAPriceChangeKeepsWhatIsKnown(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		productID := m.Release(t, custom(m))
		_, before := plansOf(t, d, m, productID)
		first, err := m.Store.Product(t.Context(), d, productID)
		if err != nil {
			t.Fatal(err)
		}
		frozen, err := m.Store.VersionOf(t.Context(), d, productID, first.LiveVersionID)
		if err != nil {
			t.Fatal(err)
		}
		m.Change(t, productID, func(c *catalog.Content) {
			s := &c.Specs[2]
			s.Plans[0].Price = "500"
			s.Attributes[0].Values[1].Name = i18n.Text{EN: "Professional"}
			s.Combinations = []catalog.CombinationContent{{Choice: "edition=pro,storage=100", Off: true}}
			s.TrialDays = 14
		})
		_, after := plansOf(t, d, m, productID)
		for key, want := range map[string]struct {
			price string
			sold  bool
		}{"edition=basic,storage=100 month": {"500", true}, "edition=pro,storage=200 month": {"700", true}, "edition=basic,storage=200 month": {"550", true},
			"edition=pro,storage=100 month": {"444.44", false}, "trial": {"0", true}} {
			p, was := after[key], before[key]
			if p.Price.String() != want.price || p.Sold != want.sold {
				t.Errorf("%s: %+v", key, p)
			}
			if was.ID != "" && (p.ID != was.ID || p.Number != was.Number || p.SkuCode != was.SkuCode) {
				t.Errorf("%s has other codes: %+v, was %+v", key, p, was)
			}
		}
		if after["trial"].Min != 14 {
			t.Error("the trial's length may change")
		}
		// New orders cannot have the combination without a price; who has it renews it.
		sale, err := m.Store.ForSale(t.Context(), d, before["edition=pro,storage=100 month"].ID)
		if err != nil || !errs.Is(sale.Buyable(), "catalog.combination_not_on_sale") || sale.Renewable() != nil {
			t.Error(sale.Buyable(), sale.Renewable(), err)
		}
		// The version that was released first is as it was.
		again, err := m.Store.VersionOf(t.Context(), d, productID, frozen.ID)
		a, _ := json.Marshal(frozen.Content)
		b, _ := json.Marshal(again.Content)
		if err != nil || string(a) != string(b) {
			t.Error("a released version changed", err)
		}
	})
}

func TestWhatIsSettledByTheRelease(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		productID := m.Release(t, custom(m))
		for name, c := range map[string]struct {
			edit        func(s *catalog.SpecContent)
			field, code string
		}{
			"another value": {func(s *catalog.SpecContent) {
				s.Attributes[0].Values = s.Attributes[0].Values[1:]
				s.Combinations = nil
				s.Plans[0].Surcharges = nil
			}, "specs[2].attributes", "catalog.template_frozen"},
			"another range":     {func(s *catalog.SpecContent) { s.Quantity.Max = 2000 }, "specs[2].attributes", "catalog.template_frozen"},
			"another step":      {func(s *catalog.SpecContent) { s.Quantity.Step = 1 }, "specs[2].attributes", "catalog.template_frozen"},
			"another parameter": {func(s *catalog.SpecContent) { s.Quantity.Field = pricing.FieldDisk }, "specs[2].attributes", "catalog.template_frozen"},
			"simple":            {func(s *catalog.SpecContent) { s.Template = "" }, "specs[2].attributes", "catalog.template_frozen"},
			"no trial":          {func(s *catalog.SpecContent) { s.TrialDays = 0 }, "specs[2].trialDays", "catalog.trial_frozen"},
			"no yearly price":   {func(s *catalog.SpecContent) { s.Plans = s.Plans[:1] }, "specs[2].plans", "catalog.mode_removed"},
		} {
			err := d.Update(t.Context(), func(tx *db.Tx) error {
				v, err := m.Store.StartDraft(t.Context(), tx, m.Seller, productID)
				if err != nil {
					return err
				}
				c.edit(&v.Content.Specs[2])
				if _, err = m.Store.SaveDraft(t.Context(), tx, m.Seller, productID, v.Revision, v.Content); err != nil {
					return err
				}
				return m.Store.CheckDraft(t.Context(), tx, m.Seller, productID)
			})
			if e, ok := errs.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Path != c.field || e.Fields[0].Code != c.code {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestFaultsOfPricesNameTheirField(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		for name, c := range map[string]struct {
			edit        func(s *catalog.SpecContent)
			field, code string
		}{
			"complete":             {func(s *catalog.SpecContent) {}, "", ""},
			"no base price":        {func(s *catalog.SpecContent) { s.Plans[0].Price = "" }, "plans[0].price", "required"},
			"three decimals":       {func(s *catalog.SpecContent) { s.Plans[0].Price = "1.005" }, "plans[0].price", "catalog.price_form"},
			"negative":             {func(s *catalog.SpecContent) { s.Plans[0].Price = "-1" }, "plans[0].price", "catalog.price_range"},
			"base 0 with quantity": {func(s *catalog.SpecContent) { s.Plans[0].Price = "0" }, "", ""},
			"nothing to pay": {func(s *catalog.SpecContent) {
				s.Plans[0].Price, s.Plans[0].Surcharges = "0", nil
				s.Plans[0].Rate.Tiers = []catalog.TierContent{{UpTo: 50, Price: "0"}, {Price: "1"}}
			}, "plans[0].price", "catalog.combination_price"},
			"below nothing":       {func(s *catalog.SpecContent) { s.Plans[0].Surcharges[0].Price = "-500" }, "plans[0].price", "catalog.combination_price"},
			"surcharge of what":   {func(s *catalog.SpecContent) { s.Plans[0].Surcharges[0].Value = "gold" }, "plans[0].surcharges[0].value", "catalog.value_unknown"},
			"surcharge twice":     {func(s *catalog.SpecContent) { s.Plans[0].Surcharges[1] = s.Plans[0].Surcharges[0] }, "plans[0].surcharges[1].value", "catalog.surcharge_twice"},
			"surcharge decimals":  {func(s *catalog.SpecContent) { s.Plans[0].Surcharges[0].Price = "0.001" }, "plans[0].surcharges[0].price", "catalog.price_form"},
			"no rate":             {func(s *catalog.SpecContent) { s.Plans[1].Rate = nil }, "plans[1].rate", "required"},
			"rate mode":           {func(s *catalog.SpecContent) { s.Plans[1].Rate.Mode = "SIMPLE" }, "plans[1].rate.mode", "one_of"},
			"unit price":          {func(s *catalog.SpecContent) { s.Plans[1].Rate.Tiers[0].Price = "0.12345678901" }, "plans[1].rate.tiers[0].price", "catalog.unit_price_form"},
			"unit price missing":  {func(s *catalog.SpecContent) { s.Plans[1].Rate.Tiers[0].Price = "" }, "plans[1].rate.tiers[0].price", "required"},
			"interval":            {func(s *catalog.SpecContent) { s.Plans[0].Rate.Tiers[1].UpTo = 50 }, "plans[0].rate.tiers[1].upTo", "range"},
			"unknown combination": {func(s *catalog.SpecContent) { s.Combinations[0].Choice = "edition=gold,storage=100" }, "combinations[0].choice", "catalog.combination_unknown"},
			"combination twice":   {func(s *catalog.SpecContent) { s.Combinations[1].Choice = "storage=200,edition=basic" }, "combinations[1].choice", "catalog.combination_twice"},
			"own price of what":   {func(s *catalog.SpecContent) { s.Combinations[1].Prices[0].PeriodType = "day" }, "combinations[1].prices[0].mode", "catalog.plan_unknown"},
			"own price":           {func(s *catalog.SpecContent) { s.Combinations[1].Prices[0].Price = "x" }, "combinations[1].prices[0].price", "catalog.price_form"},
			"all off": {func(s *catalog.SpecContent) {
				s.Combinations = nil
				for _, c := range (pricing.Template{Attributes: s.Attributes}).Combinations() {
					s.Combinations = append(s.Combinations, catalog.CombinationContent{Choice: c.Key(), Off: true})
				}
			}, "combinations", "catalog.combinations_off"},
			"beyond an amount": {func(s *catalog.SpecContent) { s.Quantity.Max, s.Plans[1].Rate.Tiers[0].Price = 9_999_995, "100000000" }, "plans[1].price", "catalog.combination_total"},
			"reserved": {func(s *catalog.SpecContent) {
				s.Attributes[0].Code = "version"
				s.Combinations = nil
				s.Plans[0].Surcharges = nil
			}, "attributes[0].code", "pricing.code_reserved"},
			"trial too short": {func(s *catalog.SpecContent) { s.TrialDays = 2 }, "trialDays", "range"},
			"trial too long":  {func(s *catalog.SpecContent) { s.TrialDays = 181 }, "trialDays", "range"},
			"trial of a purchase": {func(s *catalog.SpecContent) {
				s.Plans[1] = catalog.PlanContent{Mode: catalog.OneTime, Price: "1", Rate: s.Plans[1].Rate}
			}, "trialDays", "catalog.trial_period_only"},
			"limit of nothing": {func(s *catalog.SpecContent) { s.Limit.Count = 0 }, "limit.count", "range"},
			"limit kind":       {func(s *catalog.SpecContent) { s.Limit.Kind = "twice" }, "limit.kind", "one_of"},
			"days": {func(s *catalog.SpecContent) {
				s.Plans[0].PeriodType, s.Plans[0].MaxPeriods = "day", 100
				s.Combinations = s.Combinations[:1]
			}, "plans[0].maxPeriods", "range"},
		} {
			content := custom(m)
			c.edit(&content.Specs[2])
			productID, _ := m.Draft(t, content)
			err := m.Store.CheckDraft(t.Context(), d, m.Seller, productID)
			if c.field == "" {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			if e, ok := errs.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Path != "specs[2]."+c.field || e.Fields[0].Code != c.code {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTooManyPrices(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		m := catalogtest.New(t, d)
		c := m.Content("协作套件", "Team suite")
		big := e4()
		big.Combinations, big.Plans[0].Surcharges = nil, nil
		big.Attributes = big.Attributes[:2]
		for i := range big.Attributes {
			big.Attributes[i].Values = nil
			for j := range 14 {
				big.Attributes[i].Values = append(big.Attributes[i].Values, pricing.Value{Code: fmt.Sprint(j), Name: i18n.Text{EN: "V"}})
			}
		}
		for i := range 3 {
			big.Name = i18n.Text{EN: fmt.Sprint("Big ", i)}
			c.Specs = append(c.Specs, big)
		}
		productID, _ := m.Draft(t, c)
		err := m.Store.CheckDraft(context.Background(), d, m.Seller, productID)
		if e, ok := errs.As(err); !ok || e.Fields[0].Path != "specs" || e.Fields[0].Code != "catalog.too_many_prices" {
			t.Error(err)
		}
	})
}

// The table shows E-4 before anything is stored: 60 users are not a boundary, 50 and 100 are.
func TestPriceTable(t *testing.T) {
	table, err := e4().PriceTable()
	if err != nil {
		t.Fatal(err)
	}
	// 3 combinations × (4 quantities by month + 2 by year) and the trial.
	if table.Total != 19 || len(table.Rows) != 19 || len(table.Warnings) != 0 {
		t.Fatalf("%d rows, %d listed, %v", table.Total, len(table.Rows), table.Warnings)
	}
	find := func(choice, period string, quantity int64) catalog.PriceRow {
		for _, r := range table.Rows {
			if r.Choice == choice && r.PeriodType == period && r.Quantity == quantity {
				return r
			}
		}
		t.Fatal("no row", choice, period, quantity)
		return catalog.PriceRow{}
	}
	r := find("edition=pro,storage=200", "month", 100)
	if len(r.Amounts) != 9 || r.PeriodPrice.String() != "2500" || r.Amounts[2].Periods != 3 || r.Amounts[2].Amount != 7500_00 || len(r.Values) != 2 || r.Values[0] != "pro" {
		t.Errorf("%+v", r)
	}
	// 4000 + 5 × 199.9999999999 = 4999.9999999995 a year: cut once for the whole term.
	r = find("edition=basic,storage=100", "year", 5)
	if r.PeriodPrice.String() != "4999.9999999995" || r.Amounts[0].Amount != 4999_99 || r.Amounts[2].Amount != 14999_99 {
		t.Errorf("%+v", r)
	}
	if last := table.Rows[18]; !last.Trial || len(last.Amounts) != 1 || last.Amounts[0].Periods != 30 || last.Amounts[0].Amount != 0 {
		t.Errorf("%+v", last)
	}

	falling := e4()
	falling.Plans[0].Rate.Mode = "VOLUME"
	table, err = falling.PriceTable()
	if err != nil || len(table.Warnings) != 2 || table.Warnings[0].Quantity != 50 || table.Warnings[0].Next != 55 || table.Warnings[0].NextPrice.String() != "990" {
		t.Errorf("%+v %v", table.Warnings, err)
	}

	faulty := e4()
	faulty.Plans[0].Surcharges[1].Price = "cheap"
	_, err = faulty.PriceTable()
	if e, ok := errs.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Path != "plans[0].surcharges[1].price" {
		t.Error(err)
	}
}

func TestALargePriceTableIsBounded(t *testing.T) {
	s := e4()
	s.Combinations, s.Plans[0].Surcharges = nil, nil
	s.Attributes = s.Attributes[:1]
	s.Attributes[0].Values = nil
	for i := range 20 {
		s.Attributes[0].Values = append(s.Attributes[0].Values, pricing.Value{Code: fmt.Sprint(i), Name: i18n.Text{EN: "V"}})
	}
	s.Plans[0].Rate.Tiers = nil
	for i := range 19 {
		s.Plans[0].Rate.Tiers = append(s.Plans[0].Rate.Tiers, catalog.TierContent{UpTo: int64(10 * (i + 1)), Price: "1"})
	}
	s.Plans[0].Rate.Tiers = append(s.Plans[0].Rate.Tiers, catalog.TierContent{Price: "1"})
	s.Plans[0].PeriodType, s.Plans[0].MaxPeriods = "day", 99
	table, err := s.PriceTable()
	if err != nil || len(table.Rows) != 400 || table.Total != 20*(21+2)+1 {
		t.Fatal(len(table.Rows), table.Total, err)
	}
	if a := table.Rows[0].Amounts; len(a) != 12 || a[0].Periods != 1 || a[11].Periods != 99 {
		t.Errorf("%+v", a)
	}
}
