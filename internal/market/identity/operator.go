package identity

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
	"jishi/internal/base/page"
)

// Operator works for the marketplace itself. Which roles exist, and what they may do, is
// package access's.
type Operator struct {
	ID         string    `db:"id" json:"id"`
	Email      string    `db:"email" json:"email"`
	Name       string    `db:"name" json:"name"`
	Roles      []string  `db:"roles,json" json:"roles"`
	State      string    `db:"state" json:"state"` // "pending", "active", "disabled"
	Locale     i18n.Lang `db:"locale" json:"locale"`
	LastSignIn time.Time `db:"last_sign_in" json:"lastSignIn,omitzero"`
	Version    int64     `db:"version" json:"version"`
	CreatedAt  time.Time `db:"created_at" json:"createdAt"`
}

type operatorRow struct {
	Operator
	PasswordHash string `db:"password_hash"`
}

const operatorColumns = `id, email, name, roles, state, locale, last_sign_in, version, created_at`
const sqlOperator = `select ` + operatorColumns + ` from operators where id = $1`
const sqlOperatorByEmail = `select ` + operatorColumns + ` from operators where email = $1`
const sqlOperators = `select ` + operatorColumns + ` from operators where ($1 = '' or id > $1) order by id limit $2`

// Operator reads one. "operator.not_found" (NotFound).
func (s *Store) Operator(ctx context.Context, q db.Querier, operatorID string) (Operator, error) {
	o, ok, err := db.Maybe[Operator](ctx, q, sqlOperator, operatorID)
	if err == nil && !ok {
		err = errs.NotFoundf("operator.not_found")
	}
	return o, err
}

// OperatorByEmail finds an operator.
func (s *Store) OperatorByEmail(ctx context.Context, q db.Querier, email string) (Operator, bool, error) {
	return db.Maybe[Operator](ctx, q, sqlOperatorByEmail, Email(email))
}

// Operators lists all of them, the oldest first.
func (s *Store) Operators(ctx context.Context, q db.Querier, p page.Query) (page.Page[Operator], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Operator]{}, err
	}
	rows, err := db.List[Operator](ctx, q, sqlOperators, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Operator]{}, err
	}
	n, err := db.One[int](ctx, q, `select count(*) from operators`)
	return page.Of(p, rows, func(o Operator) []string { return []string{o.ID} }).WithTotal(n), err
}

// NewOperator is an operator to be made.
type NewOperator struct {
	Email  string
	Name   string
	Locale i18n.Lang
	Roles  []string // checked by package access
}

func (in *NewOperator) normalise() error {
	in.Email, in.Name = Email(in.Email), trim(in.Name)
	if in.Locale == "" {
		in.Locale = i18n.ZH
	}
	var c errs.Check
	checkEmail(&c, "email", in.Email)
	c.Length("name", in.Name, 1, 60)
	checkLocale(&c, "locale", in.Locale)
	if len(in.Roles) == 0 {
		c.Add("roles", "required")
	}
	return c.Err()
}

// CreateOperator makes an active operator with a password: the command line's way in.
// Errors: one per field; "email" is "taken".
func (s *Store) CreateOperator(ctx context.Context, tx *db.Tx, in NewOperator, p Password) (Operator, error) {
	return s.createOperator(ctx, tx, in, operatorRow{PasswordHash: p.encoded, Operator: Operator{State: "active"}})
}

// InviteOperator makes an operator who sets a password through the returned link.
// Errors as CreateOperator.
func (s *Store) InviteOperator(ctx context.Context, tx *db.Tx, in NewOperator) (Operator, Link, error) {
	o, err := s.createOperator(ctx, tx, in, operatorRow{Operator: Operator{State: "pending"}})
	if err != nil {
		return Operator{}, Link{}, err
	}
	l, err := s.newLink(ctx, tx, LinkOperatorInvitation, o.ID)
	return o, l, err
}

// InviteOperatorAgain makes a new link for an operator who has not used the first.
// Errors: "operator.not_found", "user.not_pending" (Conflict), "identity.mail_too_often".
func (s *Store) InviteOperatorAgain(ctx context.Context, tx *db.Tx, operatorID string) (Operator, Link, error) {
	o, err := s.Operator(ctx, tx, operatorID)
	if err != nil {
		return Operator{}, Link{}, err
	}
	if o.State != "pending" {
		return Operator{}, Link{}, errs.Conflictf("user.not_pending", "state", o.State)
	}
	often, err := s.linkedWithin(ctx, tx, LinkOperatorInvitation, o.ID, mailPause)
	if err == nil && often {
		err = errs.TooManyf("identity.mail_too_often")
	}
	if err != nil {
		return Operator{}, Link{}, err
	}
	l, err := s.newLink(ctx, tx, LinkOperatorInvitation, o.ID)
	if err != nil {
		return Operator{}, Link{}, err
	}
	return o, l, audit.Record(ctx, tx, audit.Entry{Action: "operator.invite_again", Object: "operator", ObjectID: o.ID, Detail: map[string]string{"email": o.Email}})
}

func (s *Store) createOperator(ctx context.Context, tx *db.Tx, in NewOperator, row operatorRow) (Operator, error) {
	if err := in.normalise(); err != nil {
		return Operator{}, err
	}
	row.ID, row.Email, row.Name, row.Roles, row.Locale = id.New("opr"), in.Email, in.Name, in.Roles, in.Locale
	row.Version, row.CreatedAt = 1, tx.Now
	written, err := db.InsertIfAbsent(ctx, tx, "operators", row)
	if err != nil {
		return Operator{}, err
	}
	if !written {
		var c errs.Check
		c.Add("email", "taken")
		return Operator{}, c.Err()
	}
	return row.Operator, audit.Record(ctx, tx, audit.Entry{Action: "operator.create", Object: "operator", ObjectID: row.ID,
		Detail: map[string]any{"email": row.Email, "name": row.Name, "roles": row.Roles}})
}

// OperatorChange is what one operator manager may change of an operator.
type OperatorChange struct {
	Name  string
	Roles []string
	State string // "active" or "disabled"; a pending operator stays pending with "active"
}

const sqlChangeOperator = `update operators set name = $1, roles = $2,
state = case when state = 'pending' and $3 = 'active' then state else $3 end, version = version + 1 where id = $4 and version = $5`

// ChangeOperator changes name, roles and state. version guards against two editors:
// "operator.changed" (Conflict). Errors: one per field, "operator.not_found".
func (s *Store) ChangeOperator(ctx context.Context, tx *db.Tx, operatorID string, version int64, in OperatorChange) error {
	var c errs.Check
	c.Length("name", in.Name, 1, 60)
	c.OneOf("state", in.State, "active", "disabled")
	if len(in.Roles) == 0 {
		c.Add("roles", "required")
	}
	if err := c.Err(); err != nil {
		return err
	}
	before, err := s.Operator(ctx, tx, operatorID)
	if err != nil {
		return err
	}
	if before.State == "disabled" && in.State == "active" {
		// Whoever was never active still has no password and must be invited.
		has, err := db.One[bool](ctx, tx, `select password_hash <> '' from operators where id = $1`, operatorID)
		if err != nil {
			return err
		}
		if !has {
			in.State = "pending"
		}
	}
	n, err := db.Exec(ctx, tx, sqlChangeOperator, trim(in.Name), db.JSON(in.Roles), in.State, operatorID, version)
	if err == nil && n == 0 {
		err = errs.Conflictf("operator.changed")
	}
	if err != nil {
		return err
	}
	s.Changed(tx)
	if in.State == "disabled" {
		if err := s.endEverything(ctx, tx, operatorID, ""); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "operator.change", Object: "operator", ObjectID: operatorID,
		Detail: map[string]any{"before": before.Roles, "after": in.Roles, "state": in.State}})
}

// setupSubject stands in a set-up link's row: it belongs to nobody yet.
const setupSubject = "first_operator"

// CreateSetupLink makes the one-time link through which the first operator is made; an
// older one ends. "operator.exists" (Conflict) when there is an operator already.
func (s *Store) CreateSetupLink(ctx context.Context, tx *db.Tx) (Link, error) {
	if err := noOperator(ctx, tx); err != nil {
		return Link{}, err
	}
	return s.newLink(ctx, tx, LinkSetup, setupSubject)
}

func noOperator(ctx context.Context, tx *db.Tx) error {
	n, err := db.One[int](ctx, tx, `select count(*) from operators`)
	if err == nil && n > 0 {
		err = errs.Conflictf("operator.exists")
	}
	return err
}

// UseSetupLink makes the first operator. Errors: one per field, "identity.link_over",
// "operator.exists" (Conflict) when one was made by other means since the link was
// printed: it stands in the log of the first start, where more people may read it.
func (s *Store) UseSetupLink(ctx context.Context, tx *db.Tx, token string, in NewOperator, p Password) (Operator, error) {
	if _, err := s.useLink(ctx, tx, LinkSetup, token); err != nil {
		return Operator{}, err
	}
	if err := noOperator(ctx, tx); err != nil {
		return Operator{}, err
	}
	return s.CreateOperator(ctx, tx, in, p)
}

// ChangeOwnOperator changes what an operator may change of themselves.
func (s *Store) ChangeOwnOperator(ctx context.Context, tx *db.Tx, operatorID, name string, l i18n.Lang) error {
	var c errs.Check
	c.Length("name", name, 1, 60)
	checkLocale(&c, "locale", l)
	if err := c.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `update operators set name = $1, locale = $2, version = version + 1 where id = $3`, trim(name), l, operatorID)
	if err == nil && n == 0 {
		err = errs.NotFoundf("operator.not_found")
	}
	if err != nil {
		return err
	}
	s.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: "operator.change_own", Object: "operator", ObjectID: operatorID, Detail: map[string]string{"name": trim(name)}})
}
