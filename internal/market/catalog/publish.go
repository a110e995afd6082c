package catalog

import (
	"context"
	"errors"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

const sqlSetLimit = `update products set purchase_limit = $1 where id = $2`

// publish makes an approved version the live one: the product's columns, its
// specifications and price plans follow it. Specifications and plans that exist keep
// their ids, skuCodes and plan numbers.
func (s *Store) publish(ctx context.Context, tx *db.Tx, p *Product, v Version, applicationID string) error {
	c := v.Content
	event := EventPublish
	if !c.PublicSale {
		event = EventPublishHidden
	}
	from := p.State
	to, err := move(ProductMoves, p.State, event)
	if err != nil {
		return err
	}
	p.State = to
	if to == Suspended {
		p.ResumeState = OnSale
		if !c.PublicSale {
			p.ResumeState = Hidden
		}
	}
	p.LiveVersionID, p.Name, p.LogoKey, p.CategoryID = v.ID, c.Name, c.LogoKey, c.CategoryID
	p.AddressID, p.Path, p.Generation, p.RefundPolicy = c.AddressID, c.Path, c.Generation, c.RefundPolicy
	p.AgreementVersion = "site"
	if c.Agreement.Kind != "template" {
		p.AgreementVersion = v.ID
	}
	if p.ReleasedAt.IsZero() {
		p.ReleasedAt = tx.Now
	}
	if err := s.save(ctx, tx, p); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlSetLimit, db.JSON(c.PurchaseLimit), p.ID); err != nil {
		return err
	}
	for i, sp := range c.Specs {
		if err := s.publishSpec(ctx, tx, p.ID, i, sp); err != nil {
			return err
		}
	}
	if err := s.refreshCard(ctx, tx, *p); err != nil {
		return err
	}
	return s.note(ctx, tx, step{ProductID: p.ID, VersionID: v.ID, ApplicationID: applicationID, Event: event, From: string(from), To: string(p.State)})
}

const sqlSetSpec = `update specs set name = $1, position = $2, updated_at = $3, template = $4, trial_days = $5, purchase_limit = $6, changes = $7 where id = $8 and product_id = $9`

const sqlWithdrawPlans = `update price_plans set sold = false where spec_id = $1 and sold`

const sqlSetPlan = `update price_plans set price = $1, plan = $2, min_periods = $3, max_periods = $4, sold = true, updated_at = $5
where spec_id = $6 and choice = $7 and charging_mode = $8 and period_type = $9 and trial = $10`

type planRow struct {
	ID         string       `db:"id"`
	SpecID     string       `db:"spec_id"`
	ProductID  string       `db:"product_id"`
	Number     string       `db:"plan_number"`
	Choice     string       `db:"choice"`
	SkuID      string       `db:"sku_id"`
	Trial      bool         `db:"trial"`
	Sold       bool         `db:"sold"`
	Mode       ChargingMode `db:"charging_mode"`
	PeriodType string       `db:"period_type"`
	Price      money.Price  `db:"price"`
	Plan       pricing.Plan `db:"plan,json"`
	Min        int          `db:"min_periods"`
	Max        int          `db:"max_periods"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
}

type skuRow struct {
	ID        string    `db:"id"`
	SpecID    string    `db:"spec_id"`
	ProductID string    `db:"product_id"`
	Choice    string    `db:"choice"`
	SkuCode   string    `db:"sku_code"`
	CreatedAt time.Time `db:"created_at"`
}

const sqlSkus = `select id, spec_id, product_id, choice, sku_code, created_at from skus where spec_id = $1`

// publishSpec makes the rows of a specification follow its version. A combination or plan
// that is no longer sold keeps its row: who has it renews it.
func (s *Store) publishSpec(ctx context.Context, tx *db.Tx, productID string, position int, c SpecContent) error {
	var k errs.Check
	plans := c.resolve(&k, "specs")
	if err := k.Err(); err != nil {
		return err
	}
	terms := SpecTerms{Template: c.template(), TrialDays: c.TrialDays, Limit: c.Limit, Changes: c.Changes}
	n, err := db.Exec(ctx, tx, sqlSetSpec, c.Name, position, tx.Now, db.JSON(terms.Template), terms.TrialDays, db.JSON(terms.Limit), db.JSON(terms.Changes), c.ID, productID)
	if err != nil {
		return err
	}
	if n == 0 {
		row := specRow{ID: c.ID, ProductID: productID, SkuCode: id.UUID(), Name: c.Name, State: SpecShown, Position: position, CreatedAt: tx.Now, UpdatedAt: tx.Now, SpecTerms: terms}
		if err := db.Insert(ctx, tx, "specs", row); err != nil {
			return err
		}
	}
	skus, err := s.publishSkus(ctx, tx, productID, c, plans)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlWithdrawPlans, c.ID); err != nil {
		return err
	}
	for _, p := range plans {
		choice := p.Combination.Key()
		n, err := db.Exec(ctx, tx, sqlSetPlan, p.Plan.Base(), db.JSON(p.Plan), p.Min, p.Max, tx.Now, c.ID, choice, p.Mode, p.PeriodType, p.Trial)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		row := planRow{ID: id.New("pln"), SpecID: c.ID, ProductID: productID, Choice: choice, SkuID: skus[choice], Trial: p.Trial, Sold: true,
			Mode: p.Mode, PeriodType: p.PeriodType, Price: p.Plan.Base(), Plan: p.Plan, Min: p.Min, Max: p.Max, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		if err := insertPlan(ctx, tx, row); err != nil {
			return err
		}
	}
	return nil
}

// publishSkus gives each combination its skuCode, once and for ever (trade.md §2.3), and
// finds them by combination. A simple specification has its own skuCode only.
func (*Store) publishSkus(ctx context.Context, tx *db.Tx, productID string, c SpecContent, plans []soldPlan) (map[string]string, error) {
	out := map[string]string{}
	if !c.Custom() {
		return out, nil
	}
	rows, err := db.List[skuRow](ctx, tx, sqlSkus, c.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[r.Choice] = r.ID
	}
	for _, p := range plans {
		choice := p.Combination.Key()
		if out[choice] != "" {
			continue
		}
		row := skuRow{ID: id.New("sku"), SpecID: c.ID, ProductID: productID, Choice: choice, SkuCode: id.UUID(), CreatedAt: tx.Now}
		if err := db.Insert(ctx, tx, "skus", row); err != nil {
			return nil, err
		}
		out[choice] = row.ID
	}
	return out, nil
}

// insertPlan draws another plan number in the rare case that one is taken.
func insertPlan(ctx context.Context, tx *db.Tx, row planRow) error {
	for range 5 {
		row.Number = id.PlanNumber()
		fresh, err := db.InsertIfAbsent(ctx, tx, "price_plans", row)
		if err != nil || fresh {
			return err
		}
	}
	return errors.New("catalog: no free plan number in five draws")
}
