package saas

import (
	"slices"
	"strings"
	"time"
)

// Scenario is one request that a seller's server is tried with (调试场景), saas.md §11.1. The debug page, the checks that run
// by themselves and the command-line checker know the same ones.
type Scenario struct {
	Key        string // stable: it stands in saved cases and in build files
	Generation Generation
	Activity   Activity
	Modes      []ChargingMode // products with one of these charging modes need it (saas.md §7.9, §11.2)
	Feature    Feature        // what a product offers that needs it; "" when the charging mode alone decides
	// Instance is the scenario whose instance is called: a key, AnyInstance, or "" for those that create one.
	Instance string
	// Fixed are the parameters that make the scenario what it is. All others may be edited.
	Fixed []string

	preset func(Dummies) Params
}

// AnyInstance stands in Scenario.Instance: whatever instance there is will do.
const AnyInstance = "*"

// Feature is something that only some products offer and that needs a scenario of its own (saas.md §11.2).
type Feature string

// The features.
const (
	FeatureUpgrade      Feature = "upgrade"       // upgrade between specifications, expansion
	FeatureChange       Feature = "change"        // change upon renewal, V2
	FeatureTrial        Feature = "trial"         // trial purchase, V2; V1 knows it by a parameter
	FeatureExtendParams Feature = "extend-params" // extension parameters, V1
	FeatureContact      Feature = "contact"       // mobile number, e-mail or IAM user of the buyer, V1
)

// Dummies are the values that presets are made of.
type Dummies struct {
	Now           time.Time
	Zone          *time.Location // of V1 expiry times; nil is UTC+8
	Order         string         // beginning of V1 order ids; V2 names the debug orders of saas.md §7.8
	BusinessID    string
	InstanceID    string
	PurchaseOrder string // order of that instance, V1
}

// What the dummy orders say; the same ids as in the debug orders of V2.
const (
	dummyCustomer = "00000000000000000000000000000001"
	dummySKU      = "00000000-0000-4000-8000-000000000001"
	otherSKU      = "00000000-0000-4000-8000-000000000002"
	dummyPlan     = "OFFI0000000000000001"

	// OtherPlan is the price plan that the dummy orders change to.
	OtherPlan = "OFFI0000000000000002"
)

// The V2 debug orders (saas.md §7.8), spelled as documented. DebugOrderLine is the only line of one.
const (
	DebugOrderYear      = "MOCKPERIODYEARNEW"
	DebugOrderOneTime   = "MOCKONETIMENEW"
	DebugOrderOnDemand  = "MOCKONDEMAND"
	DebugOrderPackage   = "MOCKONDEMANDPKG"
	DebugOrderTrial     = "MOCKPERIODDAYTRIAL"
	DebugOrderFormal    = "MOCKMONTYTRIALTOFORMAL"
	DebugOrderRefund    = "MOCKMONTYUNSUBSCRIBE"
	DebugOrderRenewal   = "MOCKMONTYRENEW"
	DebugOrderChange    = "MOCKMONTYCHANGE"
	debugOrderLineFirst = "-000001"
)

// DebugOrderLine is the only line of a debug order.
func DebugOrderLine(order string) string { return order + debugOrderLineFirst }

// Scenarios are those of a generation, in the order in which one instance lives through them: first what creates one,
// last what releases it.
func Scenarios(g Generation) []Scenario {
	switch g {
	case V1:
		return scenariosV1()
	case V2:
		return scenariosV2()
	}
	return nil
}

// ScenarioOf finds a scenario by its key.
func ScenarioOf(g Generation, key string) (Scenario, bool) {
	list := Scenarios(g)
	if i := slices.IndexFunc(list, func(s Scenario) bool { return s.Key == key }); i >= 0 {
		return list[i], true
	}
	return Scenario{}, false
}

// Creates tells whether the scenario makes an instance.
func (s Scenario) Creates() bool { return s.Activity == NewInstance }

// TextKey is the last part of the key of the scenario's title in message catalogues: dots and hyphens become underlines.
func (s Scenario) TextKey() string { return strings.NewReplacer(".", "_", "-", "_").Replace(s.Key) }

// Preset are the parameters that a run begins with, as a person reads and edits them: contact data are not yet encrypted,
// extension parameters not yet encoded (see Params.Prepare).
func (s Scenario) Preset(d Dummies) Params {
	if d.Zone == nil {
		d.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	if s.Generation == V2 {
		d.Zone = time.UTC
	}
	return s.preset(d)
}

func (d Dummies) expiry(years int) string {
	return FormatExpireTime(d.Now.AddDate(years, 0, 0), d.Zone)
}

// Prepare returns the parameters as they travel: extension parameters written as a JSON list are encoded, and contact
// data of V1 encrypted with the key. nonce gives the text of an initialisation vector, 16 letters or digits.
func (p Params) Prepare(g Generation, key string, kind EncryptType, iv func() string) (Params, error) {
	out := make(Params, len(p))
	for n, v := range p {
		out[n] = v
	}
	if text := strings.TrimSpace(out["saasExtendParams"]); strings.HasPrefix(text, "[") {
		list, err := ParseExtendParams(text)
		if err != nil {
			return nil, &ParamError{Name: "saasExtendParams", Fault: NotAValue}
		}
		if out["saasExtendParams"], err = EncodeExtendParams(list); err != nil {
			return nil, err
		}
	}
	if g != V1 {
		return out, nil
	}
	for _, name := range []string{"mobilePhone", "email"} {
		if out[name] == "" {
			continue
		}
		sealed, err := EncryptField(key, kind, iv(), out[name])
		if err != nil {
			return nil, err
		}
		out[name] = sealed
	}
	return out, nil
}
