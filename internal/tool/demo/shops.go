package demo

import (
	"context"
	"fmt"
	"strconv"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
	"jishi/internal/tool/demo/picture"
)

// filledSeller is an approved seller with what its products need.
type filledSeller struct {
	shop
	account   account
	id        string
	addressID string
}

// openShop takes a company from sign-up to an approved shop with a proven production
// address and keys. A pending one stops at the application.
func (f *filler) openShop(ctx context.Context, s shop) error {
	f.tell("Opening shop " + s.Shop.ZH)
	a, err := f.join(ctx, "seller", s.Email, s.Account, s.Shop.ZH+"运营", i18n.ZH)
	if err != nil {
		return err
	}
	if err := f.confirmRealName(ctx, a, s.Company, s.Number); err != nil {
		return fmt.Errorf("real name: %w", err)
	}
	application, err := f.apply(ctx, a.owner, s)
	if err != nil {
		return fmt.Errorf("application: %w", err)
	}
	if s.Pending {
		return nil
	}
	config, err := f.Sellers.Config(ctx)
	if err != nil {
		return err
	}
	err = f.asOperator(ctx, func(ctx context.Context, tx *db.Tx) error {
		d := seller.Decision{ApplicationID: application.ID, Version: application.Version, Reviewer: f.operator.ID}
		for _, c := range config.Conditions {
			d.Checks = append(d.Checks, c.Code)
		}
		application, err = f.Sellers.Approve(ctx, tx, d)
		return err
	})
	if err != nil {
		return fmt.Errorf("review: %w", err)
	}
	filled := &filledSeller{shop: s, account: a, id: application.SellerID}
	f.sellers[s.Key] = filled
	if err := f.proveAddress(ctx, filled); err != nil {
		return fmt.Errorf("production address: %w", err)
	}
	if err := f.addSupport(ctx, filled); err != nil {
		return err
	}
	return f.bindKey(ctx, filled)
}

func (f *filler) apply(ctx context.Context, owner identity.User, s shop) (seller.Application, error) {
	var application seller.Application
	logo, err := picture.Shop(s.Hue)
	if err != nil {
		return application, err
	}
	logoKey, err := f.upload(ctx, owner, media.Logo, s.Key+".png", logo)
	if err != nil {
		return application, err
	}
	paper, err := picture.Screen("form", s.Hue, int(s.Hue), 900, 640)
	if err != nil {
		return application, err
	}
	licenceKey, err := f.upload(ctx, owner, media.Licence, "licence.png", paper)
	if err != nil {
		return application, err
	}
	form := seller.Form{
		Name: s.Shop, Website: "https://www." + s.Domain, LogoKey: logoKey, Founded: s.Founded, Years: s.Years, Staff: s.Staff,
		Capital:      seller.Capital{Amount: s.Capital, Currency: "CNY"},
		Contact:      seller.Contact{Name: "商务联系人", Phone: s.Phone, Email: "business@" + s.Domain},
		Address:      seller.Address{Country: "CN", Province: s.Province, City: s.City, Detail: s.Detail, Postcode: s.Postcode},
		ServicePhone: s.Phone, ServiceEmail: "service@" + s.Domain, LicenceKey: licenceKey, Introduction: s.Introduction,
	}
	config, err := f.Sellers.Config(ctx)
	if err != nil {
		return application, err
	}
	var agreed []string
	for _, a := range config.Agreements {
		agreed = append(agreed, a.Code)
	}
	err = f.asUser(ctx, owner, func(ctx context.Context, tx *db.Tx) error {
		saved, err := f.Sellers.SaveDraft(ctx, tx, owner.AccountID, form)
		if err != nil {
			return err
		}
		application, err = f.Sellers.Submit(ctx, tx, seller.SubmitInput{AccountID: owner.AccountID, ApplicationID: saved.ID, Agreements: agreed})
		return err
	})
	return application, err
}

// proveAddress registers the sample server's origin and proves it by its file, over HTTP.
func (f *filler) proveAddress(ctx context.Context, s *filledSeller) error {
	o := f.origins[s.Server]
	var challenge seller.Challenge
	err := f.asUser(ctx, s.account.owner, func(ctx context.Context, tx *db.Tx) error {
		address, err := f.Sellers.AddAddress(ctx, tx, s.id, o.address())
		if err != nil {
			return err
		}
		s.addressID = address.ID
		challenge, err = f.Sellers.ChallengeOf(ctx, tx, s.id, address.ID)
		return err
	})
	if err != nil {
		return err
	}
	o.proofs.add(challenge.Content)
	proof, err := seller.Prove(ctx, f.Client, challenge, seller.ByFile)
	if err != nil {
		return err
	}
	if proof.Code != "" {
		return fmt.Errorf("not proven: %s", i18n.Message(i18n.EN, proof.Code, proof.Args))
	}
	return f.asUser(ctx, s.account.owner, func(ctx context.Context, tx *db.Tx) error {
		_, err := f.Sellers.RecordProof(ctx, tx, challenge, proof)
		return err
	})
}

// addSupport names the after-sales group that product pages show.
func (f *filler) addSupport(ctx context.Context, s *filledSeller) error {
	return f.asUser(ctx, s.account.owner, func(ctx context.Context, tx *db.Tx) error {
		_, err := f.Sellers.SetContactGroups(ctx, tx, s.id, []seller.ContactGroup{{Name: "售后支持", Phone: s.Phone, Email: "service@" + s.Domain, Hours: "09:00–18:00 (UTC+8)"}})
		return err
	})
}

// bindKey makes the V2 key of a seller whose server speaks V2 and binds it to the address.
func (f *filler) bindKey(ctx context.Context, s *filledSeller) error {
	if s.Generation != "V2" {
		return nil
	}
	return f.asUser(ctx, s.account.owner, func(ctx context.Context, tx *db.Tx) error {
		key, err := f.Sellers.CreateKey(ctx, tx, s.id, "生产接口")
		if err != nil {
			return err
		}
		return f.Sellers.Bind(ctx, tx, seller.BindInput{SellerID: s.id, AddressID: s.addressID, Category: seller.Base, KeyID: key.ID})
	})
}

func (f *filler) startServers(ctx context.Context) error {
	f.tell("Starting the sample sellers' servers")
	return startServers(ctx, f.App, f.origins)
}

// originName is what a sample server calls itself.
func originName(i int) string { return "Sample Board " + strconv.Itoa(i+1) }
