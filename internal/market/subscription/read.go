package subscription

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
)

const sqlFind = `select ` + columns + ` from instances where id = $1 and ($2 = '*' or account_id = $2)`

// Everybody is the account id of operators and of the program itself.
const Everybody = "*"

// Find reads an instance of the account, or of Everybody; none of an empty account. "instance.not_found".
func (s *Store) Find(ctx context.Context, q db.Querier, instanceID, accountID string) (Instance, error) {
	in, ok, err := db.Maybe[Instance](ctx, q, sqlFind, instanceID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("instance.not_found")
	}
	return in, err
}

const sqlLock = `update instances set version = version where id = $1`

// Lock makes transactions about one instance that read before they write one after the other.
func (s *Store) Lock(ctx context.Context, tx *db.Tx, instanceID string) error {
	_, err := db.Exec(ctx, tx, sqlLock, instanceID)
	return err
}

const sqlOfOrder = `select ` + columns + ` from instances where order_id = $1 order by id`

// OfOrder reads the instances of an order.
func (s *Store) OfOrder(ctx context.Context, q db.Querier, orderID string) ([]Instance, error) {
	return db.List[Instance](ctx, q, sqlOfOrder, orderID)
}

const sqlSteps = `select id, instance_id, at, event, from_state, to_state, detail from instance_events where instance_id = $1 order by at, id`

// Steps reads the history of an instance, oldest first.
func (s *Store) Steps(ctx context.Context, q db.Querier, instanceID string) ([]Step, error) {
	return db.List[Step](ctx, q, sqlSteps, instanceID)
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	AccountID string
	State     State
	Text      string // order number, instance id, or a part of the product's name
}

const sqlList = `select ` + columns + ` from instances
where account_id = $1 and ($2 = '' or state = $2)
and ($3 = '' or id = $3 or order_id = $3 or external_id = $3 or lower(product_name) like $4 escape '!')
and ($5 = '' or id < $5) order by id desc limit $6`
const sqlCount = `select count(*) from (select 1 from instances where account_id = $1 and ($2 = '' or state = $2)
and ($3 = '' or id = $3 or order_id = $3 or external_id = $3 or lower(product_name) like $4 escape '!') limit $5) as n`

// List shows an account's instances, newest first.
func (s *Store) List(ctx context.Context, q db.Querier, f Filter, p page.Query) (page.Page[Instance], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Instance]{}, err
	}
	like := db.Contains(f.Text)
	rows, err := db.List[Instance](ctx, q, sqlList, f.AccountID, f.State, f.Text, like, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Instance]{}, err
	}
	n, err := db.One[int](ctx, q, sqlCount, f.AccountID, f.State, f.Text, like, page.TotalCap+1)
	return page.Of(p, rows, func(in Instance) []string { return []string{in.ID} }).WithTotal(n), err
}
