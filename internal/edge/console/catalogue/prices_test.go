package catalogue_test

import (
	"net/http"
	"testing"

	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
	"jishi/internal/base/i18n"
	"jishi/internal/market/catalog"
	"jishi/internal/market/catalog/shelf"
	"jishi/internal/market/pricing"
)

func seats() catalog.SpecContent {
	return catalog.SpecContent{
		Name: i18n.Text{ZH: "团队版", EN: "Team"}, Template: catalog.CustomTemplate,
		Attributes: []pricing.Attribute{{Code: "edition", Name: i18n.Text{ZH: "版本", EN: "Edition"}, Values: []pricing.Value{
			{Code: "basic", Name: i18n.Text{ZH: "基础", EN: "Basic"}}, {Code: "pro", Name: i18n.Text{ZH: "专业", EN: "Pro"}}}}},
		Quantity: &pricing.Quantity{Code: "users", Name: i18n.Text{ZH: "用户数", EN: "Users"}, Unit: i18n.Text{ZH: "人", EN: "users"}, Field: "amount", Min: 1, Max: 500, Step: 1},
		Plans: []catalog.PlanContent{{Mode: catalog.Period, PeriodType: "month", Price: "0", MinPeriods: 1, MaxPeriods: 9,
			Surcharges: []catalog.SurchargeContent{{Attribute: "edition", Value: "pro", Price: "10"}},
			Rate:       &catalog.RateContent{Mode: "LINEAR", Tiers: []catalog.TierContent{{Price: "12.5"}}}}},
		TrialDays: 14,
	}
}

func TestThePriceTableOverTheAPI(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		for _, who := range []string{"seller", "operator"} {
			var table catalog.PriceTable
			s.call(who, "POST", "/price-table", seats(), http.StatusOK, &table)
			if table.Total != 5 || table.Rows[1].Amounts[8].Amount != 56250_00 {
				t.Errorf("%s: %+v", who, table)
			}
		}
		s.call("", "POST", "/price-table", seats(), http.StatusUnauthorized, nil)
		faulty := seats()
		faulty.Plans[0].Rate.Tiers[0].Price = "-1"
		var problem struct {
			Fields []struct{ Field, Code, Message string }
		}
		s.call("seller", "POST", "/price-table", faulty, http.StatusUnprocessableEntity, &problem)
		if len(problem.Fields) != 1 || problem.Fields[0].Field != "plans[0].rate.tiers[0].price" || problem.Fields[0].Message == "" {
			t.Errorf("%+v", problem)
		}
	})
}

// Plans stand in the order of the seller's values, whatever their names and ids are: pages
// preselect the first, and those of one release are made in the same millisecond.
func TestPlansStandInTheOrderOfTheTemplate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		spec, want := seats(), ""
		spec.Attributes[0].Values, spec.TrialDays, spec.Plans[0].Surcharges = nil, 0, nil
		for _, code := range []string{"small", "medium", "large", "huge", "giant", "endless"} {
			spec.Attributes[0].Values = append(spec.Attributes[0].Values, pricing.Value{Code: code, Name: i18n.Text{ZH: code, EN: code}})
			want += "edition=" + code + " "
		}
		c := s.m.Content("协作", "Team work")
		c.Specs = []catalog.SpecContent{spec}
		id := s.m.Release(t, c)
		var page shelf.Detail
		s.call("", "GET", "/storefront/products/"+id, nil, http.StatusOK, &page)
		got := ""
		for _, p := range page.Specs[0].Plans {
			got += p.Choice + " "
		}
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// What is picked stands on the product page, with the least price of each combination.
func TestAttributesOnTheProductPage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		c := s.m.Content("协作", "Team work")
		c.Specs = []catalog.SpecContent{seats()}
		c.PurchaseLimit = &catalog.Limit{Kind: catalog.LimitQuantity, Count: 5}
		id := s.m.Release(t, c)
		var page shelf.Detail
		s.call("", "GET", "/storefront/products/"+id, nil, http.StatusOK, &page)
		sp := page.Specs[0]
		if page.PriceFrom != "12.50" || page.PriceUnit != "month" || page.PurchaseLimit.Count != 5 || len(sp.Plans) != 2 ||
			sp.Attributes[0].Values[1].Name != "Pro" || sp.Quantity.Unit != "users" || sp.Trial == nil || sp.Trial.Days != 14 || sp.Trial.PlanID == "" {
			t.Errorf("%+v", page)
		}
		for _, p := range sp.Plans {
			if want := map[string]string{"edition=basic": "12.50", "edition=pro": "22.50"}[p.Choice]; p.Price != want {
				t.Errorf("%+v, want %s", p, want)
			}
		}
		// The preview of a draft shows the same.
		var v view
		s.call("seller", "POST", "/seller/products/"+id+"/draft", nil, http.StatusOK, nil)
		s.call("seller", "GET", "/seller/products/"+id, nil, http.StatusOK, &v)
		v.Open.Content.Specs[0].Plans[0].Surcharges[0].Price = "20"
		s.call("seller", "PUT", "/seller/products/"+id+"/draft", map[string]any{"revision": v.Open.Revision, "content": v.Open.Content}, http.StatusOK, nil)
		var preview shelf.Detail
		s.call("seller", "GET", "/seller/products/"+id+"/preview", nil, http.StatusOK, &preview)
		if got := preview.Specs[0].Plans[1]; got.Choice != "edition=pro" || got.Price != "32.50" {
			t.Errorf("%+v", got)
		}
		s.call("other", "GET", "/seller/products/"+id+"/preview", nil, http.StatusNotFound, nil)
	})
}
