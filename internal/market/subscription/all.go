package subscription

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
)

// Row is an instance with the names of buyer and seller, for operators.
type Row struct {
	Instance
	BuyerName  string    `db:"buyer_name"`
	SellerName i18n.Text `db:"seller_name"`
}

const sqlRow = rowOf + ` from instances i join accounts a on a.id = i.account_id join sellers s on s.id = i.seller_id where i.id = $1`

// FindRow reads one. "instance.not_found".
func (s *Store) FindRow(ctx context.Context, q db.Querier, instanceID string) (Row, error) {
	r, ok, err := db.Maybe[Row](ctx, q, sqlRow, instanceID)
	if err == nil && !ok {
		err = errs.NotFoundf("instance.not_found")
	}
	return r, err
}

// AllFilter narrows the operators' list; empty fields do not.
type AllFilter struct {
	SellerID     string
	AccountID    string
	State        State
	Generation   string // "V1" or "V2"
	ChargingMode string
	Frozen       bool   // only those with the flag of a violation
	Text         string // instance id, order number, the seller's id, or a part of the product's or buyer's name
}

const rowOf = `select i.id, i.order_id, i.order_line_id, i.account_id, i.seller_id, i.product_id, i.product_name, i.spec_name, i.sku_code, i.plan_id, i.plan_number, i.charging_mode, i.period_type, i.period_number, i.generation, i.address_id, i.path, i.state, i.external_id, i.access_sealed, i.access_state, i.access_at, i.looked_at, i.started_at, i.expires_at, i.created_at, i.ended_at, i.frozen, i.frozen_at, i.frozen_reason, i.version, i.trial, i.chosen, a.name as buyer_name, s.name as seller_name`
const fromAll = ` from instances i join accounts a on a.id = i.account_id join sellers s on s.id = i.seller_id
where ($1 = '' or i.seller_id = $1) and ($2 = '' or i.account_id = $2) and ($3 = '' or i.state = $3) and ($4 = '' or i.generation = $4) and ($5 = '' or i.charging_mode = $5)
and ($6 = 0 or i.frozen) and ($7 = '' or i.id = $7 or i.order_id = $7 or i.external_id = $7 or lower(i.product_name) like $8 escape '!' or lower(a.name) like $8 escape '!')`

const sqlAll = rowOf + fromAll + ` and ($9 = '' or i.id < $9) order by i.id desc limit $10`
const sqlCountAll = `select count(*) from (select 1` + fromAll + ` limit $9) as n`

// All lists everybody's instances, newest first.
func (s *Store) All(ctx context.Context, q db.Querier, f AllFilter, p page.Query) (page.Page[Row], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	frozen := 0
	if f.Frozen {
		frozen = 1
	}
	args := []any{f.SellerID, f.AccountID, f.State, f.Generation, f.ChargingMode, frozen, f.Text, db.Contains(f.Text)}
	rows, err := db.List[Row](ctx, q, sqlAll, append(args[:8:8], key[0], p.Size()+1)...)
	if err != nil {
		return page.Page[Row]{}, err
	}
	n, err := db.One[int](ctx, q, sqlCountAll, append(args[:8:8], page.TotalCap+1)...)
	return page.Of(p, rows, func(r Row) []string { return []string{r.ID} }).WithTotal(n), err
}
