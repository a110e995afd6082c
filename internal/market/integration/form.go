package integration

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
	"jishi/wire/saas"
)

// How a field of the debug page is entered.
const (
	FieldText      = "text"
	FieldNumber    = "number"
	FieldChoice    = "choice"
	FieldTime      = "time"          // yyyyMMddHHmmss
	FieldJSON      = "json"          // JSON text
	FieldExtend    = "extend_params" // JSON list of {name, value}, sent as Base64
	FieldEncrypted = "encrypted"     // plain here, sent encrypted
	FieldGenerated = "generated"     // drawn anew by each call
	FieldFixed     = "fixed"         // makes the scenario what it is
)

// Field is a parameter of a scenario as the debug page shows it.
type Field struct {
	saas.Field
	Kind   string
	Preset string
}

// Editable tells whether a person may change the value.
func (f Field) Editable() bool { return f.Kind != FieldGenerated && f.Kind != FieldFixed }

func kindOf(sc saas.Scenario, f saas.Field) string {
	switch {
	case f.Name == "businessId":
		return FieldGenerated
	case f.Name == saas.ParamTestFlag || slices.Contains(sc.Fixed, f.Name):
		return FieldFixed
	case f.Name == "expireTime":
		return FieldTime
	case f.Name == "saasExtendParams":
		return FieldExtend
	case f.Name == "productInfo":
		return FieldJSON
	case f.Name == "mobilePhone" || f.Name == "email":
		return FieldEncrypted
	case f.Values != nil:
		return FieldChoice
	case f.Number:
		return FieldNumber
	}
	return FieldText
}

// Form is a scenario with the parameters that its next run begins with.
type Form struct {
	saas.Scenario
	Fields []Field
	Case   *CaseRow // the saved one
}

// ScenarioTitle is the readable name of a scenario.
func ScenarioTitle(g saas.Generation, key string) i18n.Text {
	sc, ok := saas.ScenarioOf(g, key)
	if !ok {
		return i18n.Text{ZH: key, EN: key}
	}
	code := "saas.scenario_" + sc.TextKey()
	return i18n.Text{ZH: i18n.Message(i18n.ZH, code, nil), EN: i18n.Message(i18n.EN, code, nil)}
}

// Forms are the scenarios of a target in the order in which they are tried. A saved case gives its parameters; otherwise
// they are the preset ones, for the instance that a saved purchase has created. Errors: "invalid" (path, generation),
// "seller.address_not_found".
func (s *Store) Forms(ctx context.Context, q db.Querier, t Target) ([]Form, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if _, err := s.Sellers.AddressOf(ctx, q, t.SellerID, t.AddressID); err != nil {
		return nil, err
	}
	rows, err := s.rowsOfTarget(ctx, q, t)
	if err != nil {
		return nil, err
	}
	cases := plainCases(rows)
	zone, err := s.zone(ctx)
	if err != nil {
		return nil, err
	}
	order := "DEBUG" + random(4)
	var out []Form
	for _, sc := range saas.Scenarios(t.Generation) {
		f := Form{Scenario: sc}
		if i := slices.IndexFunc(rows, func(c CaseRow) bool { return c.Scenario == sc.Key }); i >= 0 {
			f.Case = &rows[i]
		}
		preset := sc.Preset(s.dummies(sc, cases, order, zone))
		if f.Case != nil {
			preset = f.Case.current(cases, s.now(), zone)
		}
		for _, field := range saas.Fields(t.Generation, sc.Activity) {
			f.Fields = append(f.Fields, Field{Field: field, Kind: kindOf(sc, field), Preset: preset[field.Name]})
		}
		out = append(out, f)
	}
	return out, nil
}

// FormOf is the form of one scenario. Errors besides those of Forms: "invalid" (scenario).
func (s *Store) FormOf(ctx context.Context, q db.Querier, t Target, scenario string) (Form, error) {
	forms, err := s.Forms(ctx, q, t)
	if err != nil {
		return Form{}, err
	}
	if i := slices.IndexFunc(forms, func(f Form) bool { return f.Key == scenario }); i >= 0 {
		return forms[i], nil
	}
	var c errs.Check
	c.Add("scenario", "integration.scenario_unknown")
	return Form{}, c.Err()
}

// Values are the parameters of the form as it begins, as a run wants them.
func (f Form) Values() map[string]string {
	out := map[string]string{}
	for _, x := range f.Fields {
		if x.Editable() {
			out[x.Name] = x.Preset
		}
	}
	return out
}

// dummyInstance is named where nothing has created an instance yet.
const dummyInstance = "debug-instance-0001"

// dummies are the values of a scenario's preset: its instance is the one of a saved purchase.
func (s *Store) dummies(sc saas.Scenario, cases []Case, order string, zone *time.Location) saas.Dummies {
	d := saas.Dummies{Now: s.now(), Zone: zone, Order: order, BusinessID: random(16), InstanceID: dummyInstance, PurchaseOrder: order + "A"}
	if from := instanceOf(sc, cases); from != nil {
		d.InstanceID = from.InstanceID
		d.PurchaseOrder = from.Parameters["orderId"]
	}
	return d
}

// instanceOf is the saved purchase whose instance a scenario calls.
func instanceOf(sc saas.Scenario, cases []Case) *Case {
	if sc.Instance == "" {
		return nil
	}
	if c := find(cases, sc.Instance); c != nil && c.InstanceID != "" {
		return c
	}
	for i := range cases { // in the order of the scenarios
		if cases[i].creates() && cases[i].InstanceID != "" {
			return &cases[i]
		}
	}
	return nil
}

func (s *Store) zone(ctx context.Context) (*time.Location, error) {
	if s.Settings == nil {
		return nil, nil
	}
	site, err := s.Settings.Site(ctx)
	return site.Zone(), err
}

var (
	pathForm   = regexp.MustCompile(`^(/[A-Za-z0-9._~%!$&'()*+,;=:@-]*)*$`) // as in the release wizard
	timeForm   = regexp.MustCompile(`^[0-9]{14}$`)
	amountForm = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,3})?$`)
)

const pathMax, valueMax = 200, 8 << 10

// check holds a target against its form.
func (t Target) check() error {
	var c errs.Check
	if utf8.RuneCountInString(t.Path) > pathMax || !pathForm.MatchString(t.Path) {
		c.Add("path", "integration.path")
	}
	c.OneOf("generation", string(t.Generation), string(saas.V1), string(saas.V2))
	return c.Err()
}

// parameters checks what a person entered for a scenario and completes it: what is fixed or generated is set, blanks
// around values are cut. Faults come per field, under "parameters.<name>".
func parameters(sc saas.Scenario, entered map[string]string, preset saas.Params) (saas.Params, error) {
	var c errs.Check
	out := saas.Params{saas.ParamActivity: string(sc.Activity)}
	fields := saas.Fields(sc.Generation, sc.Activity)
	for name := range entered {
		if name != saas.ParamActivity && !slices.ContainsFunc(fields, func(f saas.Field) bool { return f.Name == name }) {
			c.Add("parameters."+clip(name, 60), "integration.param_unknown")
		}
	}
	for _, f := range fields {
		path, v := "parameters."+f.Name, strings.TrimSpace(entered[f.Name])
		switch kind := kindOf(sc, f); {
		case kind == FieldGenerated:
			continue
		case kind == FieldFixed:
			if v != "" && v != preset[f.Name] {
				c.Add(path, "integration.param_fixed", "value", preset[f.Name])
			}
			v = preset[f.Name]
		case v == "" && f.Mandatory:
			c.Add(path, "required")
		case v == "":
			continue
		case len(v) > valueMax:
			c.Add(path, "length", "min", 0, "max", valueMax, "actual", len(v))
		case kind == FieldExtend:
			checkExtend(&c, path, v, f.Max)
		case kind == FieldJSON:
			if _, err := saas.DecodeProductInfo(v); err != nil {
				c.Add(path, "integration.param_json")
			}
		case f.Max > 0 && utf8.RuneCountInString(v) > f.Max:
			c.Add(path, "length", "min", 0, "max", f.Max, "actual", utf8.RuneCountInString(v))
		case f.Values != nil && !slices.Contains(f.Values, v):
			c.Add(path, "one_of", "allowed", strings.Join(f.Values, ", "))
		case kind == FieldTime && !timeForm.MatchString(v):
			c.Add(path, "integration.param_time")
		case f.Name == "orderAmount" && !amountForm.MatchString(v):
			c.Add(path, "integration.param_amount")
		case f.Number:
			if n, err := strconv.Atoi(v); err != nil || n < 0 {
				c.Add(path, "integration.param_number")
			}
		}
		if v != "" {
			out[f.Name] = v
		}
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	if err := saas.CheckParams(sc.Generation, withBusiness(out)); err != nil { // the lists of ids
		c.Add("parameters.instanceId", "integration.param_ids", "max", saas.MaxQueryInstances)
	}
	return out, c.Err()
}

func checkExtend(c *errs.Check, path, v string, limit int) {
	list, err := saas.ParseExtendParams(v)
	if err != nil {
		c.Add(path, "integration.param_extend")
		return
	}
	if text, err := saas.EncodeExtendParams(list); err != nil || len(text) > limit {
		c.Add(path, "length", "min", 0, "max", limit, "actual", len(text))
	}
}

// withBusiness gives parameters the business id of one call, where the activity has one.
func withBusiness(p saas.Params) saas.Params {
	out := make(saas.Params, len(p)+1)
	for n, v := range p {
		out[n] = v
	}
	if out[saas.ParamActivity] == string(saas.NewInstance) {
		out["businessId"] = random(16)
	}
	return out
}

// random is n random bytes in upper-case hex.
func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return strings.ToUpper(hex.EncodeToString(b))
}
