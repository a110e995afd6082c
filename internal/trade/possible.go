package trade

import (
	"context"
	"slices"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/subscription"
	"jishi/wire/saas"
)

// The charging modes of order lines (trade.md §2).
const (
	modePeriod   = "PERIOD"
	modeOneTime  = "ONE_TIME"
	modeOnDemand = "ON_DEMAND"
	modePackage  = "ON_DEMAND_PKG"
)

// Service is a row of the table which activity serves a purpose, by generation and charging mode
// (saas.md §7.9). What no row names has no call there.
type Service struct {
	Generation string
	Modes      []string
	Purposes   []fulfillment.Purpose
	Activity   saas.Activity
}

// Services is that table. V1 has no call that thaws a period product: a renewal with the unchanged
// expiry does (saas.md §6.3).
var Services = []Service{
	{"V1", []string{modePeriod}, []fulfillment.Purpose{fulfillment.Renew, fulfillment.Convert, fulfillment.CancelRenewal, fulfillment.Thaw}, saas.RefreshInstance},
	{"V1", []string{modePeriod}, []fulfillment.Purpose{fulfillment.Expire, fulfillment.Freeze}, saas.ExpireInstance},
	{"V1", []string{modeOnDemand, modePackage}, []fulfillment.Purpose{fulfillment.Expire, fulfillment.Freeze, fulfillment.Thaw}, saas.InstanceStatus},
	{"V1", []string{modePeriod, modeOneTime}, []fulfillment.Purpose{fulfillment.Upgrade}, saas.Upgrade},
	{"V1", []string{modePeriod, modeOneTime, modeOnDemand, modePackage}, []fulfillment.Purpose{fulfillment.Release}, saas.ReleaseInstance},
	{"V1", []string{modePeriod, modeOneTime, modeOnDemand, modePackage}, []fulfillment.Purpose{fulfillment.Ask}, saas.QueryInstance},
	{"V2", []string{modePeriod, modeOnDemand, modePackage}, []fulfillment.Purpose{fulfillment.Renew, fulfillment.Convert, fulfillment.CancelRenewal}, saas.RefreshInstance},
	{"V2", []string{modePeriod}, []fulfillment.Purpose{fulfillment.RenewChange}, saas.RefreshInstance},
	{"V2", []string{modePeriod, modeOnDemand, modePackage}, []fulfillment.Purpose{fulfillment.Expire, fulfillment.Freeze, fulfillment.Thaw}, saas.UpdateInstanceStatus},
	{"V2", []string{modePeriod}, []fulfillment.Purpose{fulfillment.Upgrade}, saas.UpgradeInstance},
	{"V2", []string{modePeriod}, []fulfillment.Purpose{fulfillment.Check}, saas.ChangeInstanceCheck},
	{"V2", []string{modePeriod, modeOneTime, modeOnDemand, modePackage}, []fulfillment.Purpose{fulfillment.Release}, saas.ReleaseInstance},
	{"V2", []string{modePeriod, modeOneTime, modeOnDemand, modePackage}, []fulfillment.Purpose{fulfillment.Ask}, saas.QueryInstance},
}

// activityOf is the activity that serves a purpose for the instance; false when there is none.
func activityOf(in subscription.Instance, p fulfillment.Purpose) (saas.Activity, bool) {
	for _, s := range Services {
		if s.Generation == in.Generation && slices.Contains(s.Modes, in.ChargingMode) && slices.Contains(s.Purposes, p) {
			return s.Activity, true
		}
	}
	return "", false
}

// Sendable is what an operator can send for an instance, in the order of the page, with the states
// in which he can.
type Sendable struct {
	Purpose fulfillment.Purpose
	States  []subscription.State
}

var alive = []subscription.State{subscription.Active, subscription.Changing, subscription.Grace, subscription.Retention}

// Sendables is that table. Freezing for the expiry is not in it: that is the system's.
var Sendables = []Sendable{
	{fulfillment.Ask, alive},
	{fulfillment.Renew, []subscription.State{subscription.Active, subscription.Grace, subscription.Retention}},
	{fulfillment.CancelRenewal, []subscription.State{subscription.Active}},
	{fulfillment.Convert, []subscription.State{subscription.Active, subscription.Grace, subscription.Retention}},
	{fulfillment.RenewChange, []subscription.State{subscription.Active}},
	{fulfillment.Check, []subscription.State{subscription.Active}},
	{fulfillment.Upgrade, []subscription.State{subscription.Active}},
	{fulfillment.Freeze, alive},
	{fulfillment.Thaw, []subscription.State{subscription.Retention}},
	{fulfillment.Release, alive},
}

// Possibility is a call that the instance's generation and charging mode have.
type Possibility struct {
	Purpose  fulfillment.Purpose
	Activity saas.Activity
	Refused  error // why it cannot be sent now; nil when it can
}

// Possible lists the calls that an operator could send for the instance.
func (t *Trade) Possible(ctx context.Context, q db.Querier, in subscription.Instance) ([]Possibility, error) {
	open, err := fulfillment.OpenCalls(ctx, q, in.ID)
	if err != nil {
		return nil, err
	}
	var out []Possibility
	for _, s := range Sendables {
		if activity, ok := activityOf(in, s.Purpose); ok {
			out = append(out, Possibility{s.Purpose, activity, refusal(in, s, open)})
		}
	}
	return out, nil
}

// refusal is why the call cannot be sent now (all Conflict), nil when it can.
func refusal(in subscription.Instance, s Sendable, open []fulfillment.Call) error {
	under := func(p fulfillment.Purpose) bool {
		return slices.ContainsFunc(open, func(c fulfillment.Call) bool { return c.Purpose == p })
	}
	prolongs := slices.Contains([]fulfillment.Purpose{fulfillment.Renew, fulfillment.Convert, fulfillment.CancelRenewal, fulfillment.RenewChange}, s.Purpose)
	switch {
	case in.ExternalID == "":
		return errs.Conflictf("instance.not_at_seller", "state", in.State)
	case !slices.Contains(s.States, in.State) && !(s.Purpose == fulfillment.Thaw && under(fulfillment.Freeze)):
		return errs.Conflictf("instance.not_in_state", "state", in.State)
	case s.Purpose == fulfillment.Ask:
		return nil
	case in.Trial && (s.Purpose == fulfillment.Renew || s.Purpose == fulfillment.CancelRenewal || s.Purpose == fulfillment.RenewChange || s.Purpose == fulfillment.Check || s.Purpose == fulfillment.Upgrade):
		return errs.Conflictf("instance.trial", "state", in.State)
	case !in.Trial && s.Purpose == fulfillment.Convert:
		return errs.Conflictf("instance.not_trial", "state", in.State)
	case under(fulfillment.Release):
		return errs.Conflictf("instance.releasing", "state", in.State)
	case in.Frozen && (prolongs || s.Purpose == fulfillment.Freeze):
		return errs.Conflictf("instance.frozen", "state", in.State)
	case !in.Frozen && s.Purpose == fulfillment.Thaw && !under(fulfillment.Freeze):
		return errs.Conflictf("instance.not_frozen", "state", in.State)
	case under(fulfillment.Freeze) && (prolongs || s.Purpose == fulfillment.Upgrade):
		return errs.Conflictf("instance.freezing", "state", in.State) // a V1 renewal would thaw what is about to be frozen
	}
	return nil
}
