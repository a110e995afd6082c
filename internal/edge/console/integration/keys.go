package integration

import (
	"context"
	"net/http"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/integration"
	"jishi/internal/market/seller"
)

// rotationView is a binding with the second key of a rotation.
type rotationView struct {
	AddressID  string          `json:"addressId"`
	Origin     string          `json:"origin"`
	Category   seller.Category `json:"category" doc:"base, joint, license or general"`
	KeyID      string          `json:"keyId" doc:"The key in force"`
	KeyName    string          `json:"keyName"`
	PendingID  string          `json:"pendingId" doc:"The second key; empty where there is none"`
	PendingKey string          `json:"pendingKey" doc:"Its name"`
	PendingAt  *time.Time      `json:"pendingAt,omitempty" doc:"When it was bound"`
	Cases      int             `json:"cases" doc:"Saved V2 cases of the address, on all its paths; they prove the key of the base interfaces"`
	Proven     int             `json:"proven" doc:"Of these passed with the second key within 10 minutes"`
	Failed     int             `json:"failed" doc:"Of these failed with it"`
	Ready      bool            `json:"ready" doc:"It may be put in force: all cases are proven"`
}

func rotationOf(r integration.Rotation) rotationView {
	v := rotationView{AddressID: r.AddressID, Origin: r.Origin, Category: r.Category, KeyID: r.ActiveKey.KeyID, KeyName: r.ActiveKey.KeyName,
		Cases: r.Cases, Proven: r.Proven, Failed: r.Failed, Ready: r.Ready()}
	if r.Pending != nil {
		v.PendingID, v.PendingKey, v.PendingAt = r.Pending.KeyID, r.Pending.KeyName, moment(r.Pending.BoundAt)
	}
	return v
}

type PendingInput struct {
	ID       string          `path:"id" doc:"Of the address"`
	Category seller.Category `path:"category" doc:"base, joint, license or general"`
}

type setPendingInput struct {
	PendingInput
	Body struct {
		KeyID string `json:"keyId" doc:"A V2 key that serves no other category"`
	}
}

type activateInput struct {
	PendingInput
	Body struct {
		KeyID     string `json:"keyId" doc:"The second key that was proven; another one meanwhile is a conflict"`
		Confirmed bool   `json:"confirmed" required:"false" doc:"Nothing proves the key: no cases, or a category that has none"`
	}
}

func (a api) keys() {
	write := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: "/seller/integration/addresses/{id}/" + path, ID: id, Summary: summary, Tag: tagSeller, Need: access.AddressWrite}
	}
	console.Read(a.c, console.Op{Path: "/seller/integration/pending-keys", ID: "list-pending-keys", Tag: tagSeller, Need: access.AddressRead,
		Summary: "V2 bindings with the second keys of rotations and how far these are proven"},
		func(ctx context.Context, _ *struct{}) (page.Page[rotationView], error) {
			out := page.Page[rotationView]{Items: []rotationView{}}
			id, err := own(ctx)
			if err != nil {
				return out, err
			}
			err = a.c.DB.View(ctx, func(q db.Querier) error {
				list, err := a.Integration.Rotations(ctx, q, id, "")
				for _, r := range list {
					out.Items = append(out.Items, rotationOf(r))
				}
				return err
			})
			out.Total = len(out.Items)
			return out, err
		})
	console.Write(a.c, write(http.MethodPut, "pending-keys/{category}", "set-pending-key", "Bind the second key of a rotation beside the one in force"),
		func(ctx context.Context, tx *db.Tx, in *setPendingInput) (rotationView, error) {
			id, err := own(ctx)
			if err != nil {
				return rotationView{}, err
			}
			bind := seller.BindInput{SellerID: id, AddressID: in.ID, Category: in.Category, KeyID: in.Body.KeyID}
			if err := a.Sellers.SetPending(ctx, tx, bind); err != nil {
				return rotationView{}, err
			}
			return a.rotation(ctx, tx, bind)
		})
	console.Write(a.c, write(http.MethodDelete, "pending-keys/{category}", "discard-pending-key", "Give the second key up; the one in force stays"),
		func(ctx context.Context, tx *db.Tx, in *PendingInput) (rotationView, error) {
			id, err := own(ctx)
			if err != nil {
				return rotationView{}, err
			}
			bind := seller.BindInput{SellerID: id, AddressID: in.ID, Category: in.Category}
			if err := a.Sellers.SetPending(ctx, tx, bind); err != nil {
				return rotationView{}, err
			}
			return a.rotation(ctx, tx, bind)
		})
	console.Act(a.c, write(http.MethodPost, "pending-keys/base/prove", "prove-pending-key", "Run all saved V2 cases of the address with the second key of the base interfaces"),
		func(ctx context.Context, in *idInput) (page.Page[batchView], error) {
			out := page.Page[batchView]{Items: []batchView{}}
			id, err := own(ctx)
			if err != nil {
				return out, err
			}
			list, err := a.Integration.ProvePending(ctx, id, in.ID)
			for _, b := range list {
				out.Items = append(out.Items, batchOf(console.LangFrom(ctx), b))
			}
			out.Total = len(out.Items)
			return out, err
		})
	console.Write(a.c, write(http.MethodPost, "pending-keys/{category}/activate", "activate-pending-key", "Put the second key in force; the old one leaves in the same moment"),
		func(ctx context.Context, tx *db.Tx, in *activateInput) (rotationView, error) {
			id, err := own(ctx)
			if err != nil {
				return rotationView{}, err
			}
			bind := seller.BindInput{SellerID: id, AddressID: in.ID, Category: in.Category, KeyID: in.Body.KeyID, Confirmed: in.Body.Confirmed}
			if err := a.Integration.ActivatePending(ctx, tx, bind); err != nil {
				return rotationView{}, err
			}
			return a.rotation(ctx, tx, bind)
		})
}

func (a api) rotation(ctx context.Context, q db.Querier, in seller.BindInput) (rotationView, error) {
	list, err := a.Integration.Rotations(ctx, q, in.SellerID, in.AddressID)
	for _, r := range list {
		if r.AddressID == in.AddressID && r.Category == in.Category {
			return rotationOf(r), err
		}
	}
	return rotationView{}, err
}
