package app

import (
	"context"
	"maps"

	"jishi/internal/base/db"
	"jishi/internal/market/access"
	"jishi/internal/market/notification"
	"jishi/internal/market/seller"
)

// notifySeller sends package seller's notices: a station message to the account, a letter
// to the customer-service mail or, where there is none yet, to the owner. A decision about
// a seller also shows at once in what its people may do and in the storefront.
func (a *App) notifySeller(ctx context.Context, tx *db.Tx, n seller.Notice) error {
	a.Identity.Changed(tx)
	s, found, err := a.Sellers.OfAccount(ctx, tx, n.AccountID)
	if err != nil {
		return err
	}
	if found {
		if err := a.Catalog.SellerChanged(ctx, tx, s.ID); err != nil {
			return err
		}
	}
	class, permission := notification.ClassReview, access.ShopWrite
	switch n.Code {
	case seller.NoticeApproved, seller.NoticeRejected:
		permission = access.SellerApply
	case seller.NoticeSuspended, seller.NoticeReactivated:
		class = notification.ClassViolation
	case seller.NoticeAddress:
		permission = access.AddressRead
	}
	err = a.Notices.Post(ctx, tx, notification.Message{AccountID: n.AccountID, Permission: permission, Class: class,
		Code: n.Code, Args: n.Args, Link: n.Path})
	if err != nil {
		return err
	}
	owner, err := a.Identity.Owner(ctx, tx, n.AccountID)
	if err != nil {
		return err
	}
	to := notification.To{Address: n.Email, Name: owner.Name}
	if to.Address == "" {
		to.Address = owner.Email
	}
	args := notification.Args{}
	maps.Copy(args, n.Args)
	args["name"], args["link"] = owner.Name, a.Config.PublicURL+n.Path
	return a.Notices.Mail(ctx, tx, to, owner.Locale, n.Code, args)
}
