package vouchers

import (
	"context"
	"net/http"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
	"jishi/internal/edge/console"
	"jishi/internal/market/access"
	"jishi/internal/market/voucher"
)

type campaignBody struct {
	Kind        voucher.Kind   `json:"kind" enum:"activity,directed"`
	Name        string         `json:"name" doc:"1–40 characters"`
	Face        money.Amount   `json:"face" doc:"0.01–100,000.00"`
	Threshold   money.Amount   `json:"threshold" required:"false" doc:"0.00, or more than the face value"`
	Total       int            `json:"total" required:"false" doc:"1–100,000; of the marketplace's own campaigns what the budget allows where left out"`
	PerAccount  int            `json:"perAccount" required:"false" default:"1" doc:"1–10"`
	Budget      money.Amount   `json:"budget" required:"false" doc:"The marketplace's own campaigns only"`
	ClaimFrom   time.Time      `json:"claimFrom" required:"false" doc:"At once where left out"`
	ClaimUntil  time.Time      `json:"claimUntil" required:"false"`
	UseFrom     time.Time      `json:"useFrom" required:"false"`
	UseUntil    time.Time      `json:"useUntil" required:"false"`
	UseDays     int            `json:"useDays" required:"false" doc:"1–365 days from the claim, instead of fixed dates"`
	Modes       []voucher.Mode `json:"modes" doc:"once, month, year"`
	AllProducts bool           `json:"allProducts" required:"false" doc:"The marketplace's own campaigns only"`
	NoPromotion bool           `json:"noPromotion" required:"false"`
	NoSpecial   bool           `json:"noSpecial" required:"false"`
	SellerShare *money.Price   `json:"sellerShare" required:"false" doc:"The part of the cost that sellers bear, 0–1; the marketplace's own campaigns only"`
	Scope       []struct {
		ProductID string `json:"productId"`
		SpecID    string `json:"specId" required:"false"`
	} `json:"scope" required:"false"`
}

// input fills in the site's figures. A seller bears his own vouchers but for the fee, which the
// marketplace takes of the rest alone (trade.md §16.4, E-28).
func (d Deps) input(ctx context.Context, b campaignBody, own bool) (voucher.Input, error) {
	site, err := d.Settings.Site(ctx)
	if err != nil {
		return voucher.Input{}, err
	}
	in := voucher.Input{Kind: b.Kind, Name: b.Name, Face: b.Face, Threshold: b.Threshold, Total: b.Total, PerAccount: max(b.PerAccount, 0), Budget: b.Budget,
		ClaimFrom: b.ClaimFrom, ClaimUntil: b.ClaimUntil, UseFrom: b.UseFrom, UseUntil: b.UseUntil, UseDays: b.UseDays, Modes: b.Modes,
		AllProducts: b.AllProducts, NoPromotion: b.NoPromotion, NoSpecial: b.NoSpecial, Currency: site.Currency}
	for _, s := range b.Scope {
		in.Scope = append(in.Scope, voucher.Scope{ProductID: s.ProductID, SpecID: s.SpecID})
	}
	switch {
	case own:
		fee, err := money.ParsePrice(site.PlatformFee)
		if err != nil {
			return in, err
		}
		in.SellerShare = money.PriceOf(1).Sub(fee)
	case b.SellerShare != nil:
		in.SellerShare = *b.SellerShare
	}
	return in, nil
}

type campaignID struct {
	ID string `path:"id" doc:"Campaign"`
}

type campaignFilter struct {
	console.ListInput
	State string `query:"state" required:"false"`
	Kind  string `query:"kind" required:"false"`
	Q     string `query:"q" required:"false" doc:"A part of the name"`
	Own   bool   `query:"own" required:"false" doc:"For operators: the marketplace's own campaigns only"`
}

type useView struct {
	voucher.Use
	AccountName string `json:"accountName"`
}

// issuer is one side that issues vouchers: a seller its own, an operator the marketplace's; an
// operator sees and voids all.
type issuer struct {
	base, id, tag string
	need          access.Permission
	own           func(context.Context) string
	any           func(context.Context) string
}

func registerIssuing(c *console.Console, d Deps) {
	seller := func(ctx context.Context) string {
		if id := console.CallerFrom(ctx).SellerID; id != "" {
			return id
		}
		return "none" // of an account that does not sell; "" would be the marketplace
	}
	for _, x := range []issuer{
		{"/seller/vouchers", "seller", "Selling", access.VoucherWrite, seller, seller},
		{"/operator/vouchers", "operator", "Operating", access.VoucherManage, func(context.Context) string { return "" }, func(context.Context) string { return voucher.Anybody }},
	} {
		registerReading(c, x)
		registerChanging(c, d, x)
	}
}

func (x issuer) op(method, path, id, summary string) console.Op {
	return console.Op{Method: method, Path: x.base + path, ID: id + "-" + x.id + "-vouchers", Tag: x.tag, Need: x.need, Summary: summary}
}

type choosable struct {
	Specs []scopeView `json:"specs" doc:"Released specifications, product by product; at most 300"`
}

func registerReading(c *console.Console, x issuer) {
	products := x.op("", "", "list-products-for", "List what a campaign may name")
	products.Path = strings.TrimSuffix(x.base, "s") + "-products"
	console.Read(c, products, func(ctx context.Context, in *struct {
		Q string `query:"q" required:"false" doc:"A part of the product's name"`
	}) (choosable, error) {
		out, l := choosable{Specs: []scopeView{}}, console.LangFrom(ctx)
		found, err := voucher.ChoosableBy(ctx, c.DB, x.own(ctx), strings.TrimSpace(in.Q))
		for _, f := range found {
			out.Specs = append(out.Specs, scopeView{ProductID: f.ProductID, ProductName: f.ProductName.In(l), SpecID: f.SpecID, SpecName: f.SpecName.In(l)})
		}
		return out, err
	})
	console.Read(c, x.op("", "", "list", "List voucher campaigns"),
		func(ctx context.Context, in *campaignFilter) (page.Page[CampaignView], error) {
			f := voucher.Filter{SellerID: x.any(ctx), State: voucher.State(in.State), Kind: voucher.Kind(in.Kind), Text: in.Q}
			if in.Own {
				f.SellerID = x.own(ctx)
			}
			p, err := voucher.Campaigns(ctx, c.DB, f, in.Page())
			return page.Map(p, func(r voucher.CampaignRow) CampaignView { return campaignOf(console.LangFrom(ctx), r) }), err
		})
	console.Read(c, x.op("", "/{id}", "get", "Show a voucher campaign"),
		func(ctx context.Context, in *campaignID) (out campaignDetail, err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				out, err = detail(ctx, q, console.LangFrom(ctx), in.ID, x.any(ctx))
				return err
			})
			return out, err
		})
	console.Read(c, x.op("", "/{id}/claims", "list-claimed", "List who holds the vouchers of a campaign"),
		func(ctx context.Context, in *struct {
			console.ListInput
			ID    string `path:"id"`
			State string `query:"state" required:"false"`
		}) (out page.Page[VoucherView], err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				if _, err := voucher.Find(ctx, q, in.ID, x.any(ctx)); err != nil {
					return err
				}
				p, err := voucher.OfCampaign(ctx, q, in.ID, voucher.HoldingState(in.State), in.Page())
				out = page.Map(p, func(r voucher.Row) VoucherView {
					v := voucherOf(console.LangFrom(ctx), r.Held, r.SellerName)
					v.AccountName = r.AccountName
					return v
				})
				return err
			})
			return out, err
		})
	console.Read(c, x.op("", "/{id}/uses", "list-uses-of", "List the paid orders on which vouchers of a campaign were used"),
		func(ctx context.Context, in *struct {
			console.ListInput
			ID string `path:"id"`
		}) (out page.Page[useView], err error) {
			err = c.DB.View(ctx, func(q db.Querier) error {
				if _, err := voucher.Find(ctx, q, in.ID, x.any(ctx)); err != nil {
					return err
				}
				p, err := voucher.UsesOfCampaign(ctx, q, in.ID, in.Page())
				out = page.Map(p, func(r voucher.UseRow) useView { return useView{r.Use, r.AccountName} })
				return err
			})
			return out, err
		})
}

func registerChanging(c *console.Console, d Deps, x issuer) {
	create := x.op(http.MethodPost, "", "create", "Draft a voucher campaign")
	create.Status = http.StatusCreated
	own := x.id == "seller"
	console.Write(c, create, func(ctx context.Context, tx *db.Tx, in *struct{ Body campaignBody }) (campaignDetail, error) {
		what, err := d.input(ctx, in.Body, own)
		if err != nil {
			return campaignDetail{}, err
		}
		made, err := voucher.Create(ctx, tx, x.own(ctx), what)
		if err != nil {
			return campaignDetail{}, err
		}
		return detail(ctx, tx, console.LangFrom(ctx), made.ID, x.own(ctx))
	})
	console.Write(c, x.op(http.MethodPut, "/{id}", "change", "Change a draft"),
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body campaignBody
		}) (campaignDetail, error) {
			what, err := d.input(ctx, in.Body, own)
			if err != nil {
				return campaignDetail{}, err
			}
			if _, err := voucher.Change(ctx, tx, in.ID, x.own(ctx), what); err != nil {
				return campaignDetail{}, err
			}
			return detail(ctx, tx, console.LangFrom(ctx), in.ID, x.own(ctx))
		})
	console.Write(c, x.op(http.MethodDelete, "/{id}", "discard", "Discard a draft"),
		func(ctx context.Context, tx *db.Tx, in *campaignID) (struct{}, error) {
			return struct{}{}, voucher.Discard(ctx, tx, in.ID, x.own(ctx))
		})
	console.Write(c, x.op(http.MethodPost, "/{id}/publish", "publish", "Publish a campaign: an activity shows on the product page, a directed one gives its vouchers at once"),
		func(ctx context.Context, tx *db.Tx, in *campaignID) (campaignDetail, error) {
			if _, err := d.Trade.PublishVouchers(ctx, tx, in.ID, x.own(ctx)); err != nil {
				return campaignDetail{}, err
			}
			return detail(ctx, tx, console.LangFrom(ctx), in.ID, x.own(ctx))
		})
	console.Write(c, x.op(http.MethodPost, "/{id}/void", "void", "End a campaign early; claimed vouchers stay usable"),
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				Reason string `json:"reason" doc:"2–500 characters, for the audit log"`
			}
		}) (campaignDetail, error) {
			if _, err := voucher.Void(ctx, tx, in.ID, x.any(ctx), in.Body.Reason); err != nil {
				return campaignDetail{}, err
			}
			return detail(ctx, tx, console.LangFrom(ctx), in.ID, x.any(ctx))
		})
	give := x.op(http.MethodPut, "/{id}/accounts", "give", "Upload the accounts of a directed campaign; those of a draft replace the ones before, to a published one they are added and get their vouchers at once")
	give.Money = true // the same upload twice would give twice
	console.Write(c, give,
		func(ctx context.Context, tx *db.Tx, in *struct {
			ID   string `path:"id"`
			Body struct {
				CSV string `json:"csv" doc:"Lines of account id, account name (may be empty), number of vouchers (1 where left out); at most 1,000"`
			}
		}) (campaignDetail, error) {
			if _, err := d.Trade.GiveVouchers(ctx, tx, in.ID, x.own(ctx), in.Body.CSV); err != nil {
				return campaignDetail{}, err
			}
			return detail(ctx, tx, console.LangFrom(ctx), in.ID, x.own(ctx))
		})
}
