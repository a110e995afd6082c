package people

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
)

type accountsInput struct {
	console.ListInput
	Q             string `query:"q" required:"false" doc:"Part of a name, real name or e-mail, or an id"`
	Kind          string `query:"kind" required:"false" doc:"company or person"`
	State         string `query:"state" required:"false" doc:"active or suspended"`
	RealNameState string `query:"realNameState" required:"false"`
}

// AccountDetail is what operators see of an account.
type AccountDetail struct {
	identity.Account
	Owner  identity.User  `json:"owner"`
	Seller *sessionSeller `json:"seller" doc:"null when the account is no seller"`
}

// overseenUser is a user as operators see it.
type overseenUser struct {
	identity.User
	SecondFactor bool `json:"secondFactor" doc:"One is set up"`
}

type accountUsersInput struct {
	ID string `path:"id"`
	UsersInput
}

type reasonInput struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" required:"false"`
	}
}

func (a api) accounts() {
	op := func(method, path, id, summary string, need access.Permission) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagOperator, Need: need}
	}
	console.Read(a.c, op("", "/operator/accounts", "list-accounts", "All accounts, the newest first", access.AccountOversee),
		func(ctx context.Context, in *accountsInput) (page.Page[identity.AccountLine], error) {
			return a.Identity.Accounts(ctx, a.c.DB, identity.AccountFilter{Text: in.Q, Kind: in.Kind, State: in.State, RealNameState: in.RealNameState}, in.Page())
		})
	console.Read(a.c, op("", "/operator/accounts/{id}", "get-account-of", "One account", access.AccountOversee),
		func(ctx context.Context, in *idInput) (AccountDetail, error) { return a.detail(ctx, a.c.DB, in.ID) })
	console.Read(a.c, op("", "/operator/accounts/{id}/users", "list-users-of", "The users of an account", access.AccountOversee),
		func(ctx context.Context, in *accountUsersInput) (page.Page[overseenUser], error) {
			if _, err := a.Identity.Account(ctx, a.c.DB, in.ID); err != nil {
				return page.Page[overseenUser]{}, err
			}
			p, err := a.Identity.Users(ctx, a.c.DB, in.ID, in.Q, in.State, in.Page())
			if err != nil {
				return page.Page[overseenUser]{}, err
			}
			factors, err := a.Identity.WithFactor(ctx, a.c.DB, in.ID)
			return page.Map(p, func(u identity.User) overseenUser { return overseenUser{u, factors[u.ID]} }), err
		})
	for _, x := range []struct {
		path, id, summary string
		do                func(ctx context.Context, tx *db.Tx, accountID, reason string) error
	}{
		{"suspend", "suspend-account", "Keep all people of an account out", a.Members.Suspend},
		{"reactivate", "reactivate-account", "Let them in again", a.Members.Reactivate},
	} {
		console.Write(a.c, op(http.MethodPost, "/operator/accounts/{id}/"+x.path, x.id, x.summary, access.AccountSuspend),
			func(ctx context.Context, tx *db.Tx, in *reasonInput) (AccountDetail, error) {
				if err := x.do(ctx, tx, in.ID, in.Body.Reason); err != nil {
					return AccountDetail{}, err
				}
				return a.detail(ctx, tx, in.ID)
			})
	}
}

func (a api) detail(ctx context.Context, q db.Querier, accountID string) (AccountDetail, error) {
	acc, err := a.Identity.Account(ctx, q, accountID)
	if err != nil {
		return AccountDetail{}, err
	}
	out := AccountDetail{Account: acc}
	if out.Owner, err = a.Identity.Owner(ctx, q, accountID); err != nil {
		return AccountDetail{}, err
	}
	s, ok, err := access.SellerOf(ctx, q, accountID)
	if ok {
		out.Seller = &sessionSeller{ID: s.ID, State: s.State, Name: s.Name.In(console.LangFrom(ctx))}
	}
	return out, err
}
