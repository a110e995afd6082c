package catalog

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/pricing"
)

// Version is a row of product_versions. Revision counts the saves of a draft: an editor
// sends back the one it read.
type Version struct {
	ID          string       `db:"id" json:"id"`
	ProductID   string       `db:"product_id" json:"productId"`
	Number      int          `db:"number" json:"number"`
	State       VersionState `db:"state" json:"state"`
	Content     Content      `db:"content,json" json:"content"`
	Revision    int64        `db:"revision" json:"revision"`
	SubmittedAt time.Time    `db:"submitted_at" json:"submittedAt,omitzero"`
	DecidedAt   time.Time    `db:"decided_at" json:"decidedAt,omitzero"`
	CreatedAt   time.Time    `db:"created_at" json:"createdAt"`
	UpdatedAt   time.Time    `db:"updated_at" json:"updatedAt"`
}

const versionColumns = `id, product_id, number, state, content, revision, submitted_at, decided_at, created_at, updated_at`

const sqlVersionOf = `select ` + versionColumns + ` from product_versions where id = $1 and product_id = $2`
const sqlOpenVersion = `select ` + versionColumns + ` from product_versions where product_id = $1 and state in ('draft', 'reviewing')`
const sqlLastVersion = `select ` + versionColumns + ` from product_versions where product_id = $1 order by number desc limit 1`

// VersionOf reads one version of a product; "catalog.version_not_found".
func (*Store) VersionOf(ctx context.Context, q db.Querier, productID, versionID string) (Version, error) {
	v, ok, err := db.Maybe[Version](ctx, q, sqlVersionOf, versionID, productID)
	if err == nil && !ok {
		err = errs.NotFoundf("catalog.version_not_found")
	}
	return v, err
}

// Open is the product's draft or the version under review; false when there is neither.
func (*Store) Open(ctx context.Context, q db.Querier, productID string) (Version, bool, error) {
	return db.Maybe[Version](ctx, q, sqlOpenVersion, productID)
}

const sqlReleasedBefore = `select ` + versionColumns + ` from product_versions where product_id = $1 and state = 'approved' and number < $2 order by number desc limit 1`

// ReleasedBefore is the version that was released before v, with which a review compares;
// false for the first.
func (*Store) ReleasedBefore(ctx context.Context, q db.Querier, v Version) (Version, bool, error) {
	return db.Maybe[Version](ctx, q, sqlReleasedBefore, v.ProductID, v.Number)
}

// VersionInfo is a version without its content.
type VersionInfo struct {
	ID          string       `db:"id" json:"id"`
	Number      int          `db:"number" json:"number"`
	State       VersionState `db:"state" json:"state"`
	Live        bool         `db:"live" json:"live"`
	SubmittedAt time.Time    `db:"submitted_at" json:"submittedAt,omitzero"`
	DecidedAt   time.Time    `db:"decided_at" json:"decidedAt,omitzero"`
	UpdatedAt   time.Time    `db:"updated_at" json:"updatedAt"`
}

const sqlVersions = `select v.id, v.number, v.state, v.id = p.live_version_id as live, v.submitted_at, v.decided_at, v.updated_at
from product_versions v join products p on p.id = v.product_id where v.product_id = $1 order by v.number desc limit 100`

// Versions are a product's versions, newest first.
func (*Store) Versions(ctx context.Context, q db.Querier, productID string) ([]VersionInfo, error) {
	return db.List[VersionInfo](ctx, q, sqlVersions, productID)
}

const sqlSetVersionState = `update product_versions set state = $1, submitted_at = $2, decided_at = $3, updated_at = $4
where id = $5 and state = $6 and revision = $7`

// moveVersion moves a version by its table; somebody else's move or save meanwhile is a
// conflict.
func (s *Store) moveVersion(ctx context.Context, tx *db.Tx, v *Version, e Event) error {
	to, err := move(VersionMoves, v.State, e)
	if err != nil {
		return err
	}
	from := v.State
	v.State, v.UpdatedAt = to, tx.Now
	if e == EventSubmit {
		v.SubmittedAt = tx.Now
	} else {
		v.DecidedAt = tx.Now
	}
	n, err := db.Exec(ctx, tx, sqlSetVersionState, to, v.SubmittedAt, v.DecidedAt, v.UpdatedAt, v.ID, from, v.Revision)
	if err == nil && n == 0 {
		err = errs.Conflictf("catalog.changed_meanwhile", "state", from)
	}
	return err
}

type specRow struct {
	ID        string    `db:"id"`
	ProductID string    `db:"product_id"`
	SkuCode   string    `db:"sku_code"`
	Name      i18n.Text `db:"name"`
	State     SpecState `db:"state"`
	Position  int       `db:"position"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
	SpecTerms
}

// SpecTerms are what a specification's version says of picking and buying it.
type SpecTerms struct {
	Template  pricing.Template `db:"template,json" json:"template"`
	TrialDays int              `db:"trial_days" json:"trialDays"`
	Limit     *Limit           `db:"purchase_limit,json" json:"limit,omitempty"`
	Changes   *ChangeContent   `db:"changes,json" json:"changes,omitempty"`
}

const sqlSpecs = `select id, product_id, sku_code, name, state, position, created_at, updated_at, template, trial_days, purchase_limit, changes from specs where product_id = $1 order by position, id`
const sqlPlanKeys = `select distinct spec_id, charging_mode, period_type, trial from price_plans where product_id = $1`

// liveSpecs are the released specifications of a product with their plans.
func liveSpecs(ctx context.Context, q db.Querier, productID string) ([]liveSpec, error) {
	rows, err := db.List[specRow](ctx, q, sqlSpecs, productID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	plans, err := db.List[livePlan](ctx, q, sqlPlanKeys, productID)
	if err != nil {
		return nil, err
	}
	out := make([]liveSpec, len(rows))
	for i, r := range rows {
		out[i] = liveSpec{ID: r.ID, Name: r.Name, State: r.State, Template: r.Template, TrialDays: r.TrialDays}
		for _, p := range plans {
			if p.SpecID == r.ID {
				out[i].Plans = append(out[i].Plans, p)
			}
		}
	}
	return out, nil
}
