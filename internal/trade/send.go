package trade

import (
	"context"
	"strconv"
	"strings"
	"time"

	"jishi/internal/base/audit"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/market/catalog"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/subscription"
	"jishi/wire/saas"
)

// Sending is a call that an operator has made for an instance.
type Sending struct {
	Purpose   fulfillment.Purpose // one of Sendables
	ExpiresAt time.Time           // renewals of every kind: the new expiry, whole seconds
	PlanID    string              // upgrade, check and renewal with a change: the target; renewal: another period type
	Amount    int                 // upgrade (V1) and check: the new total of the linear value, 0 = none
	Reason    string              // 2–500 characters, for the audit log; buyers read that of a freeze
	Confirmed bool                // release: the seller deletes the data
}

// maxTerm bounds an expiry that is typed in.
const maxTerm = 10

// SendCall has a call sent for an instance because an operator wants it (saas.md §6, §7). It is
// queued in the order of the instance's calls and changes the instance once it has succeeded
// (trade.md §12.2); an upgrade makes it CHANGING at once. It names an order number of its own where
// the protocol wants one: sellers take a repeated order for a repeated call. Field errors: "call",
// "expiresAt", "planId", "amount", "reason", "confirmed"; Conflict: see refusal.
func (t *Trade) SendCall(ctx context.Context, tx *db.Tx, instanceID string, in Sending) (fulfillment.Call, error) {
	x, err := t.Subscriptions.Find(ctx, tx, instanceID, subscription.Everybody)
	if err != nil {
		return fulfillment.Call{}, err
	}
	if in.Purpose.Interactive() {
		var check errs.Check
		check.Add("call", "one_of", "allowed", strings.Join(queued(), ", "))
		return fulfillment.Call{}, check.Err()
	}
	c, plan, err := t.compose(ctx, tx, x, in)
	if err != nil {
		return c, err
	}
	if in.Purpose == fulfillment.Upgrade {
		if err := t.Subscriptions.BeginChange(ctx, tx, &x, *plan); err != nil {
			return c, err
		}
	}
	if in.Purpose == fulfillment.Release {
		if err := t.dropUpgrades(ctx, tx, &x); err != nil {
			return c, err
		}
	}
	if c, err = fulfillment.Queue(ctx, tx, c); err != nil {
		return c, err
	}
	return c, audit.Record(ctx, tx, audit.Entry{Action: "instance.send_call", Object: "instance", ObjectID: x.ID, AccountID: x.AccountID, Reason: strings.TrimSpace(in.Reason),
		Detail: map[string]any{"call": c.ID, "purpose": c.Purpose, "activity": c.Activity, "parameters": c.Parameters}})
}

func queued() (out []string) {
	for _, s := range Sendables {
		if !s.Purpose.Interactive() {
			out = append(out, string(s.Purpose))
		}
	}
	return out
}

// compose checks what was asked for and makes the call; plan is the target where there is one.
func (t *Trade) compose(ctx context.Context, q db.Querier, x subscription.Instance, in Sending) (c fulfillment.Call, plan *subscription.Plan, err error) {
	possible, err := t.Possible(ctx, q, x)
	if err != nil {
		return c, nil, err
	}
	var activity saas.Activity
	for _, p := range possible {
		if p.Purpose == in.Purpose {
			if p.Refused != nil {
				return c, nil, p.Refused
			}
			activity = p.Activity
		}
	}
	var check errs.Check
	if activity == "" {
		check.Add("call", "instance.no_such_call", "generation", x.Generation)
		return c, nil, check.Err()
	}
	c = callOf(x, activity, in.Purpose, fulfillment.Window1h)
	c.Parameters = map[string]string{}
	switch in.Purpose {
	case fulfillment.Ask, fulfillment.Check:
		c.Profile = fulfillment.Once
	case fulfillment.Upgrade:
		c.Profile = fulfillment.Window3h
	}
	if !in.Purpose.Interactive() {
		c.Applies = true
		if check.Length("reason", in.Reason, 2, 500) {
			c.Parameters[fulfillment.ParamReason] = strings.TrimSpace(in.Reason)
		}
	}
	if plan, err = t.target(ctx, q, x, in, &c, &check); err != nil {
		return c, nil, err
	}
	t.newExpiry(x, in, &c, &check)
	if in.Purpose == fulfillment.Release && !in.Confirmed {
		check.Add("confirmed", "instance.confirm")
	}
	if err := check.Err(); err != nil {
		return c, nil, err
	}
	switch activity {
	case saas.RefreshInstance, saas.Upgrade, saas.UpgradeInstance:
		c.NamedOrder, err = t.drawOrder(ctx, q)
	}
	return c, plan, err
}

// target reads the plan that a call leads to.
func (t *Trade) target(ctx context.Context, q db.Querier, x subscription.Instance, in Sending, c *fulfillment.Call, check *errs.Check) (*subscription.Plan, error) {
	needed := in.Purpose == fulfillment.Upgrade || in.Purpose == fulfillment.Check || in.Purpose == fulfillment.RenewChange
	taken := needed || in.Purpose == fulfillment.Renew || in.Purpose == fulfillment.Convert
	if in.Amount != 0 && check.Range("amount", int64(in.Amount), 1, 9_999_999) && (in.Purpose == fulfillment.Upgrade || in.Purpose == fulfillment.Check) {
		c.Parameters[fulfillment.ParamAmount] = strconv.Itoa(in.Amount)
	}
	if !taken || in.PlanID == "" {
		if needed {
			check.Add("planId", "instance.plan_needed")
		}
		return nil, nil
	}
	sale, err := t.Catalog.ForSale(ctx, q, in.PlanID)
	switch {
	case errs.Is(err, "catalog.plan_not_found") || err == nil && sale.ProductID != x.ProductID:
		check.Add("planId", "instance.plan_unknown")
		return nil, nil
	case err != nil:
		return nil, err
	case string(sale.ChargingMode) != x.ChargingMode:
		check.Add("planId", "instance.plan_mode")
	case !needed && sale.SkuCode != x.SkuCode:
		check.Add("planId", "instance.plan_other_spec")
	case needed && sale.PlanNumber == x.PlanNumber && in.Amount == 0:
		check.Add("planId", "instance.plan_same")
	}
	if in.Amount > 0 && in.Purpose == fulfillment.Upgrade && sale.Template.Quantity != nil {
		delete(c.Parameters, fulfillment.ParamAmount)
		c.Parameters[quantityName(in.Purpose, sale.Template.Quantity.Field)] = strconv.Itoa(in.Amount)
	}
	plan := planOf(sale, x, *c)
	if n := plan.Chosen.Quantity; n != nil && needed && in.Amount == 0 { // the seller is told the total, also when it stays (saas.md §6.5)
		c.Parameters[quantityName(in.Purpose, n.Field)] = strconv.FormatInt(n.Value, 10)
	}
	if needed || sale.PlanNumber != x.PlanNumber { // a renewal names it only when the period type changed
		c.Parameters[fulfillment.ParamProductID], c.Parameters[fulfillment.ParamPlanID] = sale.PlanNumber, sale.PlanID
		c.Parameters[fulfillment.ParamSkuCode] = sale.SkuCode
	}
	return &plan, nil
}

// quantityName is the parameter that holds the new total: of an upgrade and a renewal with a change the one that the
// quantity has on the wire, of a check linearValue whatever it is.
func quantityName(p fulfillment.Purpose, field string) string {
	if p == fulfillment.Check {
		return fulfillment.ParamAmount
	}
	return field
}

// planOf is the plan that a call leads to. The quantity is the one that the call names, else the
// present one.
func planOf(s catalog.Sale, in subscription.Instance, c fulfillment.Call) subscription.Plan {
	p := subscription.Plan{PlanID: s.PlanID, PlanNumber: s.PlanNumber, SkuCode: s.SkuCode, SpecName: s.SpecName, PeriodType: s.PeriodType}
	if s.Template.Simple() {
		return p
	}
	var quantity int64
	if q := s.Template.Quantity; q != nil {
		if quantity = int64(c.Number(q.Field)); quantity == 0 {
			quantity = max(in.Chosen.Linear(q.Field), q.Min)
		}
	}
	p.Chosen = s.Item().Chosen(quantity)
	return p
}

// newExpiry checks the expiry of a renewal; thawing by a renewal repeats the present one.
func (t *Trade) newExpiry(x subscription.Instance, in Sending, c *fulfillment.Call, check *errs.Check) {
	now, to := t.DB.Now(), in.ExpiresAt.UTC().Truncate(time.Second)
	switch in.Purpose {
	case fulfillment.Thaw:
		if saas.Activity(c.Activity) == saas.RefreshInstance {
			c.Parameters[fulfillment.ParamExpireAt] = x.ExpiresAt.UTC().Format(time.RFC3339)
		}
		return
	case fulfillment.Renew, fulfillment.Convert, fulfillment.CancelRenewal, fulfillment.RenewChange:
	default:
		return
	}
	switch {
	case in.ExpiresAt.IsZero():
		check.Add("expiresAt", "required")
	case !to.After(now):
		check.Add("expiresAt", "instance.expiry_past")
	case to.After(now.AddDate(maxTerm, 0, 0)):
		check.Add("expiresAt", "instance.expiry_far", "years", maxTerm)
	case (in.Purpose == fulfillment.Renew || in.Purpose == fulfillment.RenewChange) && to.Before(x.ExpiresAt):
		check.Add("expiresAt", "instance.expiry_earlier")
	case in.Purpose == fulfillment.CancelRenewal && !to.Before(x.ExpiresAt):
		check.Add("expiresAt", "instance.expiry_not_earlier")
	}
	c.Parameters[fulfillment.ParamExpireAt] = to.Format(time.RFC3339)
}

const sqlNumberTaken = `select count(*) from (select 1 from orders where id = $1 union all select 1 from fulfillment_calls where named_order = $1 and named_order <> '') as n`

// drawOrder draws an order number that nothing bears.
func (t *Trade) drawOrder(ctx context.Context, q db.Querier) (string, error) {
	_, zone, err := t.site(ctx)
	if err != nil {
		return "", err
	}
	for {
		number := id.OrderNumber(clock.Wall{}.Now(), zone)
		n, err := db.One[int](ctx, q, sqlNumberTaken, number)
		if err != nil || n == 0 {
			return number, err
		}
	}
}
