package integration

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/wire/saas"
)

// Need is what a product offers, as far as debug cases depend on it (saas.md §11.2).
type Need struct {
	Modes    []saas.ChargingMode // of its price plans
	Features []saas.Feature      // upgrade, change upon renewal, trial, extension parameters, contact data
}

// ModeOf translates a charging mode of price plans and orders: PERIOD, ONE_TIME, ON_DEMAND or ON_DEMAND_PKG.
func ModeOf(name string) (saas.ChargingMode, bool) {
	m, ok := map[string]saas.ChargingMode{"PERIOD": saas.Period, "ONE_TIME": saas.OneTime, "ON_DEMAND": saas.OnDemand, "ON_DEMAND_PKG": saas.OnDemandPackage}[name]
	return m, ok
}

// ModeName is the reverse of ModeOf.
func ModeName(m saas.ChargingMode) string {
	return map[saas.ChargingMode]string{saas.Period: "PERIOD", saas.OneTime: "ONE_TIME", saas.OnDemand: "ON_DEMAND", saas.OnDemandPackage: "ON_DEMAND_PKG"}[m]
}

// Needed are the scenarios that such a product must have saved, in their order.
func Needed(g saas.Generation, n Need) []saas.Scenario {
	var out []saas.Scenario
	for _, sc := range saas.Scenarios(g) {
		byMode := slices.ContainsFunc(sc.Modes, func(m saas.ChargingMode) bool { return slices.Contains(n.Modes, m) })
		if byMode || sc.Feature != "" && slices.Contains(n.Features, sc.Feature) {
			out = append(out, sc)
		}
	}
	return out
}

// Lack is a case that stands in the way of a publication.
type Lack struct {
	Scenario string
	Reason   string // LackNone, LackKey, LackAddress, LackFailed, LackStale
}

// Title is the scenario's readable name.
func (l Lack) Title(g saas.Generation) i18n.Text { return ScenarioTitle(g, l.Scenario) }

// lacks are the needed scenarios without a case that holds.
func (b *bench) lacks(n Need) []Lack { return lacks(b.target.Generation, b.cases, n) }

func lacks(g saas.Generation, cases []CaseRow, n Need) []Lack {
	out := []Lack{}
	for _, sc := range Needed(g, n) {
		i := slices.IndexFunc(cases, func(c CaseRow) bool { return c.Scenario == sc.Key })
		switch {
		case i < 0:
			out = append(out, Lack{sc.Key, LackNone})
		case cases[i].Invalid() != "":
			out = append(out, Lack{sc.Key, cases[i].Invalid()})
		case !cases[i].LastPassed:
			out = append(out, Lack{sc.Key, LackFailed})
		}
	}
	return out
}

// Missing are the cases that a product with this need lacks: never saved, not holding any more, or failed last time.
// Errors: "invalid" (path, generation).
func (s *Store) Missing(ctx context.Context, q db.Querier, t Target, n Need) ([]Lack, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	cases, err := s.rowsOfTarget(ctx, q, t)
	return lacks(t.Generation, cases, n), err
}

// Offers tells whether a feature may be offered for a target: its case is saved, holds and has passed. Specification
// upgrade and change upon renewal ask it.
func (s *Store) Offers(ctx context.Context, q db.Querier, t Target, f saas.Feature) (bool, error) {
	list, err := s.Missing(ctx, q, t, Need{Features: []saas.Feature{f}})
	return err == nil && len(list) == 0, err
}

// Fresh is how long a passed run counts as one of just now.
const Fresh = 10 * time.Minute

// Require is the gate of a publication, in its transaction: every needed case holds and has passed within Fresh, and no
// other saved case that holds has failed meanwhile (saas.md §11.2). Whoever calls it has run the cases before with
// RunCases. Nothing is required where the site's switch is off. "integration.cases_missing" (Conflict) names what stands
// in the way, one field "cases.<scenario>" each.
func (s *Store) Require(ctx context.Context, q db.Querier, t Target, n Need) error {
	required, err := s.Required(ctx)
	if err != nil || !required {
		return err
	}
	cases, err := s.rowsOfTarget(ctx, q, t)
	if err != nil {
		return err
	}
	list := lacks(t.Generation, cases, n)
	since := s.now().Add(-Fresh)
	for _, c := range cases {
		known := slices.ContainsFunc(list, func(l Lack) bool { return l.Scenario == c.Scenario })
		needed := slices.ContainsFunc(Needed(t.Generation, n), func(sc saas.Scenario) bool { return sc.Key == c.Scenario })
		switch {
		case known || c.Invalid() != "":
		case !c.LastPassed:
			list = append(list, Lack{c.Scenario, LackFailed})
		case needed && c.LastAt.Before(since):
			list = append(list, Lack{c.Scenario, LackStale})
		}
	}
	return refusal(t, cases, list)
}

// refusal is nil, or the error that names each lack.
func refusal(t Target, cases []CaseRow, list []Lack) error {
	if len(list) == 0 {
		return nil
	}
	var zh, en []string
	fields := make([]errs.Field, 0, len(list))
	for _, l := range list {
		title := l.Title(t.Generation)
		zh, en = append(zh, title.ZH), append(en, title.EN)
		args := errs.Args{"scenario": title, "problem": ""}
		if i := slices.IndexFunc(cases, func(c CaseRow) bool { return c.Scenario == l.Scenario }); i >= 0 && l.Reason == LackFailed {
			f := Fault{Code: cases[i].LastCode, Args: cases[i].LastArgs}
			args["problem"] = i18n.Text{ZH: i18n.Message(i18n.ZH, f.Code, f.withoutSecrets()), EN: i18n.Message(i18n.EN, f.Code, f.withoutSecrets())}
		}
		fields = append(fields, errs.Field{Path: "cases." + l.Scenario, Code: "integration.lack_" + l.Reason, Args: args})
	}
	e := errs.Conflictf("integration.cases_missing", "count", len(list), "link", DebugPage(t, list[0].Scenario),
		"scenarios", i18n.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")})
	e.Fields = fields
	return e
}

// DebugPage is the page on which a scenario of a target is debugged.
func DebugPage(t Target, scenario string) string {
	v := url.Values{"addressId": {t.AddressID}, "path": {t.Path}, "generation": {string(t.Generation)}}
	if scenario != "" {
		v.Set("scenario", scenario)
	}
	return "/seller/integration/debug?" + v.Encode()
}

// withoutSecrets are the values for a text that others than the owner of the key may read: the signature that an answer
// should have had is not among them.
func (f Fault) withoutSecrets() map[string]any {
	out := f.Values()
	if _, ok := out["expected"]; ok {
		out["expected"] = "******"
	}
	return out
}

// Hidden is the fault for readers who do not own the key.
func (f Fault) Hidden() Fault {
	out := Fault{Code: f.Code, Args: map[string]string{}}
	for k, v := range f.withoutSecrets() {
		out.Args[k] = fmt.Sprint(v)
	}
	return out
}
