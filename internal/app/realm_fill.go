package app

import (
	"context"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console/sandboxes"
	"jishi/internal/market/access"
	"jishi/internal/market/catalog"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/market/payment"
	"jishi/internal/market/sandbox"
	"jishi/internal/market/seller"
	"jishi/internal/schema"
)

// playMoney is what the play buyer begins with.
const playMoney money.Amount = 1_000_000_00

// buyerOf and sellerOf are the people as whom the seller's people act in a sandbox. Their
// ids are the sandbox's, so that those of two sandboxes never meet at one server.
func buyerOf(s sandbox.Sandbox, lang i18n.Lang) identity.Player {
	tail := strings.TrimPrefix(s.ID, "sbx_")
	return identity.Player{AccountID: "acc_" + tail, UserID: "usr_" + tail, Name: i18n.Message(lang, "sandbox.buyer", nil),
		Person: i18n.Message(lang, "sandbox.buyer_person", nil), Email: "buyer@sandbox.invalid", Locale: lang}
}

func sellerOf(s sandbox.Sandbox, name string, lang i18n.Lang) identity.Player {
	return identity.Player{AccountID: s.AccountID, UserID: "usr_s" + strings.TrimPrefix(s.ID, "sbx_"), Name: name,
		Person: i18n.Message(lang, "sandbox.seller_person", nil), Email: "seller@sandbox.invalid", Locale: lang}
}

// Open implements sandboxes.Realms.
func (p *realms) Open(ctx context.Context, c access.Caller) (sandboxes.View, error) {
	if err := p.allowed(ctx); err != nil {
		return sandboxes.View{}, err
	}
	defer p.alone(c.SellerID)()
	var s sandbox.Sandbox
	var fresh bool
	err := p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		s, fresh, err = sandbox.Begin(ctx, tx, c.SellerID, c.AccountID, startOf())
		return err
	})
	if err != nil {
		return sandboxes.View{}, err
	}
	if fresh {
		if err := p.fill(ctx, &s); err != nil {
			return sandboxes.View{}, err
		}
	} else if p.lost(s) {
		return p.reset(ctx, s)
	}
	return p.view(ctx, s)
}

// startOf is where the clock of a new sandbox stands: the wall clock's minute.
func startOf() time.Time { return clock.Wall{}.Now().Truncate(time.Minute) }

// Reset implements sandboxes.Realms.
func (p *realms) Reset(ctx context.Context, c access.Caller) (sandboxes.View, error) {
	s, err := p.mine(ctx, c)
	if err != nil {
		return sandboxes.View{}, err
	}
	defer p.alone(c.SellerID)()
	return p.reset(ctx, s)
}

func (p *realms) reset(ctx context.Context, s sandbox.Sandbox) (sandboxes.View, error) {
	before := s.Storage
	err := p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if s, err = sandbox.Take(ctx, tx, s.ID); err != nil {
			return err
		}
		return sandbox.Reset(ctx, tx, &s, startOf())
	})
	if err != nil {
		return sandboxes.View{}, err
	}
	p.forget(s.ID)
	if err := p.fill(ctx, &s); err != nil {
		return sandboxes.View{}, err
	}
	if err := p.drop(ctx, before); err != nil { // the periodic job tries again
		p.app.Log.Warn("the database of a sandbox was not removed", "sandbox", s.ID, "error", err)
	}
	return p.view(ctx, s)
}

// Delete implements sandboxes.Realms.
func (p *realms) Delete(ctx context.Context, c access.Caller) error {
	s, found, err := sandbox.Of(ctx, p.app.DB, c.SellerID)
	if err != nil || !found {
		return err
	}
	defer p.alone(c.SellerID)()
	return p.remove(ctx, s, "")
}

// fill makes the database of a sandbox that the caller holds and opens it. What fails
// leaves it in state filling, from where the next opening begins again.
func (p *realms) fill(ctx context.Context, s *sandbox.Sandbox) error {
	left, err := p.write(context.WithoutCancel(ctx), *s)
	if err != nil {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = p.app.DB.UpdateCtx(undo, func(ctx context.Context, tx *db.Tx) error { return sandbox.Release(ctx, tx, *s) }) // its lease ends anyway
		return err
	}
	return p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error { return sandbox.Filled(ctx, tx, s, left) })
}

func (p *realms) write(ctx context.Context, s sandbox.Sandbox) ([]sandbox.Left, error) {
	at := p.app.besideOf(s.Storage)
	if err := p.app.DB.CreateBeside(ctx, at); err != nil { // the role may not make schemas, the disk is full
		return nil, errs.Unavailablef("sandbox.no_place").Wrap(err)
	}
	d, err := p.app.DB.OpenBeside(ctx, at, db.Config{Logger: p.app.Log, MaxConns: connections, Relaxed: true, Clock: clock.NewManual(s.Clock)})
	if err != nil {
		return nil, err
	}
	defer d.Close()
	if err := d.MigrateNew(ctx, schema.Files); err != nil {
		return nil, err
	}
	site, _, err := p.app.Settings.SiteVersion(ctx)
	if err != nil {
		return nil, err
	}
	var left []sandbox.Left
	ctx = audit.WithActor(ctx, audit.System)
	err = p.app.DB.View(ctx, func(main db.Querier) error {
		return d.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
			left, err = p.populate(ctx, tx, main, s, site)
			return err
		})
	})
	return left, err
}

const sqlSellerName = `select s.name, coalesce((select u.locale from users u where u.account_id = s.account_id and u.owner), 'zh') as locale from sellers s where s.id = $1`

type sellerName struct {
	Name   i18n.Text `db:"name"`
	Locale i18n.Lang `db:"locale"`
}

func (p *realms) populate(ctx context.Context, tx *db.Tx, main db.Querier, s sandbox.Sandbox, site settings.Site) ([]sandbox.Left, error) {
	who, err := db.One[sellerName](ctx, main, sqlSellerName, s.SellerID)
	if err != nil {
		return nil, err
	}
	own := &settings.Store{DB: tx.DB()}
	if err := own.SaveSite(ctx, tx, 0, playSite(site)); err != nil {
		return nil, err
	}
	buyer := buyerOf(s, who.Locale)
	for _, player := range []identity.Player{sellerOf(s, who.Name.In(who.Locale), who.Locale), buyer} {
		if err := identity.CreatePlayer(ctx, tx, player); err != nil {
			return nil, err
		}
	}
	if err := seller.Transplant(ctx, tx, main, s.SellerID); err != nil {
		return nil, err
	}
	if err := media.Transplant(ctx, tx, main, s.AccountID); err != nil {
		return nil, err
	}
	unsold, err := (&catalog.Store{}).Transplant(ctx, tx, main, s.SellerID)
	if err != nil {
		return nil, err
	}
	left := []sandbox.Left{}
	for _, u := range unsold {
		left = append(left, sandbox.Left{ProductID: u.ProductID, Code: u.Code, Field: u.Field})
	}
	return left, topUp(ctx, tx, buyer, site.Currency, playMoney)
}

// boundless is above what the play buyer can ever pay.
const boundless money.Amount = 1_000_000_000_000_00

// playSite is the site of a sandbox: prices, terms and taxes are those of the marketplace;
// nothing asks for a proof, nobody is probed, no letter leaves.
func playSite(site settings.Site) settings.Site {
	site.Mail = settings.Default().Mail
	site.Probing.Enabled = false
	site.Probing.AutoSuspend = false
	site.DebugCasesRequired = false
	site.Security.OperatorsNeedFactor = false
	site.Security.AmountLimit = boundless
	site.Refunds.ApprovalAbove = boundless
	site.LogoKey = ""
	return site
}

// topUp gives the play buyer money.
func topUp(ctx context.Context, tx *db.Tx, buyer identity.Player, currency string, amount money.Amount) error {
	t, err := payment.RequestTopUp(ctx, tx, payment.TopUpRequest{AccountID: buyer.AccountID, UserID: buyer.UserID, Amount: amount, Currency: currency, Payer: buyer.Name})
	if err != nil {
		return err
	}
	_, err = payment.ConfirmTopUp(ctx, tx, t.ID, "")
	return err
}

// allowed refuses where the operator has closed sandboxes: "sandbox.off" (Forbidden).
func (p *realms) allowed(ctx context.Context) error {
	site, err := p.app.Settings.Site(ctx)
	if err == nil && site.SandboxesOff {
		err = errs.Forbiddenf("sandbox.off")
	}
	return err
}

// mine is the caller's sandbox, open: "sandbox.not_found", "sandbox.off", or
// "sandbox.busy" (Conflict) while it is being filled.
func (p *realms) mine(ctx context.Context, c access.Caller) (sandbox.Sandbox, error) {
	if err := p.allowed(ctx); err != nil {
		return sandbox.Sandbox{}, err
	}
	s, found, err := sandbox.Of(ctx, p.app.DB, c.SellerID)
	switch {
	case err != nil:
		return s, err
	case !found || s.State == sandbox.Closing:
		return s, errs.NotFoundf("sandbox.not_found")
	case s.State != sandbox.Open:
		return s, errs.Conflictf("sandbox.busy", "state", s.State)
	}
	return s, nil
}

// Money implements sandboxes.Realms.
func (p *realms) Money(ctx context.Context, c access.Caller, amount money.Amount) (sandboxes.View, error) {
	var check errs.Check
	if amount < 1 || amount > 100*playMoney {
		check.Add("amount", "range", "min", "0.01", "max", (100 * playMoney).String())
		return sandboxes.View{}, check.Err()
	}
	s, err := p.mine(ctx, c)
	if err != nil {
		return sandboxes.View{}, err
	}
	r, err := p.enter(ctx, s)
	if err != nil {
		return sandboxes.View{}, err
	}
	defer p.leave(r)
	site, err := r.app.Settings.Site(ctx)
	if err != nil {
		return sandboxes.View{}, err
	}
	err = r.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return topUp(ctx, tx, buyerOf(s, i18n.ZH), site.Currency, amount)
	})
	if err == nil {
		err = p.app.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return audit.Record(ctx, tx, audit.Entry{Action: "sandbox.money", Object: "sandbox", ObjectID: s.ID, AccountID: s.AccountID, Detail: map[string]any{"amount": amount}})
		})
	}
	if err != nil {
		return sandboxes.View{}, err
	}
	return p.view(ctx, s)
}
