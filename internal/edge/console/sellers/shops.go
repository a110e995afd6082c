package sellers

import (
	"context"

	"jishi/internal/edge/console"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
)

type shopInput struct {
	SellerID string `path:"sellerId"`
}

type shopView struct {
	ID           string                `json:"id"`
	Name         string                `json:"name"`
	LogoURL      string                `json:"logoUrl"`
	Introduction string                `json:"introduction"`
	Website      string                `json:"website"`
	CompanyName  string                `json:"companyName"`
	PreSales     seller.PreSales       `json:"preSales"`
	ServicePhone string                `json:"servicePhone"`
	ServiceEmail string                `json:"serviceEmail"`
	AfterSales   []seller.ContactGroup `json:"afterSales"`
}

func (a api) shops() {
	console.Read(a.c, console.Op{Path: "/shops/{sellerId}", ID: "get-shop", Summary: "A shop in the reader's language", Tag: tagShop},
		func(ctx context.Context, in *shopInput) (shopView, error) {
			s, err := a.Sellers.Shop(ctx, a.c.DB, in.SellerID, console.LangFrom(ctx))
			return shopView{
				ID: s.ID, Name: s.Name, LogoURL: media.URL(s.LogoKey), Introduction: s.Introduction, Website: s.Website, CompanyName: s.CompanyName,
				PreSales: s.PreSales, ServicePhone: s.ServicePhone, ServiceEmail: s.ServiceEmail, AfterSales: s.AfterSales,
			}, err
		})
}
