package catalog

import (
	"context"
	"errors"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

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

const sqlSetSpec = `update specs set name = $1, position = $2, updated_at = $3 where id = $4 and product_id = $5`

const sqlSetPlan = `update price_plans set price = $1, min_periods = $2, max_periods = $3, updated_at = $4
where spec_id = $5 and charging_mode = $6 and period_type = $7`

type planRow struct {
	ID         string       `db:"id"`
	SpecID     string       `db:"spec_id"`
	ProductID  string       `db:"product_id"`
	Number     string       `db:"plan_number"`
	Mode       ChargingMode `db:"charging_mode"`
	PeriodType string       `db:"period_type"`
	Price      money.Price  `db:"price"`
	Min        int          `db:"min_periods"`
	Max        int          `db:"max_periods"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
}

func (s *Store) publishSpec(ctx context.Context, tx *db.Tx, productID string, position int, c SpecContent) error {
	n, err := db.Exec(ctx, tx, sqlSetSpec, c.Name, position, tx.Now, c.ID, productID)
	if err != nil {
		return err
	}
	if n == 0 {
		row := specRow{ID: c.ID, ProductID: productID, SkuCode: id.UUID(), Name: c.Name, State: SpecShown, Position: position, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		if err := db.Insert(ctx, tx, "specs", row); err != nil {
			return err
		}
	}
	for _, plan := range c.Plans {
		price, err := money.ParsePrice(plan.Price)
		if err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, sqlSetPlan, price, plan.MinPeriods, plan.MaxPeriods, tx.Now, c.ID, plan.Mode, plan.PeriodType)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		row := planRow{ID: id.New("pln"), SpecID: c.ID, ProductID: productID, Mode: plan.Mode, PeriodType: plan.PeriodType, Price: price,
			Min: plan.MinPeriods, Max: plan.MaxPeriods, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		if err := insertPlan(ctx, tx, row); err != nil {
			return err
		}
	}
	return nil
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
