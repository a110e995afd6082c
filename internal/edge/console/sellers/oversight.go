package sellers

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/media"
	"jishi/internal/market/seller"
	"jishi/wire/saas"
)

type sellersInput struct {
	console.ListInput
	State seller.Standing `query:"state" required:"false"`
	Q     string          `query:"q" required:"false" doc:"Part of a name, or an id"`
}

type sellerRow struct {
	ID           string          `json:"id"`
	AccountID    string          `json:"accountId"`
	Name         string          `json:"name"`
	LogoURL      string          `json:"logoUrl"`
	CompanyName  string          `json:"companyName"`
	State        seller.Standing `json:"state"`
	ServiceEmail string          `json:"serviceEmail"`
	ServicePhone string          `json:"servicePhone"`
	CreatedAt    time.Time       `json:"createdAt"`
}

type overseenSeller struct {
	Seller    sellerView    `json:"seller"`
	Addresses []addressView `json:"addresses"`
}

type reasonInput struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason"`
	}
}

type addressesInput struct {
	console.ListInput
	State    string `query:"state" required:"false" doc:"unverified or verified"`
	SellerID string `query:"sellerId" required:"false"`
	Q        string `query:"q" required:"false" doc:"Part of an origin or of a seller's name"`
}

type overseenAddress struct {
	ID             string     `json:"id"`
	SellerID       string     `json:"sellerId"`
	SellerName     string     `json:"sellerName"`
	Origin         string     `json:"origin"`
	State          string     `json:"state"`
	Method         string     `json:"method"`
	Development    bool       `json:"development"`
	AcceptUnsigned bool       `json:"acceptUnsigned"`
	CheckText      string     `json:"checkText"`
	CheckedAt      *time.Time `json:"checkedAt,omitempty"`
	VerifiedAt     *time.Time `json:"verifiedAt,omitempty"`
	CreatedAt      time.Time  `json:"createdAt"`

	Switches     seller.Switches `json:"switches" doc:"How calls to it differ from the documents"`
	Suppressible []string        `json:"suppressible,omitempty" doc:"What switches.suppress may name; of one address only"`
}

type overrideInput struct {
	ID   string `path:"id"`
	Body struct {
		Switches seller.Switches `json:"switches"`
		Reason   string          `json:"reason"`
	}
}

type unsignedInput struct {
	ID   string `path:"id"`
	Body struct {
		AcceptUnsigned bool   `json:"acceptUnsigned"`
		Reason         string `json:"reason"`
	}
}

func (a api) oversight() {
	op := func(method, path, id, summary string, need access.Permission) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagOperator, Need: need}
	}
	console.Read(a.c, op("", "/operator/sellers", "list-sellers", "All sellers, newest first", access.AccountOversee), a.listSellers)
	console.Read(a.c, op("", "/operator/sellers/{id}", "get-seller", "A seller with its addresses", access.AccountOversee),
		func(ctx context.Context, in *idInput) (overseenSeller, error) {
			v, err := a.Sellers.Get(ctx, a.c.DB, in.ID)
			if err != nil {
				return overseenSeller{}, err
			}
			return a.overseen(ctx, a.c.DB, v)
		})
	console.Write(a.c, op(http.MethodPost, "/operator/sellers/{id}/suspend", "suspend-seller", "Take a seller's shop and products off sale", access.AccountSuspend),
		func(ctx context.Context, tx *db.Tx, in *reasonInput) (overseenSeller, error) {
			v, err := a.Sellers.Suspend(ctx, tx, in.ID, in.Body.Reason)
			if err != nil {
				return overseenSeller{}, err
			}
			return a.overseen(ctx, tx, v)
		})
	console.Write(a.c, op(http.MethodPost, "/operator/sellers/{id}/reactivate", "reactivate-seller", "End a suspension", access.AccountSuspend),
		func(ctx context.Context, tx *db.Tx, in *reasonInput) (overseenSeller, error) {
			v, err := a.Sellers.Reactivate(ctx, tx, in.ID, in.Body.Reason)
			if err != nil {
				return overseenSeller{}, err
			}
			return a.overseen(ctx, tx, v)
		})
	console.Read(a.c, op("", "/operator/addresses", "list-production-addresses", "Production addresses of all sellers", access.SellerReview), a.allAddresses)
	console.Write(a.c, op(http.MethodPost, "/operator/addresses/{id}/confirm", "confirm-production-address", "Confirm that an origin is the seller's", access.SellerReview),
		func(ctx context.Context, tx *db.Tx, in *reasonInput) (overseenAddress, error) {
			d, err := a.Sellers.ConfirmAddress(ctx, tx, in.ID, console.CallerFrom(ctx).UserID, in.Body.Reason)
			if err != nil {
				return overseenAddress{}, err
			}
			return a.overseenAddress(ctx, tx, d)
		})
	console.Read(a.c, op("", "/operator/addresses/{id}", "get-production-address", "A production address with what it may suppress", access.SellerReview),
		func(ctx context.Context, in *idInput) (overseenAddress, error) {
			d, err := a.Sellers.AnyAddress(ctx, a.c.DB, in.ID)
			if err != nil {
				return overseenAddress{}, err
			}
			return a.overseenAddress(ctx, a.c.DB, d)
		})
	console.Write(a.c, op(http.MethodPut, "/operator/addresses/{id}/switches", "override-address-switches", "How calls to an address differ from the documents", access.SellerReview),
		func(ctx context.Context, tx *db.Tx, in *overrideInput) (overseenAddress, error) {
			d, err := a.Sellers.OverrideSwitches(ctx, tx, in.ID, in.Body.Switches, in.Body.Reason)
			if err != nil {
				return overseenAddress{}, err
			}
			return a.overseenAddress(ctx, tx, d)
		})
	console.Write(a.c, op(http.MethodPut, "/operator/addresses/{id}/unsigned", "set-accept-unsigned", "Whether answers without a signature are taken", access.SellerReview),
		func(ctx context.Context, tx *db.Tx, in *unsignedInput) (overseenAddress, error) {
			d, err := a.Sellers.SetAcceptUnsigned(ctx, tx, in.ID, in.Body.AcceptUnsigned, in.Body.Reason)
			if err != nil {
				return overseenAddress{}, err
			}
			return a.overseenAddress(ctx, tx, d)
		})
}

func (a api) listSellers(ctx context.Context, in *sellersInput) (page.Page[sellerRow], error) {
	list, err := a.Sellers.List(ctx, a.c.DB, in.State, in.Q, in.Page())
	return page.Map(list, func(v seller.Seller) sellerRow {
		return sellerRow{
			ID: v.ID, AccountID: v.AccountID, Name: v.Name.In(console.LangFrom(ctx)), LogoURL: media.URL(v.LogoKey), CompanyName: v.CompanyName,
			State: v.State, ServiceEmail: v.ServiceEmail, ServicePhone: v.ServicePhone, CreatedAt: v.CreatedAt,
		}
	}), err
}

func (a api) overseen(ctx context.Context, q db.Querier, v seller.Seller) (overseenSeller, error) {
	out := overseenSeller{Addresses: []addressView{}}
	var err error
	if out.Seller, err = a.sellerView(ctx, q, v); err != nil {
		return out, err
	}
	list, err := a.Sellers.Addresses(ctx, q, v.ID)
	if err != nil {
		return out, err
	}
	bindings, err := a.Sellers.Bindings(ctx, q, v.ID, "")
	if err != nil {
		return out, err
	}
	for _, d := range list {
		shown, err := a.addressView(ctx, q, d, bindings)
		if err != nil {
			return out, err
		}
		out.Addresses = append(out.Addresses, shown)
	}
	return out, nil
}

func (a api) allAddresses(ctx context.Context, in *addressesInput) (page.Page[overseenAddress], error) {
	list, err := a.Sellers.AllAddresses(ctx, a.c.DB, in.State, in.SellerID, in.Q, in.Page())
	return page.Map(list, func(r seller.AddressRow) overseenAddress {
		return overseenAddressOf(ctx, r.ProductionAddress, r.SellerName.In(console.LangFrom(ctx)))
	}), err
}

func (a api) overseenAddress(ctx context.Context, q db.Querier, d seller.ProductionAddress) (overseenAddress, error) {
	v, err := a.Sellers.Get(ctx, q, d.SellerID)
	out := overseenAddressOf(ctx, d, v.Name.In(console.LangFrom(ctx)))
	out.Suppressible = saas.Suppressible()
	return out, err
}

func overseenAddressOf(ctx context.Context, d seller.ProductionAddress, sellerName string) overseenAddress {
	return overseenAddress{
		ID: d.ID, SellerID: d.SellerID, SellerName: sellerName, Origin: d.Origin, State: d.State, Method: d.Method,
		Development: d.Development, AcceptUnsigned: d.AcceptUnsigned, CheckText: d.CheckText(console.LangFrom(ctx)),
		CheckedAt: moment(d.CheckedAt), VerifiedAt: moment(d.VerifiedAt), CreatedAt: d.CreatedAt,
		Switches: d.Switches,
	}
}
