package identity

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
)

// Account is a company or a person that buys, and perhaps sells.
type Account struct {
	ID             string    `db:"id" json:"id"`
	Kind           string    `db:"kind" json:"kind"` // "company" or "person"
	Name           string    `db:"name" json:"name"`
	State          string    `db:"state" json:"state"` // "active" or "suspended"
	StateReason    string    `db:"state_reason" json:"stateReason"`
	RealNameState  string    `db:"real_name_state" json:"realNameState"`
	RealName       string    `db:"real_name" json:"realName"`
	RealNameHint   string    `db:"real_name_hint" json:"realNameHint"` // last four characters of the number
	RealNameFiles  []string  `db:"real_name_files,json" json:"realNameFiles"`
	RealNameReason string    `db:"real_name_reason" json:"realNameReason"`
	RealNameAt     time.Time `db:"real_name_at" json:"realNameAt,omitzero"`
	// SecondFactorRequired: whoever of the account has no second factor can only set one up.
	SecondFactorRequired bool      `db:"second_factor_required" json:"secondFactorRequired"`
	Version              int64     `db:"version" json:"version"`
	CreatedAt            time.Time `db:"created_at" json:"createdAt"`
}

// Kinds of accounts.
const (
	CompanyAccount = "company"
	PersonAccount  = "person"
)

const accountColumns = `a.id, a.kind, a.name, a.state, a.state_reason, a.real_name_state, a.real_name, a.real_name_hint,
a.real_name_files, a.real_name_reason, a.real_name_at, a.second_factor_required, a.version, a.created_at`

const sqlAccount = `select ` + accountColumns + ` from accounts a where a.id = $1`

// Account reads one. "account.not_found" (NotFound).
func (s *Store) Account(ctx context.Context, q db.Querier, accountID string) (Account, error) {
	a, ok, err := db.Maybe[Account](ctx, q, sqlAccount, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("account.not_found")
	}
	return a, err
}

const sqlRenameAccount = `update accounts set name = $1, version = version + 1 where id = $2`

// RenameAccount changes the name that the account shows; the real name is another thing.
// Errors: field "name" (Invalid), "account.not_found".
func (s *Store) RenameAccount(ctx context.Context, tx *db.Tx, accountID, name string) error {
	var c errs.Check
	checkName(&c, "name", name, 2)
	if err := c.Err(); err != nil {
		return err
	}
	before, err := s.Account(ctx, tx, accountID)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, sqlRenameAccount, trim(name), accountID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "account.rename", Object: "account", ObjectID: accountID, AccountID: accountID,
		Detail: map[string]string{"before": before.Name, "after": trim(name)}})
}

// AccountFilter narrows the operator's list; empty fields do not.
type AccountFilter struct {
	Text          string // part of a name, real name or e-mail
	Kind          string
	State         string
	RealNameState string
}

// AccountLine is a line of the operator's list.
type AccountLine struct {
	Account
	OwnerName  string `db:"owner_name" json:"ownerName"`
	OwnerEmail string `db:"owner_email" json:"ownerEmail"`
	Users      int    `db:"users" json:"users"`
}

const sqlAccountsWhere = ` from accounts a join users o on o.account_id = a.id and o.owner
where (a.kind = $1 or $1 = '') and (a.state = $2 or $2 = '') and (a.real_name_state = $3 or $3 = '')
and ($4 = '%%' or lower(a.name) like $4 escape '\' or lower(a.real_name) like $4 escape '\' or a.id = $5
  or exists (select 1 from users u where u.account_id = a.id and (u.email like $4 escape '\' or lower(u.name) like $4 escape '\')))`

const sqlAccounts = `select ` + accountColumns + `, o.name as owner_name, o.email as owner_email,
(select count(*) from users u where u.account_id = a.id) as users` + sqlAccountsWhere + `
and ($6 = '' or a.id < $6) order by a.id desc limit $7`

const sqlAccountsCount = `select count(*) from (select 1` + sqlAccountsWhere + ` limit $6) n`

// Accounts lists all accounts for operators, newest first.
func (s *Store) Accounts(ctx context.Context, q db.Querier, f AccountFilter, p page.Query) (page.Page[AccountLine], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[AccountLine]{}, err
	}
	args := []any{f.Kind, f.State, f.RealNameState, like(f.Text), trim(f.Text)}
	rows, err := db.List[AccountLine](ctx, q, sqlAccounts, append(args, key[0], p.Size()+1)...)
	if err != nil {
		return page.Page[AccountLine]{}, err
	}
	n, err := db.One[int](ctx, q, sqlAccountsCount, append(args, page.TotalCap+1)...)
	return page.Of(p, rows, func(a AccountLine) []string { return []string{a.ID} }).WithTotal(n), err
}

const sqlMoveAccount = `update accounts set state = $1, state_reason = $2, version = version + 1 where id = $3 and state = $4`

// Suspend keeps all people of an account out until Reactivate; running instances are not
// touched. Errors: field "reason", "account.not_found", "account.bad_transition" (Conflict).
func (s *Store) Suspend(ctx context.Context, tx *db.Tx, accountID, reason string) error {
	if err := s.moveAccount(ctx, tx, accountID, "active", "suspended", "account.suspend", reason); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `delete from sessions where account_id = $1`, accountID)
	s.Changed(tx)
	return err
}

// Reactivate lets a suspended account's people in again. Errors as Suspend.
func (s *Store) Reactivate(ctx context.Context, tx *db.Tx, accountID, reason string) error {
	s.Changed(tx)
	return s.moveAccount(ctx, tx, accountID, "suspended", "active", "account.reactivate", reason)
}

func (s *Store) moveAccount(ctx context.Context, tx *db.Tx, accountID, from, to, action, reason string) error {
	var c errs.Check
	c.Length("reason", reason, 2, 500)
	if err := c.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, sqlMoveAccount, to, trim(reason), accountID, from)
	if err != nil {
		return err
	}
	if n == 0 {
		a, err := s.Account(ctx, tx, accountID)
		if err != nil {
			return err
		}
		return errs.Conflictf("account.bad_transition", "state", a.State)
	}
	return audit.Record(ctx, tx, audit.Entry{Action: action, Object: "account", ObjectID: accountID, AccountID: accountID, Reason: trim(reason)})
}
