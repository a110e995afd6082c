package membership

import (
	"context"
	"fmt"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/market/notification"
)

// SubmitRealName hands in the evidence and tells the operators who confirm it. Errors:
// identity.SubmitRealName's; "files[i]" is "unknown" for a file that is not the account's
// own scan.
func (d *Desk) SubmitRealName(ctx context.Context, tx *db.Tx, accountID string, in identity.RealName) error {
	var c errs.Check
	for i, key := range in.Files {
		f, ok, err := media.OfAccount(ctx, tx, accountID, key)
		if err != nil {
			return err
		}
		if !ok || f.Purpose != media.Licence {
			c.Add(fmt.Sprintf("files[%d]", i), "unknown")
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	if err := d.Identity.SubmitRealName(ctx, tx, accountID, in); err != nil {
		return err
	}
	a, err := d.Identity.Account(ctx, tx, accountID)
	if err != nil {
		return err
	}
	return d.Notices.Post(ctx, tx, notification.Message{Permission: access.RealNameReview, Class: notification.ClassReview, Code: "realname_submitted",
		Args: notification.Args{"account": a.Name, "realName": a.RealName}, Link: "/operator/real-names/" + a.ID})
}

// DecideRealName confirms or rejects it and tells the account by message and letter.
// Errors: identity.DecideRealName's.
func (d *Desk) DecideRealName(ctx context.Context, tx *db.Tx, accountID string, version int64, approve bool, reason string) error {
	if err := d.Identity.DecideRealName(ctx, tx, accountID, version, approve, reason); err != nil {
		return err
	}
	a, err := d.Identity.Account(ctx, tx, accountID)
	if err != nil {
		return err
	}
	code := "realname_rejected"
	if approve {
		code = "realname_verified"
	}
	if err := d.Notices.Post(ctx, tx, notification.Message{AccountID: accountID, Class: notification.ClassReview, Code: code,
		Args: notification.Args{"realName": a.RealName, "reason": a.RealNameReason}, Link: pathRealName}); err != nil {
		return err
	}
	return d.tellOwner(ctx, tx, a, code, notification.Args{"realName": a.RealName, "reason": a.RealNameReason, "link": d.link(pathRealName, "")})
}

// Suspend keeps an account's people out and writes its owner. Errors: identity.Suspend's.
func (d *Desk) Suspend(ctx context.Context, tx *db.Tx, accountID, reason string) error {
	if err := d.Identity.Suspend(ctx, tx, accountID, reason); err != nil {
		return err
	}
	return d.tellState(ctx, tx, accountID, "account_suspended")
}

// Reactivate ends a suspension and writes the owner. Errors: identity.Reactivate's.
func (d *Desk) Reactivate(ctx context.Context, tx *db.Tx, accountID, reason string) error {
	if err := d.Identity.Reactivate(ctx, tx, accountID, reason); err != nil {
		return err
	}
	return d.tellState(ctx, tx, accountID, "account_reactivated")
}

func (d *Desk) tellState(ctx context.Context, tx *db.Tx, accountID, code string) error {
	a, err := d.Identity.Account(ctx, tx, accountID)
	if err != nil {
		return err
	}
	return d.tellOwner(ctx, tx, a, code, notification.Args{"reason": a.StateReason})
}

func (d *Desk) tellOwner(ctx context.Context, tx *db.Tx, a identity.Account, code string, args notification.Args) error {
	owner, err := d.Identity.Owner(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	args["account"] = a.Name
	return d.Notices.Mail(ctx, tx, notification.To{Address: owner.Email, Name: owner.Name}, owner.Locale, code, args)
}

func checkRoles(roles []string) error {
	var c errs.Check
	access.CheckRoles(&c, "roles", roles)
	return c.Err()
}
