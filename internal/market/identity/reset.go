package identity

import (
	"context"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
)

// Letter says to whom a link goes.
type Letter struct {
	Email  string
	Name   string
	Locale i18n.Lang
	Link   Link
}

// RequestReset makes a password-reset link for a user (kind "user") or operator. ok is
// false, and nothing must be sent, when nobody active has the e-mail or a letter left less
// than a minute ago; the caller answers the same in every case.
func (s *Store) RequestReset(ctx context.Context, tx *db.Tx, kind, email string) (l Letter, ok bool, err error) {
	var subject, state, purpose string
	if kind == KindOperator {
		o, found, err := db.Maybe[Operator](ctx, tx, sqlOperatorByEmail, Email(email))
		if err != nil || !found {
			return Letter{}, false, err
		}
		subject, state, purpose = o.ID, o.State, LinkOperatorReset
		l = Letter{Email: o.Email, Name: o.Name, Locale: o.Locale}
	} else {
		u, found, err := s.UserByEmail(ctx, tx, email)
		if err != nil || !found {
			return Letter{}, false, err
		}
		subject, state, purpose = u.ID, u.State, LinkReset
		l = Letter{Email: u.Email, Name: u.Name, Locale: u.Locale}
	}
	if state != "active" {
		return Letter{}, false, nil
	}
	if often, err := s.linkedWithin(ctx, tx, purpose, subject, mailPause); err != nil || often {
		return Letter{}, false, err
	}
	l.Link, err = s.newLink(ctx, tx, purpose, subject)
	return l, err == nil, err
}

// Invited is what an invitation's page shows before a password is set.
type Invited struct {
	Email   string `db:"email" json:"email"`
	Name    string `db:"name" json:"name"`
	Account string `db:"account" json:"account"` // the inviting account, empty for operators
}

const sqlInvited = `select u.email, u.name, a.name as account from users u join accounts a on a.id = u.account_id where u.id = $1`
const sqlInvitedOperator = `select email, name, '' as account from operators where id = $1`

// Invitation shows whom a link invites. "identity.link_over" (Conflict).
func (s *Store) Invitation(ctx context.Context, q db.Querier, kind, token string) (Invited, error) {
	purpose, text := LinkInvitation, sqlInvited
	if kind == KindOperator {
		purpose, text = LinkOperatorInvitation, sqlInvitedOperator
	}
	subject, err := s.peekLink(ctx, q, purpose, token)
	if err != nil {
		return Invited{}, err
	}
	return db.One[Invited](ctx, q, text, subject)
}

// CheckLink tells whether a link still works, so that no password is hashed for one that
// does not. "identity.link_over" (Conflict).
func (s *Store) CheckLink(ctx context.Context, q db.Querier, purpose, token string) error {
	_, err := s.peekLink(ctx, q, purpose, token)
	return err
}

// Person is whose password a link has set.
type Person struct {
	Kind      string
	ID        string
	AccountID string
	Email     string
	Name      string
	Locale    i18n.Lang
}

// ConfirmReset sets a new password through a reset link, ends all sessions and lifts the
// locks of nobody but the owner of the mailbox. Errors: "identity.link_over" (Conflict).
func (s *Store) ConfirmReset(ctx context.Context, tx *db.Tx, kind, token string, p Password) (Person, error) {
	purpose := LinkReset
	if kind == KindOperator {
		purpose = LinkOperatorReset
	}
	return s.setByLink(ctx, tx, kind, purpose, token, p, "active", ".reset_password")
}

// AcceptInvitation sets the first password of an invited user or operator, who is active
// from then on. Errors: "identity.link_over" (Conflict).
func (s *Store) AcceptInvitation(ctx context.Context, tx *db.Tx, kind, token string, p Password) (Person, error) {
	purpose := LinkInvitation
	if kind == KindOperator {
		purpose = LinkOperatorInvitation
	}
	return s.setByLink(ctx, tx, kind, purpose, token, p, "pending", ".accept_invitation")
}

const sqlSetPassword = `update users set password_hash = $1, state = 'active', version = version + 1 where id = $2 and state = $3`
const sqlSetOperatorPassword = `update operators set password_hash = $1, state = 'active', version = version + 1 where id = $2 and state = $3`

func (s *Store) setByLink(ctx context.Context, tx *db.Tx, kind, purpose, token string, p Password, from, action string) (Person, error) {
	subject, err := s.useLink(ctx, tx, purpose, token)
	if err != nil {
		return Person{}, err
	}
	text := sqlSetPassword
	if kind == KindOperator {
		text = sqlSetOperatorPassword
	}
	n, err := db.Exec(ctx, tx, text, p.encoded, subject, from)
	if err == nil && n == 0 {
		err = errs.Conflictf("identity.link_over")
	}
	if err != nil {
		return Person{}, err
	}
	who, err := s.person(ctx, tx, kind, subject)
	if err != nil {
		return Person{}, err
	}
	// Whoever knew the old password may have made tokens with it.
	if err := s.endEverything(ctx, tx, subject, ""); err != nil {
		return Person{}, err
	}
	ctx = audit.WithActor(ctx, audit.Actor{Kind: kind, ID: subject, AccountID: who.AccountID, Name: who.Name,
		Address: audit.ActorFrom(ctx).Address, RequestID: audit.ActorFrom(ctx).RequestID})
	return who, audit.Record(ctx, tx, audit.Entry{Action: kind + action, Object: kind, ObjectID: subject, AccountID: who.AccountID})
}

type personRow struct {
	ID        string    `db:"id"`
	AccountID string    `db:"account_id"`
	Email     string    `db:"email"`
	Name      string    `db:"name"`
	Locale    i18n.Lang `db:"locale"`
}

func (s *Store) person(ctx context.Context, q db.Querier, kind, subjectID string) (Person, error) {
	text := `select id, account_id, email, name, locale from users where id = $1`
	if kind == KindOperator {
		text = `select id, '' as account_id, email, name, locale from operators where id = $1`
	}
	r, err := db.One[personRow](ctx, q, text, subjectID)
	return Person{Kind: kind, ID: r.ID, AccountID: r.AccountID, Email: r.Email, Name: r.Name, Locale: r.Locale}, err
}

const sqlChangePassword = `update users set password_hash = $1, version = version + 1 where id = $2 and password_hash = $3`
const sqlChangeOperatorPassword = `update operators set password_hash = $1, version = version + 1 where id = $2 and password_hash = $3`

// FinishChangePassword sets a new password after VerifyOwn proved the old one, and ends
// all other sessions and the reset links that wait. "identity.bad_credentials"
// (Unauthenticated) when the old password was changed while it was being verified.
func (s *Store) FinishChangePassword(ctx context.Context, tx *db.Tx, a Attempt, p Password, keepSession string) (Person, error) {
	if err := s.succeed(ctx, tx, a); err != nil {
		return Person{}, err
	}
	text, purpose := sqlChangePassword, LinkReset
	if a.Kind == KindOperator {
		text, purpose = sqlChangeOperatorPassword, LinkOperatorReset
	}
	n, err := db.Exec(ctx, tx, text, p.encoded, a.SubjectID, a.hash)
	if err == nil && n == 0 {
		err = errs.Unauthenticatedf("identity.bad_credentials")
	}
	if err != nil {
		return Person{}, err
	}
	if _, err := db.Exec(ctx, tx, sqlDropLinks, a.SubjectID, purpose); err != nil {
		return Person{}, err
	}
	if err := s.endSessions(ctx, tx, a.SubjectID, keepSession); err != nil {
		return Person{}, err
	}
	who, err := s.person(ctx, tx, a.Kind, a.SubjectID)
	if err != nil {
		return Person{}, err
	}
	return who, audit.Record(ctx, tx, audit.Entry{Action: a.Kind + ".change_password", Object: a.Kind, ObjectID: a.SubjectID, AccountID: a.AccountID})
}
