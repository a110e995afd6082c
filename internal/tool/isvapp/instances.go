package isvapp

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"jishi/isv"
	"jishi/wire/saas"
)

// The states of an instance.
const (
	active   = "active"
	frozen   = "frozen"
	released = "released"
)

// instance is one tenant: what one order line bought.
type instance struct {
	ID              string
	Generation      saas.Generation
	Test            bool
	OrderID         string
	OrderLineID     string
	ProductID       string
	Product         string // its name, where an order query told it
	Customer        string
	Quantity        int
	State           string
	UserName        string
	passwordHash    string
	initialPassword []byte
	CreatedAt       time.Time
	readyAt         time.Time
	ExpireAt        time.Time // zero = no term
}

const instanceColumns = `id, generation, test, order_id, order_line_id, product_id, product, customer, quantity, state,
  coalesce(user_name, ''), password_hash, initial_password, created_at, ready_at, coalesce(expire_at, 0)`

func scanInstance(row interface{ Scan(...any) error }) (instance, error) {
	var i instance
	var created, ready, expire int64
	err := row.Scan(&i.ID, &i.Generation, &i.Test, &i.OrderID, &i.OrderLineID, &i.ProductID, &i.Product, &i.Customer, &i.Quantity, &i.State,
		&i.UserName, &i.passwordHash, &i.initialPassword, &created, &ready, &expire)
	i.CreatedAt, i.readyAt = time.UnixMicro(created), time.UnixMicro(ready)
	if expire != 0 {
		i.ExpireAt = time.UnixMicro(expire)
	}
	return i, err
}

// instanceBy finds the instance whose column has the value; column is one of the code's own words.
func (a *App) instanceBy(ctx context.Context, column, value string) (i instance, found bool, err error) {
	i, err = scanInstance(a.db.QueryRowContext(ctx, `select `+instanceColumns+` from instances where `+column+` = $1`, value))
	if errors.Is(err, sql.ErrNoRows) {
		return instance{}, false, nil
	}
	return i, err == nil, err
}

func (a *App) instances(ctx context.Context, limit int) (list []instance, err error) {
	rows, err := a.db.QueryContext(ctx, `select `+instanceColumns+` from instances order by created_at desc, id limit $1`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		i, err := scanInstance(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	return list, rows.Err()
}

// boughtKey keeps debug calls apart: their dummy order ids must never hit what a buyer has paid for.
func boughtKey(c isv.Create) string {
	if c.Test {
		return "test:" + string(c.Generation) + ":" + c.Key()
	}
	return string(c.Generation) + ":" + c.Key()
}

// create makes the instance of an order, or returns the one that exists. The unique key over what was bought decides, so
// a crash between commit and answer is healed by the marketplace's next attempt.
func (a *App) create(ctx context.Context, c isv.Create) (isv.Instance, error) {
	key := boughtKey(c)
	i, found, err := a.instanceBy(ctx, "bought", key)
	if err != nil {
		return isv.Instance{}, err
	}
	if found && i.State == released && c.Test {
		// Debug and probe calls repeat their dummy order for ever; what one of them released is simply made again.
		if _, err := a.db.ExecContext(ctx, `delete from instances where id = $1 and test`, i.ID); err != nil {
			return isv.Instance{}, err
		}
		found = false
	}
	if !found {
		if err := a.insert(ctx, key, c); err != nil {
			return isv.Instance{}, err
		}
		if i, _, err = a.instanceBy(ctx, "bought", key); err != nil {
			return isv.Instance{}, err
		}
	}
	if i.State == released {
		return isv.Instance{}, isv.Fail(saas.CodeNoInstance, "the instance of this order has been released")
	}
	return a.describe(i)
}

func (a *App) insert(ctx context.Context, key string, c isv.Create) error {
	now := a.config.Now()
	ready := now
	if c.Generation == saas.V2 {
		ready = now.Add(a.config.ReadyAfter)
	}
	text := strings.ToLower(rand.Text())
	id, user, password := "inst-"+text[:20], "admin-"+text[20:26], newPassword()
	bought, err := a.of(ctx, c)
	if err != nil {
		return err
	}
	expire := sql.NullInt64{Int64: bought.ExpireAt.UnixMicro(), Valid: !bought.ExpireAt.IsZero()}
	_, err = a.db.ExecContext(ctx, `insert into instances
  (id, bought, generation, test, order_id, order_line_id, product_id, product, customer, quantity, state, user_name, password_hash, initial_password, created_at, ready_at, expire_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict (bought) do nothing`,
		id, key, c.Generation, c.Test, c.OrderID, c.OrderLineID, bought.ProductID, bought.Product, bought.Customer, bought.Quantity, active, user, hashPassword(password),
		a.keys.seal(password, id), now.UnixMicro(), ready.UnixMicro(), expire)
	return err
}

// describe tells what the marketplace may know of an instance.
func (a *App) describe(i instance) (isv.Instance, error) {
	password, err := a.keys.open(i.initialPassword, i.ID)
	if err != nil {
		return isv.Instance{}, fmt.Errorf("instance %s: %w", i.ID, err)
	}
	return isv.Instance{
		ID:        i.ID,
		InProcess: a.config.Now().Before(i.readyAt),
		Access: &saas.AppInfo{
			FrontEndURL: a.URL() + "/login", AdminURL: a.URL() + "/manage", UserName: i.UserName, Password: password,
			Memo: "请妥善保管初始密码。 Please keep the initial password safe.",
		},
	}, nil
}

// zone is that of V1 expiry times.
var zone = time.FixedZone("UTC+8", 8*60*60)

// change updates an instance that is not released. Unknown ids are 000003, except in debug calls, whose dummy ids
// succeed and change nothing.
func (a *App) change(ctx context.Context, test bool, id, query string, args ...any) error {
	result, err := a.db.ExecContext(ctx, query, append([]any{id}, args...)...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 || test {
		return err
	}
	return isv.NoInstance()
}

// release deletes access data and notes in one transaction; the row stays so that a late repeat is recognised.
func (a *App) release(ctx context.Context, r isv.Release) error {
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, query := range []string{
		`delete from notes where instance_id = $1`,
		`update instances set state = 'released', user_name = null, password_hash = '', initial_password = null where id = $1 and state <> 'released'`,
	} {
		if _, err := tx.ExecContext(ctx, query, r.InstanceID); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `update instances set released_at = $2 where id = $1 and released_at is null`, r.InstanceID, a.config.Now().UnixMicro()); err != nil {
		return err
	}
	return tx.Commit()
}
