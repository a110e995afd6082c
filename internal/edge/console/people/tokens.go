package people

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/identity"
)

// apiToken is a token with what it is worth now.
type apiToken struct {
	identity.APIToken
	State string `json:"state" doc:"active or expired"`
	Token string `json:"token,omitempty" doc:"The token itself, in the answer that made it only"`
}

type newTokenInput struct {
	Body struct {
		Name      string    `json:"name" required:"false"`
		Scopes    []string  `json:"scopes" required:"false" doc:"A subset of the own permissions"`
		ExpiresAt time.Time `json:"expiresAt" required:"false" doc:"Never when left out"`
	}
}

func (a api) tokens() {
	console.Read(a.c, console.Op{Path: "/tokens", ID: "list-tokens", Tag: tagAccount, Need: console.SignedIn, Summary: "The own API tokens without their secrets"},
		func(ctx context.Context, _ *console.ListInput) (page.Page[apiToken], error) {
			list, err := a.Identity.Tokens(ctx, a.c.DB, console.CallerFrom(ctx).UserID)
			return page.Map(whole(list), a.tokenView), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/tokens", ID: "create-token", Tag: tagAccount, Need: console.SignedIn, Secret: true, Recent: true,
		Status: http.StatusCreated, Summary: "Make an API token; its text is told this once"},
		func(ctx context.Context, tx *db.Tx, in *newTokenInput) (apiToken, error) {
			caller := console.CallerFrom(ctx)
			if caller.SessionID == "" { // a token that made tokens would outlive its own end
				return apiToken{}, errs.Forbiddenf("identity.session_only")
			}
			t, text, err := a.Identity.CreateToken(ctx, tx, owner(caller), identity.NewToken{Name: in.Body.Name, Scopes: in.Body.Scopes, ExpiresAt: in.Body.ExpiresAt.UTC()})
			out := a.tokenView(t)
			out.Token = text
			return out, err
		})
	console.Write(a.c, console.Op{Method: http.MethodDelete, Path: "/tokens/{id}", ID: "revoke-token", Tag: tagAccount, Need: console.SignedIn, Summary: "End an API token at once"},
		func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
			return console.None{}, a.Identity.RevokeToken(ctx, tx, owner(console.CallerFrom(ctx)), in.ID)
		})
}

func (a api) tokenView(t identity.APIToken) apiToken {
	out := apiToken{APIToken: t, State: "active"}
	if !t.ExpiresAt.IsZero() && !a.Identity.Now().Before(t.ExpiresAt) {
		out.State = "expired"
	}
	return out
}
