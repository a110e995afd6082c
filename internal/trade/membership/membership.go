// Package membership is what happens to people across modules: joining with the preset
// groups and a letter, invitations, resets, real-name decisions with their notices.
//
// Each function is one sequence in its caller's transaction. It owns no table and no rule
// of its own: identity keeps the people, access the groups, notification the letters.
package membership

import (
	"context"
	"net/url"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/notification"
)

// Desk does the sequences.
type Desk struct {
	Identity  *identity.Store
	Access    *access.Store
	Notices   *notification.Store
	PublicURL string // "https://shop.example", without a final slash; the letters' links
}

// Pages that letters lead to.
const (
	pathVerify     = "/verify"
	pathReset      = "/reset-password"
	pathInvitation = "/invitation"
	pathSignIn     = "/sign-in"
	pathForgotten  = "/forgot-password"
	pathSetup      = "/setup"
	pathRealName   = "/buyer/account"
)

// link is a page's address; the token stands in the fragment, which browsers neither send
// to a server nor put into a Referer.
func (d *Desk) link(path, token string, more ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	out := strings.TrimRight(d.PublicURL, "/") + path
	if len(v) > 0 {
		out += "?" + v.Encode()
	}
	if token != "" {
		out += "#" + token
	}
	return out
}

// SignUp keeps the form and writes exactly one letter: the verification link, or to the
// owner of a taken e-mail the news that an account exists. The answer does not tell which.
// Errors: one per field.
func (d *Desk) SignUp(ctx context.Context, tx *db.Tx, in identity.SignUp, p identity.Password) (identity.SignedUp, error) {
	s, err := d.Identity.SignUp(ctx, tx, in, p)
	if err != nil || s.Silent {
		return s, err
	}
	to := notification.To{Address: s.Email, Name: s.Name}
	if s.Taken {
		return s, d.Notices.Mail(ctx, tx, to, s.Locale, "taken", notification.Args{"signIn": d.link(pathSignIn, ""), "reset": d.link(pathForgotten, "")})
	}
	return s, d.Notices.Mail(ctx, tx, to, s.Locale, "verify", notification.Args{"link": d.link(pathVerify, s.Token)})
}

// SignUpAgain sends the verification letter once more when a sign-up waits; whether one
// does is not told.
func (d *Desk) SignUpAgain(ctx context.Context, tx *db.Tx, email string) error {
	s, ok, err := d.Identity.SignUpAgain(ctx, tx, email)
	if err != nil || !ok {
		return err
	}
	return d.Notices.Mail(ctx, tx, notification.To{Address: s.Email, Name: s.Name}, s.Locale, "verify", notification.Args{"link": d.link(pathVerify, s.Token)})
}

// Join turns a verified sign-up into an account with its owner and the preset groups.
// "identity.link_over" (Conflict).
func (d *Desk) Join(ctx context.Context, tx *db.Tx, token string) (identity.Account, identity.User, error) {
	a, u, err := d.Identity.ConfirmSignUp(ctx, tx, token)
	if err != nil {
		return a, u, err
	}
	return a, u, d.Access.CreatePresets(ctx, tx, a.ID)
}

// Invite makes a sub-user in the given groups and sends the invitation. Errors: those of
// identity.Invite and access.SetGroups.
func (d *Desk) Invite(ctx context.Context, tx *db.Tx, accountID string, in identity.NewUser, groups []string) (identity.User, identity.Link, error) {
	u, l, err := d.Identity.Invite(ctx, tx, accountID, in)
	if err != nil {
		return u, l, err
	}
	if err := d.Access.SetGroups(ctx, tx, accountID, u.ID, groups); err != nil {
		return u, l, err
	}
	return u, l, d.sendInvitation(ctx, tx, u, l)
}

// InviteAgain sends a new invitation; the one before ends. Errors: identity.InviteAgain's.
func (d *Desk) InviteAgain(ctx context.Context, tx *db.Tx, accountID, userID string) error {
	u, l, err := d.Identity.InviteAgain(ctx, tx, accountID, userID)
	if err != nil {
		return err
	}
	return d.sendInvitation(ctx, tx, u, l)
}

func (d *Desk) sendInvitation(ctx context.Context, tx *db.Tx, u identity.User, l identity.Link) error {
	a, err := d.Identity.Account(ctx, tx, u.AccountID)
	if err != nil {
		return err
	}
	owner, err := d.Identity.Owner(ctx, tx, u.AccountID)
	if err != nil {
		return err
	}
	return d.Notices.Mail(ctx, tx, notification.To{Address: u.Email, Name: u.Name}, u.Locale, "invite", notification.Args{
		"inviter": owner.Name, "account": a.Name, "email": u.Email, "link": d.link(pathInvitation, l.Token)})
}

// Withdraw removes an unused invitation with its group memberships. Errors:
// identity.Withdraw's.
func (d *Desk) Withdraw(ctx context.Context, tx *db.Tx, accountID, userID string) error {
	if _, err := d.Identity.User(ctx, tx, accountID, userID); err != nil {
		return err
	}
	if err := d.Access.LeaveAll(ctx, tx, userID); err != nil {
		return err
	}
	return d.Identity.Withdraw(ctx, tx, accountID, userID)
}

// InviteOperator makes an operator and sends the invitation. Errors:
// identity.InviteOperator's and field "roles".
func (d *Desk) InviteOperator(ctx context.Context, tx *db.Tx, in identity.NewOperator) (identity.Operator, error) {
	if err := checkRoles(in.Roles); err != nil {
		return identity.Operator{}, err
	}
	o, l, err := d.Identity.InviteOperator(ctx, tx, in)
	if err != nil {
		return o, err
	}
	return o, d.sendOperatorInvitation(ctx, tx, o, l)
}

// InviteOperatorAgain sends a new invitation. Errors: identity.InviteOperatorAgain's.
func (d *Desk) InviteOperatorAgain(ctx context.Context, tx *db.Tx, operatorID string) error {
	o, l, err := d.Identity.InviteOperatorAgain(ctx, tx, operatorID)
	if err != nil {
		return err
	}
	return d.sendOperatorInvitation(ctx, tx, o, l)
}

func (d *Desk) sendOperatorInvitation(ctx context.Context, tx *db.Tx, o identity.Operator, l identity.Link) error {
	return d.Notices.Mail(ctx, tx, notification.To{Address: o.Email, Name: o.Name}, o.Locale, "operator_invite",
		notification.Args{"email": o.Email, "link": d.link(pathInvitation, l.Token, "kind", identity.KindOperator)})
}

// RequestReset sends a reset link when somebody active has the e-mail; whether anybody
// does is not told.
func (d *Desk) RequestReset(ctx context.Context, tx *db.Tx, kind, email string) error {
	l, ok, err := d.Identity.RequestReset(ctx, tx, kind, email)
	if err != nil || !ok {
		return err
	}
	var more []string
	if kind == identity.KindOperator {
		more = []string{"kind", kind}
	}
	return d.Notices.Mail(ctx, tx, notification.To{Address: l.Email, Name: l.Name}, l.Locale, "reset",
		notification.Args{"link": d.link(pathReset, l.Link.Token, more...)})
}

// PasswordChanged tells the person, who may not have done it.
func (d *Desk) PasswordChanged(ctx context.Context, tx *db.Tx, p identity.Person) error {
	var more []string
	if p.Kind == identity.KindOperator {
		more = []string{"kind", p.Kind}
	}
	return d.Notices.Mail(ctx, tx, notification.To{Address: p.Email, Name: p.Name}, p.Locale, "password_changed",
		notification.Args{"reset": d.link(pathForgotten, "", more...)})
}

// SetupLink makes the first operator's link as it is printed at the first start.
// "operator.exists" (Conflict).
func (d *Desk) SetupLink(ctx context.Context, tx *db.Tx) (string, error) {
	l, err := d.Identity.CreateSetupLink(ctx, tx)
	return d.link(pathSetup, l.Token), err
}

// Setup makes the first operator, who holds every role. Errors: one per field,
// "identity.link_over" (Conflict).
func (d *Desk) Setup(ctx context.Context, tx *db.Tx, token, email, name string, l i18n.Lang, p identity.Password) (identity.Operator, error) {
	return d.Identity.UseSetupLink(ctx, tx, token, identity.NewOperator{Email: email, Name: name, Locale: l, Roles: access.RoleNames(access.AllRoles)}, p)
}
