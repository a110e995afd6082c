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
	"jishi/internal/market/media"
)

type sessionView struct {
	SignedIn    bool            `json:"signedIn"`
	Kind        string          `json:"kind,omitempty" doc:"user or operator"`
	User        *sessionUser    `json:"user,omitempty"`
	Account     *sessionAccount `json:"account,omitempty"`
	Seller      *sessionSeller  `json:"seller" doc:"null when the account is no seller"`
	Permissions []string        `json:"permissions"`
	CSRFToken   string          `json:"csrfToken" doc:"Goes into X-CSRF-Token of every writing call of a browser"`
	SecondStep  bool            `json:"secondStep,omitempty" doc:"The password was right; a code has to follow at /session/second-step"`
	FactorDue   bool            `json:"secondFactorDue" doc:"A second factor is required and has to be set up first"`
	Unread      int             `json:"unread" doc:"Station messages, counted up to 100"`
	Site        sessionSite     `json:"site"`
}

type sessionUser struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Email  string    `json:"email"`
	Owner  bool      `json:"owner"`
	Locale i18n.Lang `json:"locale"`
}

type sessionAccount struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Kind          string `json:"kind"`
	RealNameState string `json:"realNameState"`
}

type sessionSeller struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Name  string `json:"name"`
}

type sessionSite struct {
	Name     string `json:"name"`
	LogoURL  string `json:"logoUrl"`
	Currency string `json:"currency"`
	TimeZone string `json:"timeZone"`
	Demo     bool   `json:"demo"`
	// UnusedTime: products may be given back pro rata.
	UnusedTime bool `json:"unusedTimeRefunds"`
}

type credentials struct {
	Body struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
}

func (a api) showSession() {
	console.Read(a.c, console.Op{Path: "/session", ID: "get-session", Tag: tagSession, Summary: "Who is signed in, and what every page needs"},
		func(ctx context.Context, _ *struct{}) (sessionView, error) {
			return a.view(ctx, console.CallerFrom(ctx), console.SessionFrom(ctx))
		})
}

func (a api) session() {
	a.showSession()
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/session", ID: "sign-in", Tag: tagSession, Rate: "strict",
		Summary: "Sign a user in; five wrong passwords from one address lock that pair for 15 minutes"},
		func(ctx context.Context, in *credentials) (sessionView, error) {
			return a.signIn(ctx, identity.KindUser, in)
		})
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/operator/session", ID: "sign-in-operator", Tag: tagSession, Rate: "strict", Summary: "Sign an operator in"},
		func(ctx context.Context, in *credentials) (sessionView, error) {
			return a.signIn(ctx, identity.KindOperator, in)
		})
	console.Act(a.c, console.Op{Method: http.MethodDelete, Path: "/session", ID: "sign-out", Tag: tagSession, Summary: "End this session"},
		func(ctx context.Context, _ *struct{}) (console.None, error) {
			c := console.CallerFrom(ctx)
			a.setCookie(ctx, "")
			if c.SessionID == "" {
				return console.None{}, nil // over already
			}
			err := a.c.DB.Update(ctx, func(tx *db.Tx) error { return a.Identity.EndSession(ctx, tx, c.UserID, c.SessionID) })
			if errs.Is(err, "session.not_found") {
				err = nil
			}
			return console.None{}, err
		})
	console.Act(a.c, console.Op{Method: http.MethodPost, Path: "/session/reauthenticate", ID: "reauthenticate", Tag: tagSession, Rate: "strict", Need: console.SignedIn, BeforeFactor: true,
		Summary: "Enter the password again, which opens for 15 minutes what shows secrets to whoever has no second factor"}, a.reauthenticate)
}

// view is the session as pages see it. The rows are read anew: it is asked once per page.
func (a api) view(ctx context.Context, c access.Caller, s console.Session) (sessionView, error) {
	lang := console.LangFrom(ctx)
	site, err := a.Settings.Site(ctx)
	if err != nil {
		return sessionView{}, err
	}
	out := sessionView{SignedIn: c.SignedIn(), Kind: c.Kind, CSRFToken: s.CSRF, FactorDue: s.FactorDue, Permissions: []string{}, Site: sessionSite{
		Name: site.Name.In(lang), LogoURL: media.URL(site.LogoKey), Currency: site.Currency, TimeZone: site.TimeZone, Demo: a.Demo, UnusedTime: site.Refunds.UnusedTime}}
	if !c.SignedIn() {
		return out, nil
	}
	for _, p := range c.Permissions {
		out.Permissions = append(out.Permissions, string(p))
	}
	if out.Unread, err = a.Notices.Unread(ctx, a.c.DB, c); err != nil {
		return sessionView{}, err
	}
	if c.Kind == identity.KindOperator {
		o, err := a.Identity.Operator(ctx, a.c.DB, c.UserID)
		out.User = &sessionUser{ID: o.ID, Name: o.Name, Email: o.Email, Locale: o.Locale}
		return out, err
	}
	u, err := a.Identity.User(ctx, a.c.DB, c.AccountID, c.UserID)
	if err != nil {
		return sessionView{}, err
	}
	out.User = &sessionUser{ID: u.ID, Name: u.Name, Email: u.Email, Owner: u.Owner, Locale: u.Locale}
	acc, err := a.Identity.Account(ctx, a.c.DB, c.AccountID)
	if err != nil {
		return sessionView{}, err
	}
	out.Account = &sessionAccount{ID: acc.ID, Name: acc.Name, Kind: acc.Kind, RealNameState: acc.RealNameState}
	seller, ok, err := access.SellerOf(ctx, a.c.DB, c.AccountID)
	if ok {
		out.Seller = &sessionSeller{ID: seller.ID, State: seller.State, Name: seller.Name.In(lang)}
	}
	return out, err
}

func (a api) signIn(ctx context.Context, kind string, in *credentials) (sessionView, error) {
	var attempt identity.Attempt
	err := a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		attempt, err = a.Identity.BeginSignIn(ctx, tx, kind, in.Body.Email, console.AddressFrom(ctx))
		return err
	})
	if err != nil {
		return sessionView{}, err
	}
	if err := a.Identity.Verify(ctx, &attempt, in.Body.Password); err != nil {
		return sessionView{}, err
	}
	var entry identity.Entry
	err = a.c.DB.Update(ctx, func(tx *db.Tx) error {
		if err := a.endPresent(ctx, tx); err != nil {
			return err
		}
		entry, err = a.Identity.FinishSignIn(ctx, tx, attempt, agent(ctx))
		return err
	})
	if err != nil {
		a.refusedSignIn(ctx, kind, err)
		return sessionView{}, err
	}
	if entry.Pending != "" {
		a.setPending(ctx, entry.Pending)
		a.setCookie(ctx, "") // the present session has ended
		out, err := a.view(ctx, access.Caller{}, console.Session{})
		out.SecondStep = true
		return out, err
	}
	return a.signedIn(ctx, entry.Token)
}

// refusedSignIn makes an attack show in the log; the e-mail typed in does not.
func (a api) refusedSignIn(ctx context.Context, kind string, err error) {
	if e, ok := errs.As(err); ok {
		a.c.Log.Warn("sign-in refused", "kind", kind, "code", e.Code, "address", console.AddressFrom(ctx), "requestId", console.RequestIDFrom(ctx))
	}
}

// endPresent ends the session that the browser came with: its cookie is overwritten.
func (a api) endPresent(ctx context.Context, tx *db.Tx) error {
	c := console.CallerFrom(ctx)
	if c.SessionID == "" {
		return nil
	}
	err := a.Identity.EndSession(ctx, tx, c.UserID, c.SessionID)
	if errs.Is(err, "session.not_found") {
		return nil
	}
	return err
}

// signedIn hands the new session to the browser.
func (a api) signedIn(ctx context.Context, token string) (sessionView, error) {
	c, s, err := a.c.SessionOf(ctx, token, console.AddressFrom(ctx))
	if err != nil {
		return sessionView{}, err
	}
	a.setCookie(ctx, token)
	return a.view(ctx, c, s)
}

// start signs a person in whose password has just been proven or set.
func (a api) start(ctx context.Context, kind, id, accountID string) (sessionView, error) {
	var token string
	err := a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		if err := a.endPresent(ctx, tx); err != nil {
			return err
		}
		_, token, err = a.Identity.StartSession(ctx, tx, kind, id, accountID, console.AddressFrom(ctx), agent(ctx))
		return err
	})
	if err != nil {
		return sessionView{}, err
	}
	return a.signedIn(ctx, token)
}

type passwordInput struct {
	Body struct {
		Password string `json:"password"`
	}
}

func (a api) reauthenticate(ctx context.Context, in *passwordInput) (console.None, error) {
	c := console.CallerFrom(ctx)
	if c.SessionID == "" {
		return console.None{}, errs.Forbiddenf("identity.session_only")
	}
	attempt, err := a.ownPassword(ctx, c, "password", in.Body.Password)
	if err != nil {
		return console.None{}, err
	}
	return console.None{}, a.c.DB.Update(ctx, func(tx *db.Tx) error {
		return a.Identity.FinishReauthentication(ctx, tx, attempt, c.SessionID)
	})
}

// ownPassword proves the caller's password, counted like a sign-in.
func (a api) ownPassword(ctx context.Context, c access.Caller, field, password string) (identity.Attempt, error) {
	var attempt identity.Attempt
	err := a.c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		attempt, err = a.Identity.BeginCheck(ctx, tx, c.Kind, c.UserID, console.AddressFrom(ctx))
		return err
	})
	if err == nil {
		err = a.Identity.VerifyOwn(ctx, &attempt, field, password)
	}
	return attempt, err
}
