package koogallery

import (
	"testing"
	"time"

	"jishi/internal/base/i18n"
	"jishi/internal/market/fulfillment"
	"jishi/internal/market/order"
	"jishi/internal/market/pricing"
	"jishi/internal/market/subscription"
	"jishi/wire/openapi"
	"jishi/wire/saas"
)

func chosenLine(field string) order.Line {
	return order.Line{ID: "CS1-000001", SkuCode: "sku-pro", PlanNumber: "OFFI1", ChargingMode: "PERIOD", PeriodType: "month", PeriodNumber: 3,
		ProductName: i18n.Text{ZH: "协作"}, SpecName: i18n.Text{ZH: "团队"},
		Chosen: pricing.Chosen{Quantity: &pricing.ChosenQuantity{Field: field, Value: 60}}}
}

// The chosen quantity travels in the parameter of its attribute (trade.md §3.3).
func TestTheQuantityTravelsInItsParameter(t *testing.T) {
	for field, want := range map[string][3]int{"amount": {60, 0, 0}, "diskSize": {0, 60, 0}, "bandWidth": {0, 0, 60}} {
		a := fulfillment.Attempt{Line: chosenLine(field), Zone: time.UTC, Start: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
		got, err := newInstanceV1(a)
		r, ok := got.(saas.NewInstanceV1)
		if err != nil || !ok || [3]int{r.Amount, r.DiskSize, r.BandWidth} != want || r.SKUCode != "sku-pro" || r.Trial {
			t.Errorf("%s: %+v %v", field, got, err)
		}
	}
}

func TestALongTrialSaysItsEndAlone(t *testing.T) {
	for days, periodType := range map[int]string{30: "day", 99: "day", 100: "", 180: ""} {
		l := chosenLine("amount")
		l.PeriodType, l.PeriodNumber = "day", days
		start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		got, err := newInstanceV1(fulfillment.Attempt{Order: order.Order{Kind: order.Trial}, Line: l, Zone: time.UTC, Start: start})
		r, ok := got.(saas.NewInstanceV1)
		if err != nil || !ok || !r.Trial || r.PeriodType != periodType || r.ExpireTime != start.AddDate(0, 0, days).Format("20060102")+"235959" {
			t.Errorf("%d days: %+v %v", days, got, err)
		}
	}
}

func TestTheOrderQueryShowsTheQuantity(t *testing.T) {
	o := order.Order{ID: "CS1", Kind: order.Trial, PaidAt: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
	l := orderLine(o, chosenLine("diskSize"), []subscription.Instance{}, time.UTC)
	if p := l.ProductInfo[0]; p.LinearValue == nil || *p.LinearValue != 60 || p.SkuCode != "sku-pro" || l.ExpireTime == "" || orderTypes[o.Kind] != openapi.OrderTrial {
		t.Errorf("%+v", l)
	}
	plain := chosenLine("")
	plain.Chosen = pricing.Chosen{}
	if l := orderLine(o, plain, nil, time.UTC); l.ProductInfo[0].LinearValue != nil {
		t.Error("without a quantity attribute linearValue is absent")
	}
}
