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
	"jishi/wire/saas"
)

type addressView struct {
	ID             string              `json:"id"`
	Origin         string              `json:"origin"`
	State          string              `json:"state"`
	Generations    []seller.Generation `json:"generations" doc:"Whose calls it can take"`
	Development    bool                `json:"development"`
	AcceptUnsigned bool                `json:"acceptUnsigned"`
	Method         string              `json:"method" doc:"How ownership was proven"`
	VerifiedAt     *time.Time          `json:"verifiedAt,omitempty"`
	CheckedAt      *time.Time          `json:"checkedAt,omitempty"`
	CheckText      string              `json:"checkText" doc:"Why the last try failed"`
	CreatedAt      time.Time           `json:"createdAt"`
	Uses           int                 `json:"uses" doc:"Products that name it"`
	Bindings       []seller.Binding    `json:"bindings"`
	Switches       seller.Switches     `json:"switches" doc:"How calls to it differ from the documents"`
	Suppressible   []string            `json:"suppressible,omitempty" doc:"What switches.suppress may name; of one address only"`
	Challenge      *seller.Challenge   `json:"challenge,omitempty" doc:"What to publish, as a file or as a DNS record; of one address only"`
}

func (a api) addressView(ctx context.Context, q db.Querier, d seller.ProductionAddress, bindings []seller.Binding) (addressView, error) {
	n, err := a.Sellers.UsesOf(ctx, q, d.ID)
	v := addressView{
		ID: d.ID, Origin: d.Origin, State: d.State, Generations: d.Generations(), Development: d.Development, AcceptUnsigned: d.AcceptUnsigned,
		Method: d.Method, VerifiedAt: moment(d.VerifiedAt), CheckedAt: moment(d.CheckedAt), CheckText: d.CheckText(console.LangFrom(ctx)),
		CreatedAt: d.CreatedAt, Uses: n, Bindings: []seller.Binding{}, Switches: d.Switches,
	}
	for _, b := range bindings {
		if b.AddressID == d.ID {
			v.Bindings = append(v.Bindings, b)
		}
	}
	return v, err
}

func (a api) oneAddress(ctx context.Context, q db.Querier, d seller.ProductionAddress) (addressView, error) {
	bindings, err := a.Sellers.Bindings(ctx, q, d.SellerID, d.ID)
	if err != nil {
		return addressView{}, err
	}
	v, err := a.addressView(ctx, q, d, bindings)
	v.Suppressible = saas.Suppressible()
	return v, err
}

type originInput struct {
	Body struct {
		Origin string `json:"origin"`
	}
}

type renameInput struct {
	ID   string `path:"id"`
	Body struct {
		Origin string `json:"origin"`
	}
}

type switchesInput struct {
	ID   string `path:"id"`
	Body seller.Switches
}

type verifyInput struct {
	ID   string `path:"id"`
	Body struct {
		Method string `json:"method" doc:"file or dns"`
	}
}

func (a api) addresses() {
	read := func(path, id, summary string) console.Op {
		return console.Op{Path: path, ID: id, Summary: summary, Tag: tagSeller, Need: access.AddressRead}
	}
	write := func(method, path, id, summary string) console.Op {
		return console.Op{Method: method, Path: path, ID: id, Summary: summary, Tag: tagSeller, Need: access.AddressWrite}
	}
	console.Read(a.c, read("/seller/addresses", "list-seller-addresses", "Production addresses"), a.listAddresses)
	console.Read(a.c, read("/seller/addresses/{id}", "get-seller-address", "A production address with its challenge"), a.getAddress)
	console.Write(a.c, write(http.MethodPost, "/seller/addresses", "add-seller-address", "Register a production address"),
		func(ctx context.Context, tx *db.Tx, in *originInput) (addressView, error) {
			id, err := own(ctx)
			if err != nil {
				return addressView{}, err
			}
			d, err := a.Sellers.AddAddress(ctx, tx, id, in.Body.Origin)
			if err != nil {
				return addressView{}, err
			}
			return a.oneAddress(ctx, tx, d)
		})
	console.Write(a.c, write(http.MethodPut, "/seller/addresses/{id}", "rename-seller-address", "Give an unused address another origin"),
		func(ctx context.Context, tx *db.Tx, in *renameInput) (addressView, error) {
			id, err := own(ctx)
			if err != nil {
				return addressView{}, err
			}
			d, err := a.Sellers.RenameAddress(ctx, tx, id, in.ID, in.Body.Origin)
			if err != nil {
				return addressView{}, err
			}
			return a.oneAddress(ctx, tx, d)
		})
	console.Write(a.c, write(http.MethodDelete, "/seller/addresses/{id}", "remove-seller-address", "Remove an unused address"),
		func(ctx context.Context, tx *db.Tx, in *idInput) (console.None, error) {
			id, err := own(ctx)
			if err == nil {
				err = a.Sellers.RemoveAddress(ctx, tx, id, in.ID)
			}
			return console.None{}, err
		})
	console.Write(a.c, write(http.MethodPut, "/seller/addresses/{id}/switches", "set-seller-address-switches", "How calls to the address differ from the documents"),
		func(ctx context.Context, tx *db.Tx, in *switchesInput) (addressView, error) {
			id, err := own(ctx)
			if err != nil {
				return addressView{}, err
			}
			d, err := a.Sellers.SetSwitches(ctx, tx, id, in.ID, in.Body)
			if err != nil {
				return addressView{}, err
			}
			return a.oneAddress(ctx, tx, d)
		})
	verify := write(http.MethodPost, "/seller/addresses/{id}/verify", "verify-seller-address", "Look for the proof of ownership now")
	verify.Rate = "strict" // each call goes to a server of the caller's choice
	console.Act(a.c, verify, a.verify)
}

func (a api) listAddresses(ctx context.Context, _ *struct{}) (page.Page[addressView], error) {
	out := page.Page[addressView]{Items: []addressView{}}
	id, err := own(ctx)
	if err != nil {
		return out, err
	}
	err = a.c.DB.View(ctx, func(q db.Querier) error {
		list, err := a.Sellers.Addresses(ctx, q, id)
		if err != nil {
			return err
		}
		bindings, err := a.Sellers.Bindings(ctx, q, id, "")
		if err != nil {
			return err
		}
		for _, d := range list {
			v, err := a.addressView(ctx, q, d, bindings)
			if err != nil {
				return err
			}
			out.Items = append(out.Items, v)
		}
		out.Total = len(out.Items) // all of them: there are at most seller.MaxAddresses
		return nil
	})
	return out, err
}

func (a api) getAddress(ctx context.Context, in *idInput) (addressView, error) {
	var out addressView
	id, err := own(ctx)
	if err != nil {
		return out, err
	}
	err = a.c.DB.View(ctx, func(q db.Querier) error {
		d, err := a.Sellers.AddressOf(ctx, q, id, in.ID)
		if err != nil {
			return err
		}
		if out, err = a.oneAddress(ctx, q, d); err != nil {
			return err
		}
		challenge, err := a.Sellers.ChallengeOf(ctx, q, id, in.ID)
		out.Challenge = &challenge
		return err
	})
	return out, err
}

// verify proves outside of a transaction and records in one. What was found wrong is in
// the answer's checkText: a failed try is an outcome, not a fault of the request.
func (a api) verify(ctx context.Context, in *verifyInput) (addressView, error) {
	var out addressView
	id, err := own(ctx)
	if err != nil {
		return out, err
	}
	c, err := a.Sellers.ChallengeOf(ctx, a.c.DB, id, in.ID)
	if err != nil {
		return out, err
	}
	proof, err := seller.Prove(ctx, a.Client, c, in.Body.Method)
	if err != nil {
		return out, err
	}
	err = a.c.DB.UpdateCtx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := a.Sellers.RecordProof(ctx, tx, c, proof)
		if err != nil {
			return err
		}
		out, err = a.oneAddress(ctx, tx, d)
		return err
	})
	return out, err
}
