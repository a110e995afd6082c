// Package people is the console's part about people: signing up and in, sessions,
// passwords, the own account with its sub-users, groups and API tokens, station messages;
// and the operators' side of it: accounts, real names, operators, the audit log, settings,
// letters and jobs.
package people

import (
	"context"
	"net/http"

	"jishi/internal/base/settings"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/market/notification"
	"jishi/internal/trade/membership"
)

// Deps is what the operations call.
type Deps struct {
	Identity *identity.Store
	Access   *access.Store
	Notices  *notification.Store
	Members  *membership.Desk
	Settings *settings.Store
	Media    *media.Store

	// Secure marks the session's cookie for HTTPS only.
	Secure bool
	// Demo opens the demo page with its accounts and letters; DemoAccounts lists them.
	Demo         bool
	DemoAccounts func(ctx context.Context) ([]DemoAccount, error)
}

// DemoAccount is a person that the demo lets everybody be.
type DemoAccount struct {
	Role     string `json:"role" doc:"buyer, seller or operator"`
	Name     string `json:"name"`
	Account  string `json:"account"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

type api struct {
	Deps
	c *console.Console
}

// Register adds the operations.
func Register(c *console.Console, s Deps) {
	a := api{Deps: s, c: c}
	a.session()
	a.secondFactor()
	a.joining()
	a.passwords()
	a.sessions()
	a.account()
	a.users()
	a.groups()
	a.tokens()
	a.messages()
	a.accounts()
	a.realNames()
	a.operators()
	a.auditLog()
	a.settings()
	a.system()
	a.legal()
	if s.Demo {
		a.demo()
	}
}

const (
	tagSession  = "Signing in"
	tagAccount  = "Account and users"
	tagMessages = "Messages"
	tagOperator = "Operator: people"
	tagSystem   = "Operator: system"
	tagDemo     = "Demo"
)

type idInput struct {
	ID string `path:"id"`
}

// SessionOf is the console's way to authenticate browser sessions.
func SessionOf(a *access.Authenticator, set *settings.Store) func(ctx context.Context, token, address string) (access.Caller, console.Session, error) {
	return func(ctx context.Context, token, address string) (access.Caller, console.Session, error) {
		c, s, err := a.FromSession(ctx, token, address)
		if err != nil {
			return access.Caller{}, console.Session{}, err
		}
		site, err := set.Site(ctx)
		if err != nil {
			return access.Caller{}, console.Session{}, err
		}
		must := c.MustFactor || c.Kind == identity.KindOperator && site.Security.OperatorsNeedFactor
		return c, console.Session{CSRF: identity.CSRFToken(token), AuthenticatedAt: s.AuthenticatedAt, HasFactor: c.HasFactor, ProvenAt: s.ProvenAt,
			ProofLife: site.Security.ProofLife(), FactorDue: must && !c.HasFactor}, nil
	}
}

func owner(c access.Caller) identity.TokenOwner {
	held := make([]string, len(c.Permissions))
	for i, p := range c.Permissions {
		held[i] = string(p)
	}
	return identity.TokenOwner{Kind: c.Kind, ID: c.UserID, AccountID: c.AccountID, Held: held}
}

func (a api) setCookie(ctx context.Context, token string) {
	c := &http.Cookie{Name: console.SessionCookie, Value: token, Path: "/", HttpOnly: true, Secure: a.Secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int(identity.WholeLife.Seconds())}
	if token == "" {
		c.MaxAge = -1
	}
	console.HeaderFrom(ctx).Add("Set-Cookie", c.String())
}

func agent(ctx context.Context) string {
	if r := console.RequestFrom(ctx); r != nil {
		return r.UserAgent()
	}
	return ""
}
