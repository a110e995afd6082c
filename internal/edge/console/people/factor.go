package people

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

// factorView is the own second factor.
type factorView struct {
	Enabled   bool      `json:"enabled"`
	Since     time.Time `json:"since,omitzero"`
	CodesLeft int       `json:"codesLeft" doc:"Recovery codes that were not used yet"`
	Required  bool      `json:"required" doc:"The account, or the site of its operators, wants one of everybody"`
}

type enrolmentView struct {
	Secret string `json:"secret" doc:"Base32, to be typed into the app by hand"`
	URI    string `json:"uri" doc:"otpauth address, to be shown as a QR code"`
}

type codesView struct {
	Codes []string `json:"codes" doc:"Each works once in place of the device; told this once"`
}

type codeInput struct {
	Body struct {
		Code string `json:"code" required:"false" doc:"Six digits of the device, or a recovery code"`
	}
}

type disableFactorInput struct {
	Body struct {
		Password string `json:"password" required:"false"`
		Code     string `json:"code" required:"false" doc:"Six digits of the device, or a recovery code"`
	}
}

type requireFactorInput struct {
	Body struct {
		Required bool `json:"required"`
	}
}

type resetUserFactorInput struct {
	ID   string `path:"id" doc:"Account"`
	User string `path:"userId"`
	Body struct {
		Reason string `json:"reason" required:"false"`
	}
}

func (a api) secondFactor() {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: "/session/second-factor" + path, ID: id, Tag: tagSession, Need: console.SignedIn, BeforeFactor: true, Summary: summary}
	}
	console.Read(a.c, op("", "", "get-second-factor", "The own second factor"), a.factor)
	start := op(http.MethodPost, "", "start-second-factor", "Make a secret for an authenticator app; it counts once a first code confirms it")
	start.Secret, start.Recent = true, true
	console.Write(a.c, start, func(ctx context.Context, tx *db.Tx, _ *struct{}) (enrolmentView, error) {
		c, err := inSession(ctx)
		if err != nil {
			return enrolmentView{}, err
		}
		site, err := a.Settings.Site(ctx)
		if err != nil {
			return enrolmentView{}, err
		}
		e, err := a.Identity.StartFactor(ctx, tx, identity.FactorOwner{Kind: c.Kind, ID: c.UserID, AccountID: c.AccountID}, site.Name.In(console.LangFrom(ctx)), c.Email)
		return enrolmentView{e.Secret, e.URI}, err
	})
	confirm := op(http.MethodPost, "/confirm", "confirm-second-factor", "Switch the second factor on with a first code; gives the recovery codes and ends all other sessions")
	confirm.Rate, confirm.Recent = "strict", true
	console.Act(a.c, confirm, func(ctx context.Context, in *codeInput) (out codesView, err error) {
		return out, a.withTry(ctx, func(ctx context.Context, tx *db.Tx, c access.Caller, try identity.FactorTry) error {
			out.Codes, err = a.Members.ConfirmFactor(ctx, tx, try, in.Body.Code, c.SessionID)
			return err
		})
	})
	prove := op(http.MethodPost, "/prove", "prove-second-factor", "Enter a code, which opens for some minutes what is sensitive")
	prove.Rate = "strict"
	console.Act(a.c, prove, func(ctx context.Context, in *codeInput) (console.None, error) {
		return console.None{}, a.withTry(ctx, func(ctx context.Context, tx *db.Tx, c access.Caller, try identity.FactorTry) error {
			return a.Members.ProveFactor(ctx, tx, try, in.Body.Code, c.SessionID)
		})
	})
	renew := op(http.MethodPost, "/codes", "renew-recovery-codes", "Make new recovery codes; the old ones end")
	renew.Secret, renew.Recent = true, true
	console.Write(a.c, renew, func(ctx context.Context, tx *db.Tx, _ *struct{}) (codesView, error) {
		c, err := inSession(ctx)
		if err != nil {
			return codesView{}, err
		}
		codes, err := a.Identity.RenewRecoveryCodes(ctx, tx, c.UserID)
		return codesView{codes}, err
	})
	disable := op(http.MethodPost, "/disable", "disable-second-factor", "Switch the second factor off with password and code")
	disable.Rate = "strict"
	console.Act(a.c, disable, a.disableFactor)
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/session/second-step", ID: "sign-in-second-step", Tag: tagSession, Rate: "strict",
		Summary: "End a sign-in that asked for a second step, within five minutes and from the same network"}, a.secondStep)
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/account/second-factor", ID: "require-second-factor", Tag: tagAccount, Need: access.AccountManage, Recent: true,
		Summary: "Want a second factor of all people of the account; who has none can only set one up"},
		func(ctx context.Context, tx *db.Tx, in *requireFactorInput) (myAccount, error) {
			c := console.CallerFrom(ctx)
			if err := a.Identity.RequireFactor(ctx, tx, c.AccountID, c.UserID, in.Body.Required); err != nil {
				return myAccount{}, err
			}
			return a.mine(ctx, tx)
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/operator/accounts/{id}/users/{userId}/second-factor/reset", ID: "reset-user-second-factor",
		Tag: tagOperator, Need: access.AccountSuspend, Recent: true, Summary: "Take the second factor of a user who lost it; ends the sessions"},
		func(ctx context.Context, tx *db.Tx, in *resetUserFactorInput) (console.None, error) {
			return console.None{}, a.Members.ResetFactor(ctx, tx, identity.KindUser, in.ID, in.User, in.Body.Reason)
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/operator/operators/{id}/second-factor/reset", ID: "reset-operator-second-factor",
		Tag: tagOperator, Need: access.OperatorManage, Recent: true, Summary: "Take the second factor of another operator who lost it; ends the sessions"},
		func(ctx context.Context, tx *db.Tx, in *reasonInput) (console.None, error) {
			if in.ID == console.CallerFrom(ctx).UserID { // a way around the own code
				return console.None{}, errs.Conflictf("second_factor.own")
			}
			return console.None{}, a.Members.ResetFactor(ctx, tx, identity.KindOperator, "", in.ID, in.Body.Reason)
		})
}

// inSession is the caller of a browser session.
func inSession(ctx context.Context) (access.Caller, error) {
	c := console.CallerFrom(ctx)
	if c.SessionID == "" {
		return c, errs.Forbiddenf("identity.session_only")
	}
	return c, nil
}

// withTry counts a try of the caller's code and then does what looks at it.
func (a api) withTry(ctx context.Context, do func(ctx context.Context, tx *db.Tx, c access.Caller, try identity.FactorTry) error) error {
	c, err := inSession(ctx)
	if err != nil {
		return err
	}
	try, err := a.beginFactor(ctx, c)
	if err != nil {
		return err
	}
	return a.c.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return do(ctx, tx, c, try) })
}

func (a api) beginFactor(ctx context.Context, c access.Caller) (try identity.FactorTry, err error) {
	err = a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		try, err = a.Identity.BeginFactor(ctx, tx, c.UserID, console.AddressFrom(ctx))
		return err
	})
	return try, err
}

func (a api) factor(ctx context.Context, _ *struct{}) (factorView, error) {
	c := console.CallerFrom(ctx)
	f, err := a.Identity.Factor(ctx, a.c.DB, c.UserID)
	if err != nil {
		return factorView{}, err
	}
	required, err := a.factorRequired(ctx, c)
	return factorView{Enabled: f.Enabled, Since: f.Since, CodesLeft: f.CodesLeft, Required: required}, err
}

func (a api) factorRequired(ctx context.Context, c access.Caller) (bool, error) {
	if c.Kind == identity.KindOperator {
		site, err := a.Settings.Site(ctx)
		return site.Security.OperatorsNeedFactor, err
	}
	acc, err := a.Identity.Account(ctx, a.c.DB, c.AccountID)
	return acc.SecondFactorRequired, err
}

func (a api) disableFactor(ctx context.Context, in *disableFactorInput) (console.None, error) {
	var none console.None
	c, err := inSession(ctx)
	if err != nil {
		return none, err
	}
	if required, err := a.factorRequired(ctx, c); err != nil {
		return none, err
	} else if required {
		return none, errs.Conflictf("second_factor.required_here")
	}
	attempt, err := a.ownPassword(ctx, c, "password", in.Body.Password)
	if err != nil {
		return none, err
	}
	try, err := a.beginFactor(ctx, c)
	if err != nil {
		return none, err
	}
	return none, a.c.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return a.Members.DisableFactor(ctx, tx, attempt, try, in.Body.Code)
	})
}

// pendingCookie carries a sign-in between its two steps.
const pendingCookie = "jishi_second_step"

func (a api) setPending(ctx context.Context, token string) {
	c := &http.Cookie{Name: pendingCookie, Value: token, Path: "/api/v1/session/second-step", HttpOnly: true, Secure: a.Secure, SameSite: http.SameSiteStrictMode,
		MaxAge: int(identity.PendingLife.Seconds())}
	if token == "" {
		c.MaxAge = -1
	}
	console.HeaderFrom(ctx).Add("Set-Cookie", c.String())
}

func (a api) secondStep(ctx context.Context, in *codeInput) (sessionView, error) {
	var pending string
	if cookie, err := console.RequestFrom(ctx).Cookie(pendingCookie); err == nil {
		pending = cookie.Value
	}
	var try identity.FactorTry
	err := a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		try, err = a.Identity.BeginSecondStep(ctx, tx, pending, console.AddressFrom(ctx))
		return err
	})
	var entry identity.Entry
	if err == nil {
		err = a.c.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			if err := a.endPresent(ctx, tx); err != nil {
				return err
			}
			entry, err = a.Members.FinishSecondStep(ctx, tx, try, in.Body.Code, console.AddressFrom(ctx), agent(ctx))
			return err
		})
	}
	if err != nil {
		a.refusedSignIn(ctx, "second step", err)
		return sessionView{}, err
	}
	a.setPending(ctx, "")
	return a.signedIn(ctx, entry.Token)
}
