package people

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

type changePasswordInput struct {
	Body struct {
		OldPassword string `json:"oldPassword" required:"false"`
		NewPassword string `json:"newPassword" required:"false"`
	}
}

func (a api) passwords() {
	reset := console.Op{Method: http.MethodPost, Path: "/password-reset", ID: "request-password-reset", Tag: tagSession, Rate: "strict", Status: http.StatusAccepted,
		Summary: "Send a link for a new password, if anybody has the e-mail; the answer is always the same"}
	console.Act(a.c, reset, func(ctx context.Context, in *emailInput) (mailed, error) {
		err := a.c.DB.Update(ctx, func(tx *db.Tx) error { return a.Members.RequestReset(ctx, tx, kindOf(in.Body.Kind), in.Body.Email) })
		return mailed{identity.Email(in.Body.Email)}, err
	})
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/password-reset/confirm", ID: "confirm-password-reset", Tag: tagSession, Rate: "strict",
		Summary: "Set a new password with a link; ends all sessions"}, a.confirmReset)
	console.Act(a.c, console.Op{Method: http.MethodPut, Path: "/session/password", ID: "change-password", Tag: tagSession, Rate: "strict", Need: console.SignedIn, BeforeFactor: true,
		Summary: "Change the own password; ends all other sessions"}, a.changePassword)
	console.Read(a.c, console.Op{Path: "/profile", ID: "get-profile", Tag: tagSession, Need: console.SignedIn, BeforeFactor: true, Summary: "The own person"},
		func(ctx context.Context, _ *struct{}) (profileView, error) { return a.profile(ctx, a.c.DB) })
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/profile", ID: "change-profile", Tag: tagSession, Need: console.SignedIn, Summary: "Change the own name, phone and language of letters"},
		func(ctx context.Context, tx *db.Tx, in *profileInput) (profileView, error) {
			c := console.CallerFrom(ctx)
			var err error
			if c.Kind == identity.KindOperator {
				err = a.Identity.ChangeOwnOperator(ctx, tx, c.UserID, in.Body.Name, in.Body.Locale)
			} else {
				err = a.Identity.ChangeUser(ctx, tx, c.AccountID, c.UserID, identity.UserChange{Name: in.Body.Name, Phone: in.Body.Phone, Locale: in.Body.Locale})
			}
			if err != nil {
				return profileView{}, err
			}
			return a.profile(ctx, tx)
		})
}

func (a api) confirmReset(ctx context.Context, in *linkInput) (mailed, error) {
	purpose := identity.LinkReset
	if in.kind() == identity.KindOperator {
		purpose = identity.LinkOperatorReset
	}
	p, err := a.passwordFor(ctx, purpose, in)
	if err != nil {
		return mailed{}, err
	}
	var who identity.Person
	err = a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		if who, err = a.Identity.ConfirmReset(ctx, tx, in.kind(), in.Body.Token, p); err != nil {
			return err
		}
		return a.Members.PasswordChanged(ctx, tx, who)
	})
	return mailed{who.Email}, err
}

func (a api) changePassword(ctx context.Context, in *changePasswordInput) (console.None, error) {
	var none console.None
	c := console.CallerFrom(ctx)
	if c.SessionID == "" {
		return none, errs.Forbiddenf("identity.session_only")
	}
	var check errs.Check
	check.Required("oldPassword", in.Body.OldPassword)
	identity.CheckPassword(&check, "newPassword", in.Body.NewPassword)
	if err := check.Err(); err != nil {
		return none, err
	}
	attempt, err := a.ownPassword(ctx, c, "oldPassword", in.Body.OldPassword)
	if err != nil {
		return none, err
	}
	p, err := a.Identity.NewPassword(ctx, in.Body.NewPassword)
	if err != nil {
		return none, err
	}
	return none, a.c.DB.Update(ctx, func(tx *db.Tx) error {
		who, err := a.Identity.FinishChangePassword(ctx, tx, attempt, p, c.SessionID)
		if err != nil {
			return err
		}
		return a.Members.PasswordChanged(ctx, tx, who)
	})
}

type profileView struct {
	ID     string    `json:"id"`
	Kind   string    `json:"kind"`
	Email  string    `json:"email"`
	Name   string    `json:"name"`
	Phone  string    `json:"phone"`
	Locale i18n.Lang `json:"locale"`
	Owner  bool      `json:"owner"`
	Roles  []string  `json:"roles" doc:"Of an operator"`
	Groups []string  `json:"groups" doc:"Names of the user groups of a sub-user"`
}

type profileInput struct {
	Body struct {
		Name   string    `json:"name" required:"false"`
		Phone  string    `json:"phone" required:"false"`
		Locale i18n.Lang `json:"locale" required:"false"`
	}
}

func (a api) profile(ctx context.Context, q db.Querier) (profileView, error) {
	c := console.CallerFrom(ctx)
	if c.Kind == identity.KindOperator {
		o, err := a.Identity.Operator(ctx, q, c.UserID)
		return profileView{ID: o.ID, Kind: c.Kind, Email: o.Email, Name: o.Name, Locale: o.Locale, Roles: o.Roles, Groups: []string{}}, err
	}
	u, err := a.Identity.User(ctx, q, c.AccountID, c.UserID)
	if err != nil {
		return profileView{}, err
	}
	out := profileView{ID: u.ID, Kind: c.Kind, Email: u.Email, Name: u.Name, Phone: u.Phone, Locale: u.Locale, Owner: u.Owner, Roles: []string{}, Groups: []string{}}
	groups, members, err := a.grouping(ctx, q, c.AccountID)
	for _, m := range members {
		if m.UserID == c.UserID {
			out.Groups = append(out.Groups, groupTitle(groups, m.GroupID, console.LangFrom(ctx)))
		}
	}
	return out, err
}

func (a api) grouping(ctx context.Context, q db.Querier, accountID string) ([]access.Group, []access.Membership, error) {
	groups, err := a.Access.Groups(ctx, q, accountID)
	if err != nil {
		return nil, nil, err
	}
	members, err := a.Access.Memberships(ctx, q, accountID)
	return groups, members, err
}

func groupTitle(groups []access.Group, id string, l i18n.Lang) string {
	for _, g := range groups {
		if g.ID == id {
			return g.Title(l)
		}
	}
	return ""
}
