package order

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/pricing"
)

// Change is what a change of specification leads away from, and how it was priced: part of its
// line's snapshot. The line itself says what it leads to; StartsAt and EndsAt are the time it
// was priced for.
type Change struct {
	PlanID       string         `json:"planId"` // before
	PlanNumber   string         `json:"planNumber"`
	SkuCode      string         `json:"skuCode"`
	SpecName     i18n.Text      `json:"specName"`
	PeriodType   string         `json:"periodType"`
	PeriodNumber int            `json:"periodNumber"`
	Chosen       pricing.Chosen `json:"chosen"`

	Per        string      `json:"per,omitempty"`       // the new price is of a year, month or day; empty with a renewal
	Left       money.Price `json:"left,omitzero"`       // months, or days for Per "day", that it was priced for
	Difference money.Price `json:"difference,omitzero"` // exact list price of the change
}

// Standing is a paid line about an instance whose order was not given back.
type Standing struct {
	Line
	Kind  Kind  `db:"kind"`
	State State `db:"state"`
}

const sqlStanding = `select ` + lineColumns + `, (select kind from orders o where o.id = order_lines.order_id) as kind,
(select state from orders o where o.id = order_lines.order_id) as state
from order_lines where (id = $1 or instance_id = $2 and instance_id <> '') and exists (select 1 from orders o where o.id = order_lines.order_id
and o.kind in ('NEW', 'TRIAL', 'TRIAL_TO_FORMAL', 'RENEW', 'RENEW_CHANGE', 'CHANGE') and o.state in ('PROCESSING', 'COMPLETED', 'REFUNDING'))
order by (select created_at from orders o where o.id = order_lines.order_id), id`

// StandingOf reads what was paid for an instance and stands: its purchase (the line that made
// it), renewals and changes, oldest first.
func StandingOf(ctx context.Context, q db.Querier, lineID, instanceID string) ([]Standing, error) {
	return db.List[Standing](ctx, q, sqlStanding, lineID, instanceID)
}

// RunsInto tells whether a standing change of an instance was priced for time after an instant:
// what then begins cannot be given back without it.
func RunsInto(standing []Standing, after time.Time) bool {
	for _, s := range standing {
		if s.Kind == Upgrade && s.EndsAt.After(after) {
			return true
		}
	}
	return false
}
