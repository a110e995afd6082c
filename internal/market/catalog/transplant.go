package catalog

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

// The newest version of each product comes along, and the live one, for which the newest
// may be too incomplete to take its place.
var transplants = []struct{ table, query string }{
	{"categories", `select * from categories where $1 <> ''`},
	{"products", `select * from products where seller_id = $1 and state <> 'delisted'`},
	{"product_versions", `select v.* from product_versions v join products p on p.id = v.product_id where p.seller_id = $1 and p.state <> 'delisted'
		and (v.id = p.live_version_id or v.number = (select max(n.number) from product_versions n where n.product_id = p.id))`},
	{"specs", `select s.* from specs s join products p on p.id = s.product_id where p.seller_id = $1 and p.state <> 'delisted'`},
	{"skus", `select k.* from skus k join products p on p.id = k.product_id where p.seller_id = $1 and p.state <> 'delisted'`},
	{"price_plans", `select l.* from price_plans l join products p on p.id = l.product_id where p.seller_id = $1 and p.state <> 'delisted'`},
}

// Unsold is a product whose newest version cannot be sold as it is: the first thing that
// is missing.
type Unsold struct {
	ProductID string
	Code      string
	Field     string // "" when it is no field
}

const sqlNoCategories = `delete from categories`
const sqlTransplanted = `select ` + productColumns + ` from products where seller_id = $1 order by id`
const sqlAllApproved = `update product_versions set state = 'approved' where product_id = $1`
const sqlStand = `update products set state = $1, suspended_until = null, resume_state = '', state_reason = '' where id = $2`

// Transplant writes a seller's products of another realm into the one of tx, where the
// seller and its addresses are already, with the same ids, skuCodes and plan numbers, and
// puts the newest version of each on sale, drafts included, whatever stops the sale there.
// Where the newest one is incomplete, the version before it is sold. It tells the
// products whose newest version is not.
func (s *Store) Transplant(ctx context.Context, tx *db.Tx, from db.Querier, sellerID string) ([]Unsold, error) {
	for _, t := range transplants {
		if t.table == "categories" {
			if _, err := db.Exec(ctx, tx, sqlNoCategories); err != nil { // the default ones of an empty database
				return nil, err
			}
		}
		if _, err := db.CopyRows(ctx, tx, t.table, from, t.query, sellerID); err != nil {
			return nil, err
		}
	}
	products, err := db.List[Product](ctx, tx, sqlTransplanted, sellerID)
	if err != nil {
		return nil, err
	}
	var unsold []Unsold
	for _, p := range products {
		missing, err := s.sellNewest(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		if missing != nil {
			unsold = append(unsold, Unsold{ProductID: p.ID, Code: missing.Code, Field: missing.Path})
		}
	}
	return unsold, nil
}

// sellNewest publishes the newest version, or leaves the live one on sale when the newest is
// incomplete; missing is what it lacks.
func (s *Store) sellNewest(ctx context.Context, tx *db.Tx, p Product) (missing *errs.Field, err error) {
	v, err := db.One[Version](ctx, tx, sqlLastVersion, p.ID)
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec(ctx, tx, sqlAllApproved, p.ID); err != nil {
		return nil, err
	}
	p.SuspendedUntil, p.ResumeState, p.StateReason = time.Time{}, "", ""
	if v.ID != p.LiveVersionID {
		v.Content.PublicSale = true
		err := s.checkContent(ctx, tx, p, &v.Content)
		switch e, known := errs.As(err); {
		case err == nil:
			p.State = Reviewing // from where a first release is published
			if p.Released() {
				p.State = OnSale
			}
			return nil, s.publish(ctx, tx, &p, v, "")
		case !known || e.Kind != errs.Invalid:
			return nil, err
		case len(e.Fields) > 0:
			missing = &e.Fields[0]
		default:
			missing = &errs.Field{Code: e.Code}
		}
	}
	p.State = Draft
	if p.Released() && p.LiveVersionID != "" {
		p.State = OnSale
	}
	if _, err := db.Exec(ctx, tx, sqlStand, p.State, p.ID); err != nil || p.State == Draft {
		return missing, err
	}
	return missing, s.refreshCard(ctx, tx, p)
}
