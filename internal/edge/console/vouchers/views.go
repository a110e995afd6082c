package vouchers

import (
	"context"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/market/voucher"
)

type scopeView struct {
	ProductID   string `json:"productId"`
	ProductName string `json:"productName"`
	SpecID      string `json:"specId,omitempty" doc:"Left out: all specifications"`
	SpecName    string `json:"specName,omitempty"`
}

// TermsView is what a voucher is for; it is exported because the API document shows the fields
// of embedded exported types only.
type TermsView struct {
	Name        string         `json:"name"`
	Kind        voucher.Kind   `json:"kind" enum:"activity,directed" doc:"activity: claimed on the product page; directed: given to named accounts"`
	SellerID    string         `json:"sellerId,omitempty" doc:"Who issues it; left out: the marketplace"`
	SellerName  string         `json:"sellerName,omitempty"`
	Threshold   money.Amount   `json:"threshold" doc:"The least amount of what it fits, after discounts; 0.00 asks for none"`
	Modes       []voucher.Mode `json:"modes" doc:"once, month, year"`
	AllProducts bool           `json:"allProducts"`
	NoPromotion bool           `json:"noPromotion" doc:"Not together with a promotional discount"`
	NoSpecial   bool           `json:"noSpecial" doc:"Not for special packages"`
	Currency    string         `json:"currency"`
}

func termsOf(l i18n.Lang, t voucher.Terms, sellerName i18n.Text) TermsView {
	return TermsView{Name: t.Name, Kind: t.Kind, SellerID: t.SellerID, SellerName: sellerName.In(l), Threshold: t.Threshold, Modes: t.Modes,
		AllProducts: t.AllProducts, NoPromotion: t.NoPromotion, NoSpecial: t.NoSpecial, Currency: t.Currency}
}

// CampaignView is a campaign in a list.
type CampaignView struct {
	ID    string        `json:"id"`
	State voucher.State `json:"state" enum:"DRAFT,PUBLISHED,ENDED,VOIDED"`
	TermsView
	Face        money.Amount `json:"face"`
	Total       int          `json:"total"`
	Claimed     int          `json:"claimed"`
	PerAccount  int          `json:"perAccount"`
	Budget      money.Amount `json:"budget" doc:"Of the marketplace's own campaigns"`
	SellerShare money.Price  `json:"sellerShare" doc:"The part of the cost that the seller bears, 0–1; the marketplace bears the rest"`
	Used        money.Amount `json:"used" doc:"Of all its vouchers"`
	Locked      money.Amount `json:"locked" doc:"By unpaid orders"`
	ClaimFrom   *time.Time   `json:"claimFrom,omitempty"`
	ClaimUntil  *time.Time   `json:"claimUntil,omitempty"`
	UseFrom     *time.Time   `json:"useFrom,omitempty"`
	UseUntil    *time.Time   `json:"useUntil,omitempty"`
	UseDays     int          `json:"useDays,omitempty" doc:"Valid for so many days from the claim"`
	CreatedAt   time.Time    `json:"createdAt"`
	PublishedAt *time.Time   `json:"publishedAt,omitempty"`
	EndedAt     *time.Time   `json:"endedAt,omitempty"`
}

func campaignOf(l i18n.Lang, r voucher.CampaignRow) CampaignView {
	c := r.Campaign
	return CampaignView{ID: c.ID, State: c.State, TermsView: termsOf(l, c.Terms, r.SellerName), Face: c.Face, Total: c.Total, Claimed: c.Claimed, PerAccount: c.PerAccount,
		Budget: c.Budget, SellerShare: c.SellerShare, Used: r.Used, Locked: r.Locked, ClaimFrom: at(c.ClaimFrom), ClaimUntil: at(c.ClaimUntil), UseFrom: at(c.UseFrom),
		UseUntil: at(c.UseUntil), UseDays: c.UseDays, CreatedAt: c.CreatedAt, PublishedAt: at(c.PublishedAt), EndedAt: at(c.EndedAt)}
}

type campaignDetail struct {
	CampaignView
	Scope    []scopeView      `json:"scope"`
	Accounts []voucher.Target `json:"accounts" doc:"Of a directed campaign"`
}

func detail(ctx context.Context, q db.Querier, l i18n.Lang, campaignID, sellerID string) (campaignDetail, error) {
	row, err := voucher.FindRow(ctx, q, campaignID, sellerID)
	if err != nil {
		return campaignDetail{}, err
	}
	out := campaignDetail{CampaignView: campaignOf(l, row), Accounts: []voucher.Target{}}
	if out.Scope, err = scopeOf(ctx, q, l, campaignID); err != nil {
		return out, err
	}
	accounts, err := voucher.Targets(ctx, q, campaignID)
	out.Accounts = append(out.Accounts, accounts...)
	return out, err
}

func scopeOf(ctx context.Context, q db.Querier, l i18n.Lang, campaignID string) ([]scopeView, error) {
	out := []scopeView{}
	named, err := voucher.NamedScope(ctx, q, campaignID)
	for _, n := range named {
		out = append(out, scopeView{ProductID: n.ProductID, ProductName: n.ProductName.In(l), SpecID: n.SpecID, SpecName: n.SpecName.In(l)})
	}
	return out, err
}

// VoucherView is a voucher that an account holds: face = balance + locked + used.
type VoucherView struct {
	ID         string               `json:"id"`
	CampaignID string               `json:"campaignId"`
	State      voucher.HoldingState `json:"state" enum:"CLAIMED,LOCKED,USED,LAPSED"`
	TermsView
	Face        money.Amount `json:"face"`
	Balance     money.Amount `json:"balance" doc:"May be used"`
	Locked      money.Amount `json:"locked" doc:"Waits for the payment of orders"`
	Used        money.Amount `json:"used"`
	ValidFrom   time.Time    `json:"validFrom"`
	ValidUntil  time.Time    `json:"validUntil"`
	ClaimedAt   time.Time    `json:"claimedAt"`
	AccountName string       `json:"accountName,omitempty" doc:"For issuers and operators"`
}

func voucherOf(l i18n.Lang, h voucher.Held, sellerName i18n.Text) VoucherView {
	return VoucherView{ID: h.ID, CampaignID: h.CampaignID, State: h.State, TermsView: termsOf(l, h.Terms, sellerName), Face: h.Face, Balance: h.Balance,
		Locked: h.Locked, Used: h.Used, ValidFrom: h.ValidFrom, ValidUntil: h.ValidUntil, ClaimedAt: h.ClaimedAt}
}

type voucherDetail struct {
	VoucherView
	Scope []scopeView   `json:"scope"`
	Uses  []voucher.Use `json:"uses" doc:"The use record, newest first"`
}

type fittingView struct {
	VoucherView
	Pays   money.Amount `json:"pays" doc:"Of this order; 0.00 when it does not fit"`
	Reason string       `json:"reason,omitempty" doc:"Why it does not fit"`
}

type fittings struct {
	Vouchers []fittingView `json:"vouchers" doc:"The best first; those that do not fit last"`
	Chosen   string        `json:"chosen,omitempty" doc:"The voucher that the order has locked"`
	Lines    []string      `json:"lines,omitempty" doc:"Of the cart, which become one order"`
}

func fittingsOf(l i18n.Lang, list []voucher.Fitting) fittings {
	out := fittings{Vouchers: []fittingView{}}
	for _, f := range list {
		v := fittingView{VoucherView: voucherOf(l, f.Held, i18n.Text{}), Pays: f.Cover.Amount}
		if e, ok := errs.As(f.Why); ok {
			v.Reason = i18n.Message(l, e.Code, e.Args)
		}
		out.Vouchers = append(out.Vouchers, v)
	}
	return out
}

// at leaves a time out of the answer when it is not set.
func at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
