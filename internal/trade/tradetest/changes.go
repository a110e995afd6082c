package tradetest

import (
	"encoding/json"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/catalog"
	"jishi/internal/market/pricing"
)

// Changeable gives the product of a generation three editions, basic, pro and max, at 100, 150
// and 200 a month, or ten times that a year, for 10 users; each further user up to 100 costs
// what the rate says. rules nil offers all changes. It returns the skuCodes; what is bought by
// b.Plans is the monthly basic edition.
func (b *Market) Changeable(generation string, rate *pricing.Rate, rules *catalog.ChangeContent) map[string]string {
	b.T.Helper()
	if rules == nil {
		rules = &catalog.ChangeContent{Any: true, Expand: rate != nil, Renewal: generation == "V2"}
	}
	t := pricing.Template{Attributes: []pricing.Attribute{{Code: "edition", Name: i18n.Text{EN: "Edition"}}}}
	if rate != nil {
		t.Quantity = &pricing.Quantity{Code: "users", Name: i18n.Text{EN: "Users"}, Field: pricing.FieldAmount, Min: 10, Max: 100, Step: 10}
	}
	out := map[string]string{}
	b.Update(func(tx *db.Tx) error {
		for i, name := range []string{"basic", "pro", "max"} {
			t.Attributes[0].Values = append(t.Attributes[0].Values, pricing.Value{Code: name, Name: i18n.Text{EN: name}})
			sku, code := id.New("sku"), id.UUID()
			out[name] = code
			if err := Exec(tx, `insert into skus (id, spec_id, product_id, choice, sku_code, created_at) select $1, spec_id, product_id, $2, $3, $4 from price_plans where id = $5`,
				sku, "edition="+name, code, tx.Now, b.Plans[generation]); err != nil {
				return err
			}
			for _, per := range []string{"month", "year"} {
				price := money.PriceOf(100 + 50*int64(i))
				if per == "year" {
					price = price.Times(10)
				}
				plan := id.New("pln")
				if i == 0 && per == "month" {
					plan = b.Plans[generation]
					if err := Exec(tx, `update price_plans set choice = 'edition=basic', sku_id = $1, price = $2, plan = $3 where id = $4`, sku, price,
						planJSON(price, rate), plan); err != nil {
						return err
					}
					continue
				}
				if err := Exec(tx, `insert into price_plans (id, spec_id, product_id, plan_number, choice, sku_id, charging_mode, period_type, price, plan, min_periods, max_periods, created_at, updated_at)
					select $1, spec_id, product_id, $2, $3, $4, 'PERIOD', $5, $6, $7, 1, 9, $8, $8 from price_plans where id = $9`,
					plan, id.PlanNumber(), "edition="+name, sku, per, price, planJSON(price, rate), tx.Now, b.Plans[generation]); err != nil {
					return err
				}
			}
		}
		return Exec(tx, `update specs set template = $1, changes = $2 where id = (select spec_id from price_plans where id = $3)`, db.JSON(t), db.JSON(rules), b.Plans[generation])
	})
	return out
}

func planJSON(price money.Price, rate *pricing.Rate) string {
	p := pricing.Plan{Parts: []pricing.Part{{Kind: pricing.KindBase, Price: price}}, Rate: rate}
	text, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return string(text)
}
