package identity

import (
	"context"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/id"
)

// SignUp is a new account's application form. AccountName is the company's name and may
// be empty for a person, whose own name stands in.
type SignUp struct {
	Kind        string // "company" or "person"
	AccountName string
	Name        string
	Email       string
	Locale      i18n.Lang
}

// Check adds the faults of the form and of the password; call it before hashing.
func (in SignUp) Check(c *errs.Check) {
	c.OneOf("kind", in.Kind, CompanyAccount, PersonAccount)
	if in.Kind == CompanyAccount {
		checkName(c, "accountName", in.AccountName, 2)
	}
	checkName(c, "name", in.Name, 1)
	checkEmail(c, "email", Email(in.Email))
	checkLocale(c, "locale", in.Locale)
}

type signUpRow struct {
	ID           string    `db:"id"`
	TokenHash    string    `db:"token_hash"`
	Email        string    `db:"email"`
	Kind         string    `db:"kind"`
	AccountName  string    `db:"account_name"`
	Name         string    `db:"name"`
	Locale       i18n.Lang `db:"locale"`
	PasswordHash string    `db:"password_hash"`
	MailedAt     time.Time `db:"mailed_at"`
	CreatedAt    time.Time `db:"created_at"`
	ExpiresAt    time.Time `db:"expires_at"`
}

const signUpColumns = `id, token_hash, email, kind, account_name, name, locale, password_hash, mailed_at, created_at, expires_at`

// verifyLife is how long a verification link works.
const verifyLife = 24 * time.Hour

// maxWaiting bounds the letters that strangers can have sent to one address in a day.
const maxWaiting = 5

// SignedUp is what a sign-up leads to. Exactly one letter follows, whatever is set:
// Token is the verification link's; Taken says that the e-mail has a user already, who is
// told instead, so that the answer to the stranger is the same.
type SignedUp struct {
	Email  string
	Name   string
	Locale i18n.Lang
	Token  string
	Taken  bool
	Silent bool // too many letters to this address: none is sent
}

// SignUp keeps the form until the e-mail address is verified. Errors: one per field.
func (s *Store) SignUp(ctx context.Context, tx *db.Tx, in SignUp, p Password) (SignedUp, error) {
	var c errs.Check
	in.Check(&c)
	if err := c.Err(); err != nil {
		return SignedUp{}, err
	}
	in.Email, in.Name, in.AccountName = Email(in.Email), trim(in.Name), trim(in.AccountName)
	if in.Kind == PersonAccount && in.AccountName == "" {
		in.AccountName = in.Name
	}
	now := s.now()
	waiting, err := db.One[int](ctx, tx, `select count(*) from sign_ups where email = $1 and created_at > $2`, in.Email, now.Add(-verifyLife))
	if err != nil {
		return SignedUp{}, err
	}
	out := SignedUp{Email: in.Email, Name: in.Name, Locale: in.Locale, Silent: waiting >= maxWaiting}
	u, taken, err := s.UserByEmail(ctx, tx, in.Email)
	if err != nil {
		return SignedUp{}, err
	}
	token := id.Token()
	row := signUpRow{ID: id.New("sup"), TokenHash: TokenHash(token), Email: in.Email, Kind: in.Kind, AccountName: in.AccountName, Name: in.Name,
		Locale: in.Locale, PasswordHash: p.encoded, MailedAt: now, CreatedAt: now, ExpiresAt: now.Add(verifyLife)}
	if taken {
		// The row only counts the letters; its link is never told and ends at once.
		out.Taken, out.Name, out.Locale = true, u.Name, u.Locale
		row.PasswordHash, row.ExpiresAt = "", now
	} else {
		out.Token = token
	}
	return out, db.Insert(ctx, tx, "sign_ups", row)
}

const sqlWaitingSignUp = `select ` + signUpColumns + ` from sign_ups where email = $1 and expires_at > $2 order by id desc limit 1`
const sqlRenewSignUp = `update sign_ups set token_hash = $1, mailed_at = $2, expires_at = $3 where id = $4`

// SignUpAgain makes a new verification link for the newest sign-up of the e-mail; the
// link before it ends. ok is false, and nothing must be sent, when none waits or the last
// letter left less than a minute ago: the caller answers the same.
func (s *Store) SignUpAgain(ctx context.Context, tx *db.Tx, email string) (out SignedUp, ok bool, err error) {
	now := s.now()
	row, ok, err := db.Maybe[signUpRow](ctx, tx, sqlWaitingSignUp, Email(email), now)
	if err != nil || !ok || now.Sub(row.MailedAt) < mailPause {
		return SignedUp{}, false, err
	}
	out = SignedUp{Email: row.Email, Name: row.Name, Locale: row.Locale, Token: id.Token()}
	_, err = db.Exec(ctx, tx, sqlRenewSignUp, TokenHash(out.Token), now, now.Add(verifyLife), row.ID)
	return out, true, err
}

const sqlSignUpByToken = `select ` + signUpColumns + ` from sign_ups where token_hash = $1 and expires_at > $2`

// CheckSignUp proves, outside any transaction, that whoever opened the verification link
// also knows the password chosen at the sign-up: otherwise a stranger could sign up with
// somebody's e-mail and have that person's click open the stranger's account. Errors:
// "identity.link_over" (Conflict), field "password" with "identity.wrong_password".
func (s *Store) CheckSignUp(ctx context.Context, q db.Querier, token, password string) error {
	row, ok, err := db.Maybe[signUpRow](ctx, q, sqlSignUpByToken, TokenHash(token), s.now())
	if err != nil {
		return err
	}
	if !ok {
		return errs.Conflictf("identity.link_over")
	}
	right, err := s.matches(ctx, row.PasswordHash, password)
	if err == nil && !right {
		err = wrongPassword("password")
	}
	return err
}

const sqlUseSignUp = `delete from sign_ups where token_hash = $1 and expires_at > $2 returning ` + signUpColumns

// ConfirmSignUp turns a verified sign-up into an account and its owner. Errors:
// "identity.link_over" (Conflict): used, expired, or the e-mail has a user by now.
func (s *Store) ConfirmSignUp(ctx context.Context, tx *db.Tx, token string) (Account, User, error) {
	row, ok, err := db.Maybe[signUpRow](ctx, tx, sqlUseSignUp, TokenHash(token), s.now())
	if err == nil && !ok {
		err = errs.Conflictf("identity.link_over")
	}
	if err != nil {
		return Account{}, User{}, err
	}
	a := Account{ID: id.New("acc"), Kind: row.Kind, Name: row.AccountName, State: "active", RealNameState: RealNameNone,
		RealNameFiles: []string{}, Version: 1, CreatedAt: tx.Now}
	if err := db.Insert(ctx, tx, "accounts", a); err != nil {
		return Account{}, User{}, err
	}
	u := userRow{PasswordHash: row.PasswordHash, User: User{ID: id.New("usr"), AccountID: a.ID, Email: row.Email, Name: row.Name,
		Owner: true, State: "active", Locale: row.Locale, Version: 1, CreatedAt: tx.Now}}
	written, err := db.InsertIfAbsent(ctx, tx, "users", u)
	if err == nil && !written {
		err = errs.Conflictf("identity.link_over")
	}
	if err != nil {
		return Account{}, User{}, err
	}
	if _, err := db.Exec(ctx, tx, `delete from sign_ups where email = $1`, row.Email); err != nil {
		return Account{}, User{}, err
	}
	return a, u.User, audit.Record(ctx, tx, audit.Entry{Action: "account.create", Object: "account", ObjectID: a.ID, AccountID: a.ID,
		Detail: map[string]string{"kind": a.Kind, "name": a.Name, "email": u.Email}})
}

func wrongPassword(field string) error {
	var c errs.Check
	c.Add(field, "identity.wrong_password")
	return c.Err()
}
