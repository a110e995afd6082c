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

// MaxSubUsers is how many sub-users (子用户) an account may have (catalog-and-roles.md A2).
const MaxSubUsers = 50

// User is a person of an account.
type User struct {
	ID         string    `db:"id" json:"id"`
	AccountID  string    `db:"account_id" json:"accountId"`
	Email      string    `db:"email" json:"email"`
	Name       string    `db:"name" json:"name"`
	Phone      string    `db:"phone" json:"phone"`
	Owner      bool      `db:"owner" json:"owner"`
	State      string    `db:"state" json:"state"` // "pending" until the invitation is used, "active", "disabled"
	Locale     i18n.Lang `db:"locale" json:"locale"`
	LastSignIn time.Time `db:"last_sign_in" json:"lastSignIn,omitzero"`
	Version    int64     `db:"version" json:"version"`
	CreatedAt  time.Time `db:"created_at" json:"createdAt"`
}

const userColumns = `u.id, u.account_id, u.email, u.name, u.phone, u.owner, u.state, u.locale, u.last_sign_in, u.version, u.created_at`

const sqlUser = `select ` + userColumns + ` from users u where u.id = $1 and u.account_id = $2`
const sqlUserByEmail = `select ` + userColumns + ` from users u where u.email = $1`
const sqlOwner = `select ` + userColumns + ` from users u where u.account_id = $1 and u.owner`

// User reads one of an account. "user.not_found" (NotFound), also for another account's.
func (s *Store) User(ctx context.Context, q db.Querier, accountID, userID string) (User, error) {
	u, ok, err := db.Maybe[User](ctx, q, sqlUser, userID, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("user.not_found")
	}
	return u, err
}

// UserByEmail finds a user of any account.
func (s *Store) UserByEmail(ctx context.Context, q db.Querier, email string) (User, bool, error) {
	return db.Maybe[User](ctx, q, sqlUserByEmail, Email(email))
}

// Owner reads the owner (主账号) of an account: who gets its letters.
func (s *Store) Owner(ctx context.Context, q db.Querier, accountID string) (User, error) {
	u, ok, err := db.Maybe[User](ctx, q, sqlOwner, accountID)
	if err == nil && !ok {
		err = errs.NotFoundf("account.not_found")
	}
	return u, err
}

// userPlace orders an account's people: the owner, then the others by age.
const userPlace = `(case when u.owner then '0' else '1' end) || u.id`

const sqlUsers = `select ` + userColumns + ` from users u where u.account_id = $1
and ($2 = '%%' or u.email like $2 escape '\' or lower(u.name) like $2 escape '\') and (u.state = $3 or $3 = '') and ($4 = '' or ` + userPlace + ` > $4) order by ` + userPlace + ` limit $5`
const sqlUsersCount = `select count(*) from users u where u.account_id = $1
and ($2 = '%%' or u.email like $2 escape '\' or lower(u.name) like $2 escape '\') and (u.state = $3 or $3 = '')`

// Users lists the people of an account, the owner first.
func (s *Store) Users(ctx context.Context, q db.Querier, accountID, text, state string, p page.Query) (page.Page[User], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[User]{}, err
	}
	rows, err := db.List[User](ctx, q, sqlUsers, accountID, like(text), state, key[0], p.Size()+1)
	if err != nil {
		return page.Page[User]{}, err
	}
	n, err := db.One[int](ctx, q, sqlUsersCount, accountID, like(text), state)
	return page.Of(p, rows, func(u User) []string {
		if u.Owner {
			return []string{"0" + u.ID}
		}
		return []string{"1" + u.ID}
	}).WithTotal(n), err
}

// NewUser is a sub-user to be invited.
type NewUser struct {
	Email  string
	Name   string
	Phone  string
	Locale i18n.Lang
}

type userRow struct {
	User
	PasswordHash string `db:"password_hash"`
}

// sqlTouchAccount makes concurrent changes of one account's people wait for each other.
const sqlTouchAccount = `update accounts set version = version + 1 where id = $1`

// Invite creates a sub-user, who sets a password through the returned link within seven
// days. Errors: one per field; "email" is "taken" when anybody has it;
// "user.too_many" (Conflict) at 50.
func (s *Store) Invite(ctx context.Context, tx *db.Tx, accountID string, in NewUser) (User, Link, error) {
	in.Email = Email(in.Email)
	if in.Locale == "" {
		in.Locale = i18n.ZH
	}
	var c errs.Check
	checkEmail(&c, "email", in.Email)
	checkPerson(&c, in.Name, in.Phone, in.Locale)
	if err := c.Err(); err != nil {
		return User{}, Link{}, err
	}
	if n, err := db.Exec(ctx, tx, sqlTouchAccount, accountID); err != nil || n == 0 {
		if err == nil {
			err = errs.NotFoundf("account.not_found")
		}
		return User{}, Link{}, err
	}
	n, err := db.One[int](ctx, tx, `select count(*) from users where account_id = $1 and not owner`, accountID)
	if err != nil {
		return User{}, Link{}, err
	}
	if n >= MaxSubUsers {
		return User{}, Link{}, errs.Conflictf("user.too_many", "max", MaxSubUsers)
	}
	u := userRow{User: User{ID: id.New("usr"), AccountID: accountID, Email: in.Email, Name: trim(in.Name), Phone: trim(in.Phone),
		State: "pending", Locale: in.Locale, Version: 1, CreatedAt: tx.Now}}
	written, err := db.InsertIfAbsent(ctx, tx, "users", u)
	if err != nil {
		return User{}, Link{}, err
	}
	if !written {
		c.Add("email", "taken")
		return User{}, Link{}, c.Err()
	}
	link, err := s.newLink(ctx, tx, LinkInvitation, u.ID)
	if err != nil {
		return User{}, Link{}, err
	}
	return u.User, link, audit.Record(ctx, tx, audit.Entry{Action: "user.invite", Object: "user", ObjectID: u.ID, AccountID: accountID,
		Detail: map[string]string{"email": u.Email, "name": u.Name}})
}

// InviteAgain makes a new link for a user who has not used the first; older ones end.
// Errors: "user.not_found", "user.not_pending" (Conflict), "identity.mail_too_often".
func (s *Store) InviteAgain(ctx context.Context, tx *db.Tx, accountID, userID string) (User, Link, error) {
	u, err := s.User(ctx, tx, accountID, userID)
	if err != nil {
		return User{}, Link{}, err
	}
	if u.State != "pending" {
		return User{}, Link{}, errs.Conflictf("user.not_pending", "state", u.State)
	}
	if often, err := s.linkedWithin(ctx, tx, LinkInvitation, u.ID, mailPause); err != nil || often {
		if err == nil {
			err = errs.TooManyf("identity.mail_too_often")
		}
		return User{}, Link{}, err
	}
	link, err := s.newLink(ctx, tx, LinkInvitation, u.ID)
	if err != nil {
		return User{}, Link{}, err
	}
	return u, link, audit.Record(ctx, tx, audit.Entry{Action: "user.invite_again", Object: "user", ObjectID: u.ID, AccountID: accountID,
		Detail: map[string]string{"email": u.Email}})
}

func checkPerson(c *errs.Check, name, phone string, l i18n.Lang) {
	checkName(c, "name", name, 1)
	if len(trim(phone)) > 30 {
		c.Add("phone", "length", "min", 0, "max", 30, "actual", len(trim(phone)))
	}
	checkLocale(c, "locale", l)
}

// UserChange is what the owner may change of a sub-user, and everybody of themselves.
type UserChange struct {
	Name   string
	Phone  string
	Locale i18n.Lang
}

const sqlChangeUser = `update users set name = $1, phone = $2, locale = $3, version = version + 1 where id = $4 and account_id = $5`

// ChangeUser changes a user's own data. Errors: one per field, "user.not_found".
func (s *Store) ChangeUser(ctx context.Context, tx *db.Tx, accountID, userID string, in UserChange) error {
	var c errs.Check
	checkPerson(&c, in.Name, in.Phone, in.Locale)
	if err := c.Err(); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, sqlChangeUser, trim(in.Name), trim(in.Phone), in.Locale, userID, accountID)
	if err == nil && n == 0 {
		err = errs.NotFoundf("user.not_found")
	}
	if err != nil {
		return err
	}
	s.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: "user.change", Object: "user", ObjectID: userID, AccountID: accountID})
}

const sqlSwitchUser = `update users set state = $1, version = version + 1 where id = $2 and account_id = $3 and not owner and state = $4`

// Disable keeps a sub-user out and ends the sessions and tokens; Enable lets back in.
// Errors: "user.not_found", "user.bad_transition" (Conflict), "user.is_owner" (Conflict).
func (s *Store) Disable(ctx context.Context, tx *db.Tx, accountID, userID string) error {
	if err := s.switchUser(ctx, tx, accountID, userID, "active", "disabled", "user.disable"); err != nil {
		return err
	}
	return s.endEverything(ctx, tx, userID, "")
}

// Enable ends Disable.
func (s *Store) Enable(ctx context.Context, tx *db.Tx, accountID, userID string) error {
	return s.switchUser(ctx, tx, accountID, userID, "disabled", "active", "user.enable")
}

func (s *Store) switchUser(ctx context.Context, tx *db.Tx, accountID, userID, from, to, action string) error {
	n, err := db.Exec(ctx, tx, sqlSwitchUser, to, userID, accountID, from)
	if err != nil {
		return err
	}
	if n == 0 {
		u, err := s.User(ctx, tx, accountID, userID)
		if err != nil {
			return err
		}
		if u.Owner {
			return errs.Conflictf("user.is_owner", "state", u.State)
		}
		return errs.Conflictf("user.bad_transition", "state", u.State)
	}
	s.Changed(tx)
	return audit.Record(ctx, tx, audit.Entry{Action: action, Object: "user", ObjectID: userID, AccountID: accountID})
}

// Withdraw removes an invitation that was never used, so that the e-mail is free again.
// Errors: "user.not_found", "user.not_pending" (Conflict). Group memberships must be gone.
func (s *Store) Withdraw(ctx context.Context, tx *db.Tx, accountID, userID string) error {
	u, err := s.User(ctx, tx, accountID, userID)
	if err != nil {
		return err
	}
	if u.State != "pending" {
		return errs.Conflictf("user.not_pending", "state", u.State)
	}
	if _, err := db.Exec(ctx, tx, sqlDropLinks, userID, LinkInvitation); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `delete from users where id = $1 and state = 'pending'`, userID)
	if err == nil && n == 0 {
		err = errs.Conflictf("user.not_pending")
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Action: "user.withdraw", Object: "user", ObjectID: userID, AccountID: accountID, Detail: map[string]string{"email": u.Email}})
}
