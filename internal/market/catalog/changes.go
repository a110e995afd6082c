package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/market/integration"
	"jishi/internal/market/pricing"
	"jishi/wire/saas"
)

// ChangeContent says what a running service of the specification can be changed to
// (规格变更, trade.md §13.1, C5). It is reviewed with the version that holds it. A rule whose
// target is not sold, or costs less than its source (价格倒挂), is void by itself as long as
// that is so.
type ChangeContent struct {
	Any        bool         `json:"any,omitempty" doc:"Every combination can be changed to every other"`
	Rules      []ChangeRule `json:"rules,omitempty" doc:"Which combination can be changed to which; without any"`
	Expand     bool         `json:"expand,omitempty" doc:"More of the quantity can be bought"`
	ExpandRule string       `json:"expandRule,omitempty" doc:"whole_total: VOLUME prices the whole new total; else the increment"`
	Renewal    bool         `json:"renewal,omitempty" doc:"V2: together with a renewal too, from 30 days before the expiry; then back and to less as well"`
}

// ChangeRule is one source with its targets: combinations like "edition=pro,storage=200".
type ChangeRule struct {
	From string   `json:"from"`
	To   []string `json:"to"`
}

// WholeTotal is the older rule of expansions: the whole new total at the price of its interval.
const WholeTotal = "whole_total"

// clean writes combinations in their one form and gives nil where nothing is offered.
func (c *ChangeContent) clean(t pricing.Template) *ChangeContent {
	if c == nil || !c.Any && !c.Expand && len(c.Rules) == 0 {
		return nil
	}
	key := func(choice string) string {
		if parsed, ok := t.Parse(strings.TrimSpace(choice)); ok {
			return parsed.Key()
		}
		return choice
	}
	out := *c
	out.Rules = nil
	for _, r := range c.Rules {
		if out.Any {
			break
		}
		kept := ChangeRule{From: key(r.From)}
		for _, to := range r.To {
			kept.To = append(kept.To, key(to))
		}
		out.Rules = append(out.Rules, kept)
	}
	if !out.Expand {
		out.ExpandRule = ""
	}
	return &out
}

// checkChanges holds the rules against §13.1: a custom template billed by the period only,
// known combinations, each source once, no target twice.
func (s SpecContent) checkChanges(k *errs.Check, at string, g Generation) {
	c := s.Changes
	if c == nil {
		return
	}
	at += ".changes"
	t := s.template()
	if slices.ContainsFunc(s.Plans, func(p PlanContent) bool { return p.Mode != Period }) {
		k.Add(at, "catalog.change_period_only")
	}
	if c.Any && len(t.Attributes) == 0 {
		k.Add(at+".any", "catalog.change_no_attribute")
	}
	if c.Expand && t.Quantity == nil {
		k.Add(at+".expand", "pricing.no_quantity")
	}
	if c.ExpandRule != "" {
		k.OneOf(at+".expandRule", c.ExpandRule, WholeTotal)
	}
	if c.Renewal && g != V2 {
		k.Add(at+".renewal", "catalog.change_renewal_v2")
	}
	if len(c.Rules) > pricing.MaxCombinations {
		k.Add(at+".rules", "catalog.too_many", "max", pricing.MaxCombinations)
		return
	}
	sources := map[string]bool{}
	for i, r := range c.Rules {
		path := fmt.Sprintf("%s.rules[%d]", at, i)
		if _, ok := t.Parse(r.From); !ok || len(t.Attributes) == 0 {
			k.Add(path+".from", "catalog.combination_unknown")
		} else if sources[r.From] {
			k.Add(path+".from", "catalog.combination_twice")
		}
		sources[r.From] = true
		if len(r.To) == 0 {
			k.Add(path+".to", "required")
		}
		if len(r.To) > pricing.MaxCombinations {
			k.Add(path+".to", "catalog.too_many", "max", pricing.MaxCombinations)
			continue
		}
		targets := map[string]bool{r.From: true}
		for j, to := range r.To {
			path := fmt.Sprintf("%s.to[%d]", path, j)
			if _, ok := t.Parse(to); !ok {
				k.Add(path, "catalog.combination_unknown")
			} else if to == r.From {
				k.Add(path, "catalog.change_same")
			} else if targets[to] {
				k.Add(path, "catalog.combination_twice")
			}
			targets[to] = true
		}
	}
}

// features are the debug cases that the offer depends on (saas.md §11.2).
func (c *ChangeContent) features() []saas.Feature {
	switch {
	case c == nil:
		return nil
	case c.Renewal:
		return []saas.Feature{saas.FeatureUpgrade, saas.FeatureChange}
	}
	return []saas.Feature{saas.FeatureUpgrade}
}

// Leads tells whether a rule leads from one combination to another.
func (c *ChangeContent) Leads(from, to string) bool {
	if c == nil || from == to {
		return false
	}
	return c.Any || slices.ContainsFunc(c.Rules, func(r ChangeRule) bool { return r.From == from && slices.Contains(r.To, to) })
}

// LeadsOnRenewal tells the same of a change together with a renewal, which may go back as well.
func (c *ChangeContent) LeadsOnRenewal(from, to string) bool {
	return c != nil && c.Renewal && (c.Leads(from, to) || c.Leads(to, from))
}

// Inverted tells whether the target's plans cost less than the source's, for a period of the
// same type (价格倒挂): such a rule is void.
func Inverted(from, to []Sale) bool {
	for _, a := range from {
		for _, b := range to {
			if a.PeriodType == b.PeriodType && b.Price.Cmp(a.Price) < 0 {
				return true
			}
		}
	}
	return false
}

// VoidRule is a rule that does not hold at the prices of a draft.
type VoidRule struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Reason string `json:"reason" doc:"off: the target is not sold; cheaper: it costs less than the source"`
}

// voidRules finds the rules without effect among the prices that would be released.
func (s SpecContent) voidRules(plans []soldPlan) []VoidRule {
	out := []VoidRule{}
	if s.Changes == nil {
		return out
	}
	of := func(choice string) (sales []Sale) {
		for _, p := range plans {
			if p.Mode == Period && !p.Trial && p.Combination.Key() == choice {
				sales = append(sales, Sale{PeriodType: p.PeriodType, Price: p.Plan.Base()})
			}
		}
		return sales
	}
	for _, r := range s.Changes.Rules {
		for _, to := range r.To {
			target := of(to)
			switch {
			case len(target) == 0:
				out = append(out, VoidRule{r.From, to, "off"})
			case Inverted(of(r.From), target):
				out = append(out, VoidRule{r.From, to, "cheaper"})
			}
		}
	}
	return out
}

// ChangeOffered tells whether changes within a running term, and with a renewal, may be
// offered for a plan: its specification has rules, and the cases of the calls are debugged
// where the site wants that (saas.md §11.2).
func (s *Store) ChangeOffered(ctx context.Context, q db.Querier, sale Sale) (running, renewal bool, err error) {
	running = sale.Changes != nil
	renewal = running && sale.Changes.Renewal && sale.Generation == V2
	if !running || s.Integration == nil {
		return running, renewal, nil
	}
	required, err := s.Integration.Required(ctx)
	if err != nil || !required {
		return running, renewal, err
	}
	t := integration.Target{SellerID: sale.SellerID, AddressID: sale.AddressID, Path: sale.Path, Generation: saas.Generation(strings.ToLower(string(sale.Generation)))}
	if running, err = s.Integration.Offers(ctx, q, t, saas.FeatureUpgrade); err != nil || !renewal {
		return running, renewal, err
	}
	renewal, err = s.Integration.Offers(ctx, q, t, saas.FeatureChange)
	return running, renewal, err
}
