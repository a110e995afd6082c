package pricing

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"jishi/internal/base/errs"
	"jishi/internal/base/i18n"
)

// Template is what a buyer picks of a specification beside the length (自定义模板,
// multi-SKU, trade.md §3.3). The zero value is the simple template (普通模板): nothing.
// After release codes, range and step are frozen; names may be corrected.
type Template struct {
	Attributes []Attribute `json:"attributes,omitempty"`
	Quantity   *Quantity   `json:"quantity,omitempty"`
}

// Simple tells that there is nothing to pick.
func (t Template) Simple() bool { return len(t.Attributes) == 0 && t.Quantity == nil }

// Attribute is an enumerated attribute (枚举).
type Attribute struct {
	Code   string    `json:"code"`
	Name   i18n.Text `json:"name"`
	Values []Value   `json:"values"`
}

// Value is one of an attribute's values.
type Value struct {
	Code string    `json:"code"`
	Name i18n.Text `json:"name"`
}

// Quantity is the quantity attribute (数值). Field is the wire's parameter: "amount",
// "diskSize" (GB) or "bandWidth" (Mbit/s).
type Quantity struct {
	Code  string    `json:"code"`
	Name  i18n.Text `json:"name"`
	Unit  i18n.Text `json:"unit"`
	Field string    `json:"field" doc:"amount, diskSize or bandWidth: how it travels to the seller's server"`
	Min   int64     `json:"min"`
	Max   int64     `json:"max"`
	Step  int64     `json:"step"`
}

// The wire's parameters of a quantity.
const (
	FieldAmount    = "amount"
	FieldDisk      = "diskSize"
	FieldBandwidth = "bandWidth"
)

// Floor is the greatest quantity that can be bought and is at most n; below Min it is
// less than Min.
func (q Quantity) Floor(n int64) int64 {
	n = min(n, q.Max)
	if n < q.Min {
		return q.Min - q.Step
	}
	return n - (n-q.Min)%q.Step
}

const (
	maxAttributes = 5 // trade.md §3.3
	maxValues     = 20
	nameMax       = 30
	unitMax       = 10

	// MaxCombinations bounds the SKU set of a specification.
	MaxCombinations = 200
)

var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`)

var valueForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$`)

// reserved names mean something else to sellers' servers (trade.md §3.3).
var reserved = []string{"appName", "version", "os", "mode"}

// Check gives one message per field of a template that is not the simple one.
func (t Template) Check(k *errs.Check, at string) {
	if t.Simple() {
		k.Add(at+".attributes", "pricing.nothing_to_pick")
		return
	}
	if len(t.Attributes) > maxAttributes {
		k.Add(at+".attributes", "pricing.too_many", "max", maxAttributes)
		return
	}
	seen := map[string]bool{}
	for i, a := range t.Attributes {
		path := index(at+".attributes", i)
		checkCode(k, path+".code", a.Code, seen)
		checkName(k, path+".name", a.Name, nameMax, true)
		switch n := len(a.Values); {
		case n == 0:
			k.Add(path+".values", "required")
		case n > maxValues:
			k.Add(path+".values", "pricing.too_many", "max", maxValues)
			continue
		}
		values := map[string]bool{}
		for j, v := range a.Values {
			path := index(path+".values", j)
			switch {
			case v.Code == "":
				k.Add(path+".code", "required")
			case !valueForm.MatchString(v.Code):
				k.Add(path+".code", "pricing.code_form")
			case values[v.Code]:
				k.Add(path+".code", "pricing.code_twice")
			}
			values[v.Code] = true
			checkName(k, path+".name", v.Name, nameMax, true)
		}
	}
	if n := t.Size(); n > MaxCombinations {
		k.Add(at+".attributes", "pricing.combinations", "max", MaxCombinations, "actual", n)
	}
	if q := t.Quantity; q != nil {
		path := at + ".quantity"
		checkCode(k, path+".code", q.Code, seen)
		checkName(k, path+".name", q.Name, nameMax, true)
		checkName(k, path+".unit", q.Unit, unitMax, false)
		k.OneOf(path+".field", q.Field, FieldAmount, FieldDisk, FieldBandwidth)
		k.Range(path+".min", q.Min, 1, MaxQuantity)
		k.Range(path+".max", q.Max, max(q.Min, 1), MaxQuantity)
		k.Range(path+".step", q.Step, 1, max(q.Max-q.Min, 1))
	}
}

func checkCode(k *errs.Check, at, code string, seen map[string]bool) {
	switch {
	case code == "":
		k.Add(at, "required")
	case !codeForm.MatchString(code):
		k.Add(at, "pricing.code_form")
	case slices.ContainsFunc(reserved, func(r string) bool { return strings.EqualFold(r, code) }):
		k.Add(at, "pricing.code_reserved")
	case seen[code]:
		k.Add(at, "pricing.code_twice")
	}
	seen[code] = true
}

func checkName(k *errs.Check, at string, t i18n.Text, max int, required bool) {
	if t.IsZero() && required {
		k.Add(at, "required")
	}
	if t.ZH != "" {
		k.Length(at+".zh", t.ZH, 1, max)
	}
	if t.EN != "" {
		k.Length(at+".en", t.EN, 1, max)
	}
}

// Size is the number of combinations of the enumerated values: 1 without attributes. It
// stops counting above a million.
func (t Template) Size() int {
	n := 1
	for _, a := range t.Attributes {
		if n *= len(a.Values); n > 1_000_000 {
			break
		}
	}
	return n
}

// Pick is a value of an attribute, by code.
type Pick struct {
	Attribute, Value string
}

// Combination is one value of each enumerated attribute, in the template's order.
type Combination []Pick

// Key is the combination's stable name, "edition=pro,storage=200": sorted by attribute,
// so that another order of attributes is the same combination. It is "" without attributes.
func (c Combination) Key() string {
	sorted := slices.Clone(c)
	slices.SortFunc(sorted, func(a, b Pick) int { return cmp.Compare(a.Attribute, b.Attribute) })
	parts := make([]string, len(sorted))
	for i, p := range sorted {
		parts[i] = p.Attribute + "=" + p.Value
	}
	return strings.Join(parts, ",")
}

// Combinations are all of the template, the last attribute varying first. Call it for a
// template that passed Check, which bounds their number.
func (t Template) Combinations() []Combination {
	out := []Combination{{}}
	for _, a := range t.Attributes {
		var next []Combination
		for _, c := range out {
			for _, v := range a.Values {
				next = append(next, append(slices.Clone(c), Pick{a.Code, v.Code}))
			}
		}
		out = next
	}
	return out
}

// Parse reads a combination's key; ok is false when it is none of this template.
func (t Template) Parse(key string) (c Combination, ok bool) {
	picked := map[string]string{}
	if key != "" {
		for _, part := range strings.Split(key, ",") {
			attribute, value, found := strings.Cut(part, "=")
			if _, twice := picked[attribute]; !found || twice {
				return nil, false
			}
			picked[attribute] = value
		}
	}
	if len(picked) != len(t.Attributes) {
		return nil, false
	}
	for _, a := range t.Attributes {
		code, there := picked[a.Code]
		if !there || !slices.ContainsFunc(a.Values, func(v Value) bool { return v.Code == code }) {
			return nil, false
		}
		c = append(c, Pick{a.Code, code})
	}
	return c, true
}

// names are an attribute's name and a value's, empty when the template does not know them.
func (t Template) names(p Pick) (attribute, value i18n.Text) {
	for _, a := range t.Attributes {
		if a.Code != p.Attribute {
			continue
		}
		for _, v := range a.Values {
			if v.Code == p.Value {
				return a.Name, v.Name
			}
		}
		return a.Name, value
	}
	return attribute, value
}

// SameShape tells whether two templates differ in names only: what may change after release.
func (t Template) SameShape(o Template) bool {
	if len(t.Attributes) != len(o.Attributes) || (t.Quantity == nil) != (o.Quantity == nil) {
		return false
	}
	for _, a := range t.Attributes {
		i := slices.IndexFunc(o.Attributes, func(b Attribute) bool { return b.Code == a.Code })
		if i < 0 || len(o.Attributes[i].Values) != len(a.Values) {
			return false
		}
		for _, v := range a.Values {
			if !slices.ContainsFunc(o.Attributes[i].Values, func(w Value) bool { return w.Code == v.Code }) {
				return false
			}
		}
	}
	if t.Quantity == nil {
		return true
	}
	a, b := *t.Quantity, *o.Quantity
	return a.Code == b.Code && a.Field == b.Field && a.Min == b.Min && a.Max == b.Max && a.Step == b.Step
}

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
