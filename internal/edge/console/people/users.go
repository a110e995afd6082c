package people

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

// subUser is a user with the groups it is in.
type subUser struct {
	identity.User
	Groups       []groupRef `json:"groups"`
	SecondFactor bool       `json:"secondFactor" doc:"One is set up"`
}

type groupRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// UsersInput are the filters of a list of users.
type UsersInput struct {
	console.ListInput
	Q     string `query:"q" required:"false" doc:"Part of a name or e-mail"`
	State string `query:"state" required:"false" doc:"pending, active or disabled"`
}

type newUserInput struct {
	Body struct {
		Email  string    `json:"email" required:"false"`
		Name   string    `json:"name" required:"false"`
		Phone  string    `json:"phone" required:"false"`
		Locale i18n.Lang `json:"locale" required:"false"`
		Groups []string  `json:"groups" required:"false" doc:"Ids of user groups; without one the user may do nothing"`
	}
}

type changeUserInput struct {
	ID   string `path:"id"`
	Body struct {
		Name   string    `json:"name" required:"false"`
		Phone  string    `json:"phone" required:"false"`
		Locale i18n.Lang `json:"locale" required:"false"`
		Groups []string  `json:"groups" required:"false" doc:"All groups of a sub-user; left alone when absent"`
	}
}

func (a api) users() {
	op := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagAccount, Need: access.UserManage}
	}
	console.Read(a.c, op("", "/users", "list-users", "The account's users, the owner first"), func(ctx context.Context, in *UsersInput) (page.Page[subUser], error) {
		c := console.CallerFrom(ctx)
		p, err := a.Identity.Users(ctx, a.c.DB, c.AccountID, in.Q, in.State, in.Page())
		if err != nil {
			return page.Page[subUser]{}, err
		}
		groups, members, err := a.grouping(ctx, a.c.DB, c.AccountID)
		if err != nil {
			return page.Page[subUser]{}, err
		}
		factors, err := a.Identity.WithFactor(ctx, a.c.DB, c.AccountID)
		return page.Map(p, func(u identity.User) subUser { return withGroups(u, groups, members, factors, console.LangFrom(ctx)) }), err
	})
	console.Read(a.c, op("", "/users/{id}", "get-user", "One of the account's users"), func(ctx context.Context, in *idInput) (subUser, error) {
		return a.user(ctx, a.c.DB, in.ID)
	})
	invite := op(http.MethodPost, "/users", "invite-user", "Create a sub-user, who gets an invitation by mail; at most 50")
	invite.Status, invite.Rate = http.StatusCreated, "strict" // it writes to anybody, and tells whether an e-mail is taken
	console.Write(a.c, invite, func(ctx context.Context, tx *db.Tx, in *newUserInput) (subUser, error) {
		b := in.Body
		if b.Locale == "" {
			b.Locale = console.LangFrom(ctx)
		}
		if err := a.mayInvite(ctx, tx, b.Email); err != nil {
			return subUser{}, err
		}
		u, _, err := a.Members.Invite(ctx, tx, console.CallerFrom(ctx).AccountID, identity.NewUser{Email: b.Email, Name: b.Name, Phone: b.Phone, Locale: b.Locale}, b.Groups)
		if err != nil {
			return subUser{}, err
		}
		return a.user(ctx, tx, u.ID)
	})
	console.Write(a.c, op(http.MethodPut, "/users/{id}", "change-user", "Change a user's data and groups"), func(ctx context.Context, tx *db.Tx, in *changeUserInput) (subUser, error) {
		c, b := console.CallerFrom(ctx), in.Body
		if err := a.Identity.ChangeUser(ctx, tx, c.AccountID, in.ID, identity.UserChange{Name: b.Name, Phone: b.Phone, Locale: b.Locale}); err != nil {
			return subUser{}, err
		}
		if b.Groups != nil {
			if err := a.Access.SetGroups(ctx, tx, c.AccountID, in.ID, b.Groups); err != nil {
				return subUser{}, err
			}
		}
		return a.user(ctx, tx, in.ID)
	})
	for _, x := range []struct {
		path, id, summary string
		do                func(ctx context.Context, tx *db.Tx, accountID, userID string) error
	}{
		{"disable", "disable-user", "Keep a sub-user out; ends the sessions and API tokens", a.Identity.Disable},
		{"enable", "enable-user", "Let a sub-user in again", a.Identity.Enable},
		{"invite", "invite-user-again", "Send the invitation once more; the link before ends", a.Members.InviteAgain},
	} {
		console.Write(a.c, op(http.MethodPost, "/users/{id}/"+x.path, x.id, x.summary), func(ctx context.Context, tx *db.Tx, in *idInput) (subUser, error) {
			if err := x.do(ctx, tx, console.CallerFrom(ctx).AccountID, in.ID); err != nil {
				return subUser{}, err
			}
			return a.user(ctx, tx, in.ID)
		})
	}
	console.Write(a.c, op(http.MethodDelete, "/users/{id}", "withdraw-invitation", "Remove a sub-user who never accepted"), func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
		return console.None{}, a.Members.Withdraw(ctx, tx, console.CallerFrom(ctx).AccountID, in.ID)
	})
}

// invitationsADay bounds the invitations to one address, whoever sends them: an invitation
// can be withdrawn and sent anew.
const invitationsADay = 5

// mayInvite is "identity.invited_often" (TooMany) for an address that had enough today.
func (a api) mayInvite(ctx context.Context, q db.Querier, email string) error {
	n, err := a.Notices.SentTo(ctx, q, identity.Email(email), "invite", 24*time.Hour)
	if err == nil && n >= invitationsADay {
		err = errs.TooManyf("identity.invited_often")
	}
	return err
}

func (a api) user(ctx context.Context, q db.Querier, userID string) (subUser, error) {
	c := console.CallerFrom(ctx)
	u, err := a.Identity.User(ctx, q, c.AccountID, userID)
	if err != nil {
		return subUser{}, err
	}
	groups, members, err := a.grouping(ctx, q, c.AccountID)
	if err != nil {
		return subUser{}, err
	}
	factors, err := a.Identity.WithFactor(ctx, q, c.AccountID)
	return withGroups(u, groups, members, factors, console.LangFrom(ctx)), err
}

func withGroups(u identity.User, groups []access.Group, members []access.Membership, factors map[string]bool, l i18n.Lang) subUser {
	out := subUser{User: u, Groups: []groupRef{}, SecondFactor: factors[u.ID]}
	for _, m := range members {
		if m.UserID == u.ID {
			out.Groups = append(out.Groups, groupRef{m.GroupID, groupTitle(groups, m.GroupID, l)})
		}
	}
	return out
}
