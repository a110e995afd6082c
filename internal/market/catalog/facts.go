package catalog

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/market/media"
	"jishi/internal/market/pricing"
)

// facts are what a check must look up: files of the seller, the category, the address,
// and the specifications that are released.
type facts struct {
	files        map[string]media.File
	categoryLeaf bool
	address      addressFacts
	live         []liveSpec
	closedV1     bool // the older interface is not open to new products
	onlyWhole    bool // products cannot be refunded pro rata
}

type liveSpec struct {
	ID        string
	Name      i18n.Text
	State     SpecState
	Template  pricing.Template
	TrialDays int
	Plans     []livePlan
}

type livePlan struct {
	SpecID     string       `db:"spec_id"`
	Mode       ChargingMode `db:"charging_mode"`
	PeriodType string       `db:"period_type"`
	Trial      bool         `db:"trial"`
}

type addressFacts struct {
	Origin      string `db:"origin"`
	State       string `db:"state"`
	Development bool   `db:"development"`
}

const sqlAddressFacts = `select origin, state, development from production_addresses where id = $1 and seller_id = $2`

const sqlCategoryLeaf = `select count(*) from categories c where c.id = $1
and not exists (select 1 from categories d where d.parent_id = c.id)`

func (s *Store) facts(ctx context.Context, q db.Querier, sellerID, productID string, released bool, c *Content) (facts, error) {
	var f facts
	var err error
	if f.files, err = media.OfSeller(ctx, q, sellerID, c.FileKeys()); err != nil {
		return f, err
	}
	if c.CategoryID != "" {
		n, err := db.One[int](ctx, q, sqlCategoryLeaf, c.CategoryID)
		if err != nil {
			return f, err
		}
		f.categoryLeaf = n == 1
	}
	if c.AddressID != "" {
		if f.address, _, err = db.Maybe[addressFacts](ctx, q, sqlAddressFacts, c.AddressID, sellerID); err != nil {
			return f, err
		}
	}
	if s.Settings != nil {
		site, err := s.Settings.Site(ctx)
		if err != nil {
			return f, err
		}
		f.closedV1 = c.Generation == V1 && !site.V1AllowedForNewProducts && !released
		f.onlyWhole = !site.Refunds.UnusedTime
	}
	f.live, err = liveSpecs(ctx, q, productID)
	return f, err
}
