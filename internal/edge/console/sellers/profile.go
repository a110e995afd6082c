package sellers

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

type sellerView struct {
	ID          string                `json:"id"`
	AccountID   string                `json:"accountId"`
	State       seller.Standing       `json:"state"`
	StateReason string                `json:"stateReason"`
	Form        seller.Form           `json:"form"`
	LogoURL     string                `json:"logoUrl"`
	CompanyName string                `json:"companyName"`
	Certificate string                `json:"certificate"`
	CreatedAt   time.Time             `json:"createdAt"`
	UpdatedAt   time.Time             `json:"updatedAt"`
	Groups      []seller.ContactGroup `json:"groups" doc:"After-sales groups"`
}

func (a api) sellerView(ctx context.Context, q db.Querier, v seller.Seller) (sellerView, error) {
	groups, err := a.Sellers.ContactGroups(ctx, q, v.ID)
	return sellerView{
		ID: v.ID, AccountID: v.AccountID, State: v.State, StateReason: v.StateReason, Form: v.Form, LogoURL: media.URL(v.LogoKey),
		CompanyName: v.CompanyName, Certificate: v.Certificate, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, Groups: groups,
	}, err
}

type contactInput struct{ Body seller.Reachable }

type groupsInput struct {
	Body struct {
		Groups []seller.ContactGroup `json:"groups"`
	}
}

type groupsView struct {
	Groups []seller.ContactGroup `json:"groups"`
}

func (a api) profile() {
	console.Read(a.c, console.Op{Path: "/seller/profile", ID: "get-seller-profile", Summary: "The seller information in force", Tag: tagSeller, Need: console.AnyUser},
		func(ctx context.Context, _ *struct{}) (sellerView, error) {
			id, err := own(ctx)
			if err != nil {
				return sellerView{}, err
			}
			v, err := a.Sellers.Get(ctx, a.c.DB, id)
			if err != nil {
				return sellerView{}, err
			}
			return a.sellerView(ctx, a.c.DB, v)
		})
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/seller/profile/contact", ID: "set-seller-contact", Summary: "Change phone and mail of the business contact at once", Tag: tagSeller, Need: access.ShopWrite},
		func(ctx context.Context, tx *db.Tx, in *contactInput) (sellerView, error) {
			id, err := own(ctx)
			if err != nil {
				return sellerView{}, err
			}
			v, err := a.Sellers.SetContact(ctx, tx, id, in.Body)
			if err != nil {
				return sellerView{}, err
			}
			return a.sellerView(ctx, tx, v)
		})
	console.Read(a.c, console.Op{Path: "/seller/contacts", ID: "list-seller-contacts", Summary: "After-sales groups", Tag: tagSeller, Need: console.AnyUser},
		func(ctx context.Context, _ *struct{}) (groupsView, error) {
			id, err := own(ctx)
			if err != nil {
				return groupsView{}, err
			}
			groups, err := a.Sellers.ContactGroups(ctx, a.c.DB, id)
			return groupsView{groups}, err
		})
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/seller/contacts", ID: "set-seller-contacts", Summary: "Replace the after-sales groups", Tag: tagSeller, Need: access.ShopWrite},
		func(ctx context.Context, tx *db.Tx, in *groupsInput) (groupsView, error) {
			id, err := own(ctx)
			if err != nil {
				return groupsView{}, err
			}
			groups, err := a.Sellers.SetContactGroups(ctx, tx, id, in.Body.Groups)
			return groupsView{groups}, err
		})
}
