package membership

import (
	"context"

	"jishi/internal/base/db"
	"jishi/internal/market/identity"
	"jishi/internal/market/notification"
)

// ConfirmFactor switches a second factor on and tells the person. Errors: identity.ConfirmFactor's.
func (d *Desk) ConfirmFactor(ctx context.Context, tx *db.Tx, t identity.FactorTry, code, sessionID string) ([]string, error) {
	codes, who, err := d.Identity.ConfirmFactor(ctx, tx, t, code, sessionID)
	if err != nil {
		return nil, err
	}
	return codes, d.mailFactor(ctx, tx, who, "second_factor_on", notification.Args{})
}

// DisableFactor switches it off and tells the person, who may not have done it. Errors: identity.DisableFactor's.
func (d *Desk) DisableFactor(ctx context.Context, tx *db.Tx, a identity.Attempt, t identity.FactorTry, code string) error {
	who, err := d.Identity.DisableFactor(ctx, tx, a, t, code)
	if err != nil {
		return err
	}
	return d.mailFactor(ctx, tx, who, "second_factor_off", notification.Args{})
}

// ResetFactor takes a lost second factor and tells the person why. Errors: identity.ResetFactor's.
func (d *Desk) ResetFactor(ctx context.Context, tx *db.Tx, kind, accountID, subjectID, reason string) error {
	who, err := d.Identity.ResetFactor(ctx, tx, kind, accountID, subjectID, reason)
	if err != nil {
		return err
	}
	return d.mailFactor(ctx, tx, who, "second_factor_reset", notification.Args{"reason": reason})
}

// ProveFactor proves a second factor in a session. Errors: identity.ProveFactor's.
func (d *Desk) ProveFactor(ctx context.Context, tx *db.Tx, t identity.FactorTry, code, sessionID string) error {
	p, err := d.Identity.ProveFactor(ctx, tx, t, code, sessionID)
	if err != nil {
		return err
	}
	return d.recovered(ctx, tx, p)
}

// FinishSecondStep ends a sign-in. Errors: identity.FinishSecondStep's.
func (d *Desk) FinishSecondStep(ctx context.Context, tx *db.Tx, t identity.FactorTry, code, address, agent string) (identity.Entry, error) {
	e, p, err := d.Identity.FinishSecondStep(ctx, tx, t, code, address, agent)
	if err != nil {
		return e, err
	}
	return e, d.recovered(ctx, tx, p)
}

// recovered tells of a recovery code's use: somebody may have found the sheet.
func (d *Desk) recovered(ctx context.Context, tx *db.Tx, p identity.Proof) error {
	if !p.Recovery {
		return nil
	}
	return d.mailFactor(ctx, tx, p.Person, "recovery_code_used", notification.Args{"left": p.CodesLeft})
}

func (d *Desk) mailFactor(ctx context.Context, tx *db.Tx, p identity.Person, letter string, args notification.Args) error {
	var more []string
	if p.Kind == identity.KindOperator {
		more = []string{"kind", p.Kind}
	}
	args["reset"] = d.link(pathForgotten, "", more...)
	return d.Notices.Mail(ctx, tx, notification.To{Address: p.Email, Name: p.Name}, p.Locale, letter, args)
}
