// Package admin is what `jishi admin` runs: making operators and setting passwords from
// the command line, for whoever may read the installation's files. It goes through the
// same functions as the pages and leaves the same audit entries, with the command line as
// the actor.
package admin

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"jishi/internal/app"
	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

// Actor is who acts when a command does.
var Actor = audit.Actor{Kind: "system", ID: "command-line", Name: "jishi admin"}

// NewPassword draws a password of 80 random bits that is easy to type.
func NewPassword() string {
	t := strings.ToLower(rand.Text())
	return t[:4] + "-" + t[4:8] + "-" + t[8:12] + "-" + t[12:16]
}

// NewOperator is who CreateOperator makes. Without Roles they hold every role.
type NewOperator struct {
	Email, Name string
	Roles       []string
	Locale      i18n.Lang
}

// CreateOperator makes an active operator. Errors: one per field.
func CreateOperator(ctx context.Context, a *app.App, in NewOperator, password string) (identity.Operator, error) {
	if len(in.Roles) == 0 {
		in.Roles = access.RoleNames(access.AllRoles)
	}
	var c errs.Check
	access.CheckRoles(&c, "roles", in.Roles)
	if err := c.Err(); err != nil {
		return identity.Operator{}, err
	}
	p, err := a.Identity.NewPassword(ctx, password)
	if err != nil {
		return identity.Operator{}, err
	}
	var o identity.Operator
	err = a.DB.UpdateCtx(audit.WithActor(ctx, Actor), func(ctx context.Context, tx *db.Tx) error {
		var err error
		o, err = a.Identity.CreateOperator(ctx, tx, identity.NewOperator{Email: in.Email, Name: in.Name, Locale: in.Locale, Roles: in.Roles}, p)
		return err
	})
	return o, err
}

// ResetFactor takes the second factor of somebody who lost it and ends the sessions, for an operator whom nobody else can
// help. It writes the person, as the pages do.
func ResetFactor(ctx context.Context, a *app.App, kind, email, reason string) error {
	return a.DB.UpdateCtx(audit.WithActor(ctx, Actor), func(ctx context.Context, tx *db.Tx) error {
		if kind == identity.KindOperator {
			o, ok, err := a.Identity.OperatorByEmail(ctx, tx, email)
			if err != nil {
				return err
			}
			if !ok {
				return errs.NotFoundf("operator.not_found")
			}
			return a.Members.ResetFactor(ctx, tx, kind, "", o.ID, reason)
		}
		u, ok, err := a.Identity.UserByEmail(ctx, tx, email)
		if err != nil {
			return err
		}
		if !ok {
			return errs.NotFoundf("user.not_found")
		}
		return a.Members.ResetFactor(ctx, tx, kind, u.AccountID, u.ID, reason)
	})
}

// ResetPassword sets somebody's password and signs them out everywhere, by way of a reset
// link that is used at once.
func ResetPassword(ctx context.Context, a *app.App, kind, email, password string) error {
	if !slices.Contains([]string{identity.KindUser, identity.KindOperator}, kind) {
		return fmt.Errorf("%q is neither user nor operator", kind)
	}
	p, err := a.Identity.NewPassword(ctx, password)
	if err != nil {
		return err
	}
	return a.DB.UpdateCtx(audit.WithActor(ctx, Actor), func(ctx context.Context, tx *db.Tx) error {
		letter, ok, err := a.Identity.RequestReset(ctx, tx, kind, email)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("there is no active %s with the e-mail %s, or a reset was asked for within the last minute", kind, email)
		}
		_, err = a.Identity.ConfirmReset(ctx, tx, kind, letter.Link.Token, p)
		return err
	})
}
