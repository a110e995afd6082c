package app

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/edge/console"
	"jishi/internal/edge/console/people"
	"jishi/internal/edge/console/sandboxes"
	"jishi/internal/market/access"
	"jishi/internal/market/identity"
	"jishi/internal/market/ledger"
	"jishi/internal/market/sandbox"
)

// HeaderAs says as whom a request to a sandbox is made: "buyer" or "seller". Without it the
// path decides: what lies below /api/v1/seller/ is the seller's.
const HeaderAs = "X-Sandbox-As"

// The permissions of the two players. There is no operator, and what the marketplace itself
// owns (products, addresses, keys, people) is changed there.
var (
	buyerMay  = []access.Permission{access.OrderRead, access.OrderBuy, access.InstanceRead, access.InstanceCredentials, access.BalanceRead}
	sellerMay = []access.Permission{access.ProductRead, access.AddressRead, access.AddressWrite, access.SaleRead, access.SettlementRead, access.DiscountWrite, access.VoucherWrite}
)

// foreign are the paths of writing calls that concern what the marketplace owns.
var foreign = []string{"/api/v1/seller/addresses", "/api/v1/seller/keys", "/api/v1/seller/access-keys", "/api/v1/seller/integration",
	"/api/v1/seller/order-notification", "/api/v1/seller/application", "/api/v1/account", "/api/v1/balance/topups", "/api/v1/operator"}

// guest is who makes a request to a sandbox, as the sandbox knows it.
type guest struct {
	caller  access.Caller
	session console.Session
}

type guestKey struct{}

func sessionOfGuest(ctx context.Context, _, _ string) (access.Caller, console.Session, error) {
	g, ok := ctx.Value(guestKey{}).(guest)
	if !ok || g.caller.SessionID == "" {
		return access.Caller{}, console.Session{}, errs.Unauthenticatedf("access.sign_in")
	}
	return g.caller, g.session, nil
}

func tokenOfGuest(ctx context.Context, _, _ string) (access.Caller, error) {
	g, ok := ctx.Value(guestKey{}).(guest)
	if !ok || g.caller.TokenID == "" {
		return access.Caller{}, errs.Unauthenticatedf("access.bad_token")
	}
	return g.caller, nil
}

// ServeHTTP serves the sandboxes, each below its own path, to the people of its seller who
// may edit products; for everybody else there is none.
func (p *realms) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, rest := splitRealm(r.URL.Path)
	api := strings.HasPrefix(rest, "/api/")
	g, err := p.authenticate(r)
	if err != nil && !api && errs.KindOf(err) == errs.Unauthenticated {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, "/sign-in?next="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
		return
	}
	var s sandbox.Sandbox
	if err == nil {
		s, err = p.admit(r.Context(), g.caller, id)
	}
	if err == nil && rest == "" {
		http.Redirect(w, r, realmPath(id)+"/", http.StatusSeeOther)
		return
	}
	if err == nil && r.Method != http.MethodGet && r.Method != http.MethodHead {
		for _, path := range foreign {
			if rest == path || strings.HasPrefix(rest, path+"/") {
				err = errs.Forbiddenf("sandbox.foreign")
			}
		}
	}
	var inside *realm
	if err == nil {
		inside, err = p.enter(r.Context(), s)
	}
	if err != nil {
		if api {
			console.Refuse(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.NotFound(w, r)
		return
	}
	defer p.leave(inside)
	g.become(s, as(r, rest))
	inner := r.Clone(context.WithValue(r.Context(), guestKey{}, g))
	inner.URL.Path, inner.URL.RawPath = rest, strings.TrimPrefix(r.URL.RawPath, realmPath(id))
	inside.handler.ServeHTTP(w, inner)
}

// as is the player whom a request chooses.
func as(r *http.Request, rest string) string {
	switch v := r.Header.Get(HeaderAs); v {
	case "buyer", "seller":
		return v
	}
	if strings.HasPrefix(rest, "/api/v1/seller/") {
		return "seller"
	}
	return "buyer"
}

// authenticate finds the caller at the marketplace. "access.sign_in", "access.bad_token"
// (Unauthenticated).
func (p *realms) authenticate(r *http.Request) (guest, error) {
	ctx, address := r.Context(), p.app.proxies.ClientAddr(r).String()
	if h := r.Header.Get("Authorization"); h != "" {
		bearer, ok := strings.CutPrefix(h, "Bearer ")
		if !ok {
			return guest{}, errs.Unauthenticatedf("access.bad_token")
		}
		c, err := p.app.Authenticator.FromToken(ctx, bearer, address)
		return guest{caller: c}, err
	}
	cookie, err := r.Cookie(console.SessionCookie)
	if err != nil || cookie.Value == "" {
		return guest{}, errs.Unauthenticatedf("access.sign_in")
	}
	c, s, err := people.SessionOf(p.app.Authenticator, p.app.Settings)(ctx, cookie.Value, address)
	return guest{c, s}, err
}

// admit lets in who may edit the products of the sandbox's seller; everybody else gets
// "sandbox.not_found".
func (p *realms) admit(ctx context.Context, c access.Caller, sandboxID string) (sandbox.Sandbox, error) {
	none := errs.NotFoundf("sandbox.not_found")
	if c.Kind != identity.KindUser || c.SellerID == "" || !c.Can(access.ProductWrite) {
		return sandbox.Sandbox{}, none
	}
	s, found, err := sandbox.Find(ctx, p.app.DB, sandboxID)
	switch {
	case err != nil:
		return s, err
	case !found || s.SellerID != c.SellerID || s.State == sandbox.Closing:
		return s, none
	}
	if err := p.allowed(ctx); err != nil {
		return s, err
	}
	if s.State != sandbox.Open || p.lost(s) {
		return s, errs.Conflictf("sandbox.busy", "state", s.State)
	}
	if s.StaleUse() {
		err = p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return sandbox.Used(ctx, tx, s.ID) })
	}
	return s, err
}

// become turns the caller into a player. A session stays the one of the marketplace, for
// its CSRF token; nothing in a sandbox is worth another proof.
func (g *guest) become(s sandbox.Sandbox, role string) {
	c := access.Caller{Kind: identity.KindUser, Name: g.caller.Name, SessionID: g.caller.SessionID, TokenID: g.caller.TokenID}
	if role == "seller" {
		player := sellerOf(s, "", i18n.ZH)
		c.UserID, c.AccountID, c.SellerID, c.Email, c.Permissions = player.UserID, player.AccountID, s.SellerID, player.Email, sellerMay
	} else {
		player := buyerOf(s, i18n.ZH)
		c.UserID, c.AccountID, c.Email, c.Permissions = player.UserID, player.AccountID, player.Email, buyerMay
	}
	g.caller = c
	g.session = console.Session{CSRF: g.session.CSRF, AuthenticatedAt: clock.Wall{}.Now(), FactorDue: g.session.FactorDue}
}

// Look implements sandboxes.Realms.
func (p *realms) Look(ctx context.Context, c access.Caller) (sandboxes.View, error) {
	err := p.allowed(ctx)
	if errs.Is(err, "sandbox.off") {
		return sandboxes.View{}, nil
	}
	if err != nil {
		return sandboxes.View{}, err
	}
	s, found, err := sandbox.Of(ctx, p.app.DB, c.SellerID)
	gone := s.State == sandbox.Closing || s.State == sandbox.Filling && !s.Held() || s.State == sandbox.Open && p.lost(s)
	if err != nil || !found || gone { // opening it makes it anew
		return sandboxes.View{Available: true}, err
	}
	return p.view(ctx, s)
}

const sqlRealmOrders = `select count(*) from orders`
const sqlRealmProducts = `select id, name, state in ('on_sale', 'hidden') as on_sale from products order by name, id`

type realmProduct struct {
	ID     string    `db:"id"`
	Name   i18n.Text `db:"name"`
	OnSale bool      `db:"on_sale"`
}

// view describes a sandbox; of one that is being filled only what the register knows.
func (p *realms) view(ctx context.Context, s sandbox.Sandbox) (sandboxes.View, error) {
	v := &sandboxes.Info{ID: s.ID, Path: realmPath(s.ID), Busy: s.State != sandbox.Open || s.Held(), Now: s.Clock, Products: []sandboxes.Product{},
		CreatedAt: s.CreatedAt, FilledAt: s.FilledAt, ExpiresAt: s.Expiry()}
	out := sandboxes.View{Available: true, Sandbox: v}
	if s.State != sandbox.Open {
		return out, nil
	}
	r, err := p.enter(ctx, s)
	if err != nil {
		return out, err
	}
	defer p.leave(r)
	site, err := r.app.Settings.Site(ctx)
	if err != nil {
		return out, err
	}
	v.Currency = site.Currency
	var balance money.Amount
	if balance, err = ledger.Balance(ctx, r.app.DB, ledger.BuyerBalance(buyerOf(s, i18n.ZH).AccountID)); err != nil {
		return out, err
	}
	v.Balance = balance
	if v.Orders, err = db.One[int](ctx, r.app.DB, sqlRealmOrders); err != nil {
		return out, err
	}
	products, err := db.List[realmProduct](ctx, r.app.DB, sqlRealmProducts)
	if err != nil {
		return out, err
	}
	lang := i18n.FromContext(ctx)
	for _, x := range products {
		shown := sandboxes.Product{ID: x.ID, Name: x.Name.In(lang), OnSale: x.OnSale}
		for _, l := range s.Report {
			if l.ProductID == x.ID {
				shown.Reason = i18n.Message(lang, "sandbox.incomplete", map[string]any{"field": l.Field, "reason": i18n.Message(lang, l.Code, nil)})
			}
		}
		v.Products = append(v.Products, shown)
	}
	v.Next, err = r.next(ctx)
	return out, err
}
