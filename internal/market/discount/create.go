package discount

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
	"jishi/internal/market/catalog"
	"jishi/internal/market/pricing"
)

// What a rule may have at most.
const (
	MaxLines         = 50
	MaxAccounts      = 200
	MaxTotal         = 100_000
	MaxPerAccount    = 1_000
	MaxDeadlineHours = 30 * 24
	maxValidity      = 3 * 366 * 24 * time.Hour
)

// Draft is what a seller or an operator states for a new rule.
type Draft struct {
	Kind       string
	SellerID   string // "" is the marketplace, for promotions only
	Name       string
	Public     bool // of a promotion
	Configured bool // of an offer
	StartsAt   time.Time
	EndsAt     time.Time

	New, Renewal, Change bool // offers are for new purchases

	TotalLimit    int
	AccountLimit  int
	DeadlineHours int
	Lines         []Line
	Accounts      []string // of an offer
}

// Create makes a promotion, which holds from its start on, or an offer, which an operator reviews
// first when it goes below the authorised discount of a product. What was created is not edited
// (§10.3). Field errors: "name" ("discount.name_taken"), "startsAt", "endsAt", "scenes",
// "totalLimit", "accountLimit", "deadlineHours", "lines", "lines[i].…" ("discount.below_floor"),
// "accounts", "accounts[i]".
func (s *Store) Create(ctx context.Context, tx *db.Tx, in Draft) (Rule, error) {
	a := audit.ActorFrom(ctx)
	r := Rule{ID: id.New("dis"), Kind: in.Kind, SellerID: in.SellerID, Name: strings.TrimSpace(in.Name), State: Effective,
		Public: in.Kind == Promotion && in.Public, Configured: in.Kind == Offer && in.Configured, Token: id.Hex(16),
		StartsAt: in.StartsAt, EndsAt: in.EndsAt, New: in.New, Renewal: in.Renewal, Change: in.Change,
		TotalLimit: in.TotalLimit, AccountLimit: in.AccountLimit, DeadlineHours: in.DeadlineHours,
		CreatedBy: a.Name, CreatedAt: tx.Now, Version: 1}
	if r.StartsAt.IsZero() || r.StartsAt.Before(tx.Now) {
		r.StartsAt = tx.Now
	}
	if r.Kind == Offer {
		r.New, r.Renewal, r.Change = true, false, false
		if r.Configured {
			r.AccountLimit = 1 // one click, once
		}
	}
	r.NameKey = strings.ToLower(r.Name)
	var c errs.Check
	r.check(&c, tx.Now)
	beyond, err := s.checkLines(ctx, tx, &c, r, in.Lines)
	if err != nil {
		return r, err
	}
	accounts, err := checkAccounts(ctx, tx, &c, r, in.Accounts)
	if err != nil {
		return r, err
	}
	if err := c.Err(); err != nil {
		return r, err
	}
	if r.Kind == Offer && beyond {
		r.State = Reviewing
	}
	fresh, err := db.InsertIfAbsent(ctx, tx, "discounts", r)
	if err != nil {
		return r, err
	}
	if !fresh {
		c.Add("name", "discount.name_taken")
		return r, c.Err()
	}
	lines := slices.Clone(in.Lines)
	for i := range lines {
		lines[i].ID, lines[i].RuleID = id.New("dli"), r.ID
	}
	if err := db.InsertAll(ctx, tx, "discount_lines", lines); err != nil {
		return r, err
	}
	if err := db.InsertAll(ctx, tx, "discount_accounts", accounts); err != nil {
		return r, err
	}
	if r.State == Reviewing {
		if err := s.noticeReview(ctx, tx, r); err != nil {
			return r, err
		}
	}
	if err := s.tell(ctx, tx, &r); err != nil {
		return r, err
	}
	return r, audit.Record(ctx, tx, audit.Entry{Action: "discount.create", Object: r.Kind, ObjectID: r.ID, AccountID: a.AccountID,
		Detail: map[string]any{"name": r.Name, "state": r.State, "lines": in.Lines, "accounts": in.Accounts}})
}

func (r Rule) check(c *errs.Check, now time.Time) {
	c.Length("name", r.Name, 1, 60)
	switch {
	case !r.EndsAt.After(r.StartsAt) || !r.EndsAt.After(now):
		c.Add("endsAt", "discount.ends_before")
	case r.EndsAt.Sub(r.StartsAt) > maxValidity:
		c.Add("endsAt", "discount.too_long")
	}
	if !r.New && !r.Renewal && !r.Change {
		c.Add("scenes", "required")
	}
	c.Range("totalLimit", int64(r.TotalLimit), 0, MaxTotal)
	c.Range("accountLimit", int64(r.AccountLimit), 0, MaxPerAccount)
	c.Range("deadlineHours", int64(r.DeadlineHours), 0, MaxDeadlineHours)
}

// checkLines holds the lines against the catalogue and the bounds of their products; beyond tells
// that one of them goes below the authorised discount.
func (s *Store) checkLines(ctx context.Context, q db.Querier, c *errs.Check, r Rule, lines []Line) (beyond bool, err error) {
	max := MaxLines
	if r.Configured {
		max = 1
	}
	if len(lines) == 0 || len(lines) > max {
		c.Add("lines", "discount.line_count", "max", max)
		return false, nil
	}
	for i, l := range lines {
		at := fmt.Sprintf("lines[%d]", i)
		pricing.Discount{Form: l.Form, Value: l.Value}.Check(c, at)
		if slices.ContainsFunc(lines[:i], func(o Line) bool {
			return o.ProductID == l.ProductID && o.SpecID == l.SpecID && o.PlanID == l.PlanID
		}) {
			c.Add(at+".productId", "discount.line_twice")
		}
		ratio, bounds, err := s.lineRatio(ctx, q, c, at, r, l)
		if err != nil {
			return false, err
		}
		if ratio.Cmp(bounds.Floor) < 0 {
			c.Add(at+".value", "discount.below_floor", "name", r.Name, "floor", bounds.Floor.String())
		}
		beyond = beyond || ratio.Cmp(bounds.Authorised) < 0
	}
	return beyond, nil
}

// place is where a product or specification stands.
type place struct {
	SellerID string `db:"seller_id"`
	Released bool   `db:"released"`
}

const sqlProductPlace = `select seller_id, live_version_id <> '' as released from products where id = $1`
const sqlSpecPlace = `select p.seller_id, p.live_version_id <> '' as released from specs s join products p on p.id = s.product_id where s.id = $1 and s.product_id = $2`

// lineRatio is the least part of the list price that the line leaves: of a fixed price or a
// reduction, that of the least purchase of its plan, which they need (§10.1).
func (s *Store) lineRatio(ctx context.Context, q db.Querier, c *errs.Check, at string, r Rule, l Line) (money.Price, Bounds, error) {
	full := money.PriceOf(1)
	bounds, err := BoundsOf(ctx, q, l.ProductID)
	if err != nil {
		return full, bounds, err
	}
	if l.ProductID == "" {
		switch {
		case r.Kind == Offer || l.SpecID != "" || l.PlanID != "":
			c.Add(at+".productId", "required")
		case l.Form != pricing.Ratio:
			c.Add(at+".planId", "discount.plan_needed")
		case !r.Public: // its page could not show what it is given on
			c.Add(at+".productId", "discount.everything_public")
		}
		return l.Value, Bounds{Authorised: authorised}, nil // floors of single products are held when they are priced
	}
	found, err := released(ctx, q, r.SellerID, sqlProductPlace, l.ProductID)
	if err == nil && found && l.SpecID != "" {
		found, err = released(ctx, q, r.SellerID, sqlSpecPlace, l.SpecID, l.ProductID)
	}
	if err != nil || !found {
		c.Add(at+".productId", "discount.not_own")
		return full, bounds, err
	}
	if l.PlanID == "" {
		if l.Form != pricing.Ratio || r.Configured {
			c.Add(at+".planId", "discount.plan_needed")
		}
		return l.Value, bounds, nil
	}
	sale, err := s.Catalog.ForSale(ctx, q, l.PlanID)
	if errs.KindOf(err) == errs.NotFound || err == nil && (sale.ProductID != l.ProductID || l.SpecID != "" && sale.SpecID != l.SpecID || sale.Trial) {
		c.Add(at+".planId", "catalog.plan_not_found")
		return full, bounds, nil
	}
	if err != nil {
		return full, bounds, err
	}
	ratio, err := planRatio(c, at, r, l, sale)
	return ratio, bounds, err
}

func released(ctx context.Context, q db.Querier, sellerID, text string, args ...any) (bool, error) {
	p, found, err := db.Maybe[place](ctx, q, text, args...)
	return found && p.Released && (sellerID == "" || p.SellerID == sellerID), err
}

func planRatio(c *errs.Check, at string, r Rule, l Line, sale catalog.Sale) (money.Price, error) {
	ask := pricing.Ask{Periods: sale.MinPeriods}
	if r.Configured {
		ask = pricing.Ask{Periods: l.Periods, Quantity: l.Quantity}
	} else if l.Form == pricing.Fixed && sale.Template.Quantity != nil {
		c.Add(at+".form", "discount.fixed_quantity")
	}
	priced, err := pricing.Compute(sale.Item(), ask)
	if err != nil {
		if !c.Merge(at+".", err) {
			return money.PriceOf(1), err
		}
		return money.PriceOf(1), nil
	}
	exact := pricing.Exact(priced.Components, priced.Amount)
	if exact.Sign() <= 0 {
		return money.PriceOf(1), nil
	}
	if r.Configured && l.Quantity == 0 && priced.Chosen.Quantity != nil {
		c.Add(at+".quantity", "required")
	}
	after := l.discount(r).Apply(exact, priced.PeriodPrice, ask.Periods)
	if after >= money.Cut(exact) && l.Form != pricing.Ratio {
		c.Add(at+".value", "discount.saves_nothing", "list", money.Cut(exact).String())
	}
	if l.Form == pricing.Ratio {
		return l.Value, nil
	}
	return after.Price().Div(exact), nil
}

type customer struct {
	RuleID    string `db:"discount_id"`
	AccountID string `db:"account_id"`
}

const sqlAccountState = `select state from accounts where id = $1`

func checkAccounts(ctx context.Context, q db.Querier, c *errs.Check, r Rule, ids []string) ([]customer, error) {
	if r.Kind != Offer {
		return nil, nil
	}
	if len(ids) == 0 || len(ids) > MaxAccounts {
		c.Add("accounts", "discount.account_count", "max", MaxAccounts)
		return nil, nil
	}
	var out []customer
	for i, accountID := range ids {
		at := fmt.Sprintf("accounts[%d]", i)
		accountID = strings.TrimSpace(accountID)
		state, found, err := db.Maybe[string](ctx, q, sqlAccountState, accountID)
		if err != nil {
			return nil, err
		}
		if !found || state != "active" {
			c.Add(at, "discount.no_account")
			continue
		}
		if slices.ContainsFunc(out, func(x customer) bool { return x.AccountID == accountID }) {
			c.Add(at, "discount.account_twice")
			continue
		}
		out = append(out, customer{r.ID, accountID})
	}
	return out, nil
}
