package voucher

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/money"
)

// Campaign issues vouchers of one kind (发放活动).
type Campaign struct {
	ID    string `db:"id" json:"id"`
	State State  `db:"state" json:"state"`
	Terms
	Face        money.Amount `db:"face" json:"face"`              // of one voucher (面值)
	Total       int          `db:"total" json:"total"`            // how many there are
	Claimed     int          `db:"claimed" json:"claimed"`        // how many accounts have got
	PerAccount  int          `db:"per_account" json:"perAccount"` // one account gets at most
	Budget      money.Amount `db:"budget" json:"budget"`          // of a platform campaign: face × total stays within it
	ClaimFrom   time.Time    `db:"claim_from" json:"claimFrom"`   // activity campaigns
	ClaimUntil  time.Time    `db:"claim_until" json:"claimUntil"` // for directed ones, how long accounts can be added
	UseFrom     time.Time    `db:"use_from" json:"useFrom"`       // with fixed dates
	UseUntil    time.Time    `db:"use_until" json:"useUntil"`
	UseDays     int          `db:"use_days" json:"useDays"` // days after the claim, instead of fixed dates
	CreatedAt   time.Time    `db:"created_at" json:"createdAt"`
	CreatedBy   string       `db:"created_by" json:"-"`
	PublishedAt time.Time    `db:"published_at" json:"publishedAt"`
	EndedAt     time.Time    `db:"ended_at" json:"endedAt"`
	Version     int64        `db:"version" json:"-"`
}

// Input is what an issuer fills in.
type Input struct {
	Kind        Kind
	Name        string       // 1–40 characters
	Face        money.Amount // 0.01–100,000.00
	Threshold   money.Amount // 0, or more than the face value
	Total       int          // 1–100,000; of a platform campaign at most budget ÷ face, which 0 stands for
	PerAccount  int          // 1–10
	Budget      money.Amount // platform campaigns only
	ClaimFrom   time.Time    // left out: at once
	ClaimUntil  time.Time    // activity campaigns
	UseFrom     time.Time    // fixed dates …
	UseUntil    time.Time
	UseDays     int // … or days after the claim, 1–365
	Modes       []Mode
	AllProducts bool // platform campaigns only
	NoPromotion bool
	NoSpecial   bool
	Scope       []Scope
	SellerShare money.Price // the part of the cost that sellers bear, 0–1
	Currency    string
}

// Bounds of trade.md §10.2.
const (
	maxFace  = money.Amount(100_000_00)
	maxTotal = 100_000
	maxEach  = 10
	maxDays  = 365
	maxScope = 100
)

// issuerOf is who issues for a seller; "" is the marketplace.
func issuerOf(sellerID string) string {
	if sellerID == "" {
		return Platform
	}
	return sellerID
}

// check fills in what may be left out and tells every fault by its field.
func (in *Input) check(ctx context.Context, q db.Querier, sellerID string, now time.Time) error {
	var c errs.Check
	in.Name = strings.TrimSpace(in.Name)
	c.Length("name", in.Name, 1, 40)
	if in.Kind != Activity && in.Kind != Directed {
		c.Add("kind", "voucher.kind")
	}
	if in.Face <= 0 || in.Face > maxFace {
		c.Add("face", "payment.amount_range", "min", "0.01", "max", maxFace.String())
	}
	if in.Threshold < 0 || in.Threshold != 0 && in.Threshold <= in.Face {
		c.Add("threshold", "voucher.threshold_low")
	}
	in.bound(&c, sellerID)
	if in.Total < 1 || in.Total > maxTotal {
		c.Add("total", "range", "min", 1, "max", maxTotal)
	}
	if in.PerAccount < 1 || in.PerAccount > maxEach {
		c.Add("perAccount", "range", "min", 1, "max", maxEach)
	}
	in.checkWindows(&c, now)
	if !knownModes(in.Modes) {
		c.Add("modes", "voucher.modes")
	}
	if in.SellerShare.Sign() < 0 || in.SellerShare.Cmp(money.PriceOf(1)) > 0 {
		c.Add("sellerShare", "voucher.share")
	}
	if err := in.checkScope(ctx, q, &c, sellerID); err != nil {
		return err
	}
	return c.Err()
}

// bound keeps a platform campaign within its budget.
func (in *Input) bound(c *errs.Check, sellerID string) {
	if sellerID != "" {
		in.Budget = 0
		return
	}
	if in.Face <= 0 || in.Face > maxFace {
		return
	}
	if in.Budget < in.Face {
		c.Add("budget", "voucher.budget_low")
		return
	}
	if in.Total == 0 {
		in.Total = int(min(in.Budget/in.Face, maxTotal))
	}
	if in.Total > 0 && in.Total <= maxTotal && in.Face*money.Amount(in.Total) > in.Budget {
		c.Add("total", "voucher.over_budget", "max", int64(in.Budget/in.Face))
	}
}

func (in *Input) checkWindows(c *errs.Check, now time.Time) {
	if in.ClaimFrom.IsZero() {
		in.ClaimFrom = now
	}
	if in.Kind == Activity && !in.ClaimUntil.After(now) {
		c.Add("claimUntil", "voucher.in_the_past")
	}
	switch {
	case in.UseDays != 0:
		if in.UseDays < 1 || in.UseDays > maxDays {
			c.Add("useDays", "range", "min", 1, "max", maxDays)
		}
		in.UseFrom, in.UseUntil = time.Time{}, time.Time{}
	case in.UseUntil.IsZero():
		c.Add("useUntil", "voucher.validity_needed")
	case !in.UseUntil.After(now):
		c.Add("useUntil", "voucher.in_the_past")
	default:
		if in.UseFrom.IsZero() {
			in.UseFrom = in.ClaimFrom
		}
		if !in.UseUntil.After(in.UseFrom) {
			c.Add("useUntil", "voucher.window_reversed")
		} else if in.Kind == Activity && in.ClaimUntil.After(in.UseUntil) {
			c.Add("useUntil", "voucher.before_claim_ends")
		}
	}
	if in.Kind == Directed && in.ClaimUntil.IsZero() {
		in.ClaimUntil = in.UseUntil
		if in.UseDays != 0 {
			in.ClaimUntil = in.ClaimFrom.AddDate(1, 0, 0)
		}
	}
	if !in.ClaimUntil.IsZero() && !in.ClaimUntil.After(in.ClaimFrom) {
		c.Add("claimUntil", "voucher.window_reversed")
	}
}

const sqlProduct = `select count(*) from products p where p.id = $1 and ($2 = '' or p.seller_id = $2)
and ($3 = '' or exists (select 1 from specs s where s.id = $3 and s.product_id = p.id))`

func (in *Input) checkScope(ctx context.Context, q db.Querier, c *errs.Check, sellerID string) error {
	if in.AllProducts && sellerID != "" {
		c.Add("allProducts", "voucher.own_products")
	}
	if in.AllProducts {
		in.Scope = nil
		return nil
	}
	if len(in.Scope) == 0 || len(in.Scope) > maxScope {
		c.Add("scope", "voucher.scope_size", "min", 1, "max", maxScope)
		return nil
	}
	for i, s := range in.Scope {
		if slices.Contains(in.Scope[:i], s) {
			c.Add(fmt.Sprintf("scope[%d]", i), "voucher.scope_twice")
			continue
		}
		n, err := db.One[int](ctx, q, sqlProduct, s.ProductID, sellerID, s.SpecID)
		if err != nil {
			return err
		}
		if n == 0 {
			c.Add(fmt.Sprintf("scope[%d]", i), "voucher.unknown_product")
		}
	}
	return nil
}

func (in Input) campaign(c Campaign, sellerID string) Campaign {
	c.Terms = Terms{Issuer: issuerOf(sellerID), SellerID: sellerID, Kind: in.Kind, Name: in.Name, Threshold: in.Threshold, Modes: in.Modes,
		AllProducts: in.AllProducts, NoPromotion: in.NoPromotion, NoSpecial: in.NoSpecial, SellerShare: in.SellerShare, Currency: in.Currency}
	c.Face, c.Total, c.PerAccount, c.Budget = in.Face, in.Total, in.PerAccount, in.Budget
	c.ClaimFrom, c.ClaimUntil, c.UseFrom, c.UseUntil, c.UseDays = in.ClaimFrom, in.ClaimUntil, in.UseFrom, in.UseUntil, in.UseDays
	return c
}

// Create stores a draft of a seller's campaign; sellerID "" is the marketplace. Field errors.
func Create(ctx context.Context, tx *db.Tx, sellerID string, in Input) (Campaign, error) {
	if err := in.check(ctx, tx, sellerID, tx.Now); err != nil {
		return Campaign{}, err
	}
	c := in.campaign(Campaign{ID: id.New("vca"), State: Draft, CreatedAt: tx.Now, CreatedBy: audit.ActorFrom(ctx).ID, Version: 1}, sellerID)
	if err := db.Insert(ctx, tx, "voucher_campaigns", c); err != nil {
		return c, err
	}
	if err := insertScope(ctx, tx, c.ID, in.Scope); err != nil {
		return c, err
	}
	return c, record(ctx, tx, "create", c, "")
}

const sqlDropScope = `delete from voucher_scope where campaign_id = $1`
const sqlDropTargets = `delete from voucher_targets where campaign_id = $1`
const sqlDropDraft = `delete from voucher_campaigns where id = $1 and state = 'DRAFT' and version = $2`

// Change replaces a draft, whose accounts it keeps. A campaign that was published cannot be
// edited: "voucher.bad_state" (Conflict).
func Change(ctx context.Context, tx *db.Tx, campaignID, sellerID string, in Input) (Campaign, error) {
	c, err := hold(ctx, tx, campaignID, sellerID)
	if err != nil {
		return c, err
	}
	if c.State != Draft {
		return c, badState(c)
	}
	if err := in.check(ctx, tx, sellerID, tx.Now); err != nil {
		return c, err
	}
	c = in.campaign(c, sellerID)
	c.Version++
	if _, err := db.Exec(ctx, tx, sqlChange, c.Kind, c.Name, c.Face, c.Threshold, c.Total, c.PerAccount, c.ClaimFrom, c.ClaimUntil, c.UseFrom, c.UseUntil, c.UseDays,
		db.JSON(c.Modes), c.AllProducts, c.NoPromotion, c.NoSpecial, c.SellerShare, c.Budget, c.Version, c.ID); err != nil {
		return c, err
	}
	if _, err := db.Exec(ctx, tx, sqlDropScope, c.ID); err != nil {
		return c, err
	}
	if err := insertScope(ctx, tx, c.ID, in.Scope); err != nil {
		return c, err
	}
	return c, record(ctx, tx, "change", c, "")
}

const sqlChange = `update voucher_campaigns set kind = $1, name = $2, face = $3, threshold = $4, total = $5, per_account = $6, claim_from = $7, claim_until = $8,
use_from = $9, use_until = $10, use_days = $11, modes = $12, all_products = $13, no_promotion = $14, no_special = $15, seller_share = $16, budget = $17, version = $18 where id = $19`

func insertScope(ctx context.Context, tx *db.Tx, campaignID string, scope []Scope) error {
	rows := slices.Clone(scope)
	for i := range rows {
		rows[i].CampaignID = campaignID
	}
	if len(rows) == 0 {
		return nil
	}
	return db.InsertAll(ctx, tx, "voucher_scope", rows)
}

// Discard deletes a draft.
func Discard(ctx context.Context, tx *db.Tx, campaignID, sellerID string) error {
	c, err := hold(ctx, tx, campaignID, sellerID)
	if err != nil {
		return err
	}
	if c.State != Draft {
		return badState(c)
	}
	for _, text := range []string{sqlDropScope, sqlDropTargets} {
		if _, err := db.Exec(ctx, tx, text, c.ID); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, sqlDropDraft, c.ID, c.Version); err != nil {
		return err
	}
	return record(ctx, tx, "discard", c, "")
}

const sqlPublish = `update voucher_campaigns set state = $1, claimed = $2, published_at = $3, ended_at = $4, version = version + 1 where id = $5`

// Publish opens a campaign: an activity shows on the product page from its claim window on; a
// directed one gives its vouchers to its accounts at once, which come back. A directed one
// without accounts is "voucher.no_accounts", one whose dates are over "voucher.over" (Conflict).
func Publish(ctx context.Context, tx *db.Tx, campaignID, sellerID string) (Campaign, []Target, error) {
	c, err := hold(ctx, tx, campaignID, sellerID)
	if err != nil {
		return c, nil, err
	}
	if c.State != Draft {
		return c, nil, badState(c)
	}
	if !c.ClaimUntil.After(tx.Now) || !c.UseUntil.IsZero() && !c.UseUntil.After(tx.Now) {
		return c, nil, errs.Conflictf("voucher.over", "state", c.State)
	}
	var given []Target
	c.State, c.PublishedAt = Published, tx.Now
	if c.Kind == Directed {
		if given, err = Targets(ctx, tx, c.ID); err != nil {
			return c, nil, err
		}
		if len(given) == 0 {
			return c, nil, errs.Conflictf("voucher.no_accounts", "state", Draft)
		}
		if err := c.give(ctx, tx, given); err != nil {
			return c, nil, err
		}
	}
	if _, err := db.Exec(ctx, tx, sqlPublish, c.State, c.Claimed, c.PublishedAt, c.EndedAt, c.ID); err != nil {
		return c, nil, err
	}
	return c, given, record(ctx, tx, "publish", c, "")
}

const sqlVoid = `update voucher_campaigns set state = 'VOIDED', ended_at = $1, version = version + 1 where id = $2 and state = 'PUBLISHED'`

// Void ends a campaign early (作废): what nobody has claimed is gone, claimed vouchers stay
// usable. The reason (2–500 characters) stands in the audit log. Operators void any: Anybody.
func Void(ctx context.Context, tx *db.Tx, campaignID, sellerID, reason string) (Campaign, error) {
	reason = strings.TrimSpace(reason)
	var k errs.Check
	if !k.Length("reason", reason, 2, 500) {
		return Campaign{}, k.Err()
	}
	c, err := hold(ctx, tx, campaignID, sellerID)
	if err != nil {
		return c, err
	}
	n, err := db.Exec(ctx, tx, sqlVoid, tx.Now, c.ID)
	if err != nil {
		return c, err
	}
	if n == 0 {
		return c, badState(c)
	}
	c.State, c.EndedAt = Voided, tx.Now
	return c, record(ctx, tx, "void", c, reason)
}

func badState(c Campaign) error { return errs.Conflictf("voucher.bad_state", "state", c.State) }

func record(ctx context.Context, tx *db.Tx, what string, c Campaign, reason string) error {
	return audit.Record(ctx, tx, audit.Entry{Action: "voucher_campaign." + what, Object: "voucher_campaign", ObjectID: c.ID, Reason: reason,
		Detail: map[string]any{"name": c.Name, "seller": c.SellerID, "face": c.Face, "total": c.Total, "claimed": c.Claimed, "budget": c.Budget}})
}

const campaignColumns = `id, state, issuer, seller_id, kind, name, threshold, modes, all_products, no_promotion, no_special, seller_share, currency, face, total, claimed,
per_account, budget, claim_from, claim_until, use_from, use_until, use_days, created_at, created_by, published_at, ended_at, version`

const sqlHold = `update voucher_campaigns set version = version where id = $1 and ($2 = '*' or seller_id = $2)`
const sqlFind = `select ` + campaignColumns + ` from voucher_campaigns where id = $1 and ($2 = '*' or seller_id = $2)`

// Anybody is the seller id of operators, who see all campaigns.
const Anybody = "*"

// Find reads a campaign of a seller ("" is the marketplace's) or of Anybody; "voucher.not_found".
func Find(ctx context.Context, q db.Querier, campaignID, sellerID string) (Campaign, error) {
	c, ok, err := db.Maybe[Campaign](ctx, q, sqlFind, campaignID, sellerID)
	if err == nil && !ok {
		err = errs.NotFoundf("voucher.not_found")
	}
	return c, err
}

// hold is Find for a transaction that goes on to change it: others wait.
func hold(ctx context.Context, tx *db.Tx, campaignID, sellerID string) (Campaign, error) {
	if _, err := db.Exec(ctx, tx, sqlHold, campaignID, sellerID); err != nil {
		return Campaign{}, err
	}
	return Find(ctx, tx, campaignID, sellerID)
}
