package voucher

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/base/money"
	"jishi/internal/base/page"
)

const sqlOfOrder = `select u.id, u.holding_id, u.order_id, u.account_id, u.amount, u.restored, u.state, u.locked_at, u.spent_at, u.ended_at, c.name, c.issuer, c.seller_share
from voucher_uses u join voucher_holdings h on h.id = u.holding_id join voucher_campaigns c on c.id = h.campaign_id where u.order_id = $1 and u.state <> 'released'`

// OrderUse is the voucher of an order.
type OrderUse struct {
	Use
	Name        string      `db:"name" json:"name"`
	Issuer      string      `db:"issuer" json:"-"`
	SellerShare money.Price `db:"seller_share" json:"-"`
}

// OfOrder reads the voucher that an order has locked or spent.
func OfOrder(ctx context.Context, q db.Querier, orderID string) (u OrderUse, found bool, err error) {
	return db.Maybe[OrderUse](ctx, q, sqlOfOrder, orderID)
}

const sqlUsable = `select ` + heldColumns + ` from voucher_holdings h join voucher_campaigns c on c.id = h.campaign_id
where h.account_id = $1 and h.state in ('CLAIMED', 'LOCKED') and h.valid_until > $2 order by h.valid_until, h.id limit 200`
const sqlScopes = `select distinct s.campaign_id, s.product_id, s.spec_id from voucher_scope s join voucher_holdings h on h.campaign_id = s.campaign_id
where h.account_id = $1 and h.state in ('CLAIMED', 'LOCKED') and h.valid_until > $2`

// Fitting is a voucher of the account and what it would pay of an order, or why nothing.
type Fitting struct {
	Held
	Cover Cover
	Why   error
}

// FittingAll looks at the vouchers of an account that are valid or will be: what each would pay
// of the lines of one order. The best comes first: what pays most, then what ends sooner;
// those that do not fit come last, with their reason. What the order itself has locked (own)
// counts as free.
func FittingAll(ctx context.Context, q db.Querier, accountID string, lines []Line, now time.Time, own ...Use) ([]Fitting, error) {
	held, err := db.List[Held](ctx, q, sqlUsable, accountID, now)
	if err != nil || len(held) == 0 {
		return nil, err
	}
	scopes, err := db.List[Scope](ctx, q, sqlScopes, accountID, now)
	if err != nil {
		return nil, err
	}
	by := map[string][]Scope{}
	for _, s := range scopes {
		by[s.CampaignID] = append(by[s.CampaignID], s)
	}
	out := make([]Fitting, len(held))
	for i, h := range held {
		h.Scope = by[h.CampaignID]
		for _, u := range own {
			if u.HoldingID == h.ID && u.State == UseLocked {
				h.Balance, h.Locked = h.Balance+u.Amount, h.Locked-u.Amount
			}
		}
		f := Fitting{Held: h, Why: h.Usable(now)}
		if f.Why == nil {
			f.Cover, f.Why = h.Fit(h.Scope, lines, h.Balance)
		}
		out[i] = f
	}
	slices.SortStableFunc(out, func(a, b Fitting) int {
		return cmp.Or(cmp.Compare(b.Cover.Amount, a.Cover.Amount), a.ValidUntil.Compare(b.ValidUntil))
	})
	return out, nil
}

// Largest is the voucher that an automatic renewal takes: the fitting one with the largest
// balance (trade.md §12.5), of equal ones that which ends sooner; nil when none fits.
func Largest(list []Fitting) *Fitting {
	var best *Fitting
	for i := range list {
		if f := &list[i]; f.Why == nil && (best == nil || f.Balance > best.Balance || f.Balance == best.Balance && f.ValidUntil.Before(best.ValidUntil)) {
			best = f
		}
	}
	return best
}

// Row is a voucher in a list of its account's or of its issuer's.
type Row struct {
	Held
	SellerName  i18n.Text `db:"seller_name"`
	AccountName string    `db:"account_name"`
}

const rowFrom = ` from voucher_holdings h join voucher_campaigns c on c.id = h.campaign_id join accounts a on a.id = h.account_id left join sellers s on s.id = c.seller_id`
const sqlOwn = `select ` + heldColumns + `, coalesce(s.name, '{}') as seller_name, a.name as account_name` + rowFrom + `
where h.account_id = $1 and ($2 = '' or h.state = $2) and ($3 = '' or h.id < $3) order by h.id desc limit $4`
const sqlOwnCount = `select count(*) from (select 1 from voucher_holdings h where h.account_id = $1 and ($2 = '' or h.state = $2) limit $3) as n`

// OfAccount lists the vouchers of an account, the newest first.
func OfAccount(ctx context.Context, q db.Querier, accountID string, state HoldingState, p page.Query) (page.Page[Row], error) {
	return rows(ctx, q, sqlOwn, sqlOwnCount, accountID, string(state), p)
}

const sqlGiven = `select ` + heldColumns + `, coalesce(s.name, '{}') as seller_name, a.name as account_name` + rowFrom + `
where h.campaign_id = $1 and ($2 = '' or h.state = $2) and ($3 = '' or h.id < $3) order by h.id desc limit $4`
const sqlGivenCount = `select count(*) from (select 1 from voucher_holdings h where h.campaign_id = $1 and ($2 = '' or h.state = $2) limit $3) as n`

// OfCampaign lists who holds the vouchers of a campaign, the newest first. The caller has found
// the campaign for its tenant.
func OfCampaign(ctx context.Context, q db.Querier, campaignID string, state HoldingState, p page.Query) (page.Page[Row], error) {
	return rows(ctx, q, sqlGiven, sqlGivenCount, campaignID, string(state), p)
}

func rows(ctx context.Context, q db.Querier, list, count, of, state string, p page.Query) (page.Page[Row], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	found, err := db.List[Row](ctx, q, list, of, state, key[0], p.Size()+1)
	if err != nil {
		return page.Page[Row]{}, err
	}
	n, err := db.One[int](ctx, q, count, of, state, page.TotalCap+1)
	return page.Of(p, found, func(r Row) []string { return []string{r.ID} }).WithTotal(n), err
}

const sqlUses = `select ` + useColumns + ` from voucher_uses where holding_id = $1 and account_id = $2 order by id desc limit 100`

// UsesOf lists the use record (使用记录) of an account's voucher, newest first.
func UsesOf(ctx context.Context, q db.Querier, holdingID, accountID string) ([]Use, error) {
	return db.List[Use](ctx, q, sqlUses, holdingID, accountID)
}

// UseRow is a use in the list of its issuer.
type UseRow struct {
	Use
	AccountName string `db:"account_name"`
}

const sqlCampaignUses = `select u.id, u.holding_id, u.order_id, u.account_id, u.amount, u.restored, u.state, u.locked_at, u.spent_at, u.ended_at, a.name as account_name
from voucher_uses u join voucher_holdings h on h.id = u.holding_id join accounts a on a.id = u.account_id
where h.campaign_id = $1 and u.state = 'spent' and ($2 = '' or u.id < $2) order by u.id desc limit $3`
const sqlCampaignUseCount = `select count(*) from (select 1 from voucher_uses u join voucher_holdings h on h.id = u.holding_id where h.campaign_id = $1 and u.state = 'spent' limit $2) as n`

// UsesOfCampaign lists the paid orders on which vouchers of a campaign were used, newest first.
func UsesOfCampaign(ctx context.Context, q db.Querier, campaignID string, p page.Query) (page.Page[UseRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[UseRow]{}, err
	}
	found, err := db.List[UseRow](ctx, q, sqlCampaignUses, campaignID, key[0], p.Size()+1)
	if err != nil {
		return page.Page[UseRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlCampaignUseCount, campaignID, page.TotalCap+1)
	return page.Of(p, found, func(r UseRow) []string { return []string{r.ID} }).WithTotal(n), err
}

// CampaignRow is a campaign in a list, with what became of its vouchers.
type CampaignRow struct {
	Campaign
	SellerName i18n.Text    `db:"seller_name"`
	Used       money.Amount `db:"used"`   // of all its vouchers
	Locked     money.Amount `db:"locked"` // by unpaid orders
}

const rowColumns = `c.id, c.state, c.issuer, c.seller_id, c.kind, c.name, c.threshold, c.modes, c.all_products, c.no_promotion, c.no_special, c.seller_share, c.currency, c.face, c.total, c.claimed,
c.per_account, c.budget, c.claim_from, c.claim_until, c.use_from, c.use_until, c.use_days, c.created_at, c.created_by, c.published_at, c.ended_at, c.version, coalesce(s.name, '{}') as seller_name,
coalesce((select sum(h.used) from voucher_holdings h where h.campaign_id = c.id), 0) as used, coalesce((select sum(h.locked) from voucher_holdings h where h.campaign_id = c.id), 0) as locked`
const campaignWhere = ` where ($1 = '*' or c.seller_id = $1) and ($2 = '' or c.state = $2) and ($3 = '' or c.kind = $3) and ($4 = '' or lower(c.name) like $5 escape '!')`
const sqlCampaigns = `select ` + rowColumns + ` from voucher_campaigns c left join sellers s on s.id = c.seller_id` + campaignWhere + ` and ($6 = '' or c.id < $6) order by c.id desc limit $7`
const sqlCampaignCount = `select count(*) from (select 1 from voucher_campaigns c` + campaignWhere + ` limit $6) as n`
const sqlCampaignRow = `select ` + rowColumns + ` from voucher_campaigns c left join sellers s on s.id = c.seller_id where c.id = $1`

// Filter narrows a list of campaigns; empty fields do not.
type Filter struct {
	SellerID string // "" is the marketplace's own campaigns, Anybody all
	State    State
	Kind     Kind
	Text     string // a part of the name
}

// Campaigns lists campaigns, newest first.
func Campaigns(ctx context.Context, q db.Querier, f Filter, p page.Query) (page.Page[CampaignRow], error) {
	key, err := page.Decode(p.Cursor, 1)
	if err != nil {
		return page.Page[CampaignRow]{}, err
	}
	like := db.Contains(f.Text)
	found, err := db.List[CampaignRow](ctx, q, sqlCampaigns, f.SellerID, f.State, f.Kind, f.Text, like, key[0], p.Size()+1)
	if err != nil {
		return page.Page[CampaignRow]{}, err
	}
	n, err := db.One[int](ctx, q, sqlCampaignCount, f.SellerID, f.State, f.Kind, f.Text, like, page.TotalCap+1)
	return page.Of(p, found, func(r CampaignRow) []string { return []string{r.ID} }).WithTotal(n), err
}

// FindRow is Find with what became of the vouchers.
func FindRow(ctx context.Context, q db.Querier, campaignID, sellerID string) (CampaignRow, error) {
	if _, err := Find(ctx, q, campaignID, sellerID); err != nil {
		return CampaignRow{}, err
	}
	return db.One[CampaignRow](ctx, q, sqlCampaignRow, campaignID)
}

// Open is a campaign on a product page, with how many the reader's account has already.
type Open struct {
	Campaign
	SpecIDs []string // named specifications of the product; none is all
	Has     int
}

const sqlOpen = `select ` + campaignColumns + ` from voucher_campaigns c where c.state = 'PUBLISHED' and c.kind = 'activity' and c.claim_from <= $1 and c.claim_until > $1
and (exists (select 1 from voucher_scope x where x.campaign_id = c.id and x.product_id = $2) or c.all_products) order by c.face desc, c.id limit 20`
const sqlHasAll = `select h.campaign_id, count(*) as n from voucher_holdings h join voucher_campaigns c on c.id = h.campaign_id
where h.account_id = $1 and c.state = 'PUBLISHED' and c.kind = 'activity' group by h.campaign_id`

type has struct {
	CampaignID string `db:"campaign_id"`
	N          int    `db:"n"`
}

// OpenFor lists what can be claimed for a product now; accountID "" is a visitor.
func OpenFor(ctx context.Context, q db.Querier, productID, accountID string, now time.Time) ([]Open, error) {
	list, err := db.List[Campaign](ctx, q, sqlOpen, now, productID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	counts := map[string]int{}
	if accountID != "" {
		own, err := db.List[has](ctx, q, sqlHasAll, accountID)
		if err != nil {
			return nil, err
		}
		for _, h := range own {
			counts[h.CampaignID] = h.N
		}
	}
	out := make([]Open, len(list))
	for i, c := range list {
		out[i] = Open{Campaign: c, Has: counts[c.ID]}
		scope, err := ScopeOf(ctx, q, c.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range scope {
			if s.ProductID == productID && s.SpecID != "" {
				out[i].SpecIDs = append(out[i].SpecIDs, s.SpecID)
			}
		}
	}
	return out, nil
}

// Named is an entry of a campaign's scope as people read it.
type Named struct {
	ProductID   string    `db:"product_id"`
	ProductName i18n.Text `db:"product_name"`
	SpecID      string    `db:"spec_id"`
	SpecName    i18n.Text `db:"spec_name"`
}

const sqlNamed = `select s.product_id, p.name as product_name, s.spec_id, coalesce(x.name, '{}') as spec_name from voucher_scope s
join products p on p.id = s.product_id left join specs x on x.id = s.spec_id where s.campaign_id = $1 order by s.product_id, s.spec_id`

// NamedScope lists what a campaign is for, with names.
func NamedScope(ctx context.Context, q db.Querier, campaignID string) ([]Named, error) {
	return db.List[Named](ctx, q, sqlNamed, campaignID)
}

// Choosable is a specification that a campaign may name.
type Choosable struct {
	ProductID   string    `db:"product_id"`
	ProductName i18n.Text `db:"product_name"`
	SpecID      string    `db:"spec_id"`
	SpecName    i18n.Text `db:"spec_name"`
}

const sqlChoosable = `select p.id as product_id, p.name as product_name, s.id as spec_id, s.name as spec_name from products p join specs s on s.product_id = p.id
where ($1 = '' or p.seller_id = $1) and p.state in ('on_sale', 'hidden', 'suspended') and s.state <> 'delisted' and ($2 = '' or lower(p.name) like $3 escape '!')
order by p.id, s.position limit 300`

// ChoosableBy lists the released products of a seller ("" is all) with their specifications,
// narrowed by a part of the name.
func ChoosableBy(ctx context.Context, q db.Querier, sellerID, text string) ([]Choosable, error) {
	return db.List[Choosable](ctx, q, sqlChoosable, sellerID, text, db.Contains(text))
}
