package openapi

import (
	"slices"
	"strings"
	"time"
)

// MockPrefix begins the number of every debug order. Real order numbers never do.
const MockPrefix = "MOCK"

type mock struct {
	id, orderType, chargingMode string
	periodType                  string
	years, months, days         int
}

// mocks are the debug orders (调测订单数据, open-api.md §6.1, saas.md §7.8). MONTY is part of the contract.
var mocks = []mock{
	{"MOCKPERIODYEARNEW", OrderNew, ChargePeriod, "year", 1, 0, 0},
	{"MOCKONETIMENEW", OrderNew, ChargeOnce, "", 0, 0, 0},
	{"MOCKONDEMAND", OrderNew, ChargeOnDemand, "", 0, 0, 0},
	{"MOCKONDEMANDPKG", OrderNew, ChargeOnDemandPkg, "", 0, 0, 0},
	{"MOCKPERIODDAYTRIAL", OrderTrial, ChargePeriod, "day", 0, 0, 1},
	{"MOCKMONTYTRIALTOFORMAL", OrderTrialToFormal, ChargePeriod, "month", 0, 1, 0},
	{"MOCKMONTYUNSUBSCRIBE", OrderUnsubscribe, ChargePeriod, "month", 0, 1, 0},
	{"MOCKMONTYRENEW", OrderRenew, ChargePeriod, "month", 0, 1, 0},
	{"MOCKMONTYCHANGE", OrderChange, ChargePeriod, "month", 0, 1, 0},
}

// MockOrders are the numbers of the debug orders in the order of the document.
func MockOrders() []string {
	out := make([]string, len(mocks))
	for i, m := range mocks {
		out[i] = m.id
	}
	return out
}

// IsMock tells whether a number is reserved for debug orders, known or not.
func IsMock(orderID string) bool { return strings.HasPrefix(orderID, MockPrefix) }

// MockOrder makes a debug order as of now; false for an unknown number. It depends on nothing else, so every seller gets
// the same and no real data are touched.
func MockOrder(orderID string, now time.Time, zone *time.Location) (OrderInfo, bool) {
	i := slices.IndexFunc(mocks, func(m mock) bool { return m.id == orderID })
	if i < 0 {
		return OrderInfo{}, false
	}
	m := mocks[i]
	quantity, phone := 50, "13800000000"
	line := OrderLine{
		OrderLineID: m.id + "-000001", ChargingMode: m.chargingMode,
		ProductInfo: []ProductInfo{{
			ProductID: "OFFI0000000000000001", SkuCode: "00000000-0000-4000-8000-000000000001", LinearValue: &quantity,
			ProductName: "Debug product,Standard,00000000-0000-4000-8000-000000000001," + m.chargingMode,
		}},
		ExtendParams: []ExtendParam{{"emailDomainName", "test.example.com"}, {"ip", "192.0.2.1"}},
		Currency:     "100", CurrencyAfterDiscount: "100",
	}
	if m.periodType != "" {
		one := 1
		line.PeriodType, line.PeriodNumber = m.periodType, &one
		line.ExpireTime = FormatTime(m.end(now.In(zone)), zone)
	}
	return OrderInfo{
		OrderID: m.id, OrderType: m.orderType, CreateTime: FormatTime(now, zone), OrderLine: []OrderLine{line},
		BuyerInfo:    &BuyerInfo{CustomerID: "00000000000000000000000000000001", CustomerName: "debug_customer", CustomerRealName: "Debug Customer", MobilePhone: &phone},
		ExtendParams: []ExtendParam{},
	}, true
}

// end is the last second of the day that is one period after now; where a month has no such day, of its last day.
func (m mock) end(now time.Time) time.Time {
	y, month, d := now.Date()
	first := time.Date(y+m.years, month+time.Month(m.months), 1, 0, 0, 0, 0, now.Location())
	d = min(d, first.AddDate(0, 1, -1).Day())
	return time.Date(first.Year(), first.Month(), d+m.days, 23, 59, 59, 0, now.Location())
}
