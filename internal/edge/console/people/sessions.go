package people

import (
	"context"
	"net/http"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/identity"
)

type browserSession struct {
	identity.Session
	Current bool `json:"current"`
}

func (a api) sessions() {
	console.Read(a.c, console.Op{Path: "/sessions", ID: "list-sessions", Tag: tagSession, Need: console.SignedIn, Summary: "Where the own person is signed in"},
		func(ctx context.Context, _ *console.ListInput) (page.Page[browserSession], error) {
			c := console.CallerFrom(ctx)
			list, err := a.Identity.Sessions(ctx, a.c.DB, c.UserID)
			return page.Map(whole(list), func(s identity.Session) browserSession { return browserSession{s, s.ID == c.SessionID} }), err
		})
	console.Write(a.c, console.Op{Method: http.MethodDelete, Path: "/sessions/{id}", ID: "end-session", Tag: tagSession, Need: console.SignedIn, Summary: "End one of the own sessions"},
		func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
			c := console.CallerFrom(ctx)
			if c.SessionID == "" { // a token for orders must not sign its person out
				return console.None{}, errs.Forbiddenf("identity.session_only")
			}
			return console.None{}, a.Identity.EndSession(ctx, tx, c.UserID, in.ID)
		})
	console.Act(a.c, console.Op{Method: http.MethodDelete, Path: "/sessions", ID: "sign-out-everywhere", Tag: tagSession, Need: console.SignedIn, Summary: "End all own sessions, this one included"},
		func(ctx context.Context, _ *struct{}) (console.None, error) {
			c := console.CallerFrom(ctx)
			if c.SessionID == "" {
				return console.None{}, errs.Forbiddenf("identity.session_only")
			}
			a.setCookie(ctx, "")
			return console.None{}, a.c.DB.Update(ctx, func(tx *db.Tx) error { return a.Identity.EndAll(ctx, tx, c.UserID, "") })
		})
}

// whole is a list that needs no paging in the form of one page.
func whole[T any](items []T) page.Page[T] {
	return page.Page[T]{Items: items, Total: len(items)}
}
