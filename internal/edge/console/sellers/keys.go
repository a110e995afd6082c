package sellers

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/seller"
)

type keyView struct {
	ID         string            `json:"id"`
	Generation seller.Generation `json:"generation"`
	Name       string            `json:"name"`
	Category   seller.Category   `json:"category" doc:"The interface category it is bound to"`
	State      string            `json:"state"`
	Bindings   int               `json:"bindings" doc:"Addresses that use it"`
	CreatedAt  time.Time         `json:"createdAt"`
	DisabledAt *time.Time        `json:"disabledAt,omitempty"`
}

func keyOf(k seller.Key) keyView {
	return keyView{
		ID: k.ID, Generation: k.Generation, Name: k.Name, Category: k.Category, State: k.State, Bindings: k.Bindings,
		CreatedAt: k.CreatedAt, DisabledAt: moment(k.DisabledAt),
	}
}

type keysInput struct {
	Generation seller.Generation `query:"generation" required:"false" doc:"v1 or v2"`
}

type keyInput struct {
	Body struct {
		Name string `json:"name"`
	}
}

type secretView struct {
	Value string `json:"value"`
}

type bindInput struct {
	ID       string          `path:"id"`
	Category seller.Category `path:"category" doc:"base, joint, license or general"`
	Body     struct {
		KeyID     string `json:"keyId" required:"false" doc:"Empty to unbind"`
		Confirmed bool   `json:"confirmed" required:"false" doc:"Published products may break until the server follows"`
	}
}

func (a api) keys() {
	console.Read(a.c, console.Op{Path: "/seller/keys", ID: "list-seller-keys", Summary: "Access keys without their secrets", Tag: tagSeller, Need: access.AddressRead},
		func(ctx context.Context, in *keysInput) (page.Page[keyView], error) {
			out := page.Page[keyView]{Items: []keyView{}}
			id, err := own(ctx)
			if err != nil {
				return out, err
			}
			list, err := a.Sellers.Keys(ctx, a.c.DB, id)
			for _, k := range list {
				if in.Generation == "" || in.Generation == k.Generation {
					out.Items = append(out.Items, keyOf(k))
				}
			}
			out.Total = len(out.Items)
			return out, err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/keys/v1/renew", ID: "renew-seller-v1-key",
		Summary: "Replace the V1 Key for all addresses at once", Tag: tagSeller, Need: access.AddressWrite, Recent: true},
		func(ctx context.Context, tx *db.Tx, _ *struct{}) (keyView, error) {
			id, err := own(ctx)
			if err != nil {
				return keyView{}, err
			}
			k, err := a.Sellers.RenewV1Key(ctx, tx, id)
			return keyOf(k), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/keys/{id}/disable", ID: "disable-seller-key",
		Summary: "Disable a key that is bound nowhere", Tag: tagSeller, Need: access.AddressWrite},
		func(ctx context.Context, tx *db.Tx, in *idInput) (keyView, error) {
			id, err := own(ctx)
			if err != nil {
				return keyView{}, err
			}
			k, err := a.Sellers.DisableKey(ctx, tx, id, in.ID)
			return keyOf(k), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/keys", ID: "create-seller-key", Summary: "Make a V2 key", Tag: tagSeller, Need: access.AddressWrite},
		func(ctx context.Context, tx *db.Tx, in *keyInput) (keyView, error) {
			id, err := own(ctx)
			if err != nil {
				return keyView{}, err
			}
			k, err := a.Sellers.CreateKey(ctx, tx, id, in.Body.Name)
			return keyOf(k), err
		})
	console.Write(a.c, console.Op{Method: http.MethodPost, Path: "/seller/keys/{id}/reveal", ID: "reveal-seller-key", Summary: "Read a key's secret; recorded in the audit log",
		Tag: tagSeller, Need: access.AddressWrite, Secret: true, Recent: true},
		func(ctx context.Context, tx *db.Tx, in *idInput) (secretView, error) {
			id, err := own(ctx)
			if err != nil {
				return secretView{}, err
			}
			secret, err := a.Sellers.RevealKey(ctx, tx, id, in.ID)
			return secretView{secret}, err
		})
	console.Write(a.c, console.Op{Method: http.MethodPut, Path: "/seller/addresses/{id}/keys/{category}", ID: "bind-seller-key",
		Summary: "Bind a key to an interface category of an address", Tag: tagSeller, Need: access.AddressWrite},
		func(ctx context.Context, tx *db.Tx, in *bindInput) (addressView, error) {
			id, err := own(ctx)
			if err != nil {
				return addressView{}, err
			}
			err = a.Sellers.Bind(ctx, tx, seller.BindInput{
				SellerID: id, AddressID: in.ID, Category: in.Category, KeyID: in.Body.KeyID, Confirmed: in.Body.Confirmed,
			})
			if err != nil {
				return addressView{}, err
			}
			d, err := a.Sellers.AddressOf(ctx, tx, id, in.ID)
			if err != nil {
				return addressView{}, err
			}
			return a.oneAddress(ctx, tx, d)
		})
}
