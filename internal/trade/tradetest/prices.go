package tradetest

import (
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// Customise gives the plan of a generation the template of E-4: edition Pro, 200 GB, users
// GRADUATED.
func (b *Market) Customise(generation string) {
	b.T.Helper()
	price := func(s string) money.Price {
		p, err := money.ParsePrice(s)
		if err != nil {
			b.T.Fatal(err)
		}
		return p
	}
	b.Update(func(tx *db.Tx) error {
		t := pricing.Template{
			Attributes: []pricing.Attribute{{Code: "edition", Name: i18n.Text{EN: "Edition"}, Values: []pricing.Value{{Code: "pro", Name: i18n.Text{EN: "Pro"}}}}},
			Quantity:   &pricing.Quantity{Code: "users", Name: i18n.Text{EN: "Users"}, Field: pricing.FieldAmount, Min: 1, Max: 100, Step: 1},
		}
		p := pricing.Plan{Parts: []pricing.Part{{Kind: pricing.KindBase, Price: price("600")}},
			Rate: &pricing.Rate{Mode: pricing.Graduated, Tiers: []pricing.Tier{{UpTo: 50, Price: price("20")}, {UpTo: 100, Price: price("18")}, {Price: price("15")}}}}
		if err := Exec(tx, `update specs set template = $1 where id = (select spec_id from price_plans where id = $2)`, db.JSON(t), b.Plans[generation]); err != nil {
			return err
		}
		return Exec(tx, `update price_plans set plan = $1, choice = 'edition=pro', price = '600' where id = $2`, db.JSON(p), b.Plans[generation])
	})
}

// TrialPlan adds a free trial of so many days to the V1 product.
func (b *Market) TrialPlan(days int) string {
	plan := id.New("pln")
	b.Update(func(tx *db.Tx) error {
		return Exec(tx, `insert into price_plans (id, spec_id, product_id, plan_number, trial, charging_mode, period_type, price, plan, min_periods, max_periods, created_at, updated_at)
			select $1, spec_id, product_id, $2, true, 'PERIOD', 'day', '0', $3, $4, $4, $5, $5 from price_plans where id = $6`,
			plan, id.PlanNumber(), db.JSON(pricing.Plan{Parts: []pricing.Part{{Kind: pricing.KindTrial}}}), days, tx.Now, b.Plans["V1"])
	})
	return plan
}
