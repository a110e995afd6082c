package catalog

import (
	"jishi/internal/base/i18n"
	"jishi/internal/market/pricing"
)

// The templates of a specification (trade.md §3.2, §3.3).
const (
	SimpleTemplate = "simple" // 普通模板
	CustomTemplate = "custom" // 自定义模板
)

// SpecContent is a specification (规格). An empty ID is a new one: the server gives it
// an id when the draft is saved, which stays for ever.
//
// With the simple template each plan's price is the price. With the custom one a
// combination costs the plan's price plus the surcharges of its values plus the quantity's
// rate, unless Combinations says otherwise.
type SpecContent struct {
	ID           string               `json:"id"`
	Name         i18n.Text            `json:"name"`
	Plans        []PlanContent        `json:"plans"`
	Template     string               `json:"template,omitempty" doc:"simple or custom; simple where left out"`
	Attributes   []pricing.Attribute  `json:"attributes,omitempty" doc:"Enumerated attributes of the custom template, at most 5"`
	Quantity     *pricing.Quantity    `json:"quantity,omitempty" doc:"The quantity attribute of the custom template"`
	Combinations []CombinationContent `json:"combinations,omitempty" doc:"Combinations that are not sold or have prices of their own"`
	TrialDays    int                  `json:"trialDays,omitempty" doc:"3 to 180, free, once per customer; 0 offers none"`
	Limit        *Limit               `json:"limit,omitempty" doc:"How often one customer may buy it"`
	Changes      *ChangeContent       `json:"changes,omitempty" doc:"What a running service can be changed to"`
}

// PlanContent is a price of a specification: per year, month or day, or per purchase.
type PlanContent struct {
	Mode       ChargingMode       `json:"mode" doc:"PERIOD or ONE_TIME"`
	PeriodType string             `json:"periodType" doc:"year, month or day for PERIOD, empty for ONE_TIME"`
	Price      string             `json:"price"`
	MinPeriods int                `json:"minPeriods"`
	MaxPeriods int                `json:"maxPeriods"`
	Surcharges []SurchargeContent `json:"surcharges,omitempty"`
	Rate       *RateContent       `json:"rate,omitempty" doc:"Price of the quantity per period"`
}

// SurchargeContent is what a value of an attribute costs more, or less, per period.
type SurchargeContent struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
	Price     string `json:"price"`
}

// RateContent is the price of the quantity (trade.md §3.1).
type RateContent struct {
	Mode  string        `json:"mode" doc:"LINEAR, GRADUATED (each interval at its price) or VOLUME (all at the price of the interval that the quantity falls in)"`
	Tiers []TierContent `json:"tiers"`
}

// TierContent is an interval of the quantity; its lower bound is the upper one before it.
type TierContent struct {
	UpTo  int64  `json:"upTo,omitempty" doc:"Upper bound, which belongs to the interval; the last one has none"`
	Price string `json:"price" doc:"Per unit and period, up to 10 decimals"`
}

// CombinationContent is an exception: a combination that is not sold, or sold at prices of
// its own.
type CombinationContent struct {
	Choice string             `json:"choice" doc:"Like edition=pro,storage=200, sorted by attribute"`
	Off    bool               `json:"off,omitempty"`
	Prices []CombinationPrice `json:"prices,omitempty"`
}

// CombinationPrice stands instead of a plan's price and surcharges; the quantity's rate is
// added all the same.
type CombinationPrice struct {
	Mode       ChargingMode `json:"mode"`
	PeriodType string       `json:"periodType"`
	Price      string       `json:"price"`
}

// The kinds of purchase limits (限购, catalog-and-roles.md C8).
const (
	LimitOnce        = "once"         // one purchase per customer
	LimitUntilExpiry = "until_expiry" // not again until the former has expired
	LimitQuantity    = "quantity"     // so many purchases per customer
)

// Limit is how often one customer may buy. Canceled, expired and refunded orders and
// trials do not count. Nil is no limit.
type Limit struct {
	Kind  string `json:"kind" doc:"once, until_expiry or quantity"`
	Count int    `json:"count,omitempty" doc:"For quantity"`
}

// Custom tells whether the specification has the custom template.
func (s SpecContent) Custom() bool { return s.Template == CustomTemplate }

// template is what buyers pick from.
func (s SpecContent) template() pricing.Template {
	if !s.Custom() {
		return pricing.Template{}
	}
	return pricing.Template{Attributes: s.Attributes, Quantity: s.Quantity}
}

// clean sets what follows from the choice of template and drops what belongs to the other.
func (s *SpecContent) clean() {
	s.Name = s.Name.Trim()
	if s.Template == SimpleTemplate {
		s.Template = ""
	}
	if s.Template == "" {
		s.Attributes, s.Quantity, s.Combinations, s.Changes = nil, nil, nil, nil
	}
	s.Changes = s.Changes.clean(s.template())
	for i := range s.Attributes {
		a := &s.Attributes[i]
		a.Name = a.Name.Trim()
		for j := range a.Values {
			a.Values[j].Name = a.Values[j].Name.Trim()
		}
	}
	if q := s.Quantity; q != nil {
		q.Name, q.Unit = q.Name.Trim(), q.Unit.Trim()
	}
	if s.Limit != nil && s.Limit.Kind == "" {
		s.Limit = nil
	}
	for j := range s.Plans {
		p := &s.Plans[j]
		if s.Template == "" {
			p.Surcharges = nil
		}
		if s.Quantity == nil {
			p.Rate = nil
		}
		if p.Mode == OneTime {
			p.PeriodType, p.MinPeriods, p.MaxPeriods = "", 1, 1
			continue
		}
		if p.MinPeriods == 0 {
			p.MinPeriods = 1
		}
		if p.MaxPeriods == 0 {
			p.MaxPeriods = defaultMaxPeriods[p.PeriodType]
		}
	}
}

var defaultMaxPeriods = map[string]int{"day": 31, "month": 9, "year": 3}
