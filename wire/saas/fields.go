package saas

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Field describes one parameter of a call: a row of the tables in saas.md §6 and §7.
type Field struct {
	Name      string
	Mandatory bool
	Max       int      // characters, 0 = no limit documented
	Number    bool     // a whole number in text form
	Values    []string // the documented values, nil if free
}

func must(name string, limit int, values ...string) Field {
	return Field{Name: name, Mandatory: true, Max: limit, Values: values}
}

func may(name string, limit int, values ...string) Field {
	return Field{Name: name, Max: limit, Values: values}
}

func number(name string, limit int, values ...string) Field {
	return Field{Name: name, Max: limit, Number: true, Values: values}
}

// Fields returns the parameters of an activity beside activity, authToken, timeStamp, signature, timestamp and nonce, in
// the order of the document; nil when the generation has no such activity.
func Fields(g Generation, a Activity) []Field {
	testFlag := may(ParamTestFlag, 2, "0", "1")
	var f []Field
	switch {
	case g == V1 && a == NewInstance:
		f = []Field{
			must("customerId", 100), may("customerName", 64), may("userId", 64), may("userName", 64),
			may("mobilePhone", 256), may("email", 256), must("businessId", 64), must("orderId", 64),
			may("skuCode", 64), must("productId", 64), may("trialFlag", 2, "0", "1"), may("expireTime", 20),
			number("chargingMode", 3, "0", "1", "3", "5"), may("saasExtendParams", 2048),
			number("amount", 7), number("diskSize", 7), number("bandWidth", 7),
			may("periodType", 10, PeriodYear, PeriodMonth, PeriodDay), number("periodNumber", 2),
			may("orderAmount", 20), number("provisionType", 2, "1", "2"),
		}
	case g == V1 && a == RefreshInstance:
		f = []Field{
			must("orderId", 64), must("instanceId", 64), may("productId", 64), must("expireTime", 20),
			may("trialToFormal", 2, "0", "1"), may("periodType", 10, PeriodYear, PeriodMonth, PeriodDay),
			number("periodNumber", 2), may("orderAmount", 20),
		}
	case g == V1 && a == ExpireInstance:
		f = []Field{must("instanceId", 64), must("orderId", 64)}
	case g == V1 && a == ReleaseInstance:
		f = []Field{must("instanceId", 64), must("orderId", 64), may("orderAmount", 20)}
	case g == V1 && a == Upgrade:
		f = []Field{
			must("instanceId", 64), must("orderId", 64), must("skuCode", 64), must("productId", 64),
			number("amount", 7), number("diskSize", 7), number("bandWidth", 7), may("saasExtendParams", 2048),
		}
	case g == V1 && a == InstanceStatus:
		f = []Field{must("instanceId", 64), must("instanceStatus", 32, StatusFreeze, StatusNormal)}
	case a == QueryInstance && (g == V1 || g == V2):
		f = []Field{must("instanceId", 0)} // a list; the limit of 64 holds for each id
	case g == V2 && a == NewInstance:
		f = []Field{must("orderId", 64), must("orderLineId", 64), must("businessId", 64)}
	case g == V2 && a == RefreshInstance:
		f = []Field{
			must("scene", 64, SceneTrialToFormal, SceneRenewal, SceneUnsubscribePeriod, SceneRenewalChange),
			must("orderId", 64), must("orderLineId", 64), must("instanceId", 64), may("productId", 64), must("expireTime", 20),
		}
	case g == V2 && a == UpdateInstanceStatus:
		f = []Field{must("instanceId", 64), must("status", 32, StatusFreeze, StatusUnfreeze)}
	case g == V2 && a == ReleaseInstance:
		f = []Field{must("instanceId", 64), may("orderId", 64), may("orderLineId", 64)}
	case g == V2 && a == UpgradeInstance:
		f = []Field{must("instanceId", 64), must("orderId", 64), must("orderLineId", 64)}
	case g == V2 && a == ChangeInstanceCheck:
		f = []Field{must("instanceId", 64), must("productInfo", 0)}
	case g == V2 && a == OrderNotify:
		return []Field{must("orderId", 64), must("orderLineId", 64), must(ParamTestFlag, 2, "0", "1")}
	default:
		return nil
	}
	return append(f, testFlag)
}

// CheckParams compares parameters with the table of their activity and returns a *ParamError for the first that is
// missing, too long, not a number, or not one of the documented values. Parameters that the table does not know are no
// fault: addresses may carry their own.
func CheckParams(g Generation, p Params) error {
	a := Activity(p[ParamActivity])
	fields := Fields(g, a)
	if fields == nil {
		return &ParamError{Name: ParamActivity, Fault: Undefined}
	}
	for _, f := range fields {
		v := p[f.Name]
		switch {
		case v == "" && f.Mandatory:
			return &ParamError{Name: f.Name, Fault: Missing}
		case v == "":
			continue
		case f.Max > 0 && utf8.RuneCountInString(v) > f.Max:
			return &ParamError{Name: f.Name, Fault: TooLong}
		case f.Values != nil && !slices.Contains(f.Values, v):
			return &ParamError{Name: f.Name, Fault: NotAValue}
		}
		if f.Number {
			if _, err := strconv.Atoi(v); err != nil {
				return &ParamError{Name: f.Name, Fault: NotANumber}
			}
		}
	}
	if a == QueryInstance {
		ids := SplitInstanceIDs(p["instanceId"])
		if len(ids) == 0 {
			return &ParamError{Name: "instanceId", Fault: Missing}
		}
		if len(ids) > MaxQueryInstances || slices.ContainsFunc(ids, func(id string) bool { return utf8.RuneCountInString(id) > 64 }) {
			return &ParamError{Name: "instanceId", Fault: TooLong}
		}
	}
	return nil
}
