package demo

import (
	"bytes"
	"context"
	"fmt"

	"jishi/internal/app"
	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/settings"
	"jishi/internal/edge/console/people"
	"jishi/internal/market/catalog"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/tool/admin"
)

// filler makes the demo's data. Each step is what a person would do on a page, in that
// person's name.
type filler struct {
	*app.App
	market  market
	origins []*origin
	tell    func(string)

	accounts   []people.DemoAccount
	operator   identity.Operator
	categories map[string]string // Chinese name of a leaf → id
	sellers    map[string]*filledSeller
	products   map[string]string         // Chinese name of a product → id
	plans      map[string][]catalog.Spec // Chinese name of a product → specifications
	buyers     map[string]string         // key of a buyer → account
}

// account is a signed-up company with its owner.
type account struct {
	identity.Account
	owner identity.User
}

// run fills an empty marketplace. The job runner must be running: letters, deliveries and
// the search index are its work.
func (f *filler) run(ctx context.Context) error {
	f.sellers, f.buyers = map[string]*filledSeller{}, map[string]string{}
	f.products, f.plans = map[string]string{}, map[string][]catalog.Spec{}
	if err := f.prepareSite(ctx); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	for _, s := range f.market.Sellers {
		if err := f.openShop(ctx, s); err != nil {
			return fmt.Errorf("seller %s: %w", s.Key, err)
		}
	}
	if err := f.startServers(ctx); err != nil {
		return fmt.Errorf("sample servers: %w", err)
	}
	f.tell("Debugging the sellers' interfaces")
	if err := f.debugAll(ctx); err != nil {
		return fmt.Errorf("debug cases: %w", err)
	}
	f.tell("Releasing products")
	if err := f.releaseAll(ctx); err != nil {
		return fmt.Errorf("products: %w", err)
	}
	for _, o := range f.origins {
		o.whole.Store(false)
	}
	f.tell("Buying")
	for _, b := range f.market.Buyers {
		if err := f.addBuyer(ctx, b); err != nil {
			return fmt.Errorf("buyer %s: %w", b.Key, err)
		}
	}
	if err := f.discountAll(ctx); err != nil {
		return err
	}
	return f.awaitDeliveries(ctx)
}

// prepareSite is what an operator sets first: name, bank, and that sellers may register
// addresses of this machine.
func (f *filler) prepareSite(ctx context.Context) error {
	password := admin.NewPassword()
	var err error
	f.operator, err = admin.CreateOperator(ctx, f.App, admin.NewOperator{Email: f.market.Operator.Email, Name: f.market.Operator.Name, Locale: i18n.ZH}, password)
	if err != nil {
		return err
	}
	f.accounts = append(f.accounts, people.DemoAccount{Role: "operator", Name: f.operator.Name, Email: f.operator.Email, Password: password})
	site, version, err := f.Settings.SiteVersion(ctx)
	if err != nil {
		return err
	}
	site.Name = f.market.Site
	site.TopUpBank = settings.Bank(f.market.Bank)
	site.DevelopmentAddresses = []string{"127.0.0.0/8"}
	site.Mail.Mode = "outbox"
	site.Refunds.UnusedTime = true
	if err := f.asOperator(ctx, func(ctx context.Context, tx *db.Tx) error { return f.Settings.SaveSite(ctx, tx, version, site) }); err != nil {
		return err
	}
	tree, err := f.Catalog.Categories(ctx, f.DB)
	f.categories = map[string]string{}
	for _, c := range tree {
		if c.ParentID != "" {
			f.categories[c.Name.ZH] = c.ID
		}
	}
	return err
}

// asOperator runs fn in a transaction in the operator's name.
func (f *filler) asOperator(ctx context.Context, fn func(ctx context.Context, tx *db.Tx) error) error {
	o := f.operator
	return f.DB.UpdateCtx(audit.WithActor(ctx, audit.Actor{Kind: identity.KindOperator, ID: o.ID, Name: o.Name}), fn)
}

// asUser runs fn in a transaction in a user's name.
func (f *filler) asUser(ctx context.Context, u identity.User, fn func(ctx context.Context, tx *db.Tx) error) error {
	return f.DB.UpdateCtx(audit.WithActor(ctx, audit.Actor{Kind: identity.KindUser, ID: u.ID, AccountID: u.AccountID, Name: u.Name}), fn)
}

// upload stores a file in a user's name and gives its key.
func (f *filler) upload(ctx context.Context, u identity.User, purpose, name string, content []byte) (string, error) {
	file, err := f.Media.Put(ctx, media.Upload{AccountID: u.AccountID, Purpose: purpose, Name: name, Content: bytes.NewReader(content)})
	if err != nil {
		return "", err
	}
	return file.Key, f.asUser(ctx, u, func(ctx context.Context, tx *db.Tx) error { return f.Media.Record(ctx, tx, file) })
}
