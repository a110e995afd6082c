package demo

import (
	"context"
	"fmt"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/edge/console/people"
	"jishi/internal/market/identity"
	"jishi/internal/market/media"
	"jishi/internal/tool/admin"
	"jishi/internal/tool/demo/picture"
)

// join signs a company up by its form and the link in the letter.
func (f *filler) join(ctx context.Context, role, email, accountName, ownerName string, locale i18n.Lang) (account, error) {
	plain := admin.NewPassword()
	password, err := f.Identity.NewPassword(ctx, plain)
	if err != nil {
		return account{}, err
	}
	form := identity.SignUp{Kind: identity.CompanyAccount, AccountName: accountName, Name: ownerName, Email: email, Locale: locale}
	var waiting identity.SignedUp
	err = f.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		waiting, err = f.Members.SignUp(ctx, tx, form, password)
		return err
	})
	if err != nil {
		return account{}, err
	}
	var a account
	err = f.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		a.Account, a.owner, err = f.Members.Join(ctx, tx, waiting.Token)
		return err
	})
	if err == nil {
		f.accounts = append(f.accounts, people.DemoAccount{Role: role, Name: ownerName, Account: accountName, Email: email, Password: plain})
	}
	return a, err
}

// confirmRealName hands in the company's papers and has the operator confirm them.
func (f *filler) confirmRealName(ctx context.Context, a account, company, number string) error {
	paper, err := picture.Screen("document", 40, len(company), 900, 640)
	if err != nil {
		return err
	}
	key, err := f.upload(ctx, a.owner, media.Licence, "licence.png", paper)
	if err != nil {
		return err
	}
	err = f.asUser(ctx, a.owner, func(ctx context.Context, tx *db.Tx) error {
		return f.Members.SubmitRealName(ctx, tx, a.ID, identity.RealName{Name: company, Number: number, Files: []string{key}})
	})
	if err != nil {
		return err
	}
	return f.asOperator(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := f.Identity.Account(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		return f.Members.DecideRealName(ctx, tx, a.ID, now.Version, true, "")
	})
}

// invite adds a sub-user by invitation into one of the account's preset groups.
func (f *filler) invite(ctx context.Context, a account, role string, p person) (identity.User, error) {
	groups, err := f.Access.Groups(ctx, f.DB, a.ID)
	if err != nil {
		return identity.User{}, err
	}
	var in []string
	for _, g := range groups {
		if g.Preset == p.Group {
			in = append(in, g.ID)
		}
	}
	if len(in) == 0 {
		return identity.User{}, fmt.Errorf("there is no group %q", p.Group)
	}
	var user identity.User
	var link identity.Link
	err = f.asUser(ctx, a.owner, func(ctx context.Context, tx *db.Tx) error {
		var err error
		user, link, err = f.Members.Invite(ctx, tx, a.ID, identity.NewUser{Email: p.Email, Name: p.Name, Locale: p.Locale}, in)
		return err
	})
	if err != nil {
		return user, err
	}
	plain := admin.NewPassword()
	password, err := f.Identity.NewPassword(ctx, plain)
	if err != nil {
		return user, err
	}
	err = f.asUser(ctx, user, func(ctx context.Context, tx *db.Tx) error {
		_, err := f.Identity.AcceptInvitation(ctx, tx, identity.KindUser, link.Token, password)
		return err
	})
	if err == nil {
		f.accounts = append(f.accounts, people.DemoAccount{Role: role, Name: p.Name, Account: a.Name, Email: p.Email, Password: plain})
	}
	return user, err
}
