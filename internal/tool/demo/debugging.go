package demo

import (
	"context"
	"fmt"
	"strings"

	"jishi/internal/base/audit"
	"jishi/internal/base/i18n"
	"jishi/internal/market/identity"
	"jishi/internal/market/integration"
	"jishi/internal/tool/isvapp"
	"jishi/wire/saas"
)

// debugAll saves the debug cases of every seller against the sample servers, as the seller does on the debug page.
func (f *filler) debugAll(ctx context.Context) error {
	list, err := f.offers()
	if err != nil {
		return err
	}
	for _, o := range f.origins {
		o.whole.Store(true)
	}
	done := map[integration.Target]bool{}
	for _, o := range list {
		t := integration.Target{SellerID: o.shop.id, AddressID: o.shop.addressID, Path: isvapp.ProductionPath, Generation: saas.Generation(strings.ToLower(o.shop.Generation))}
		if o.Fails {
			t.Path = failingPath
		}
		if done[t] {
			continue
		}
		done[t] = true
		if err := f.debug(ctx, o.shop, t); err != nil {
			return fmt.Errorf("%s: %w", o.shop.Shop.ZH, err)
		}
	}
	return nil
}

// debug runs each scenario as its form begins and saves it.
func (f *filler) debug(ctx context.Context, s *filledSeller, t integration.Target) error {
	u := s.account.owner
	ctx = audit.WithActor(ctx, audit.Actor{Kind: identity.KindUser, ID: u.ID, AccountID: u.AccountID, Name: u.Name})
	for _, sc := range saas.Scenarios(t.Generation) {
		form, err := f.Integration.FormOf(ctx, f.DB, t, sc.Key)
		if err != nil {
			return err
		}
		run, err := f.Integration.Debug(ctx, integration.RunInput{Target: t, Scenario: sc.Key, Parameters: form.Values(), Save: true})
		if err != nil {
			return err
		}
		if p := run.Problem(); p != nil {
			return fmt.Errorf("%s: %s", sc.Key, i18n.Message(i18n.EN, p.Code, p.Values()))
		}
	}
	return nil
}
